package dev.evidencevault.actorindex;

import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.merkle.Rfc6962;
import dev.evidencevault.format.LeafHeader.Tag;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * An actor of a segment.
 *
 * @param tag the actor's pseudonym, or {@link #NOTICES} or {@link #PRIVILEGED}
 * @param first the count of its first record in the segment: how many records it had before; 0 for the two that are no
 *     actors
 * @param count how many records it has in the segment, 1 or more
 * @param root the RFC 6962 root over the leaves of these records, in their order
 */
public record ActorEntry(Tag tag, long first, long count, Digest root) {
    /** Stands for all records that tell of the log: gaps and changes. Sorts before everything else. */
    public static final Tag NOTICES = new Tag(0, 0);

    /** Stands for all records of acts under a privilege, whoever acted. */
    public static final Tag PRIVILEGED = new Tag(0, 1);

    /** Length in bytes: tag 16, first 8, count 8, root 32. Big-endian. */
    public static final int BYTES = Tag.BYTES + 8 + 8 + Digest.BYTES;

    private static final byte[] LABEL = "evault-actors-v1".getBytes(StandardCharsets.US_ASCII);

    /** Checks the numbers. */
    public ActorEntry {
        if (first < 0 || count < 1 || tag.isReserved() && first != 0) {
            throw new IllegalArgumentException(
                    "an actor has 1 record or more in a segment, found " + count + " from " + first);
        }
    }

    void write(ByteBuffer buffer) {
        tag.write(buffer);
        buffer.putLong(first).putLong(count).put(root.bytes());
    }

    static ActorEntry read(ByteBuffer buffer) {
        Tag tag = Tag.read(buffer);
        long first = buffer.getLong();
        long count = buffer.getLong();
        byte[] root = new byte[Digest.BYTES];
        buffer.get(root);
        return new ActorEntry(tag, first, count, Digest.of(root));
    }

    /** Returns the bytes. */
    public byte[] encode() {
        ByteBuffer buffer = ByteBuffer.allocate(BYTES);
        write(buffer);
        return buffer.array();
    }

    /**
     * Decodes the bytes.
     *
     * @throws IllegalArgumentException if they are no entry
     */
    public static ActorEntry decode(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("an entry of an actor index has 64 bytes, found " + bytes.length);
        }
        return read(ByteBuffer.wrap(bytes));
    }

    /** Returns the hash of the entry's leaf: SHA-256(0x00 ‖ label ‖ entry). The label keeps it apart from a record's. */
    Digest leafHash() {
        ByteBuffer leaf = ByteBuffer.allocate(LABEL.length + BYTES).put(LABEL);
        write(leaf);
        return Rfc6962.leaf(leaf.array());
    }
}
