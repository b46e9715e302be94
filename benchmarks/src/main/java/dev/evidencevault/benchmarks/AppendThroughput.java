package dev.evidencevault.benchmarks;

import dev.evidencevault.benchmarks.targets.AppendTarget;
import dev.evidencevault.benchmarks.targets.SampleEvents;
import dev.evidencevault.benchmarks.targets.TenantSequence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How many events a second does a target take, until all are as durable as it makes them?
 *
 * <pre>{@code
 * benchmarks/run jmh AppendThroughput
 * }</pre>
 *
 * <p>One operation is one event; each thread appends 10,000 and waits for all of them. Making and encoding an event is
 * part of what is measured, for every target. Opening, closing and the last seal are not: {@link Table} measures whole
 * runs. Number of threads: {@code -t}; the disk: {@code -p directory=}.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Threads(1)
@Warmup(iterations = 3, time = 5)
@Measurement(iterations = 5, time = 5)
@Fork(value = 2, jvmArgsAppend = "-Xmx2g")
public class AppendThroughput {
    private static final int EVENTS = 10_000;

    /** Creates the benchmark. */
    public AppendThroughput() {}

    /** A target in a directory of its own, new for every iteration. */
    @State(Scope.Benchmark)
    public static class Target {
        /** What is appended to; the name tells the durability. */
        @Param({"VAULT", "RAW_1000", "RAW_GROUP"})
        AppendTarget.Kind target = AppendTarget.Kind.VAULT;

        /** How many tenants the events are for, at random. */
        @Param({"1", "100"})
        int tenants;

        /** The size of an event's line, in bytes. */
        @Param({"350", "2048"})
        int eventBytes;

        /** On which disk; the temporary directory if empty. */
        @Param("")
        String directory = "";

        private @Nullable Running running;

        /** Creates the state. */
        public Target() {}

        /** Opens the target. */
        @Setup(Level.Iteration)
        public void open() throws IOException {
            Path root = directory.isEmpty()
                    ? Files.createTempDirectory("append-throughput")
                    : Files.createTempDirectory(Path.of(directory), "append-throughput");
            running = new Running(
                    root,
                    target.open(root.resolve("target"), tenants),
                    SampleEvents.ofBytes(eventBytes),
                    TenantSequence.of(TenantSequence.Distribution.UNIFORM, tenants));
        }

        /** Closes the target and removes what it wrote. */
        @TearDown(Level.Iteration)
        public void close() throws IOException {
            running().target().close();
            List<Path> files;
            try (Stream<Path> walk = Files.walk(running().root())) {
                files = walk.sorted(Comparator.reverseOrder()).toList();
            }
            for (Path file : files) {
                Files.delete(file);
            }
        }

        Running running() {
            return Objects.requireNonNull(running, "the target is not open");
        }
    }

    /** A target that is open. */
    record Running(Path root, AppendTarget target, SampleEvents samples, TenantSequence tenants) {}

    /** What belongs to one thread. */
    @State(Scope.Thread)
    public static class Caller {
        private long position;
        private AppendTarget.@Nullable Producer producer;

        /** Creates the state. */
        public Caller() {}

        /** Begins to append. */
        @Setup(Level.Iteration)
        public void begin(Target target) throws IOException {
            producer = target.running().target().producer();
        }

        /** Ends it. */
        @TearDown(Level.Iteration)
        public void end() throws IOException {
            producer().close();
        }

        AppendTarget.Producer producer() {
            return Objects.requireNonNull(producer, "there is no producer");
        }
    }

    /** Appends events and waits until all of them are done. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void append(Target target, Caller caller) throws IOException {
        Running running = target.running();
        AppendTarget.Producer producer = caller.producer();
        long to = caller.position + EVENTS;
        for (long i = caller.position; i < to; i++) {
            producer.append(running.tenants().at(i), running.samples().at(i));
        }
        producer.awaitDone();
        caller.position = to;
    }
}
