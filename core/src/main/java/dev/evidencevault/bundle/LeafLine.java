package dev.evidencevault.bundle;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.crypto.keys.TenantKeys;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.LeafHeader;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A line of {@code proofs/leaves.jsonl}: a leaf header and, if the record is shown, the salt of its commitment; or a run of
 * leaves of which not even the headers are shown. Immutable.
 */
public final class LeafLine {
    /** The longest line. */
    public static final int BYTES_MAX = 10_000;

    private final @Nullable LeafHeader header;
    private final byte @Nullable [] salt;
    private final @Nullable HiddenRun run;

    private LeafLine(@Nullable LeafHeader header, byte @Nullable [] salt, @Nullable HiddenRun run) {
        this.header = header;
        this.salt = salt;
        this.run = run;
    }

    /** Returns the line of a record that is shown. */
    public static LeafLine shown(LeafHeader header, byte[] salt) {
        return new LeafLine(header, salt.clone(), null);
    }

    /** Returns the line of a record that is withheld. */
    public static LeafLine withheld(LeafHeader header) {
        return new LeafLine(header, null, null);
    }

    /** Returns the line of a run of records that nobody asked for. */
    public static LeafLine hidden(HiddenRun run) {
        return new LeafLine(null, null, run);
    }

    /** Returns the run of leaves that stands for them, or null if there is a header. */
    public @Nullable HiddenRun run() {
        return run;
    }

    /**
     * Returns the header.
     *
     * @throws IllegalStateException if the line is of a run
     */
    public LeafHeader header() {
        if (header == null) {
            throw new IllegalStateException("a run of leaves has no header");
        }
        return header;
    }

    /** Returns a copy of the salt, or null if the record is withheld. */
    public byte @Nullable [] salt() {
        return salt == null ? null : salt.clone();
    }

    /** Returns the bytes of the line, without a line feed. */
    public byte[] format() {
        ObjectNode json = Json.object();
        if (run != null) {
            run.put(json);
            return Json.bytes(json);
        }
        json.put("header", HexFormat.of().formatHex(header().encode()));
        if (salt != null) {
            json.put("salt", HexFormat.of().formatHex(salt));
        }
        return Json.bytes(json);
    }

    /**
     * Parses a line.
     *
     * @throws IllegalArgumentException if it is not spelled as {@link #format()} does
     */
    public static LeafLine parse(byte[] line) {
        ObjectNode json = Json.parseObject(line, "a leaf");
        LeafLine parsed = json.has("to") ? ofRun(json) : ofHeader(json);
        if (!Arrays.equals(parsed.format(), line)) {
            throw new IllegalArgumentException("the line is not spelled as it was written");
        }
        return parsed;
    }

    private static LeafLine ofRun(ObjectNode json) {
        Json.requireOnly(json, Set.of("to", "subtrees"), "a run of leaves");
        return hidden(HiddenRun.of(json));
    }

    private static LeafLine ofHeader(ObjectNode json) {
        Json.requireOnly(json, Set.of("header", "salt"), "a leaf");
        LeafHeader header = LeafHeader.decode(HexFormat.of().parseHex(Json.text(json, "header")));
        byte[] salt = json.has("salt") ? HexFormat.of().parseHex(Json.text(json, "salt")) : null;
        if (salt != null && salt.length != TenantKeys.SALT_BYTES) {
            throw new IllegalArgumentException("a salt has 32 bytes, found " + salt.length);
        }
        return new LeafLine(header, salt, null);
    }
}
