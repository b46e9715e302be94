package dev.evidencevault;

import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.LogId;
import dev.evidencevault.journal.JournalReader;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Layout.LogDirectory;
import dev.evidencevault.storage.Storage;
import dev.evidencevault.storage.UnlockedVault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
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
    private final Storage storage;
    private final Loader loader;

    /**
     * What was recovered.
     *
     * @param records how many records the journal held
     * @param tornBytes how many bytes at the ends of its files could not be read
     */
    record Result(long records, long tornBytes) {}

    /** Gives the state of a log; the same for the same log. */
    interface Loader {
        LogState load(LogId logId) throws IOException, WrongKeyException;
    }

    Recovery(UnlockedVault vault, Storage storage, Loader loader) {
        this.vault = vault;
        this.storage = storage;
        this.loader = loader;
    }

    /** Runs the recovery, if there is anything to recover. */
    Result run(Sealer sealer, long now) throws IOException, WrongKeyException {
        Layout layout = vault.layout();
        List<Long> numbers = Layout.numbers(layout.journals(), Layout.JOURNAL_SUFFIX);
        if (numbers.isEmpty()) {
            return new Result(0, 0);
        }
        Map<LogId, LogDirectory> directories = vault.directories();
        removeUnfinished(layout, directories.values(), storage);
        Map<LogState, List<LogState.Run>> runs = new LinkedHashMap<>();
        List<Path> journals = new ArrayList<>();
        long records = 0;
        long tornBytes = 0;
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
                LOG.warn(
                        "the last {} bytes of {} could not be read and are dropped: a commit that was never acknowledged,"
                                + " or records that were destroyed",
                        summary.tornBytes(),
                        file);
                tornBytes += summary.tornBytes();
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
        return new Result(records, tornBytes);
    }

    /** Removes files that were not in place yet: what they were to hold is written again. */
    private static void removeUnfinished(Layout layout, Collection<LogDirectory> logs, Storage storage)
            throws IOException {
        List<Path> parents = new ArrayList<>(List.of(layout.root(), layout.anchors()));
        for (LogDirectory log : logs) {
            parents.addAll(List.of(log.path(), log.segments(), log.indexes()));
        }
        for (Path parent : parents) {
            for (Path file : Layout.list(parent)) {
                if (file.toString().endsWith(Layout.TEMPORARY_SUFFIX) && Files.isRegularFile(file)) {
                    storage.delete(file);
                }
            }
        }
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
