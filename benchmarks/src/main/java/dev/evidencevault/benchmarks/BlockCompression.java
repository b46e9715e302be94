package dev.evidencevault.benchmarks;

import com.github.luben.zstd.ZstdCompressCtx;
import dev.evidencevault.benchmarks.targets.EventLine;
import dev.evidencevault.benchmarks.targets.SampleEvents;
import java.io.ByteArrayOutputStream;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does compressing a block of lines cost, and what does it save, by zstd's level and the size of the block?
 *
 * <pre>{@code
 * benchmarks/run jmh BlockCompression
 * }</pre>
 *
 * <p>The score is microseconds for a block; {@code events} tells how many lines are in it and {@code ratio} how many
 * times smaller it becomes.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class BlockCompression {
    /** The level; negative ones are faster. */
    @Param({"-10", "-5", "-1", "1", "3"})
    int level;

    /** The size of a block. */
    @Param({"65536", "131072"})
    int blockBytes;

    /** The size of a line. */
    @Param({"350", "2048"})
    int lineBytes;

    private final ZstdCompressCtx zstd = new ZstdCompressCtx();
    private byte[] block = {};
    private int lines;

    /** What a block is. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Block {
        /** How many lines are in it. */
        public double events;

        /** How many times smaller it becomes. */
        public double ratio;

        /** Creates the state. */
        public Block() {}
    }

    /** Creates the benchmark. */
    public BlockCompression() {}

    /** Makes a block. */
    @Setup
    public void setUp() {
        zstd.setLevel(level);
        SampleEvents samples = SampleEvents.ofBytes(lineBytes);
        EventLine line = new EventLine();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        lines = 0;
        while (bytes.size() < blockBytes) {
            bytes.write(line.array(), 0, line.encode("tenant-17", 1_000_000 + lines, samples.at(lines)));
            lines++;
        }
        block = bytes.toByteArray();
    }

    /** Lets the compressor go. */
    @TearDown
    public void tearDown() {
        zstd.close();
    }

    /** Compresses a block. */
    @Benchmark
    public byte[] compress(Block result) {
        byte[] compressed = zstd.compress(block);
        result.events = lines;
        result.ratio = (double) block.length / compressed.length;
        return compressed;
    }
}
