package dev.evidencevault.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A measurement in a JVM of its own. That JVM ends when this one does. */
final class MeasuringProcess implements AutoCloseable {
    private static final String RESULT = "result: ";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final Thread killer;

    /** Starts one, with the options of this JVM that open modules, and these. */
    MeasuringProcess(Measurement measurement, Setting setting, List<String> jvmOptions) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--") || argument.startsWith("-D"))
                .forEach(command::add);
        command.addAll(jvmOptions);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(MeasuringProcess.class.getName());
        command.add(measurement.name());
        command.add(JSON.writeValueAsString(setting));
        this.process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        this.killer = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(killer);
    }

    /** Measures in this JVM. */
    public static void main(String[] args) throws Exception {
        Setting setting = JSON.readValue(args[1], Setting.class);
        System.out.println(
                RESULT + JSON.writeValueAsString(Measurement.valueOf(args[0]).measure(setting)));
        System.out.flush();
        System.exit(0);
    }

    /** Waits for the result. */
    JsonNode result() throws IOException {
        @Nullable JsonNode result = null;
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(RESULT)) {
                    result = JSON.readTree(line.substring(RESULT.length()));
                } else {
                    System.err.println(line);
                }
            }
        }
        int exit = process.onExit().join().exitValue();
        if (exit != 0 || result == null) {
            throw new IOException("the measuring process failed with exit code " + exit);
        }
        return result;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Kills it, if it is still there, as a crash would, and waits until it is gone. */
    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
        Runtime.getRuntime().removeShutdownHook(killer);
    }
}
