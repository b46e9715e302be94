package dev.evidencevault.index;

import dev.evidencevault.segment.BlockSummary;
import dev.evidencevault.segment.Courtesy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.lucene.util.ArrayUtil;
import org.apache.lucene.util.BytesRef;

/** Indexes blocks one after the other, in the same memory. For one thread at a time. */
final class BlockIndexer {
    private static final int TERMS = 256;

    private final BlockFacts facts = new BlockFacts();
    private final BlockTally tally = new BlockTally();

    // Of the block that is being indexed.
    private String[] fields = new String[TERMS];
    private int[] times = new int[TERMS];
    private int[] ends = new int[TERMS];
    private byte[] terms = new byte[TERMS * 16];
    private int count;

    /**
     * Indexes a block.
     *
     * @param plain for each record the length of its line as 4 bytes, big-endian, and the line
     * @param plainBytes how many bytes of the array that is
     */
    IndexedBlock index(byte[] plain, int plainBytes, BlockSummary summary) throws IOException {
        facts.clear();
        int records = 0;
        ByteBuffer lengths = ByteBuffer.wrap(plain, 0, plainBytes);
        while (lengths.hasRemaining()) {
            int length = lengths.getInt();
            int from = lengths.position();
            facts.add(plain, from, from + length);
            lengths.position(from + length);
            Courtesy.after(++records);
        }
        tally.count(facts);
        count = 0;
        facts.forEach(this::add);
        return new IndexedBlock(
                new BlockTable.Row(summary, facts.fronted() == summary.count()),
                facts.wordFilter(),
                Arrays.copyOf(fields, count),
                Arrays.copyOf(times, count),
                Arrays.copyOf(ends, count),
                Arrays.copyOf(terms, termsEnd()));
    }

    private int termsEnd() {
        return count == 0 ? 0 : ends[count - 1];
    }

    private void add(String field, BytesRef term) {
        if (count == fields.length) {
            fields = Arrays.copyOf(fields, 2 * count);
            times = Arrays.copyOf(times, 2 * count);
            ends = Arrays.copyOf(ends, 2 * count);
        }
        int at = termsEnd();
        terms = ArrayUtil.grow(terms, at + term.length);
        System.arraycopy(term.bytes, term.offset, terms, at, term.length);
        fields[count] = field;
        times[count] = Math.max(1, tally.times(field, term));
        ends[count] = at + term.length;
        count++;
    }
}
