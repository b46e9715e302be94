package dev.evidencevault.papers;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.LeafHeader;
import dev.evidencevault.format.LogRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/**
 * A record of the bundle and where it stands. It is the one that its leaf commits to.
 *
 * @param record the record
 * @param header its leaf header
 * @param leafHash the hash of its leaf in the log's tree
 * @param digest SHA-256 of its line, without the line feed
 * @param line the number of its line in the file of records, from 1
 * @param offset the first byte of the line in that file, from 0
 */
record ShownRecord(LogRecord record, LeafHeader header, Digest leafHash, Digest digest, long line, long offset) {
    /** Returns the member at a path, or a missing node. */
    JsonNode at(String... path) {
        JsonNode node = record.json();
        for (String name : path) {
            node = node.path(name);
        }
        return node;
    }

    /** Returns the text at a path, or the empty text where there is none. */
    String text(String... path) {
        JsonNode node = at(path);
        return node.isTextual() ? node.textValue() : "";
    }

    /** Returns the JSON text of the member at a path, or the empty text where there is none. */
    String json(String... path) {
        JsonNode node = at(path);
        return node.isMissingNode() ? "" : node.toString();
    }

    /** Returns the JSON text of the details as the application gave it, number for number, or the empty text. */
    String details() {
        if (at("details").isMissingNode()) {
            return "";
        }
        byte[] line = record.line();
        try (JsonParser parser = Json.mapper().createParser(line)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean details = parser.currentName().equals("details");
                parser.nextToken();
                int from = (int) parser.currentTokenLocation().getByteOffset();
                parser.skipChildren();
                if (details) {
                    int to = (int) parser.currentLocation().getByteOffset();
                    return new String(line, from, to - from, StandardCharsets.UTF_8);
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("a record that was parsed does not parse", e);
        }
        throw new IllegalStateException("a record that was parsed has lost its details");
    }

    /** Returns {@code true} or {@code false} where the record says it, or the empty text. */
    String privileged() {
        return at("actor").isMissingNode() ? "" : String.valueOf(record.privileged());
    }

    /** Returns the targets; a text where one, or all of them, are withheld. */
    List<JsonNode> eachTarget() {
        JsonNode targets = at("targets");
        if (targets.isTextual()) {
            return List.of(targets);
        }
        List<JsonNode> each = new ArrayList<>();
        targets.forEach(each::add);
        return each;
    }

    /** Returns what was acted on: type and id of each target, one after the other. */
    String targets() {
        StringJoiner targets = new StringJoiner("; ");
        for (JsonNode target : eachTarget()) {
            String type = target.path("type").asText();
            String id = (target.isTextual() ? target : target.path("id")).asText();
            targets.add(type.isEmpty() ? id : type + " " + id);
        }
        return targets.toString();
    }

    /** Returns the file and the line of the record. */
    String place() {
        return BundleLayout.RECORDS + ":" + line;
    }
}
