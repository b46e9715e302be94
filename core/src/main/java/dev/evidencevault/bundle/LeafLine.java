package dev.evidencevault.bundle;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.crypto.keys.TenantKeys;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.LeafHeader;
import java.nio.charset.StandardCharsets;
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

    private static final HexFormat HEX = HexFormat.of();
    private static final String HEADER = "{\"header\":\"";
    private static final String SALT = "\",\"salt\":\"";
    private static final String END = "\"}";

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
        if (run != null) {
            ObjectNode json = Json.object();
            run.put(json);
            return Json.bytes(json);
        }
        String line =
                HEADER + HEX.formatHex(header().encode()) + (salt == null ? "" : SALT + HEX.formatHex(salt)) + END;
        return line.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Parses a line.
     *
     * @throws IllegalArgumentException if it is not spelled as {@link #format()} does
     */
    public static LeafLine parse(byte[] line) {
        String text = new String(line, StandardCharsets.ISO_8859_1);
        if (text.startsWith(HEADER) && text.endsWith(END)) {
            return ofHeader(text);
        }
        ObjectNode json = Json.parseObject(line, "a leaf");
        Json.requireOnly(json, Set.of("to", "subtrees"), "a run of leaves");
        LeafLine parsed = hidden(HiddenRun.of(json));
        if (!Arrays.equals(parsed.format(), line)) {
            throw new IllegalArgumentException("the line is not spelled as it was written");
        }
        return parsed;
    }

    /** There is one spelling, so that a header is found by its place and needs no reader of JSON. */
    private static LeafLine ofHeader(String text) {
        int end = text.length() - END.length();
        int saltAt = text.indexOf(SALT);
        byte[] header = digits(text, HEADER.length(), saltAt < 0 ? end : saltAt);
        byte[] salt = saltAt < 0 ? null : digits(text, saltAt + SALT.length(), end);
        if (salt != null && salt.length != TenantKeys.SALT_BYTES) {
            throw new IllegalArgumentException("a salt has 32 bytes, found " + salt.length);
        }
        return new LeafLine(LeafHeader.decode(header), salt, null);
    }

    private static byte[] digits(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9' && c < 'a' || c > 'f') {
                throw new IllegalArgumentException("expected hexadecimal digits in lower case, found \"" + c + '"');
            }
        }
        return HEX.parseHex(text, from, Math.max(from, to));
    }
}
