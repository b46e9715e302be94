package dev.evidencevault.index;

import dev.evidencevault.index.IndexedBlock.FieldTerms;
import dev.evidencevault.segment.BlockSummary;
import dev.evidencevault.segment.Courtesy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.util.ArrayUtil;
import org.apache.lucene.util.BytesRef;

/** Indexes blocks one after the other, in the same memory. For one thread at a time. */
final class BlockIndexer {
    private final BlockFacts facts = new BlockFacts();
    private final BlockTally tally = new BlockTally();

    /** The terms of the block that is being indexed, by their fields. */
    private final Map<String, Terms> terms = new LinkedHashMap<>();

    /** Terms of a field as they come. */
    private static final class Terms {
        private byte[] bytes = new byte[1 << 10];
        private int[] ends = new int[1 << 6];
        private int[] times = new int[1 << 6];
        private int count;
        private int used;

        void add(BytesRef term, int counted) {
            bytes = ArrayUtil.grow(bytes, used + term.length);
            System.arraycopy(term.bytes, term.offset, bytes, used, term.length);
            used += term.length;
            ends = ArrayUtil.grow(ends, count + 1);
            times = ArrayUtil.grow(times, count + 1);
            ends[count] = used;
            times[count++] = counted;
        }

        FieldTerms of(String field) {
            return new FieldTerms(
                    field, Arrays.copyOf(bytes, used), Arrays.copyOf(ends, count), Arrays.copyOf(times, count));
        }

        void clear() {
            count = 0;
            used = 0;
        }
    }

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
        terms.values().forEach(Terms::clear);
        facts.forEach((field, term) ->
                terms.computeIfAbsent(field, name -> new Terms()).add(term, Math.max(1, tally.times(field, term))));
        List<FieldTerms> fields = new ArrayList<>();
        terms.forEach((field, each) -> {
            if (each.count > 0) {
                fields.add(each.of(field));
            }
        });
        return new IndexedBlock(
                new BlockTable.Row(summary, facts.fronted() == summary.count()), facts.wordFilter(), fields);
    }
}
