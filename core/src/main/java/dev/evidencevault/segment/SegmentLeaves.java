package dev.evidencevault.segment;

import dev.evidencevault.crypto.keys.TenantKeys;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.CommitmentScheme;
import dev.evidencevault.format.LeafHasher;
import dev.evidencevault.format.LogId;
import java.nio.ByteBuffer;

/** The leaf hashes of records that wait to be sealed. */
public final class SegmentLeaves {
    private SegmentLeaves() {}

    /**
     * Returns the leaf hashes of a block's records, one after the other.
     *
     * @param events how the log commits to events
     */
    public static byte[] of(LogId logId, TenantKeys keys, CommitmentScheme events, RecordBlock block) {
        LeafHasher hasher = new LeafHasher(logId, events);
        byte[] salts = keys.salts(block.firstSeq(), block.count());
        byte[] leaves = new byte[Digest.BYTES * block.count()];
        byte[] plain = block.plain();
        ByteBuffer lengths = ByteBuffer.wrap(plain);
        int at = 0;
        for (int i = 0; i < block.count(); i++) {
            int length = lengths.getInt(at);
            hasher.commit(block.kindCode(i), salts, TenantKeys.SALT_BYTES * i, plain, at + 4, length);
            hasher.leaf(
                    block.kindCode(i),
                    block.privileged(i),
                    block.firstSeq() + i,
                    block.recordedAt(i),
                    block.occurredAt(i),
                    block.serviceTag(i),
                    block.actorTag(i, 0),
                    block.actorSeq(i, 0),
                    block.actorTag(i, 1),
                    block.actorSeq(i, 1),
                    leaves,
                    Digest.BYTES * i);
            at += 4 + length;
            Courtesy.after(i + 1);
        }
        return leaves;
    }
}
