package dev.evidencevault.verify;

import dev.evidencevault.crypto.keys.TenantKeys;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.LogId;
import dev.evidencevault.journal.JournalReader;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Layout.LogDirectory;
import dev.evidencevault.storage.UnlockedVault;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks the journal: that what was acknowledged and is not sealed is whole. For one thread, once. */
final class JournalCheck {
    private final Layout layout;
    private final @Nullable UnlockedVault vault;
    private final Findings findings;
    private long records;

    JournalCheck(Layout layout, @Nullable UnlockedVault vault, Findings findings) {
        this.layout = layout;
        this.vault = vault;
        this.findings = findings;
    }

    void run(WriterState writer) throws IOException {
        List<Long> numbers = Layout.numbers(layout.journals(), Layout.JOURNAL_SUFFIX);
        Set<String> names = new HashSet<>();
        try {
            Map<LogId, LogDirectory> directories = vault == null ? Map.of() : vault.directories();
            for (long number : numbers) {
                names.add(Layout.numbered(number, Layout.JOURNAL_SUFFIX));
                read(layout.journal(number), directories);
            }
        } catch (CorruptFileException e) {
            findings.failed(Claim.JOURNAL, layout.root(), e);
        } catch (WrongKeyException e) {
            findings.failed(Claim.JOURNAL, "journal", String.valueOf(e.getMessage()));
        }
        if (writer != WriterState.WRITING) {
            VaultVerifier.checkNames(layout.journals(), names, layout, findings);
        }
        if (!numbers.isEmpty()) {
            findings.passedIfClean(
                    Claim.JOURNAL,
                    "journal",
                    (vault == null ? "records" : records + " records")
                            + " wait to be sealed and anchored; until then nothing proves them");
        }
    }

    private void read(Path file, Map<LogId, LogDirectory> directories) throws IOException {
        try {
            new JournalReader(file, logId -> keys(file, logId, directories))
                    .read((logId, lines) -> records += lines.size());
        } catch (NoSuchFileException e) {
            // The writer sealed all that the file held, and removed it.
            return;
        }
    }

    private @Nullable TenantKeys keys(Path file, LogId logId, Map<LogId, LogDirectory> directories) throws IOException {
        if (vault == null) {
            return null;
        }
        LogDirectory directory = directories.get(logId);
        if (directory == null) {
            throw new CorruptFileException(file, 0, "the journal holds records of log " + logId + ", which is missing");
        }
        try {
            return vault.keys(directory);
        } catch (WrongKeyException e) {
            throw new CorruptFileException(directory.keys(), 0, "the keys do not open");
        }
    }
}
