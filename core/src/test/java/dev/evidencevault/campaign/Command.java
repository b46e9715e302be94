package dev.evidencevault.campaign;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A short command of the operating system, run to its end. */
final class Command {
    private static final int SECONDS_MAX = 60;

    private Command() {}

    /**
     * How a command ended.
     *
     * @param code its exit code
     * @param output what it said
     */
    record Result(int code, String output) {}

    static Result run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of(command))
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("does not end: " + String.join(" ", command));
        }
        return new Result(process.exitValue(), output);
    }

    /** Runs a command that has to succeed. */
    static String require(String... command) throws IOException, InterruptedException {
        Result result = run(command);
        if (result.code() != 0) {
            throw new IOException(String.join(" ", command) + " ended with " + result.code() + ": " + result.output());
        }
        return result.output();
    }
}
