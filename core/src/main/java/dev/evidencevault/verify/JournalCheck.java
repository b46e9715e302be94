package dev.evidencevault.verify;

import dev.evidencevault.crypto.keys.KeySourceException;
import dev.evidencevault.crypto.keys.TenantKeys;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.LogId;
import dev.evidencevault.journal.JournalFrame;
import dev.evidencevault.journal.JournalRanges;
import dev.evidencevault.journal.JournalRead;
import dev.evidencevault.journal.JournalReader;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Layout.LogDirectory;
import dev.evidencevault.storage.Tombstone;
import dev.evidencevault.storage.UnlockedVault;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks the journal: that what was acknowledged and is not sealed is whole. For one thread, once. */
final class JournalCheck {
    private final Layout layout;
    private final @Nullable UnlockedVault vault;
    private final Findings findings;
    private final JournalRanges found = JournalRanges.none();
    private long records;

    JournalCheck(Layout layout, @Nullable UnlockedVault vault, Findings findings) {
        this.layout = layout;
        this.vault = vault;
        this.findings = findings;
    }

    /** Reads which records the journal holds: by its frames' headers, or with the keys only what decrypts. */
    JournalRanges ranges() throws IOException {
        try {
            Map<LogId, LogDirectory> directories = vault == null ? Map.of() : vault.directories();
            return JournalRanges.read(layout, logId -> keys(layout.journals(), logId, directories));
        } catch (CorruptFileException | WrongKeyException e) {
            // run() tells of it; records that cannot be read are not there.
            return JournalRanges.none();
        }
    }

    void run(WriterState writer) throws IOException {
        boolean any = !Layout.numbers(layout.journals(), Layout.JOURNAL_SUFFIX).isEmpty();
        JournalReader.Consumer consumer = new JournalReader.Consumer() {
            @Override
            public void place(LogId logId, long firstSeq, int count) {
                found.add(logId, firstSeq, count);
            }

            @Override
            public void frame(JournalFrame frame) throws IOException {
                records += frame.records().size();
            }
        };
        try {
            Map<LogId, LogDirectory> directories = vault == null ? Map.of() : vault.directories();
            new JournalRead(layout)
                    .run(
                            logId -> keys(layout.journals(), logId, directories),
                            consumer,
                            (file, summary) -> judge(file, summary, writer));
        } catch (CorruptFileException e) {
            findings.failed(Claim.JOURNAL, layout.root(), e);
        } catch (WrongKeyException e) {
            findings.failed(Claim.JOURNAL, "journal", String.valueOf(e.getMessage()));
        }
        VaultVerifier.checkNumbered(layout.journals(), Layout.JOURNAL_SUFFIX, writer, layout, findings);
        if (any) {
            findings.passedIfClean(
                    Claim.JOURNAL,
                    "journal",
                    (vault == null ? "records" : records + " records")
                            + " wait to be sealed and anchored; until then nothing proves them");
        }
    }

    /** Fails for records that were acknowledged and are neither in a segment nor in the journal, where later ones are. */
    void requireNothingMissing(Map<LogId, Long> ends) {
        found.missing(ends)
                .forEach((logId, seq) -> findings.failed(
                        Claim.JOURNAL,
                        "journal",
                        "record " + seq + " of log " + logId + " is neither in a segment nor in the journal, which has"
                                + " later ones: a journal file was removed"));
    }

    private void judge(Path file, JournalReader.Summary summary, WriterState writer) {
        if (summary.tornAt() >= 0 && writer != WriterState.WRITING) {
            findings.indeterminate(
                    Claim.JOURNAL,
                    Findings.relative(layout.root(), file),
                    summary.tornBytes() + " bytes cannot be read: a commit that was never acknowledged, or records that"
                            + " were destroyed");
        }
    }

    private @Nullable TenantKeys keys(Path file, LogId logId, Map<LogId, LogDirectory> directories) throws IOException {
        if (vault == null) {
            return null;
        }
        LogDirectory directory = directories.get(logId);
        if (directory == null && Tombstone.isAt(layout.tenant(logId))) {
            // Whoever opens the vault for writing drops what an old journal has of a log whose keys were destroyed.
            return null;
        }
        if (directory == null) {
            throw new CorruptFileException(file, 0, "the journal holds records of log " + logId + ", which is missing");
        }
        try {
            return vault.keys(directory);
        } catch (KeySourceException e) {
            // RecordCheck tells of it; frames are passed over.
            return null;
        } catch (WrongKeyException e) {
            throw new CorruptFileException(directory.keys(), 0, "the keys do not open");
        }
    }
}
