package dev.evidencevault.evidence;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.crypto.merkle.CompactRange;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What an extract has written when a segment ends. It does not depend on the head of the log: a log only grows, so whoever
 * goes on takes the head that there is then, and its root says whether what was written before is right.
 *
 * @param task what is extracted: vault, log, order and way to answer it, as a digest
 * @param segment the number of the last segment that was taken
 * @param tree the leaves so far
 * @param records how many records were written
 * @param lengths of segments, leaves, records and originals, in bytes
 */
record ExtractState(Digest task, long segment, CompactRange tree, long records, List<Long> lengths) {
    /** The largest state, in bytes. */
    static final int BYTES_MAX = 64 << 10;

    private static final int FILES = 4;
    private static final Set<String> MEMBERS = Set.of("task", "segment", "size", "tree", "records", "lengths");

    ExtractState {
        lengths = List.copyOf(lengths);
        if (lengths.size() != FILES
                || segment < 0
                || records < 0
                || lengths.stream().anyMatch(length -> length < 0)) {
            throw new IllegalArgumentException("expected the lengths of " + FILES + " files, and no negative number");
        }
    }

    byte[] format() {
        ObjectNode json =
                Json.object().put("task", task.hex()).put("segment", segment).put("size", tree.to());
        ArrayNode hashes = json.putArray("tree");
        tree.hashes().forEach(hash -> hashes.add(hash.hex()));
        json.put("records", records);
        lengths.forEach(json.putArray("lengths")::add);
        return Json.bytes(json);
    }

    /**
     * Parses a state.
     *
     * @throws IllegalArgumentException if the bytes are none
     */
    static ExtractState parse(byte[] bytes) {
        ObjectNode json = Json.parseObject(bytes, "the state of the export");
        Json.requireOnly(json, MEMBERS, "the state of the export");
        List<Digest> hashes = new ArrayList<>();
        json.path("tree").forEach(hash -> hashes.add(Digest.parseHex(hash.asText())));
        List<Long> lengths = new ArrayList<>();
        json.path("lengths").forEach(length -> lengths.add(length.asLong(-1)));
        return new ExtractState(
                Digest.parseHex(Json.text(json, "task")),
                Json.integer(json, "segment"),
                CompactRange.of(0, Json.integer(json, "size"), hashes),
                Json.integer(json, "records"),
                lengths);
    }
}
