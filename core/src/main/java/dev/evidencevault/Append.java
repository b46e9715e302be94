package dev.evidencevault;

import dev.evidencevault.format.LeafHeader.Tag;
import dev.evidencevault.format.RecordBody;
import dev.evidencevault.format.Timestamps;
import dev.evidencevault.segment.Pseudonyms;
import dev.evidencevault.segment.RecordBlock.Tags;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be committed to one log, as one: all of it goes into the same frame. Made by the caller's thread, placed by
 * the committer, completed by the thread that synced it.
 */
sealed interface Append {
    /** The pseudonyms of a record that is nobody's. */
    Tags NOBODY = new Tags(Tag.NONE, null, null);

    /** The log. */
    LogState log();

    /** How many bytes of records it has, about. */
    long bytes();

    /** How many records it has. */
    int count();

    /** Puts its records at the end of the log. */
    void place(RecordBody.Stamp now);

    /** Says that its records are on disk. */
    void complete();

    /** Says that its records could not be put on disk. */
    void fail(VaultFailedException reason);

    /** The pseudonyms of a record, which the caller's thread looks up. */
    static Tags tags(Pseudonyms pseudonyms, RecordBody body) {
        List<String> ids = body.actorIds();
        @Nullable Tag first = ids.isEmpty() ? null : pseudonyms.actor(ids.get(0));
        @Nullable Tag second = ids.size() < 2 ? null : pseudonyms.actor(ids.get(1));
        return new Tags(pseudonyms.service(body.service()), first, second);
    }

    /** One event. */
    final class Single extends CompletableFuture<Receipt> implements Append {
        private final LogState log;
        private final RecordBody body;
        private final Tags tags;
        private long seq;
        private long recordedAt;

        Single(LogState log, RecordBody body, Tags tags) {
            this.log = log;
            this.body = body;
            this.tags = tags;
        }

        @Override
        public LogState log() {
            return log;
        }

        @Override
        public long bytes() {
            return body.tail().length();
        }

        @Override
        public int count() {
            return 1;
        }

        @Override
        public void place(RecordBody.Stamp now) {
            RecordBody.Stamp stamp = log.stamp(now);
            recordedAt = stamp.nanos();
            seq = log.place(body, tags, stamp);
        }

        @Override
        public void complete() {
            complete(new Receipt(seq, Timestamps.instant(recordedAt)));
        }

        @Override
        public void fail(VaultFailedException reason) {
            completeExceptionally(reason);
        }
    }

    /** Events that are to be next to each other. */
    final class Batch extends CompletableFuture<BatchReceipt> implements Append {
        private final LogState log;
        private final List<RecordBody> bodies;
        private final List<Tags> tags;
        private final long bytes;
        private long firstSeq;
        private long recordedAt;

        Batch(LogState log, List<RecordBody> bodies, List<Tags> tags) {
            this.log = log;
            this.bodies = bodies;
            this.tags = tags;
            this.bytes = bodies.stream().mapToLong(body -> body.tail().length()).sum();
        }

        @Override
        public LogState log() {
            return log;
        }

        @Override
        public long bytes() {
            return bytes;
        }

        @Override
        public int count() {
            return bodies.size();
        }

        @Override
        public void place(RecordBody.Stamp now) {
            RecordBody.Stamp stamp = log.stamp(now);
            recordedAt = stamp.nanos();
            for (int i = 0; i < bodies.size(); i++) {
                long seq = log.place(bodies.get(i), tags.get(i), stamp);
                firstSeq = i == 0 ? seq : firstSeq;
            }
        }

        @Override
        public void complete() {
            Instant time = Timestamps.instant(recordedAt);
            complete(new BatchReceipt(firstSeq, bodies.size(), time));
        }

        @Override
        public void fail(VaultFailedException reason) {
            completeExceptionally(reason);
        }
    }

    /** A change of the log's keys: what follows it in the log is under the next ones. */
    final class Rotation extends CompletableFuture<Receipt> implements Append {
        private final Single record;
        private final LogState.Opened next;

        Rotation(LogState log, RecordBody body, LogState.Opened next) {
            this.record = new Single(log, body, NOBODY);
            this.next = next;
        }

        @Override
        public LogState log() {
            return record.log();
        }

        @Override
        public long bytes() {
            return record.bytes();
        }

        @Override
        public int count() {
            return 1;
        }

        @Override
        public void place(RecordBody.Stamp now) {
            record.place(now);
            log().switchTo(next);
        }

        @Override
        public void complete() {
            record.complete();
            complete(record.join());
        }

        @Override
        public void fail(VaultFailedException reason) {
            completeExceptionally(reason);
        }
    }

    /** What the vault itself tells of the log. Nobody waits for it. */
    record Notice(LogState log, RecordBody body) implements Append {
        @Override
        public long bytes() {
            return body.tail().length();
        }

        @Override
        public int count() {
            return 1;
        }

        @Override
        public void place(RecordBody.Stamp now) {
            log.place(body, NOBODY, log.stamp(now));
        }

        @Override
        public void complete() {}

        @Override
        public void fail(VaultFailedException reason) {}
    }
}
