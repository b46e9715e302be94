package dev.evidencevault;

import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.LogId;
import dev.evidencevault.journal.JournalReader;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Layout.LogDirectory;
import dev.evidencevault.storage.UnlockedVault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a vault in order whose last writer did not close it: seals what the journal holds, anchors what is not anchored
 * yet. Doing it twice, or being killed in the midst of it, changes nothing of the outcome.
 */
final class Recovery {
    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    private final UnlockedVault vault;
    private final Loader loader;

    /** Gives the state of a log; the same for the same log. */
    interface Loader {
        LogState load(LogId logId) throws IOException, WrongKeyException;
    }

    Recovery(UnlockedVault vault, Loader loader) {
        this.vault = vault;
        this.loader = loader;
    }

    /** Runs the recovery, if there is anything to recover. */
    void run(Sealer sealer, long now) throws IOException, WrongKeyException {
        Layout layout = vault.layout();
        List<Long> numbers = Layout.numbers(layout.journals(), Layout.JOURNAL_SUFFIX);
        if (numbers.isEmpty()) {
            return;
        }
        Map<LogId, LogDirectory> directories = vault.directories();
        Map<LogState, List<LogState.Run>> runs = new LinkedHashMap<>();
        List<Path> journals = new ArrayList<>();
        long records = 0;
        for (long number : numbers) {
            Path file = layout.journal(number);
            journals.add(file);
            JournalReader reader = new JournalReader(
                    file, logId -> state(file, logId, directories).keys());
            long[] read = new long[1];
            JournalReader.Summary summary = reader.read((logId, lines) -> {
                LogState log = state(file, logId, directories);
                List<LogState.Run> finished = runs.computeIfAbsent(log, key -> new ArrayList<>());
                for (var line : lines) {
                    log.replay(line, finished);
                }
                read[0] += lines.size();
            });
            records += read[0];
            if (summary.tornAt() >= 0) {
                LOG.info("{} ends in a commit that was never acknowledged, at byte {}", file, summary.tornAt());
            }
        }
        runs.forEach((log, finished) -> {
            if (log.hasUnsealed()) {
                finished.add(log.cut(Long.MIN_VALUE));
            }
        });
        runs.values().removeIf(List::isEmpty);
        List<LogState> unanchored = new ArrayList<>();
        for (LogId logId : directories.keySet()) {
            LogState log = loader.load(logId);
            if (!runs.containsKey(log) && !sealer.isAnchored(log)) {
                unanchored.add(log);
            }
        }
        sealer.seal(runs, unanchored, journals, now);
        LOG.info("recovered {} journal records of a vault that was not closed", records);
    }

    private LogState state(Path file, LogId logId, Map<LogId, LogDirectory> directories) throws IOException {
        if (!directories.containsKey(logId)) {
            throw new CorruptFileException(
                    file, 0, "the journal holds records of log " + logId + ", whose directory is missing");
        }
        try {
            return loader.load(logId);
        } catch (WrongKeyException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }
}
