package dev.evidencevault.segment;

import dev.evidencevault.format.LeafHeader.Tag;
import dev.evidencevault.format.RecordBody;
import dev.evidencevault.format.RecordKind;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Records of one log that have their places and wait to be sealed: their lines as the block's plaintext has them, and what
 * their leaf headers need, in arrays. Filled by one thread, then read by others.
 */
public final class RecordBlock {
    private static final int FIRST_RECORDS = 4;

    /** How many pseudonyms stand for a record: its service's, its first actor's, its second actor's. */
    private static final int TAGS = 3;

    private long firstSeq;
    private byte[] plain;
    private int plainBytes;
    private int count;

    /** For each record recordedAt, occurredAt, and the counts of its actors. */
    private long[] numbers;

    private @Nullable Tag[] tags;

    /** For each record its kind's code, negative if a privilege was used. */
    private byte[] kinds;

    /**
     * The pseudonyms under which a record is counted.
     *
     * @param service the service's, or that of nobody
     * @param first that of who acted, if anybody did
     * @param second that of on whose behalf, if there is one
     */
    public record Tags(
            Tag service, @Nullable Tag first, @Nullable Tag second) {}

    /**
     * Creates an empty block whose first record has this seq.
     *
     * @param bytes for how many bytes it has room before it grows
     * @param records for how many records
     */
    public RecordBlock(long firstSeq, int bytes, int records) {
        int room = Math.max(FIRST_RECORDS, records);
        this.firstSeq = firstSeq;
        this.plain = new byte[bytes];
        this.numbers = new long[4 * room];
        this.tags = new @Nullable Tag[TAGS * room];
        this.kinds = new byte[room];
    }

    /** Forgets its records, so that it can be filled again from this seq on. */
    public RecordBlock clear(long seq) {
        firstSeq = seq;
        plainBytes = 0;
        count = 0;
        return this;
    }

    /** Returns how many bytes it holds before it grows. */
    public int capacity() {
        return plain.length;
    }

    /** Returns the seq of the first record. */
    public long firstSeq() {
        return firstSeq;
    }

    /** Returns how many records there are. */
    public int count() {
        return count;
    }

    /** Returns how many bytes of plaintext there are. */
    public int plainBytes() {
        return plainBytes;
    }

    /** Says whether the next record belongs into another block. */
    public boolean isFull() {
        return plainBytes >= SegmentFormat.BLOCK_PLAIN_BYTES || count == SegmentFormat.BLOCK_RECORDS_MAX;
    }

    /** Adds a record: writes its line at the next place. */
    public void add(RecordBody body, Tags recordTags, RecordBody.Stamp recordedAt, TagCounts counts) {
        long seq = firstSeq + count;
        int lineBytes = body.lineBytes(seq);
        ensure(4 + lineBytes);
        putLength(lineBytes);
        plainBytes = body.writeLine(plain, plainBytes, seq, recordedAt);
        addFacts(recordedAt.nanos(), body.occurredAt(), body.kind(), body.privileged(), recordTags, counts);
    }

    /** Adds a record whose line is there already, with the next seq in it. */
    public void add(
            byte[] line,
            long recordedAt,
            long occurredAt,
            RecordKind kind,
            boolean privileged,
            Tags recordTags,
            TagCounts counts) {
        ensure(4 + line.length);
        putLength(line.length);
        System.arraycopy(line, 0, plain, plainBytes, line.length);
        plainBytes += line.length;
        addFacts(recordedAt, occurredAt, kind, privileged, recordTags, counts);
    }

    private void addFacts(
            long recordedAt, long occurredAt, RecordKind kind, boolean privileged, Tags recordTags, TagCounts counts) {
        if (count == kinds.length) {
            int room = count + count / 2;
            kinds = Arrays.copyOf(kinds, room);
            numbers = Arrays.copyOf(numbers, 4 * room);
            tags = Arrays.copyOf(tags, TAGS * room);
        }
        numbers[4 * count] = recordedAt;
        numbers[4 * count + 1] = occurredAt;
        Tag first = recordTags.first();
        Tag second = recordTags.second();
        numbers[4 * count + 2] = first == null ? 0 : counts.next(first);
        numbers[4 * count + 3] = second == null ? 0 : counts.next(second);
        tags[TAGS * count] = recordTags.service();
        tags[TAGS * count + 1] = first;
        tags[TAGS * count + 2] = second;
        kinds[count] = (byte) (privileged ? -kind.code() : kind.code());
        count++;
    }

    private void ensure(int more) {
        if (plain.length - plainBytes < more) {
            plain = Arrays.copyOf(plain, Math.max(Math.addExact(plainBytes, more), plain.length + plain.length / 2));
        }
    }

    private void putLength(int length) {
        plain[plainBytes++] = (byte) (length >>> 24);
        plain[plainBytes++] = (byte) (length >>> 16);
        plain[plainBytes++] = (byte) (length >>> 8);
        plain[plainBytes++] = (byte) length;
    }

    /** Returns a part of the plaintext: for each record the length of its line as 4 bytes and the line. To be read only. */
    public ByteBuffer plain(int from, int to) {
        return ByteBuffer.wrap(plain, from, to - from);
    }

    byte[] plain() {
        return plain;
    }

    long recordedAt(int i) {
        return numbers[4 * i];
    }

    long occurredAt(int i) {
        return numbers[4 * i + 1];
    }

    byte kindCode(int i) {
        return (byte) Math.abs(kinds[i]);
    }

    boolean isNotice(int i) {
        return RecordKind.ofCode(kindCode(i)).isNotice();
    }

    boolean privileged(int i) {
        return kinds[i] < 0;
    }

    Tag serviceTag(int i) {
        Tag tag = tags[TAGS * i];
        return tag == null ? Tag.NONE : tag;
    }

    /** The pseudonym of a record's actor, 0 for the first and 1 for the second; null if there is none. */
    @Nullable
    Tag actorTag(int i, int actor) {
        return tags[TAGS * i + 1 + actor];
    }

    long actorSeq(int i, int actor) {
        return numbers[4 * i + 2 + actor];
    }
}
