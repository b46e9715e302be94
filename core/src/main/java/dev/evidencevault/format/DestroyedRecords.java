package dev.evidencevault.format;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.crypto.merkle.Digest;
import java.util.Set;

/**
 * Which records at the beginning of a log were destroyed with the keys that they were under. Their leaf hashes and seals stay.
 * Stands in the log's key file and in the record of the rotation that made it. Immutable.
 *
 * @param segments how many segments they fill, 1 or more
 * @param leaves how many leaves these have, seals included
 * @param counts SHA-256 of the file with how many records each actor had up to there
 */
public record DestroyedRecords(long segments, long leaves, Digest counts) {
    /** The member that holds it. */
    public static final String MEMBER = "destroyed";

    /** Checks the numbers. */
    public DestroyedRecords {
        if (segments < 1 || leaves < 2 * segments) {
            throw new IllegalArgumentException(
                    "a segment has a record and a seal, found " + segments + " segments of " + leaves + " leaves");
        }
    }

    /** Puts it into a JSON object. */
    public void put(ObjectNode json) {
        json.putObject(MEMBER).put("segments", segments).put("leaves", leaves).put("counts", counts.hex());
    }

    /**
     * Reads it.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static DestroyedRecords of(JsonNode node) {
        if (!(node instanceof ObjectNode json)) {
            throw new IllegalArgumentException("expected which records were destroyed");
        }
        Json.requireOnly(json, Set.of("segments", "leaves", "counts"), "destroyed records");
        return new DestroyedRecords(
                Json.integer(json, "segments"),
                Json.integer(json, "leaves"),
                Digest.parseHex(Json.text(json, "counts")));
    }
}
