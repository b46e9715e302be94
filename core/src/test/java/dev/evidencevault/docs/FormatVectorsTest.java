package dev.evidencevault.docs;

import static dev.evidencevault.docs.FormatVectors.fixed;
import static dev.evidencevault.docs.FormatVectors.hex;
import static dev.evidencevault.docs.FormatVectors.read;
import static dev.evidencevault.docs.FormatVectors.utf8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.RecordedEvent;
import dev.evidencevault.cases.Order;
import dev.evidencevault.cases.OrderRefusedException;
import dev.evidencevault.crypto.aead.FileCipher;
import dev.evidencevault.crypto.keys.TenantKeys;
import dev.evidencevault.crypto.keys.WrappedKey;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.LogId;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.format.Timestamps;
import dev.evidencevault.importer.LineMapper;
import dev.evidencevault.importer.LineMapper.Mapped;
import dev.evidencevault.importer.LineMapper.Rejected;
import dev.evidencevault.importer.Mapping;
import dev.evidencevault.journal.CommitBuffer;
import dev.evidencevault.journal.JournalFiles;
import dev.evidencevault.journal.JournalFrame;
import dev.evidencevault.journal.JournalReader;
import dev.evidencevault.journal.JournalWriter;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.LocalStorage;
import dev.evidencevault.storage.LogKeys;
import dev.evidencevault.storage.Settings;
import dev.evidencevault.storage.UnlockedVault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code against the vectors of {@code docs/formats}, and the documents against both. */
class FormatVectorsTest {
    @TempDir
    private Path directory;

    private static List<Path> files(Path directory, String suffix) throws Exception {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(path -> path.toString().endsWith(suffix))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void everyVectorIsReadByATest() throws Exception {
        StringBuilder tests = new StringBuilder();
        for (String module : List.of("crypto", "core")) {
            for (Path source : files(FormatVectors.repository(module + "/src/test/java"), ".java")) {
                tests.append(Files.readString(source));
            }
        }
        try (Stream<Path> entries = Files.list(FormatVectors.path(""))) {
            for (Path entry : entries.toList()) {
                String name = String.valueOf(entry.getFileName());
                assertTrue(
                        List.of(".gitattributes", "generate.py").contains(name)
                                || tests.indexOf("\"" + name + "\"") >= 0,
                        "no test reads docs/formats/vectors/" + name);
            }
        }
    }

    /** An example is a fenced block after {@code <!-- vector: FILE POINTER -->}; line breaks do not count in hexadecimal. */
    @Test
    void examplesInTheDocumentsAreThoseOfTheVectors() throws Exception {
        Pattern example = Pattern.compile("<!-- vector: (\\S+) (\\S+) -->\\n+```\\w*\\n(.*?)\\n```", Pattern.DOTALL);
        int examples = 0;
        for (Path document : files(FormatVectors.repository("docs/formats"), ".md")) {
            String text = Files.readString(document);
            Matcher found = example.matcher(text);
            int here = 0;
            for (; found.find(); here++) {
                String where = document.getFileName() + ": " + found.group(1) + " " + found.group(2);
                JsonNode node = read(found.group(1)).at(found.group(2));
                assertTrue(node.isTextual() || node.isObject(), where);
                if (node.isObject()) {
                    assertEquals(node, Json.mapper().readTree(found.group(3)), where);
                } else {
                    String expected = node.textValue();
                    assertEquals(
                            expected.matches("[0-9a-f]+") ? expected : expected.stripTrailing(),
                            expected.matches("[0-9a-f]+") ? found.group(3).replaceAll("\\s", "") : found.group(3),
                            where);
                }
            }
            assertEquals(text.split("<!-- vector:", -1).length - 1, here, "examples without a block in " + document);
            examples += here;
        }
        assertTrue(examples >= 10, "only " + examples + " examples");
    }

    @Test
    void timestamps() throws Exception {
        JsonNode vector = read("timestamps.json");
        for (JsonNode time : vector.path("canonical")) {
            assertEquals(
                    time.path("text").textValue(),
                    Timestamps.format(time.path("nanos").longValue()));
            assertEquals(
                    time.path("nanos").longValue(),
                    Timestamps.parse(time.path("text").textValue()));
        }
        for (JsonNode text : vector.path("refused")) {
            assertThrows(IllegalArgumentException.class, () -> Timestamps.parse(text.textValue()), text.toString());
        }
        for (JsonNode time : vector.path("loose")) {
            assertEquals(
                    time.path("nanos").longValue(),
                    Timestamps.parseLoosely(time.path("text").textValue()));
        }
        for (JsonNode text : vector.path("looseRefused")) {
            assertThrows(
                    IllegalArgumentException.class, () -> Timestamps.parseLoosely(text.textValue()), text.toString());
        }
    }

    @Test
    void theJournalIsWrittenAndReadAsItStands() throws Exception {
        JsonNode vector = read("journal.json");
        TenantKeys keys = FormatVectors.tenantKeys();
        LogId logId = LogId.parse(vector.path("logId").textValue());
        Path written = directory.resolve("journal");
        Files.createDirectory(written);
        byte[] random = concat(hex(vector.path("life")), hex(vector.path("salt")));
        for (JsonNode nonce : vector.path("nonces")) {
            random = concat(random, hex(nonce));
        }
        SecureRandom fixed = FormatVectors.inOrder(random);
        JournalFiles files =
                new JournalFiles(new Layout(directory), new LocalStorage(), fixed, FileCipher.AES_256_GCM, 1, 2);
        try (JournalWriter writer = files.open(1 << 15)) {
            CommitBuffer buffer = new CommitBuffer(fixed);
            List<List<String>> commits = List.of(
                    List.of(
                            vector.path("records").path(0).textValue(),
                            vector.path("records").path(1).textValue()),
                    List.of(vector.path("records").path(2).textValue()));
            long seq = 0;
            for (int commit = 1; commit <= 2; commit++) {
                ByteBuffer plain = ByteBuffer.allocate(1 << 14);
                for (String record : commits.get(commit - 1)) {
                    byte[] line = record.getBytes(StandardCharsets.UTF_8);
                    plain.putInt(line.length).put(line);
                }
                plain.flip();
                int bytes = plain.remaining();
                buffer.begin(writer, commit, commit - 1, 1, bytes);
                buffer.frame(
                        logId, writer.key(keys), seq, commits.get(commit - 1).size(), plain);
                assertTrue(writer.reserve(CommitBuffer.bytes(1, bytes)));
                writer.write(buffer.finish());
                seq += commits.get(commit - 1).size();
            }
            writer.sync();
        }
        byte[] expected = new byte[0];
        for (JsonNode part : List.of(
                vector.path("header"),
                vector.path("commits").path(0),
                vector.path("commits").path(1))) {
            byte[] bytes = hex(part);
            expected = concat(expected, Arrays.copyOf(bytes, (bytes.length + 4095) / 4096 * 4096));
        }
        Path journal = written.resolve("00000001.evj");
        assertArrayEquals(Arrays.copyOf(expected, (1 << 15) + 4096), Files.readAllBytes(journal));

        for (JsonNode step : vector.path("cases")) {
            byte[] bytes = Arrays.copyOf(expected, step.path("cutTo").intValue());
            if (step.path("flip").isNumber()) {
                bytes[step.path("flip").intValue()] ^= 1;
            }
            Files.write(journal, bytes);
            List<String> found = new ArrayList<>();
            JournalReader reader = new JournalReader(journal, id -> id.equals(logId) ? keys : null);
            JournalReader.Consumer consumer = new JournalReader.Consumer() {
                @Override
                public void frame(JournalFrame frame) throws IOException {
                    frame.records().forEach(record -> found.add(new String(record.line(), StandardCharsets.UTF_8)));
                }
            };
            if (step.path("damaged").booleanValue()) {
                assertThrows(CorruptFileException.class, () -> reader.read(consumer), step.toString());
                continue;
            }
            JournalReader.Summary summary = reader.read(consumer);
            assertEquals(step.path("lastCommit").longValue(), summary.lastCommit(), step.toString());
            assertEquals(step.path("tornAt").longValue(), summary.tornAt(), step.toString());
            assertEquals(step.path("records").intValue(), found.size(), step.toString());
            for (int i = 0; i < found.size(); i++) {
                assertEquals(vector.path("records").path(i).textValue(), found.get(i));
            }
        }
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] joined = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, joined, first.length, second.length);
        return joined;
    }

    @Test
    void settingsAndKeysOfAVault() throws Exception {
        JsonNode vector = read("vault.json");
        Files.write(directory.resolve("vault.json"), utf8(vector.path("vaultJson")));
        Files.write(directory.resolve("vault.sig"), utf8(vector.path("vaultSig")));
        LogId logId = FormatVectors.logId();
        Path tenant = directory.resolve("tenants").resolve(logId.toString());
        Files.createDirectories(tenant);
        Files.write(tenant.resolve("keys.json"), utf8(vector.path("keysJson")));

        UnlockedVault vault = UnlockedVault.unlock(directory, FormatVectors.secret());
        Settings settings = vault.settings();
        assertArrayEquals(utf8(vector.path("vaultJson")), settings.format());
        assertArrayEquals(
                utf8(vector.path("vaultSig")), settings.sign(vault.signer()).format());
        assertEquals(logId, vault.tenants().get(vector.path("tenant").textValue()));
        Layout.LogDirectory log = vault.layout().tenant(logId);
        LogKeys keys = LogKeys.read(log);
        assertArrayEquals(utf8(vector.path("keysJson")), keys.format());
        assertEquals(
                vector.path("keysJsonSha256").textValue(),
                Digest.sha256(keys.format()).hex());
        assertArrayEquals(
                FormatVectors.tenantKeys().actorTag("alice"), vault.keys(log).actorTag("alice"));

        for (JsonNode version2 : vector.path("keysVersion2")) {
            Files.write(log.keys(), utf8(version2.path("keysJson")));
            LogKeys newer = LogKeys.read(log);
            assertArrayEquals(utf8(version2.path("keysJson")), newer.format());
            assertEquals(version2.path("epoch").intValue(), newer.epoch());
            assertEquals(vector.path("tenant").textValue(), newer.name(vault.nodeKeys()));
            WrappedKey own = newer.ownKey();
            assertEquals(version2.path("uri").textValue(), own == null ? null : own.uri());
        }
        for (JsonNode refused : vector.path("refusedKeys")) {
            Files.write(log.keys(), utf8(refused.path("keysJson")));
            assertThrows(
                    CorruptFileException.class,
                    () -> LogKeys.read(log),
                    refused.path("why").textValue());
        }

        for (JsonNode refused : vector.path("refused")) {
            Files.write(directory.resolve("vault.json"), utf8(refused.path("vaultJson")));
            assertThrows(
                    CorruptFileException.class,
                    () -> Settings.read(new Layout(directory)),
                    refused.path("why").textValue());
        }
    }

    @Test
    void settingsWithAKeyOfTheVaultsOwn() throws Exception {
        JsonNode vector = read("vault.json").path("version4");
        Path settings = directory.resolve("vault.json");
        Path next = directory.resolve("vault.next.json");
        Files.write(settings, utf8(vector.path("vaultJson")));
        Files.write(directory.resolve("vault.sig"), utf8(vector.path("vaultSig")));
        UnlockedVault vault = UnlockedVault.unlock(directory, FormatVectors.secret());
        assertArrayEquals(utf8(vector.path("vaultJson")), vault.settings().format());
        assertArrayEquals(
                utf8(vector.path("vaultSig")),
                vault.settings().sign(vault.signer()).format());
        // Keys under each of the vault's keys open.
        Layout.LogDirectory log = vault.layout().tenant(FormatVectors.logId());
        Files.createDirectories(log.path());
        for (String under : List.of("old", "new")) {
            Files.write(log.keys(), utf8(vector.path("keysJsonUnder").path(under)));
            assertArrayEquals(
                    FormatVectors.tenantKeys().salt(1), vault.keys(log).salt(1), under);
        }
        // While the secret is changed, the signature says which settings count.
        Files.write(next, utf8(vector.path("vaultJson")));
        Files.write(settings, utf8(read("vault.json").path("vaultJson")));
        assertArrayEquals(
                utf8(vector.path("vaultJson")),
                Settings.read(new Layout(directory)).format());
        Files.write(directory.resolve("vault.sig"), utf8(read("vault.json").path("vaultSig")));
        assertArrayEquals(
                utf8(read("vault.json").path("vaultJson")),
                Settings.read(new Layout(directory)).format());
        Files.delete(next);
        for (JsonNode refused : vector.path("refused")) {
            Files.write(settings, utf8(refused.path("vaultJson")));
            assertThrows(
                    CorruptFileException.class,
                    () -> Settings.read(new Layout(directory)),
                    refused.path("why").textValue());
        }
    }

    private static @Nullable Long nanos(JsonNode node) {
        return node.isNull() ? null : node.longValue();
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.textValue()));
        return texts;
    }

    @Test
    void orders() throws Exception {
        JsonNode vector = read("order.json");
        for (JsonNode accepted : vector.path("accepted")) {
            Order order = Order.parse(utf8(accepted.path("text")));
            assertArrayEquals(utf8(accepted.path("text")), order.text().bytes());
            assertEquals(nanos(accepted.path("from")), order.from());
            assertEquals(nanos(accepted.path("to")), order.to());
            assertEquals(nanos(accepted.path("expires")), order.expires());
            assertEquals(texts(accepted.path("actors")), order.actors());
            assertEquals(texts(accepted.path("services")), order.services());
            assertEquals(accepted.path("privilegedOnly").booleanValue(), order.privilegedOnly());
        }
        for (JsonNode refused : vector.path("refused")) {
            assertThrows(
                    OrderRefusedException.class,
                    () -> Order.parse(utf8(refused.path("text"))),
                    refused.path("why").textValue());
        }
        Order order = Order.parse(utf8(vector.path("asks").path("order")));
        for (JsonNode record : vector.path("asks").path("records")) {
            assertEquals(
                    record.path("asked").booleanValue(),
                    order.asksFor(LogRecord.parse(utf8(record.path("line")))),
                    record.toString());
        }
    }

    @Test
    void mappings() throws Exception {
        for (JsonNode example : read("mapping.json").path("mappings")) {
            Mapping mapping = Mapping.parse(Json.bytes(example.path("mapping")));
            Instant now = Instant.parse(example.path("now").textValue());
            LineMapper mapper = new LineMapper(mapping, null, now);
            for (JsonNode step : example.path("lines")) {
                LineMapper.Result result = mapper.map(utf8(step.path("line")));
                if (step.has("rejected")) {
                    assertEquals(
                            step.path("rejected").textValue(),
                            assertInstanceOf(Rejected.class, result).reason());
                    continue;
                }
                Mapped mapped = assertInstanceOf(Mapped.class, result, result.toString());
                ObjectNode record =
                        RecordedEvent.of(mapped.tenant(), mapped.event()).json();
                assertEquals(step.path("line"), record.remove("original"));
                assertEquals(step.path("tenant"), record.remove("tenant"));
                assertFalse(
                        record.remove(List.of("v", "seq", "recordedAt", "type")).isEmpty());
                assertEquals(step.path("event"), record);
            }
        }
        for (JsonNode refused : read("mapping.json").path("refused")) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> Mapping.parse(Json.bytes(refused.path("mapping"))),
                    refused.path("why").textValue());
        }
    }
}
