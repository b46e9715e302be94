package dev.evidencevault.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
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
 * How many events a second become durable?
 *
 * <pre>{@code
 * java -cp 'benchmarks/target/classes:benchmarks/target/lib/*' org.openjdk.jmh.Main AppendThroughput
 * }</pre>
 *
 * <p>One operation is one event, counted when its future is done. Every thread keeps a bounded number of events in flight
 * and joins all of them. Making and encoding an event is part of what is measured, for every target. The vault seals and
 * anchors meanwhile; opening and closing are not measured. Number of threads: {@code -t}; the disk: {@code -p
 * directory=}.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Threads(1)
@Warmup(iterations = 3, time = 5)
@Measurement(iterations = 5, time = 5)
@Fork(
        value = 2,
        jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED", "-Xmx2g"})
public class AppendThroughput {
    private static final int EVENTS = 10_000;

    /** Creates the benchmark. */
    public AppendThroughput() {}

    /** A target in a directory of its own, new for every iteration. */
    @State(Scope.Benchmark)
    public static class Target {
        /** What is appended to; the name tells the durability. */
        @Param
        AppendTarget.Kind target = AppendTarget.Kind.EVIDENCE_VAULT;

        /** How many tenants the events are for, in turn. */
        @Param({"1", "100"})
        int tenants;

        /** The size of an event's line, in bytes. */
        @Param({"400", "2000"})
        int eventBytes;

        /** How many events each thread has in flight. */
        @Param("1024")
        int window;

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
            running = new Running(root, target.open(root.resolve("target"), tenants), SampleEvents.ofBytes(eventBytes));
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
    record Running(Path root, AppendTarget target, SampleEvents samples) {}

    /** What belongs to one thread. */
    @State(Scope.Thread)
    public static class Caller {
        private long position;

        /** Creates the state. */
        public Caller() {}
    }

    /** Appends events and waits until all of them are done. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void append(Target target, Caller caller) throws ExecutionException, InterruptedException {
        Running running = target.running();
        new Window(target.window).append(running.target(), running.samples(), target.tenants, caller.position, EVENTS);
        caller.position += EVENTS;
    }
}
