package dev.evidencevault.benchmarks;

import dev.evidencevault.benchmarks.targets.EventLine;
import dev.evidencevault.benchmarks.targets.SampleEvents;
import dev.evidencevault.format.LogId;
import dev.evidencevault.index.LuceneIndexer;
import dev.evidencevault.segment.BlockSummary;
import dev.evidencevault.segment.SegmentIndexer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does the index of a segment cost for each event, and how large is it?
 *
 * <pre>{@code
 * benchmarks/run jmh IndexBlocks
 * }</pre>
 *
 * <p>The score is microseconds for a segment of 32 blocks of 128 KiB; {@code events} tells how many lines are in it and {@code
 * percent} how large the index is, of those lines. From 450 bytes on, a line has an address.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class IndexBlocks {
    private static final int BLOCKS = 32;
    private static final int BLOCK_BYTES = 128 << 10;
    private static final String ADDRESS = "203.0.113.7";

    /** The size of a line. */
    @Param({"350", "600"})
    int lineBytes;

    /** From how many addresses events come; they come at random. */
    @Param({"1", "1000000"})
    int addresses;

    private final byte[][] blocks = new byte[BLOCKS][];
    private final BlockSummary[] summaries = new BlockSummary[BLOCKS];
    private long lineBytesOfAll;
    private int events;

    /** What an index is. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Index {
        /** How many lines are in it. */
        public double events;

        /** Its size, in percent of the lines. */
        public double percent;

        /** Creates the state. */
        public Index() {}
    }

    /** Creates the benchmark. */
    public IndexBlocks() {}

    /** Makes the blocks. */
    @Setup
    public void setUp() {
        SampleEvents samples = SampleEvents.ofBytes(lineBytes);
        EventLine line = new EventLine();
        Random random = new Random(20260101);
        ByteBuffer block = ByteBuffer.allocate(2 * BLOCK_BYTES);
        lineBytesOfAll = 0;
        events = 0;
        for (int i = 0; i < BLOCKS; i++) {
            block.clear();
            int first = events;
            while (block.position() < BLOCK_BYTES) {
                int length = line.encode("tenant-17", 1_000_000 + events, samples.at(events)) - 1;
                String text = new String(line.array(), 0, length, StandardCharsets.UTF_8);
                int address = random.nextInt(addresses);
                byte[] bytes = text.replace(
                                ADDRESS, "10." + (address >>> 16) + "." + (address >>> 8 & 255) + "." + (address & 255))
                        .getBytes(StandardCharsets.UTF_8);
                block.putInt(bytes.length).put(bytes);
                lineBytesOfAll += bytes.length + 1;
                events++;
            }
            blocks[i] = new byte[block.position()];
            block.flip().get(blocks[i]);
            summaries[i] = new BlockSummary(first, events - first, 0, 0, 0);
        }
    }

    /** Makes the index of a segment. */
    @Benchmark
    public byte[] index(Index result) throws IOException {
        SegmentIndexer.Builder builder = new LuceneIndexer().begin(LogId.parse("0".repeat(32)), 1, BLOCKS);
        for (int i = 0; i < BLOCKS; i++) {
            builder.addBlock(i, blocks[i], blocks[i].length, summaries[i]);
        }
        byte[] index = builder.finish();
        if (index == null) {
            throw new IOException("expected an index of " + BLOCKS + " blocks");
        }
        result.events = events;
        result.percent = 100.0 * index.length / lineBytesOfAll;
        return index;
    }
}
