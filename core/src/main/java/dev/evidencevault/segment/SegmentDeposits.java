package dev.evidencevault.segment;

import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.DepositRecord;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.format.RecordKind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Which deposits the records of a segment tell of. Their digests stand in the segment in the clear, so that the seal, and
 * with it the anchors, say without a key what has to be there.
 */
public final class SegmentDeposits {
    private SegmentDeposits() {}

    /** Returns the digests of the deposits' files, in the order of the records. */
    static List<Digest> of(List<RecordBlock> blocks) {
        List<Digest> deposits = new ArrayList<>();
        for (RecordBlock block : blocks) {
            if (BlockSummary.of(block).notices() == 0) {
                continue;
            }
            int at = 0;
            for (int i = 0; i < block.count(); i++) {
                ByteBuffer plain = block.plain(at, block.plainBytes());
                int length = plain.getInt();
                if (block.kindCode(i) == RecordKind.CHANGE.code()) {
                    byte[] line = new byte[length];
                    plain.get(line);
                    add(LogRecord.parse(line), deposits);
                }
                at += 4 + length;
            }
        }
        return deposits;
    }

    /** Adds the digest of the deposit's file, if a record tells of one. */
    public static void add(LogRecord record, List<Digest> deposits) {
        DepositRecord.find(record).ifPresent(deposit -> deposits.add(deposit.file()));
    }
}
