package dev.evidencevault.campaign;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A running {@link CampaignWriter}, whose output is kept beside its progress. Closing it kills what is left. */
final class WriterProcess implements AutoCloseable {
    /** A guard against hangs, many times longer than anything takes. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private static final long POLL_MILLIS = 2;

    private final WriterPlan plan;
    private final Path output;
    private final Process process;

    /**
     * How a writer ended.
     *
     * @param code its exit code; 128 and the signal if it was killed
     * @param output all that it said
     */
    record End(int code, String output) {
        String lastLine() {
            return output.strip().substring(output.strip().lastIndexOf('\n') + 1);
        }
    }

    private WriterProcess(WriterPlan plan, Path output, Process process) {
        this.plan = plan;
        this.output = output;
        this.process = process;
    }

    static WriterProcess start(WriterPlan plan) throws IOException {
        return start(List.of(), plan);
    }

    /** Starts a writer under another command. */
    static WriterProcess start(List<String> under, WriterPlan plan) throws IOException {
        List<String> command = new ArrayList<>(under);
        command.addAll(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx512m",
                "-Xshare:auto",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=" + (under.isEmpty() ? 4 : 1),
                // The JVM's own files, which are not what is tested.
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                CampaignWriter.class.getName()));
        command.addAll(plan.args());
        Path output = plan.progress().resolveSibling(plan.progress().getFileName() + ".out");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        return new WriterProcess(plan, output, process);
    }

    /** Waits until that many events are acknowledged, or the writer has ended. */
    void awaitAcknowledged(long count) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (process.isAlive() && Progress.read(plan.progress(), plan).acknowledged() < count) {
            if (System.nanoTime() > deadline) {
                fail("the writer hangs before event " + count + ": " + dump());
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    /** Waits that long, or until the writer has ended. */
    void await(Duration time) throws InterruptedException {
        process.waitFor(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** SIGKILL. */
    void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /** Waits for the end, which has to come. */
    End end() throws IOException, InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            fail("the writer hangs: " + dump());
        }
        return new End(process.exitValue(), Files.readString(output));
    }

    /** What the threads of the writer are doing. */
    private String dump() throws IOException, InterruptedException {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(process.toHandle());
        Command.run("kill", "-QUIT", Long.toString(all.get(0).pid()));
        process.waitFor(2, TimeUnit.SECONDS);
        return Files.readString(output);
    }

    @Override
    public void close() throws IOException {
        kill();
        try {
            process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Files.deleteIfExists(output);
    }
}
