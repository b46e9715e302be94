package dev.evidencevault.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many real records go in and one tenant's come out, in processes with a small heap. */
class HeapTest {
    private static final int RECORDS = Integer.getInteger("evidencevault.heap.records", 12_000);
    private static final String HEAP = System.getProperty("evidencevault.heap.max", "96m");

    @TempDir
    private Path directory;

    @Test
    void aLargeLogNeedsNoLargeHeap() throws Exception {
        Path data = Path.of(System.getProperty("evidencevault.root", "."), "..", "shared", "data");
        Path source = data.resolve("cloudtrail-invictus.jsonl");
        assumeTrue(Files.exists(source), "skipped: the shared data are not here: " + source);
        List<String> lines = Files.readAllLines(source);
        Path log = directory.resolve("log.jsonl");
        try (BufferedWriter out = Files.newBufferedWriter(log)) {
            for (int i = 0; i < RECORDS; i++) {
                out.write(lines.get(i % lines.size()));
                out.write('\n');
            }
        }
        Path vault = directory.resolve("vault");
        Path order = Files.writeString(directory.resolve("order.json"), ContractTest.order("123837392027", ""));
        Path bundle = directory.resolve("bundle.zip");
        evault("init", "--vault", vault);
        assertEquals(
                "{\"read\":" + RECORDS + ",\"stored\":" + RECORDS + ",\"rejected\":0,\"tenants\":1}",
                evault("ingest", "--json", "--vault", vault, "--format", "cloudtrail", log));
        assertTrue(evault("export", "--json", "--vault", vault, "--order", order, "--out", bundle)
                .contains("\"records\":" + RECORDS + ","));
        assertTrue(evault("verify", bundle).endsWith("PASSED"));
        assertTrue(evault("verify", vault).endsWith("PASSED"));
    }

    private String evault(Object... args) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx" + HEAP,
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Main.class.getName()));
        for (Object arg : args) {
            command.add(arg.toString());
        }
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(Evault.ENVIRONMENT);
        Path errors = directory.resolve("errors");
        Process process = builder.redirectError(errors.toFile()).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), () -> command + ": " + out + errors);
        return out.strip();
    }
}
