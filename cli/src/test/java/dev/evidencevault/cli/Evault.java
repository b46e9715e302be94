package dev.evidencevault.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import dev.evidencevault.format.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The command line as a user runs it: arguments in, output and exit code out. */
record Evault(int exitCode, String out, String err) {
    static final Map<String, String> ENVIRONMENT = Map.of(SecretOptions.VARIABLE, "correct horse");

    static Evault run(Object... args) {
        return run(ENVIRONMENT, "", args);
    }

    static Evault run(Map<String, String> environment, String in, Object... args) {
        return run(environment, in, false, args);
    }

    /** As a user at a terminal sees it. */
    static Evault atTerminal(Map<String, String> environment, Object... args) {
        return run(environment, "", true, args);
    }

    private static Evault run(Map<String, String> environment, String in, boolean terminal, Object... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        String[] words = new String[args.length];
        for (int i = 0; i < args.length; i++) {
            words[i] = args[i].toString();
        }
        int exitCode = Main.run(
                words,
                new Shell(
                        new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)),
                        new PrintStream(out, false, StandardCharsets.UTF_8),
                        new PrintStream(err, false, StandardCharsets.UTF_8),
                        environment,
                        null,
                        terminal,
                        new StopSignal()));
        Evault result =
                new Evault(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
        assertFalse((result.out + result.err).contains("\tat "), "a stack trace: " + result);
        assertFalse((result.out + result.err).matches("(?s).*\\bdev\\.evidencevault\\.[a-z].*Exception.*"), result.err);
        return result;
    }

    /** Requires an exit code. */
    Evault ends(int expected) {
        assertEquals(expected, exitCode, this::toString);
        return this;
    }

    JsonNode json() throws IOException {
        return Json.mapper().readTree(out);
    }
}
