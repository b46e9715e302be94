package dev.evidencevault.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Closeable;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Measures settings in turn, round after round, and keeps every result in a file. What was written is removed after each
 * measurement.
 */
final class Rounds implements Closeable {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Measures one setting in an empty directory. */
    interface Step {
        /** Returns the result. */
        JsonNode measure(Setting setting) throws IOException, InterruptedException;
    }

    private final Options options;
    private final Path file;
    private final Writer results;
    private int measured;
    private int failures;

    Rounds(String command, Options options) throws IOException {
        this.options = options;
        this.file = Path.of(options.text(
                "results",
                "benchmark-results/" + command + "-"
                        + Instant.now()
                                .truncatedTo(ChronoUnit.SECONDS)
                                .toString()
                                .replace(':', '-') + ".jsonl"));
        Path parent = file.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        this.results = Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Measures in a JVM for each. */
    Series measure(Measurement measurement, List<Setting> settings) throws IOException, InterruptedException {
        return measure(measurement.name(), settings, setting -> inNewJvm(measurement, setting));
    }

    /** Measures once, in a new JVM. */
    JsonNode inNewJvm(Measurement measurement, Setting setting) throws IOException {
        try (MeasuringProcess process = start(measurement, setting)) {
            return process.result();
        }
    }

    /** Starts a measurement in a new JVM. */
    MeasuringProcess start(Measurement measurement, Setting setting) throws IOException {
        return new MeasuringProcess(measurement, setting, options.jvmOptions());
    }

    /** Measures every setting once in each round. */
    Series measure(String measurement, List<Setting> settings, Step step) throws IOException, InterruptedException {
        Series series = new Series();
        for (int round = 0; round < options.rounds(); round++) {
            for (int i = 0; i < settings.size(); i++) {
                Setting setting = settings.get(i);
                Path directory = options.directory().resolve("measurement-" + measured++);
                FileTree.remove(directory);
                Files.createDirectories(directory);
                try {
                    JsonNode result = step.measure(setting.withDirectory(directory.toString()));
                    series.add(setting, round, result);
                    write(measurement, round, setting, result);
                } catch (IOException e) {
                    failures++;
                    System.err.println("failed: " + measurement + " " + setting + ": " + e);
                } finally {
                    FileTree.remove(directory);
                }
            }
        }
        return series;
    }

    private void write(String measurement, int round, Setting setting, JsonNode result) throws IOException {
        ObjectNode line = JSON.createObjectNode();
        line.put("measurement", measurement)
                .put("round", round)
                .put("at", Instant.now().toString());
        line.set("setting", JSON.valueToTree(setting));
        line.put("jdk", Runtime.version().toString())
                .put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"))
                .put("processors", Runtime.getRuntime().availableProcessors())
                .put("jvmOptions", String.join(" ", options.jvmOptions()));
        line.set("result", result);
        results.write(JSON.writeValueAsString(line) + "\n");
        results.flush();
        System.err.println(Instant.now().truncatedTo(ChronoUnit.SECONDS) + " round " + round + " " + measurement + " "
                + setting.target() + " tenants=" + setting.tenants() + " " + setting.distribution() + " size="
                + setting.size() + " producers=" + setting.producers() + ": " + result);
    }

    /** Returns how many measurements failed; the others went on. */
    int failures() {
        return failures;
    }

    @Override
    public void close() throws IOException {
        results.close();
        Path directory = options.directory();
        FileTree.purge(directory.resolve("removed"));
        if (Files.isDirectory(directory) && FileTree.isEmpty(directory)) {
            Files.delete(directory);
        }
        System.err.println("all results: " + file);
    }
}
