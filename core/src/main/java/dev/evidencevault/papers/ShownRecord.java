package dev.evidencevault.papers;

import com.fasterxml.jackson.databind.JsonNode;
import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.LeafHeader;
import dev.evidencevault.format.LogRecord;
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

    /** Returns {@code true} or {@code false} where the record says it, or the empty text. */
    String privileged() {
        return at("actor").isMissingNode() ? "" : String.valueOf(record.privileged());
    }

    /** Returns what was acted on: type and id of each target, one after the other. */
    String targets() {
        StringJoiner targets = new StringJoiner("; ");
        for (JsonNode target : at("targets")) {
            String type = target.path("type").asText();
            String id = target.path("id").asText();
            targets.add(type.isEmpty() ? id : type + " " + id);
        }
        return targets.toString();
    }

    /** Returns the file and the line of the record. */
    String place() {
        return BundleLayout.RECORDS + ":" + line;
    }
}
