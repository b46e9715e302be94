package dev.evidencevault;

import dev.evidencevault.crypto.aead.DataKey;
import dev.evidencevault.crypto.keys.TenantKeys;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.Change;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.DestroyedRecords;
import dev.evidencevault.format.LogId;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.format.RecordBody;
import dev.evidencevault.format.RecordKind;
import dev.evidencevault.format.RotatedKeys;
import dev.evidencevault.journal.CommitBuffer;
import dev.evidencevault.journal.JournalWriter;
import dev.evidencevault.segment.CountsFile;
import dev.evidencevault.segment.Pseudonyms;
import dev.evidencevault.segment.RecordBlock;
import dev.evidencevault.segment.RecordBlock.Tags;
import dev.evidencevault.segment.SealedLog;
import dev.evidencevault.segment.SegmentContent;
import dev.evidencevault.segment.SegmentEnd;
import dev.evidencevault.segment.SegmentFile;
import dev.evidencevault.segment.SegmentWriter;
import dev.evidencevault.segment.TagCounts;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Layout.LogDirectory;
import dev.evidencevault.storage.LogKeys;
import dev.evidencevault.storage.Storage;
import dev.evidencevault.storage.UnlockedVault;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * One log as it is being written. What comes after the last segment belongs to the committer, the segments belong to the
 * sealer, its keys to everybody; none touches another's part.
 *
 * <p>A log that nobody writes keeps its counts and where it ends, some hundred bytes, and no key: keys are read again when
 * they are needed.
 */
final class LogState {
    private static final int FIRST_BLOCK_BYTES = 1 << 10;
    private static final int NEXT_BLOCK_BYTES_MAX = 160 << 10;

    private final LogId logId;
    private final UnlockedVault vault;
    private final SegmentWriter segments;
    private final TagCounts counts;
    private final boolean service;

    /** Takes the logs whose keys are in memory. */
    private final Queue<LogState> inUse;

    private final BlockPool pool;

    /** Keys and what is derived of them, while the log is in use. */
    private volatile @Nullable Opened opened;

    /** Keys of the next epoch that were found beside the current ones and that no record has named so far. */
    private @Nullable Opened following;

    /** Whether the keys in use may be others than those in the log's key file, and so have to be kept. */
    private volatile boolean rotating;

    // The committer's.
    private long nextSeq;
    private long lastRecordedAt;
    private List<RecordBlock> unsealed = List.of();
    private int lastBytes = FIRST_BLOCK_BYTES;
    private int lastRecords;
    private long touchedNanos;
    private @Nullable DataKey journalKey;
    private @Nullable JournalWriter journalKeyFile;
    private long commit;
    private int commitBlock;
    private int commitFrom;
    private int commitFromCount;
    private int commitCount;
    private int commitBytes;

    /** The tenant's quota and what was refused, while the log is in use. */
    private volatile @Nullable Allowance allowance;

    /** Keys, pseudonyms, and the digest of the file that the keys are in. */
    record Opened(TenantKeys keys, Pseudonyms pseudonyms, Digest keyFile) {}

    /**
     * Records that are to become a segment.
     *
     * @param blocks at least one
     * @param sealedAt the time of the seal, whose seq follows theirs
     * @param opened the keys that it is under and that the seal names
     */
    record Run(List<RecordBlock> blocks, long sealedAt, Opened opened) {
        long bytes() {
            return blocks.stream().mapToLong(RecordBlock::plainBytes).sum();
        }
    }

    private LogState(
            LogId logId,
            UnlockedVault vault,
            boolean service,
            Queue<LogState> inUse,
            BlockPool pool,
            TagCounts counts,
            SegmentWriter segments) {
        this.logId = logId;
        this.vault = vault;
        this.service = service;
        this.inUse = inUse;
        this.pool = pool;
        this.counts = counts;
        this.segments = segments;
        this.nextSeq = segments.end().tree().to();
        this.lastRecordedAt = segments.end().recordedAt();
    }

    /** Loads a log: its keys, its last seal, and the counts of its actors. */
    static LogState load(
            UnlockedVault vault,
            LogId logId,
            LogDirectory directory,
            Storage storage,
            SecureRandom random,
            Queue<LogState> inUse,
            BlockPool pool)
            throws IOException, WrongKeyException {
        LogKeys current = LogKeys.read(directory);
        Opened opened = opened(vault.keys(current), current.digest());
        Optional<LogKeys> next = LogKeys.readNext(directory, current);
        Opened following =
                next.isPresent() ? opened(vault.keys(next.get()), next.get().digest()) : null;
        // The next ones may leave out older keys, the current ones do not have the newest.
        TenantKeys keys = following == null ? opened.keys() : opened.keys().withNewer(newer(following.keys()));
        TagCounts counts = new TagCounts();
        DestroyedRecords destroyed = current.destroyed();
        if (destroyed != null) {
            CountsFile.read(new SealedLog(logId, directory, keys), destroyed.segments(), destroyed.counts(), counts);
        }
        SegmentEnd end = SegmentEnd.none();
        List<Long> numbers = Layout.numbers(directory.segments(), Layout.SEGMENT_SUFFIX);
        for (long number : numbers) {
            if (number != end.segments() + 1) {
                throw new CorruptFileException(
                        directory.segment(end.segments() + 1), 0, "the segment is missing; run evault verify");
            }
            try (SegmentFile file = new SegmentFile(directory.segment(number))) {
                if (number >= keys.firstSegment()) {
                    new SegmentContent(file, keys).advance(counts);
                }
                end = file.end();
            }
        }
        boolean service = directory.equals(vault.layout().service());
        LogState log = new LogState(
                logId,
                vault,
                service,
                inUse,
                pool,
                counts,
                new SegmentWriter(
                        logId, directory, storage, random, vault.settings().events(), end));
        log.rotating = following != null && following.keyFile().equals(end.keys());
        log.opened = log.rotating ? following : opened;
        log.following = log.rotating ? null : following;
        log.touchedNanos = System.nanoTime();
        inUse.add(log);
        return log;
    }

    private static TenantKeys.Newer newer(TenantKeys next) {
        return epoch -> epoch < next.epoch() ? Optional.of(next) : Optional.empty();
    }

    static Opened opened(TenantKeys keys, Digest keyFile) {
        return new Opened(keys, new Pseudonyms(keys), keyFile);
    }

    LogDirectory directory() {
        return service ? vault.layout().service() : vault.layout().tenant(logId);
    }

    LogId logId() {
        return logId;
    }

    /** Returns the log's keys; reads them if they were let go. */
    Opened open() throws IOException {
        Opened known = opened;
        return known != null ? known : reopen();
    }

    /** Says whether the log's keys are in memory. */
    boolean hasKeys() {
        return opened != null;
    }

    private synchronized Opened reopen() throws IOException {
        Opened known = opened;
        if (known == null) {
            try {
                LogKeys current = LogKeys.read(directory());
                known = opened(vault.keys(current), current.digest());
            } catch (WrongKeyException e) {
                throw new CorruptFileException(directory().keys(), 0, "the keys do not open: " + e.getMessage());
            }
            opened = known;
            inUse.add(this);
        }
        return known;
    }

    /**
     * Returns keys that open all that the journal holds of the log, also what a rotation that was cut short left there. Keys that
     * such a rotation leaves out are of records that were sealed, and gone from the journal, before it began.
     */
    TenantKeys readingKeys() throws IOException {
        Opened next = following;
        return next == null ? open().keys() : next.keys();
    }

    /** Keeps the keys in use until {@link #endRotation}. */
    void beginRotation() {
        rotating = true;
    }

    /** Puts what comes next in the log under other keys. */
    void switchTo(Opened next) {
        opened = next;
    }

    /** Says that the keys in use are those in the log's key file, and that there are no others. */
    void endRotation() {
        following = null;
        rotating = false;
    }

    /** Says whether keys of the next epoch were found beside the current ones. */
    boolean hasLeftRotation() {
        return rotating || following != null;
    }

    /** Says whether a record or a seal names the keys of the next epoch that were found. */
    boolean isDecided() {
        return rotating;
    }

    SegmentWriter segments() {
        return segments;
    }

    /** The time that a record gets: now, or that of its predecessor if the clock went back. */
    RecordBody.Stamp stamp(RecordBody.Stamp now) {
        return now.nanos() >= lastRecordedAt ? now : new RecordBody.Stamp(lastRecordedAt);
    }

    /** Begins to gather the log's records of a commit; says whether that had begun already. */
    boolean isIn(long commitNumber) {
        if (commit == commitNumber) {
            return true;
        }
        commit = commitNumber;
        commitBlock = Math.max(0, unsealed.size() - 1);
        commitFrom = unsealed.isEmpty() ? 0 : unsealed.get(commitBlock).plainBytes();
        commitFromCount = unsealed.isEmpty() ? 0 : unsealed.get(commitBlock).count();
        commitCount = 0;
        commitBytes = 0;
        touchedNanos = System.nanoTime();
        return false;
    }

    /** Puts a record at the end; returns its seq. */
    long place(RecordBody body, Tags tags, RecordBody.Stamp stamp) {
        RecordBlock block = block();
        int before = block.plainBytes();
        block.add(body, tags, stamp, counts);
        commitBytes += block.plainBytes() - before;
        commitCount++;
        lastRecordedAt = stamp.nanos();
        return nextSeq++;
    }

    private RecordBlock block() {
        if (unsealed.isEmpty()) {
            unsealed = new ArrayList<>(4);
            // A log is taken to go on as it did.
            RecordBlock used = lastBytes >= NEXT_BLOCK_BYTES_MAX ? pool.take(nextSeq) : null;
            unsealed.add(used != null ? used : new RecordBlock(nextSeq, lastBytes, lastRecords));
        }
        RecordBlock last = unsealed.get(unsealed.size() - 1);
        if (!last.isFull()) {
            return last;
        }
        RecordBlock used = pool.take(nextSeq);
        RecordBlock next = used != null
                ? used
                : new RecordBlock(
                        nextSeq,
                        Math.min(last.plainBytes() + 1024, NEXT_BLOCK_BYTES_MAX),
                        last.count() + last.count() / 8);
        unsealed.add(next);
        return next;
    }

    /** How many bytes of records the log has in the present commit. */
    int commitBytes() {
        return commitBytes;
    }

    /** How many records the log has in the present commit. */
    int commitCount() {
        return commitCount;
    }

    /** How many frames the log has in the present commit: one for each block that has some of its records. */
    int commitFrames() {
        boolean inFirst = commitFromCount < unsealed.get(commitBlock).count();
        return unsealed.size() - commitBlock - (inFirst ? 0 : 1);
    }

    /** Encrypts the log's records of the present commit. */
    void frame(CommitBuffer buffer, JournalWriter file) throws IOException {
        DataKey key = journalKey;
        if (key == null || journalKeyFile != file) {
            key = file.key(open().keys());
            journalKey = key;
            journalKeyFile = file;
        }
        for (int i = commitBlock; i < unsealed.size(); i++) {
            RecordBlock block = unsealed.get(i);
            int from = i == commitBlock ? commitFrom : 0;
            int fromCount = i == commitBlock ? commitFromCount : 0;
            if (fromCount < block.count()) {
                buffer.frame(
                        logId,
                        key,
                        block.firstSeq() + fromCount,
                        block.count() - fromCount,
                        block.plain(from, block.plainBytes()));
            }
        }
    }

    boolean hasUnsealed() {
        return !unsealed.isEmpty();
    }

    /** Ends the run of unsealed records; the seal takes the next place. */
    Run cut(long now) {
        lastRecordedAt = Math.max(lastRecordedAt, now);
        nextSeq++;
        RecordBlock first = unsealed.get(0);
        lastRecords = first.count() + first.count() / 8;
        lastBytes = unsealed.size() > 1
                ? NEXT_BLOCK_BYTES_MAX
                : Math.clamp(first.plainBytes() + first.plainBytes() / 8L, FIRST_BLOCK_BYTES, NEXT_BLOCK_BYTES_MAX);
        Opened keys = opened;
        if (keys == null) {
            throw new IllegalStateException("the keys of a log with unsealed records were let go");
        }
        Run run = new Run(unsealed, lastRecordedAt, keys);
        unsealed = List.of();
        commit = 0;
        journalKey = null;
        journalKeyFile = null;
        return run;
    }

    /** Lets the keys go if nobody has written the log for so long; says whether they are gone. */
    boolean rest(long now, long idleNanos) {
        if (rotating || !unsealed.isEmpty() || now - touchedNanos < idleNanos) {
            return false;
        }
        synchronized (this) {
            opened = null;
            Allowance known = allowance;
            if (known != null && known.hasTold()) {
                allowance = null;
            }
        }
        return true;
    }

    /**
     * Takes a record back from the journal. Where the run before it was cut, its seq is one further than expected: that
     * place was the seal's.
     *
     * @param finished takes a run that was cut
     */
    void replay(RecordFacts record, byte[] line, List<Run> finished) throws IOException {
        if (record.seq() < nextSeq) {
            return;
        }
        if (record.seq() == nextSeq + 1 && hasUnsealed()) {
            finished.add(cut(lastRecordedAt));
        }
        if (record.seq() != nextSeq || record.recordedAt() < lastRecordedAt) {
            throw new CorruptFileException(
                    vault.layout().journals(),
                    0,
                    "expected record " + nextSeq + " of log " + logId + ", found " + record.seq());
        }
        block().add(
                        line,
                        record.recordedAt(),
                        record.occurredAt(),
                        record.kind(),
                        record.privileged(),
                        record.tags(open().pseudonyms()),
                        counts);
        nextSeq++;
        lastRecordedAt = record.recordedAt();
        Opened next = following;
        if (next != null && record.kind() == RecordKind.CHANGE && names(line, next.keyFile())) {
            opened = next;
            following = null;
            rotating = true;
        }
    }

    private static boolean names(byte[] line, Digest keyFile) {
        return RotatedKeys.after(Change.of(LogRecord.parse(line)))
                .filter(after -> after.keys().equals(keyFile))
                .isPresent();
    }

    /** Returns the tenant's allowance, or null if none was set since the log was last in use. */
    @Nullable
    Allowance allowance() {
        return allowance;
    }

    /** Sets the tenant's allowance unless there is one; returns the one there is then. */
    synchronized Allowance allowance(Allowance fresh) {
        Allowance known = allowance;
        if (known == null) {
            known = fresh;
            allowance = known;
        }
        return known;
    }
}
