package dev.evidencevault;

import dev.evidencevault.crypto.keys.KeySourceException;
import dev.evidencevault.crypto.keys.TenantKeys;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.crypto.merkle.CompactRange;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.LogId;
import dev.evidencevault.journal.JournalFrame;
import dev.evidencevault.journal.JournalRanges;
import dev.evidencevault.journal.JournalRead;
import dev.evidencevault.journal.JournalReader;
import dev.evidencevault.segment.SegmentFile;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Layout.LogDirectory;
import dev.evidencevault.storage.Storage;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a vault in order whose last writer did not close it: takes back what the journal holds, to be sealed, and finds
 * what is not anchored yet. Doing it twice, or being killed in the midst of it, changes nothing of the outcome.
 */
final class Recovery {
    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    private static final int READERS = 2;
    private static final int TASKS_AHEAD = 16;
    private static final int RECORDS_PER_TASK = 512;

    private final Layout layout;
    private final Storage storage;
    private final Map<LogId, LogDirectory> directories;
    private final Set<LogId> destroyed;
    private final Loader loader;
    private final Map<LogState, List<LogState.Run>> runs = new LinkedHashMap<>();
    private final Set<LogId> heldBack = new HashSet<>();

    /** The logs that have frames in the file that is being read. */
    private final Set<LogId> inFile = new HashSet<>();

    private final JournalRanges ranges = JournalRanges.none();
    private final List<Path> files = new ArrayList<>();
    private final Deque<Read> ahead = new ArrayDeque<>();
    private List<JournalFrame> gathered = new ArrayList<>();
    private int gatheredRecords;
    private final ExecutorService readers =
            Executors.newFixedThreadPool(READERS, task -> Daemon.of("evault-recover", task));
    private long records;
    private long tornBytes;

    /** Gives the state of a log; the same for the same log. */
    interface Loader {
        LogState load(LogId logId) throws IOException, WrongKeyException;
    }

    /**
     * Creates the recovery.
     *
     * @param directories those of all logs
     * @param destroyed the logs whose keys were destroyed: what a journal has of them is dropped
     */
    Recovery(
            Layout layout, Storage storage, Map<LogId, LogDirectory> directories, Set<LogId> destroyed, Loader loader) {
        this.destroyed = destroyed;
        this.layout = layout;
        this.storage = storage;
        this.directories = directories;
        this.loader = loader;
    }

    /** Returns how many records the journal held. */
    long records() {
        return records;
    }

    /** Returns how many bytes at the ends of its files could not be read. */
    long tornBytes() {
        return tornBytes;
    }

    /** Takes back what the journal holds, into memory. Changes nothing on disk. */
    void read() throws IOException {
        JournalReader.Consumer consumer = new JournalReader.Consumer() {
            @Override
            public void place(LogId logId, long firstSeq, int count) {
                ranges.add(logId, firstSeq, count);
                inFile.add(logId);
            }

            @Override
            public void frame(JournalFrame frame) throws IOException {
                Recovery.this.read(frame);
            }
        };
        try {
            new JournalRead(layout).run(this::keys, consumer, this::file);
            hand();
            while (!ahead.isEmpty()) {
                replay(ahead.remove());
            }
        } finally {
            readers.shutdownNow();
        }
        runs.forEach((log, finished) -> {
            if (log.hasUnsealed()) {
                finished.add(log.cut(Long.MIN_VALUE));
            }
        });
        runs.values().removeIf(List::isEmpty);
    }

    /** Returns which records the journal holds. */
    JournalRanges ranges() {
        return ranges;
    }

    /**
     * Removes what was unfinished, and returns what is to be sealed and anchored, the journal's files going with it.
     *
     * @param unanchored the logs that have segments under no anchor
     * @param time the time of the anchor that is to come
     */
    Sealer.Job job(Set<LogId> unanchored, long time) throws IOException {
        removeUnfinished();
        Map<LogId, CompactRange> alsoAnchor = new HashMap<>();
        for (LogId logId : unanchored) {
            if (runs.keySet().stream().noneMatch(log -> log.logId().equals(logId))) {
                alsoAnchor.put(logId, head(logId));
            }
        }
        if (!files.isEmpty()) {
            LOG.info("recovered {} journal records of a vault that was not closed", records);
        }
        return new Sealer.Job(runs, alsoAnchor, false, time, () -> {}, this::removeFiles, SealingPace.Pace.AT_ONCE);
    }

    /** Where the segments of a log end; no key is needed for that. */
    private CompactRange head(LogId logId) throws IOException {
        LogDirectory directory = directories.get(logId);
        List<Long> numbers =
                directory == null ? List.of() : Layout.numbers(directory.segments(), Layout.SEGMENT_SUFFIX);
        if (directory == null || numbers.isEmpty()) {
            throw new IllegalStateException("log " + logId + " has no segment that an anchor could cover");
        }
        try (SegmentFile file = new SegmentFile(directory.segment(numbers.get(numbers.size() - 1)))) {
            return file.end().tree();
        }
    }

    /**
     * Returns the logs whose records stay in the journal, since the keys are kept elsewhere and cannot be had there. They are
     * recovered when the vault is opened again and the keys are there.
     */
    Set<LogId> heldBack() {
        return heldBack;
    }

    /** How many bytes of records are to be sealed. */
    long unsealedBytes() {
        long bytes = 0;
        for (List<LogState.Run> finished : runs.values()) {
            for (LogState.Run run : finished) {
                bytes += run.bytes();
            }
        }
        return bytes;
    }

    private void file(Path file, JournalReader.Summary summary) {
        if (Collections.disjoint(inFile, heldBack)) {
            files.add(file);
        }
        inFile.clear();
        if (summary.tornAt() >= 0) {
            LOG.warn(
                    "{} bytes of {} could not be read and are dropped: a commit that was never acknowledged, or records"
                            + " that were destroyed",
                    summary.tornBytes(),
                    file);
            tornBytes += summary.tornBytes();
        }
    }

    /** Frames whose lines are being read, by another thread. */
    private record Read(List<JournalFrame> frames, Future<List<Lines>> lines) {}

    /** The lines of a frame and what they say. */
    private record Lines(List<byte[]> lines, List<RecordFacts> facts) {}

    private void read(JournalFrame frame) throws IOException {
        gathered.add(frame);
        gatheredRecords += frame.count();
        if (gatheredRecords >= RECORDS_PER_TASK) {
            hand();
        }
        if (ahead.size() > TASKS_AHEAD) {
            replay(ahead.remove());
        }
    }

    /** Hands the frames that were gathered to another thread: one for each would cost more than it spares. */
    private void hand() {
        List<JournalFrame> frames = gathered;
        gathered = new ArrayList<>();
        gatheredRecords = 0;
        ahead.add(new Read(frames, readers.submit(() -> {
            List<Lines> all = new ArrayList<>(frames.size());
            for (JournalFrame frame : frames) {
                List<byte[]> lines = frame.lines();
                all.add(new Lines(lines, facts(frame, lines)));
            }
            return all;
        })));
    }

    private static List<RecordFacts> facts(JournalFrame frame, List<byte[]> lines) throws IOException {
        List<RecordFacts> all = new ArrayList<>(lines.size());
        for (byte[] line : lines) {
            long seq = frame.firstSeq() + all.size();
            try {
                RecordFacts facts = RecordFacts.of(line);
                if (facts.seq() != seq) {
                    throw new IllegalArgumentException("expected record " + seq + ", found " + facts.seq());
                }
                all.add(facts);
            } catch (IllegalArgumentException e) {
                throw new CorruptFileException(frame.file(), 0, "record " + seq + ": " + Json.firstLine(e));
            }
        }
        return all;
    }

    private void replay(Read read) throws IOException {
        List<Lines> all;
        try {
            all = read.lines().get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException("a frame was not read", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the recovery was interrupted; nothing is lost, open the vault again");
        }
        for (int i = 0; i < all.size(); i++) {
            LogState log = state(read.frames().get(i).logId());
            List<LogState.Run> finished = runs.computeIfAbsent(log, key -> new ArrayList<>());
            Lines frame = all.get(i);
            for (int j = 0; j < frame.lines().size(); j++) {
                log.replay(frame.facts().get(j), frame.lines().get(j), finished);
            }
            records += frame.lines().size();
        }
    }

    private @Nullable TenantKeys keys(LogId logId) throws IOException {
        try {
            return heldBack.contains(logId) || destroyed.contains(logId)
                    ? null
                    : state(logId).readingKeys();
        } catch (KeySourceException e) {
            LOG.warn(
                    "records of log {} stay in the journal until the vault is opened with its keys: {}",
                    logId,
                    e.getMessage());
            heldBack.add(logId);
            return null;
        }
    }

    private LogState state(LogId logId) throws IOException {
        if (!directories.containsKey(logId)) {
            throw new CorruptFileException(
                    layout.journals(), 0, "the journal holds records of log " + logId + ", whose directory is missing");
        }
        try {
            return loader.load(logId);
        } catch (WrongKeyException e) {
            throw new CorruptFileException(layout.tenant(logId).keys(), 0, "the keys do not open: " + e.getMessage());
        }
    }

    private void removeFiles() throws IOException {
        for (Path file : files) {
            storage.delete(file);
        }
        if (!files.isEmpty()) {
            storage.syncDirectory(layout.journals());
        }
    }

    /** Removes files that were not in place yet: what they were to hold is written again. */
    private void removeUnfinished() throws IOException {
        List<Path> parents = new ArrayList<>(List.of(layout.root(), layout.anchors(), layout.journals()));
        Collection<LogDirectory> logs = directories.values();
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
}
