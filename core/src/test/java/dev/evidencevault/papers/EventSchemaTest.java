package dev.evidencevault.papers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.SmallVault;
import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.bundle.PaperFiles;
import dev.evidencevault.format.Change;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.RecordKind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The schema in a bundle takes every kind of record, and refuses what a reader of records has to refuse. */
class EventSchemaTest {
    private static ObjectNode schema;
    private static List<String> lines;

    /** The vectors of the record format and the lines of a small vault: all kinds. */
    @BeforeAll
    static void collectLines(@TempDir Path directory) throws Exception {
        Path vault = directory.resolve("vault");
        SmallVault.write(vault);
        PaperDesk desk = PaperDesk.export(vault, "", directory.resolve("bundle.zip"));
        schema = Json.parseObject(desk.papers().get(PaperFiles.EVENT_SCHEMA), "the schema");
        lines = new ArrayList<>(
                PaperDesk.text(desk.files(), BundleLayout.RECORDS).lines().toList());
        for (String segment :
                PaperDesk.text(desk.files(), BundleLayout.SEGMENTS).lines().toList()) {
            lines.add(Json.text(Json.parseObject(segment.getBytes(StandardCharsets.UTF_8), "a segment"), "seal"));
        }
        Path root = Path.of(System.getProperty("evidencevault.root", ".."));
        byte[] vectors = Files.readAllBytes(root.resolve("docs/formats/vectors/record.json"));
        collect(Json.parseObject(vectors, "vectors").path("events"));
        lines.add(Json.text(Json.parseObject(vectors, "vectors").path("seal"), "line"));
        lines.add(
                "{\"v\":1,\"seq\":4,\"recordedAt\":\"2026-05-01T12:00:00.000000000Z\",\"type\":\"gap\",\"tenant\":\"acme\","
                        + "\"occurredAt\":\"2026-05-01T12:00:00.000000000Z\",\"gap\":{\"from\":\"2026-05-01T12:00:00.000000000Z\","
                        + "\"to\":\"2026-05-01T12:00:00.000000000Z\",\"rate\":1,\"bytes\":0,\"queue\":0}}");
        for (Change.What what : Change.What.values()) {
            lines.add(change("{\"what\":\"" + what.label() + "\",\"after\":\"x\"}"));
        }
    }

    private static void collect(JsonNode events) {
        events.forEach(event -> lines.add(Json.text(event, "line")));
    }

    private static String change(String change) {
        return "{\"v\":1,\"seq\":4,\"recordedAt\":\"2026-05-01T12:00:00.000000000Z\",\"type\":\"change\","
                + "\"tenant\":\"acme\",\"occurredAt\":\"2026-05-01T12:00:00.000000000Z\",\"change\":" + change + "}";
    }

    private static boolean accepts(String line) {
        return new Checker(schema).accepts(schema, Json.parseObject(line.getBytes(StandardCharsets.UTF_8), "a record"));
    }

    @Test
    void everyKindOfRecordIsTaken() {
        Set<String> kinds = new TreeSet<>();
        for (String line : lines) {
            assertTrue(accepts(line), line);
            kinds.add(Json.text(Json.parseObject(line.getBytes(StandardCharsets.UTF_8), "a record"), "type"));
        }
        assertEquals(
                new TreeSet<>(Arrays.stream(RecordKind.values())
                        .map(RecordKind::label)
                        .toList()),
                kinds);
    }

    @Test
    void noMemberMayBeOfAnotherNameKindOrMissing() {
        for (String line : lines) {
            ObjectNode record = Json.parseObject(line.getBytes(StandardCharsets.UTF_8), "a record");
            assertFalse(accepts(record.deepCopy().put("more", 1).toString()), line);
            assertFalse(accepts(record.deepCopy().put("v", 2).toString()), line);
            assertFalse(accepts(record.deepCopy().put("seq", -1).toString()), line);
            assertFalse(accepts(record.deepCopy().put("type", "other").toString()), line);
            assertFalse(
                    accepts(record.deepCopy()
                            .put("recordedAt", "2026-05-01T12:00:00Z")
                            .toString()),
                    line);
            for (String name : List.of("v", "seq", "recordedAt", "type")) {
                ObjectNode less = record.deepCopy();
                less.remove(name);
                assertFalse(accepts(less.toString()), name + " is missing: " + line);
            }
        }
        assertFalse(accepts(change("{\"what\":\"policy\"}")));
        assertFalse(accepts(change("{\"what\":\"other\",\"after\":\"x\"}")));
        assertFalse(accepts(change("{\"what\":\"policy\",\"after\":\"\"}")));
    }

    /** The part of JSON Schema that the schema uses; a keyword that it does not know is an error. */
    private static final class Checker {
        private static final Set<String> NOTES = Set.of("$schema", "$id", "$defs", "title", "description");
        private final ObjectNode root;

        Checker(ObjectNode root) {
            this.root = root;
        }

        boolean accepts(JsonNode rule, JsonNode value) {
            return rule.properties().stream()
                    .allMatch(keyword -> NOTES.contains(keyword.getKey())
                            || holds(keyword.getKey(), keyword.getValue(), rule, value));
        }

        private boolean holds(String keyword, JsonNode rule, JsonNode parent, JsonNode value) {
            return switch (keyword) {
                case "$ref" -> accepts(root.at(rule.asText().substring(1)), value);
                case "oneOf" -> stream(rule).filter(one -> accepts(one, value)).count() == 1;
                case "const" -> rule.equals(value);
                case "enum" -> stream(rule).anyMatch(value::equals);
                case "type" -> isOf(rule.asText(), value);
                case "minimum" -> !value.isNumber() || value.decimalValue().compareTo(rule.decimalValue()) >= 0;
                case "maximum" -> !value.isNumber() || value.decimalValue().compareTo(rule.decimalValue()) <= 0;
                case "minLength" -> !value.isTextual() || length(value) >= rule.asInt();
                case "maxLength" -> !value.isTextual() || length(value) <= rule.asInt();
                case "pattern" ->
                    !value.isTextual()
                            || java.util.regex.Pattern.compile(rule.asText())
                                    .matcher(value.asText())
                                    .find();
                case "minItems" -> !value.isArray() || value.size() >= rule.asInt();
                case "maxItems" -> !value.isArray() || value.size() <= rule.asInt();
                case "items" -> !value.isArray() || stream(value).allMatch(item -> accepts(rule, item));
                case "minProperties" -> !value.isObject() || value.size() >= rule.asInt();
                case "required" -> !value.isObject() || stream(rule).allMatch(name -> value.has(name.asText()));
                case "properties" ->
                    !value.isObject()
                            || rule.properties().stream()
                                    .allMatch(member -> !value.has(member.getKey())
                                            || accepts(member.getValue(), value.get(member.getKey())));
                case "additionalProperties" ->
                    !value.isObject()
                            || value.properties().stream()
                                    .allMatch(
                                            member -> parent.path("properties").has(member.getKey()));
                default -> throw new IllegalStateException("the schema has a keyword that is not known: " + keyword);
            };
        }

        private static boolean isOf(String type, JsonNode value) {
            return switch (type) {
                case "object" -> value.isObject();
                case "array" -> value.isArray();
                case "string" -> value.isTextual();
                case "boolean" -> value.isBoolean();
                case "integer" -> value.isIntegralNumber();
                default -> throw new IllegalStateException("a type that is not known: " + type);
            };
        }

        private static int length(JsonNode value) {
            return value.asText().codePointCount(0, value.asText().length());
        }

        private static java.util.stream.Stream<JsonNode> stream(JsonNode array) {
            return StreamSupport.stream(array.spliterator(), false);
        }
    }
}
