package dev.evidencevault;

import dev.evidencevault.crypto.keys.TenantKeys;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.LogId;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.format.RecordBody;
import dev.evidencevault.segment.ActorCounters;
import dev.evidencevault.segment.PlacedRecord;
import dev.evidencevault.segment.Pseudonyms;
import dev.evidencevault.segment.SegmentContent;
import dev.evidencevault.segment.SegmentEnd;
import dev.evidencevault.segment.SegmentFile;
import dev.evidencevault.segment.SegmentWriter;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Layout.LogDirectory;
import dev.evidencevault.storage.Storage;
import dev.evidencevault.storage.UnlockedVault;
import java.io.IOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/**
 * One log as it is being written. What comes after the last segment belongs to the committer, the segments belong to
 * the sealer; neither touches the other's half.
 */
final class LogState {
    private final LogId logId;
    private final TenantKeys keys;
    private final Digest keyFile;
    private final ActorCounters counters;
    private final SegmentWriter segments;
    private long nextSeq;
    private long lastRecordedAt;
    private List<PlacedRecord> unsealed = new ArrayList<>();

    /**
     * Records that are to become a segment.
     *
     * @param records at least one
     * @param sealedAt the time of the seal, whose seq follows theirs
     */
    record Run(List<PlacedRecord> records, long sealedAt) {}

    private LogState(LogId logId, TenantKeys keys, Digest keyFile, ActorCounters counters, SegmentWriter segments) {
        this.logId = logId;
        this.keys = keys;
        this.keyFile = keyFile;
        this.counters = counters;
        this.segments = segments;
        this.nextSeq = segments.end().tree().to();
        this.lastRecordedAt = segments.end().recordedAt();
    }

    /** Loads a log: its keys, its last seal, and the counts of its actors. */
    static LogState load(UnlockedVault vault, LogId logId, LogDirectory directory, Storage storage, SecureRandom random)
            throws IOException, WrongKeyException {
        TenantKeys keys = vault.keys(directory);
        ActorCounters counters = new ActorCounters(new Pseudonyms(keys));
        SegmentEnd end = SegmentEnd.none();
        List<Long> numbers = Layout.numbers(directory.segments(), Layout.SEGMENT_SUFFIX);
        for (long number : numbers) {
            if (number != end.segments() + 1) {
                throw new CorruptFileException(
                        directory.segment(end.segments() + 1), 0, "the segment is missing; run evault verify");
            }
            try (SegmentFile file = new SegmentFile(directory.segment(number))) {
                new SegmentContent(file, keys).advance(counters);
                end = file.end();
            }
        }
        Digest keyFile = Digest.sha256(Files.readAllBytes(directory.keys()));
        return new LogState(
                logId, keys, keyFile, counters, new SegmentWriter(logId, directory, keys, storage, random, end));
    }

    LogId logId() {
        return logId;
    }

    TenantKeys keys() {
        return keys;
    }

    Digest keyFile() {
        return keyFile;
    }

    SegmentWriter segments() {
        return segments;
    }

    /** Gives a record its place. */
    PlacedRecord place(RecordBody body, long now) {
        lastRecordedAt = Math.max(lastRecordedAt, now);
        return counters.place(body, nextSeq++, lastRecordedAt);
    }

    /** Keeps a record that is durable until it is sealed. */
    void keep(PlacedRecord record) {
        unsealed.add(record);
    }

    boolean hasUnsealed() {
        return !unsealed.isEmpty();
    }

    /** Ends the run of unsealed records; the seal takes the next place. */
    Run cut(long now) {
        lastRecordedAt = Math.max(lastRecordedAt, now);
        nextSeq++;
        Run run = new Run(unsealed, lastRecordedAt);
        unsealed = new ArrayList<>();
        return run;
    }

    /**
     * Takes a record back from the journal. Where the run before it was cut, its seq is one further than expected: that
     * place was the seal's.
     *
     * @param finished takes a run that was cut
     */
    void replay(LogRecord record, List<Run> finished) throws CorruptFileException {
        if (record.seq() < nextSeq) {
            return;
        }
        if (record.seq() == nextSeq + 1 && hasUnsealed()) {
            finished.add(cut(lastRecordedAt));
        }
        if (record.seq() != nextSeq || record.recordedAt() < lastRecordedAt) {
            throw new CorruptFileException(
                    java.nio.file.Path.of("journal"),
                    0,
                    "expected record " + nextSeq + " of log " + logId + ", found " + record.seq());
        }
        unsealed.add(counters.place(record));
        nextSeq++;
        lastRecordedAt = record.recordedAt();
    }
}
