package dev.evidencevault.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.reader.VaultReader;
import dev.evidencevault.verify.VaultVerifier;
import dev.evidencevault.verify.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AppendTargetTest {
    private static final int TENANTS = 3;
    private static final int EVENTS = 300;
    private static final int EVENT_BYTES = 500;
    private static final ObjectMapper JSON = new ObjectMapper();

    private static void append(Path directory, AppendTarget.Kind kind) throws Exception {
        SampleEvents samples = SampleEvents.ofBytes(EVENT_BYTES);
        try (AppendTarget target = kind.open(directory, TENANTS)) {
            new Window(16).append(target, samples, TENANTS, 0, EVENTS);
        }
    }

    private static List<JsonNode> stored(Path directory, AppendTarget.Kind kind) throws Exception {
        List<JsonNode> records = new ArrayList<>();
        if (kind != AppendTarget.Kind.EVIDENCE_VAULT) {
            for (String line : Files.readAllLines(directory.resolve("audit.log"), StandardCharsets.UTF_8)) {
                records.add(JSON.readTree(line));
            }
            return records;
        }
        VaultReader vault = VaultReader.open(directory, VaultTarget.SECRET);
        for (int tenant = 0; tenant < TENANTS; tenant++) {
            vault.tenant(AppendTarget.tenantName(tenant)).orElseThrow().events(record -> records.add(record.json()));
        }
        return records;
    }

    /** Everything but what the targets choose themselves. */
    private static JsonNode said(JsonNode record) {
        ObjectNode said = record.deepCopy();
        return said.without(List.of("seq", "recordedAt", "occurredAt", "id"));
    }

    @ParameterizedTest
    @EnumSource
    void everythingThatWasAppendedIsThere(AppendTarget.Kind kind, @TempDir Path parent) throws Exception {
        Path directory = parent.resolve("target");
        append(directory, kind);

        SampleEvents samples = SampleEvents.ofBytes(EVENT_BYTES);
        List<String> expected = LongStream.range(0, EVENTS)
                .mapToObj(i -> new String(
                        samples.at(i).line(AppendTarget.tenantName((int) (i % TENANTS)), i), StandardCharsets.UTF_8))
                .map(AppendTargetTest::parsed)
                .sorted()
                .toList();
        List<String> found = stored(directory, kind).stream()
                .map(record -> said(record).toString())
                .sorted()
                .toList();
        assertEquals(expected, found);
    }

    private static String parsed(String line) {
        try {
            return said(JSON.readTree(line)).toString();
        } catch (IOException e) {
            throw new AssertionError(line, e);
        }
    }

    @Test
    void theVaultThatWasMeasuredVerifies(@TempDir Path parent) throws Exception {
        Path directory = parent.resolve("target");
        append(directory, AppendTarget.Kind.EVIDENCE_VAULT);

        assertEquals(
                Verdict.PASSED,
                new VaultVerifier(null, null)
                        .verify(VaultReader.open(directory, VaultTarget.SECRET).unlocked())
                        .verdict());
    }

    @Test
    void aLineHasTheSizeThatWasAskedFor() {
        SampleEvents samples = SampleEvents.ofBytes(EVENT_BYTES);
        double bytes = LongStream.range(0, 1000)
                .map(i -> samples.at(i).line("tenant-0", i).length)
                .average()
                .orElseThrow();
        assertEquals(EVENT_BYTES, bytes, 10);
    }
}
