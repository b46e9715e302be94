package dev.evidencevault.bundle;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.crypto.keys.TenantKeys;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.LogRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A line of {@code proofs/segments.jsonl}: the seal of a segment with its salt and, for a segment that has nothing in the
 * order's time, the subtrees that cover its leaves before the seal. The leaf headers of the other segments stand in
 * {@code proofs/leaves.jsonl}. Together they give the whole tree.
 */
public final class SegmentLine {
    /** The longest line. */
    public static final int BYTES_MAX = 4 * LogRecord.LINE_BYTES_MAX;

    private static final int SUBTREES_MAX = 128;

    private final byte[] salt;
    private final @Nullable List<Digest> subtrees;
    private final LogRecord seal;

    private SegmentLine(byte[] salt, @Nullable List<Digest> subtrees, LogRecord seal) {
        this.salt = salt.clone();
        this.subtrees = subtrees;
        this.seal = seal;
    }

    /** Returns the line of a segment whose leaves are shown. */
    public static SegmentLine shown(byte[] salt, LogRecord seal) {
        return new SegmentLine(salt, null, seal);
    }

    /** Returns the line of a segment whose leaves are not shown, with the subtrees that cover them. */
    public static SegmentLine outside(byte[] salt, List<Digest> subtrees, LogRecord seal) {
        return new SegmentLine(salt, List.copyOf(subtrees), seal);
    }

    /** Returns a copy of the salt of the seal's commitment. */
    public byte[] salt() {
        return salt.clone();
    }

    /** Returns the subtrees, or null if the leaves are shown. */
    public @Nullable List<Digest> subtrees() {
        return subtrees;
    }

    /** Returns the seal's record. */
    public LogRecord seal() {
        return seal;
    }

    /** Returns the bytes of the line, without a line feed. */
    public byte[] format() {
        ObjectNode json = Json.object();
        json.put("salt", HexFormat.of().formatHex(salt));
        if (subtrees != null) {
            ArrayNode hashes = json.putArray("subtrees");
            subtrees.forEach(hash -> hashes.add(hash.hex()));
        }
        json.put("seal", new String(seal.line(), StandardCharsets.UTF_8));
        return Json.bytes(json);
    }

    /**
     * Parses a line.
     *
     * @throws IllegalArgumentException if it is not spelled as {@link #format()} does
     */
    public static SegmentLine parse(byte[] line) {
        ObjectNode json = Json.parseObject(line, "a segment");
        Json.requireOnly(json, Set.of("salt", "subtrees", "seal"), "a segment");
        byte[] salt = HexFormat.of().parseHex(Json.text(json, "salt"));
        if (salt.length != TenantKeys.SALT_BYTES) {
            throw new IllegalArgumentException("a salt has 32 bytes, found " + salt.length);
        }
        List<Digest> subtrees = null;
        if (json.has("subtrees")) {
            subtrees = new ArrayList<>();
            for (var hash : json.path("subtrees")) {
                subtrees.add(Digest.parseHex(hash.asText()));
            }
            if (subtrees.size() > SUBTREES_MAX) {
                throw new IllegalArgumentException("a segment is covered by at most " + SUBTREES_MAX + " subtrees");
            }
        }
        LogRecord seal = LogRecord.parse(Json.text(json, "seal").getBytes(StandardCharsets.UTF_8));
        SegmentLine parsed = new SegmentLine(salt, subtrees, seal);
        if (!Arrays.equals(parsed.format(), line)) {
            throw new IllegalArgumentException("the line is not spelled as it was written");
        }
        return parsed;
    }
}
