package dev.evidencevault.format;

import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.merkle.Rfc6962;
import dev.evidencevault.format.LeafHeader.Tag;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * Hashes the leaves of one log's records, many one after the other, without an object for each. Gives what
 * {@link LeafHeader#leafHash()} gives. Not safe for use by several threads at once.
 */
public final class LeafHasher {
    private static final int SALTED_BYTES = LeafHeader.COMMITMENT_LABEL.length + 32;

    private final MessageDigest digest = Digest.computation();
    private final byte[] salted = new byte[SALTED_BYTES];

    /** The byte 0 of RFC 6962, then the header. */
    private final byte[] leaf = new byte[1 + LeafHeader.BYTES_MAX];

    private final ByteBuffer header = ByteBuffer.wrap(leaf);

    /** Null in a log whose events are committed to as lines. */
    private final @Nullable FieldHasher fields;

    private CommitmentScheme scheme = CommitmentScheme.LINE;

    /**
     * Creates the hasher of a log's leaves.
     *
     * @param events how events are committed to
     */
    public LeafHasher(LogId logId, CommitmentScheme events) {
        this.fields = events == CommitmentScheme.FIELDS ? new FieldHasher() : null;
        System.arraycopy(LeafHeader.COMMITMENT_LABEL, 0, salted, 0, LeafHeader.COMMITMENT_LABEL.length);
        header.put(1, LeafHeader.VERSION).position(5);
        header.putLong(logId.high()).putLong(logId.low());
    }

    /** Computes the commitment to a line under the salt that stands at a place of an array. */
    public void commit(byte kindCode, byte[] salts, int saltAt, byte[] source, int lineAt, int lineBytes) {
        if (fields != null && kindCode == RecordKind.EVENT.code()) {
            scheme = CommitmentScheme.FIELDS;
            fields.commit(salts, saltAt, source, lineAt, lineBytes, salted, SALTED_BYTES - Digest.BYTES);
            return;
        }
        scheme = CommitmentScheme.LINE;
        System.arraycopy(salts, saltAt, salted, LeafHeader.COMMITMENT_LABEL.length, 32);
        digest.update(salted);
        digest.update(source, lineAt, lineBytes);
        Rfc6962.finish(digest, salted, SALTED_BYTES - Digest.BYTES);
    }

    /**
     * Computes the hash of the leaf with the commitment computed last.
     *
     * @param target takes the 32 bytes from {@code targetAt} on
     */
    public void leaf(
            byte kindCode,
            boolean privileged,
            long seq,
            long recordedAt,
            long occurredAt,
            Tag service,
            @Nullable Tag first,
            long firstSeq,
            @Nullable Tag second,
            long secondSeq,
            byte[] target,
            int targetAt) {
        leaf[2] = kindCode;
        leaf[3] = (byte) ((privileged ? 1 : 0) | scheme.flag());
        leaf[4] = (byte) ((first == null ? 0 : 1) + (second == null ? 0 : 1));
        header.position(5 + LogId.BYTES);
        header.putLong(seq).putLong(recordedAt).putLong(occurredAt);
        service.write(header);
        if (first != null) {
            first.write(header);
            header.putLong(firstSeq);
        }
        if (second != null) {
            second.write(header);
            header.putLong(secondSeq);
        }
        header.put(salted, SALTED_BYTES - Digest.BYTES, Digest.BYTES);
        digest.update(leaf, 0, header.position());
        Rfc6962.finish(digest, target, targetAt);
    }
}
