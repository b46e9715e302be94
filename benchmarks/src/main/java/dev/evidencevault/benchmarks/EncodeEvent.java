package dev.evidencevault.benchmarks;

import dev.evidencevault.Event;
import dev.evidencevault.benchmarks.targets.EventLine;
import dev.evidencevault.benchmarks.targets.SampleEvents;
import java.util.concurrent.TimeUnit;
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
 * What does it cost to make an event, and to encode a plain line of the same fields?
 *
 * <pre>{@code
 * benchmarks/run jmh EncodeEvent
 * }</pre>
 *
 * <p>The event's own line is encoded when it is appended: that is not part of {@code event}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class EncodeEvent {
    /** The size of a line. */
    @Param({"200", "350", "2048"})
    int lineBytes;

    private SampleEvents samples = SampleEvents.ofBytes(0);
    private final EventLine line = new EventLine();
    private long position;

    /** Creates the benchmark. */
    public EncodeEvent() {}

    /** Makes the samples. */
    @Setup
    public void setUp() {
        samples = SampleEvents.ofBytes(lineBytes);
    }

    /** Builds an event as an application does. */
    @Benchmark
    public Event event() {
        return samples.at(position++).event();
    }

    /** Encodes a line as the plain peers do. */
    @Benchmark
    public int plainLine() {
        return line.encode("tenant-17", position, samples.at(position++));
    }
}
