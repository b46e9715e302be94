package dev.evidencevault.index;

import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.segment.BlockSummary;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The blocks of a fragment, one for each of its documents: which segment they are of, which records they hold and when those
 * happened. Immutable.
 *
 * <pre>last seal 32 | segments 4 | blocks of each 4 * n
 *     | for each block: first seq 8, count 4, notices 4, earliest 8, latest 8, counted 1</pre>
 */
final class BlockTable {
    private static final int BLOCK_BYTES = 8 + 4 + 4 + 8 + 8 + 1;

    /** Stands for the seal of a segment that is not sealed yet, whose own seal will name its index. */
    static final Digest NOT_SEALED_YET = Digest.of(new byte[Digest.BYTES]);

    private final Digest lastSeal;

    /** For each segment the index of its first block, and the number of all blocks behind them. */
    private final int[] first;

    private final List<Row> rows;

    /**
     * A block.
     *
     * @param summary what it holds
     * @param counted whether the fragment says of each term in how many of the block's records it is
     */
    record Row(BlockSummary summary, boolean counted) {
        /** Says whether all its records are counted events, so that counts stand for records. */
        boolean isCountable() {
            return counted && summary.notices() == 0;
        }
    }

    BlockTable(Digest lastSeal, List<Integer> blocksOfSegments, List<Row> rows) {
        this.lastSeal = lastSeal;
        this.first = new int[blocksOfSegments.size() + 1];
        for (int i = 0; i < blocksOfSegments.size(); i++) {
            first[i + 1] = first[i] + blocksOfSegments.get(i);
        }
        this.rows = List.copyOf(rows);
        if (first[first.length - 1] != rows.size()) {
            throw new IllegalArgumentException(
                    "expected " + first[first.length - 1] + " blocks of the segments, found " + rows.size());
        }
    }

    /** Puts tables of segments that follow upon each other together. */
    static BlockTable joined(List<BlockTable> tables, Digest lastSeal) {
        List<Integer> blocks = new ArrayList<>();
        List<Row> rows = new ArrayList<>();
        for (BlockTable table : tables) {
            for (int i = 0; i < table.segments(); i++) {
                blocks.add(table.first[i + 1] - table.first[i]);
            }
            rows.addAll(table.rows);
        }
        return new BlockTable(lastSeal, blocks, rows);
    }

    /** Returns the leaf hash of the last segment's seal, which names all seals before it. */
    Digest lastSeal() {
        return lastSeal;
    }

    int segments() {
        return first.length - 1;
    }

    int blocks() {
        return rows.size();
    }

    Row row(int block) {
        return rows.get(block);
    }

    /** The index of the first block of a segment, counted from 0; for the number of segments, that of all blocks. */
    int firstBlock(int segment) {
        return first[segment];
    }

    byte[] format() {
        ByteBuffer buffer =
                ByteBuffer.allocate(Digest.BYTES + 4 + 4 * segments() + Math.multiplyExact(BLOCK_BYTES, rows.size()));
        buffer.put(lastSeal.bytes()).putInt(segments());
        for (int i = 0; i < segments(); i++) {
            buffer.putInt(first[i + 1] - first[i]);
        }
        for (Row row : rows) {
            BlockSummary summary = row.summary();
            buffer.putLong(summary.firstSeq()).putInt(summary.count()).putInt(summary.notices());
            buffer.putLong(summary.occurredFrom()).putLong(summary.occurredTo());
            buffer.put((byte) (row.counted() ? 1 : 0));
        }
        return buffer.array();
    }

    /**
     * Reads a table, to the end of the buffer.
     *
     * @throws IOException if the bytes are none
     */
    static BlockTable parse(ByteBuffer buffer) throws IOException {
        try {
            byte[] digest = new byte[Digest.BYTES];
            buffer.get(digest);
            int segments = buffer.getInt();
            if (segments < 1 || segments > buffer.remaining() / 4) {
                throw new IOException("a fragment cannot be of " + segments + " segments");
            }
            List<Integer> blocks = new ArrayList<>(segments);
            for (int i = 0; i < segments; i++) {
                int count = buffer.getInt();
                if (count < 0 || count > buffer.remaining()) {
                    throw new IOException("a segment cannot have " + count + " blocks");
                }
                blocks.add(count);
            }
            List<Row> rows = new ArrayList<>(buffer.remaining() / BLOCK_BYTES);
            while (buffer.hasRemaining()) {
                rows.add(new Row(
                        new BlockSummary(
                                buffer.getLong(), buffer.getInt(), buffer.getInt(), buffer.getLong(), buffer.getLong()),
                        buffer.get() == 1));
            }
            return new BlockTable(Digest.of(digest), blocks, rows);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new IOException("the table of blocks is damaged", e);
        }
    }
}
