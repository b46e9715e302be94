package dev.evidencevault.format;

import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.merkle.Rfc6962;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * The content of a leaf of a log's tree: everything that may be shown of a record without showing the record.
 *
 * <p>Byte order is big-endian: version 1 (1), kind (1), flags (1; bit 0 privileged, bit 1 committed by fields), number of actors (1), log id (16),
 * seq (8), recordedAt (8), occurredAt (8), service tag (16), then for each actor its tag (16) and its count so far (8),
 * then the commitment (32). See {@code docs/formats/record.md}.
 *
 * @param logId the log that the leaf belongs to, so that it proves nothing in another
 * @param seq its index in the tree
 * @param recordedAt when the vault took it, in nanoseconds since 1970, never before its predecessor
 * @param occurredAt when it happened, as the application said
 * @param kind what the record is
 * @param privileged whether the actor used a privilege
 * @param serviceTag the pseudonym of the service; all zero where there is none
 * @param actors whose record it is: who acted, then on whose behalf; none to two
 * @param commitment the commitment to the record's line
 * @param scheme how it is committed to; by fields for an event only
 */
public record LeafHeader(
        LogId logId,
        long seq,
        long recordedAt,
        long occurredAt,
        RecordKind kind,
        boolean privileged,
        Tag serviceTag,
        List<ActorCount> actors,
        Digest commitment,
        CommitmentScheme scheme) {

    /** Most actors a record counts for. */
    public static final int ACTORS_MAX = 2;

    static final byte VERSION = 1;
    private static final int FIXED_BYTES = 4 + LogId.BYTES + 3 * 8 + Tag.BYTES + Digest.BYTES;
    private static final int ACTOR_BYTES = Tag.BYTES + 8;
    /** The most bytes of a header. */
    static final int BYTES_MAX = FIXED_BYTES + ACTORS_MAX * ACTOR_BYTES;

    static final byte[] COMMITMENT_LABEL = "evault-record-v1".getBytes(StandardCharsets.US_ASCII);

    /** A pseudonym of 16 bytes. Ascends as unsigned bytes do. */
    public record Tag(long high, long low) implements Comparable<Tag> {
        /** Length in bytes. */
        public static final int BYTES = 16;

        /** The tag of nobody. */
        public static final Tag NONE = new Tag(0, 0);

        /** Returns the tag with these 16 bytes. */
        public static Tag of(byte[] bytes) {
            if (bytes.length != BYTES) {
                throw new IllegalArgumentException("a tag has 16 bytes, found " + bytes.length);
            }
            return read(ByteBuffer.wrap(bytes));
        }

        /** Reads a tag at the buffer's position. */
        public static Tag read(ByteBuffer buffer) {
            return new Tag(buffer.getLong(), buffer.getLong());
        }

        /** Parses 32 hexadecimal digits. */
        public static Tag parse(String text) {
            LogId same = LogId.parse(text);
            return new Tag(same.high(), same.low());
        }

        /** Says whether this is one of the two values that are no name's: all zero, and all zero but for a last 1. */
        public boolean isReserved() {
            return high == 0 && (low == 0 || low == 1);
        }

        /** Writes the 16 bytes at the buffer's position. */
        public void write(ByteBuffer buffer) {
            buffer.putLong(high).putLong(low);
        }

        @Override
        public int compareTo(Tag other) {
            int order = Long.compareUnsigned(high, other.high);
            return order != 0 ? order : Long.compareUnsigned(low, other.low);
        }

        @Override
        public String toString() {
            return HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
        }
    }

    /**
     * That a record is an actor's, and which one.
     *
     * @param tag the actor's pseudonym
     * @param seq how many records of this actor came before it in this log
     */
    public record ActorCount(Tag tag, long seq) {}

    /** Joins the parts of a header of a line that is committed to as a whole. */
    public LeafHeader(
            LogId logId,
            long seq,
            long recordedAt,
            long occurredAt,
            RecordKind kind,
            boolean privileged,
            Tag serviceTag,
            List<ActorCount> actors,
            Digest commitment) {
        this(
                logId,
                seq,
                recordedAt,
                occurredAt,
                kind,
                privileged,
                serviceTag,
                actors,
                commitment,
                CommitmentScheme.LINE);
    }

    /** Checks the number of actors. */
    public LeafHeader {
        actors = List.copyOf(actors);
        if (actors.size() > ACTORS_MAX) {
            throw new IllegalArgumentException("a record has at most 2 actors, found " + actors.size());
        }
        if (actors.size() == ACTORS_MAX
                && actors.get(0).tag().equals(actors.get(1).tag())) {
            throw new IllegalArgumentException("a record counts for an actor once");
        }
        if (serviceTag.isReserved() && !serviceTag.equals(Tag.NONE)
                || actors.stream().anyMatch(actor -> actor.tag().isReserved())) {
            throw new IllegalArgumentException("a name has a pseudonym that stands for no name");
        }
        if (scheme != scheme.of(kind)) {
            throw new IllegalArgumentException("only an event is committed by fields, found " + kind.label());
        }
    }

    /** Returns the commitment to a line under a salt: SHA-256(label ‖ salt ‖ line). */
    public static Digest commitment(byte[] salt, byte[] line) {
        return Digest.sha256(COMMITMENT_LABEL, salt, line);
    }

    /** Returns the bytes. */
    public byte[] encode() {
        ByteBuffer buffer = ByteBuffer.allocate(FIXED_BYTES + ACTOR_BYTES * actors.size());
        buffer.put(VERSION)
                .put((byte) kind.code())
                .put((byte) ((privileged ? 1 : 0) | scheme.flag()))
                .put((byte) actors.size())
                .put(logId.bytes())
                .putLong(seq)
                .putLong(recordedAt)
                .putLong(occurredAt);
        serviceTag.write(buffer);
        for (ActorCount actor : actors) {
            actor.tag().write(buffer);
            buffer.putLong(actor.seq());
        }
        return buffer.put(commitment.bytes()).array();
    }

    /**
     * Decodes the bytes.
     *
     * @throws IllegalArgumentException if they are not exactly what {@link #encode()} gives
     */
    public static LeafHeader decode(byte[] bytes) {
        if (bytes.length < FIXED_BYTES
                || bytes[3] < 0
                || bytes[3] > ACTORS_MAX
                || bytes.length != FIXED_BYTES + ACTOR_BYTES * bytes[3]) {
            throw new IllegalArgumentException("a leaf header has 92, 116 or 140 bytes, found " + bytes.length);
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes, 4, bytes.length - 4);
        LogId logId = LogId.read(buffer);
        long seq = buffer.getLong();
        long recordedAt = buffer.getLong();
        long occurredAt = buffer.getLong();
        Tag serviceTag = Tag.read(buffer);
        List<ActorCount> actors = new ArrayList<>(bytes[3]);
        for (int i = 0; i < bytes[3]; i++) {
            actors.add(new ActorCount(Tag.read(buffer), buffer.getLong()));
        }
        LeafHeader header = new LeafHeader(
                logId,
                seq,
                recordedAt,
                occurredAt,
                RecordKind.ofCode(bytes[1]),
                (bytes[2] & 1) != 0,
                serviceTag,
                actors,
                Digest.read(bytes, buffer.position()),
                CommitmentScheme.ofFlags(bytes[2]));
        if (!Arrays.equals(header.encode(), bytes)) {
            throw new IllegalArgumentException("a leaf header of version 1 with flags 0 to 3 was expected");
        }
        return header;
    }

    /** Says whether this commits to a line under the record's salt. */
    public boolean commitsTo(byte[] salt, byte[] line) {
        try {
            return scheme.commitment(salt, line).equals(commitment);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Returns the leaf's hash in the tree. */
    public Digest leafHash() {
        return Rfc6962.leaf(encode());
    }
}
