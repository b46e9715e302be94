package dev.evidencevault.bundle;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.crypto.keys.TenantKeys;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.LeafHeader;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A line of {@code proofs/leaves.jsonl}: a leaf header and, if the record is shown, the salt of its commitment. */
public final class LeafLine {
    /** The longest line. */
    public static final int BYTES_MAX = 1000;

    private final LeafHeader header;
    private final byte @Nullable [] salt;

    private LeafLine(LeafHeader header, byte @Nullable [] salt) {
        this.header = header;
        this.salt = salt;
    }

    /** Returns the line of a record that is shown. */
    public static LeafLine shown(LeafHeader header, byte[] salt) {
        return new LeafLine(header, salt.clone());
    }

    /** Returns the line of a record that is withheld. */
    public static LeafLine withheld(LeafHeader header) {
        return new LeafLine(header, null);
    }

    /** Returns the header. */
    public LeafHeader header() {
        return header;
    }

    /** Returns a copy of the salt, or null if the record is withheld. */
    public byte @Nullable [] salt() {
        return salt == null ? null : salt.clone();
    }

    /** Returns the bytes of the line, without a line feed. */
    public byte[] format() {
        ObjectNode json = Json.object();
        json.put("header", HexFormat.of().formatHex(header.encode()));
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
        Json.requireOnly(json, Set.of("header", "salt"), "a leaf");
        LeafHeader header = LeafHeader.decode(HexFormat.of().parseHex(Json.text(json, "header")));
        byte[] salt = json.has("salt") ? HexFormat.of().parseHex(Json.text(json, "salt")) : null;
        if (salt != null && salt.length != TenantKeys.SALT_BYTES) {
            throw new IllegalArgumentException("a salt has 32 bytes, found " + salt.length);
        }
        LeafLine parsed = new LeafLine(header, salt);
        if (!Arrays.equals(parsed.format(), line)) {
            throw new IllegalArgumentException("the line is not spelled as it was written");
        }
        return parsed;
    }
}
