package dev.evidencevault.bundle;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.crypto.keys.TenantKeys;
import dev.evidencevault.format.CommitmentScheme;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.LeafHeader;
import dev.evidencevault.format.LineFields;
import dev.evidencevault.format.ShownFields;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A line of {@code proofs/leaves.jsonl}: a leaf header and, if the record is shown, the salt of its commitment, or what opens
 * it where fields are withheld; or a run of leaves of which not even the headers are shown. Immutable.
 */
public final class LeafLine {
    /** The longest line. */
    public static final int BYTES_MAX = 40_000;

    private static final HexFormat HEX = HexFormat.of();
    private static final String HEADER = "{\"header\":\"";
    private static final String SALT = "\",\"salt\":\"";
    private static final String END = "\"}";
    private static final String FIELDS = "\",\"fields\":[\"";
    private static final String BETWEEN = "\",\"";
    private static final String FIELDS_END = "\"]}";

    private final @Nullable LeafHeader header;
    private final byte @Nullable [] salt;
    private final @Nullable ShownFields fields;
    private final @Nullable HiddenRun run;

    private LeafLine(
            @Nullable LeafHeader header,
            byte @Nullable [] salt,
            @Nullable ShownFields fields,
            @Nullable HiddenRun run) {
        this.header = header;
        this.salt = salt;
        this.fields = fields;
        this.run = run;
    }

    /** Returns the line of a record that is shown. */
    public static LeafLine shown(LeafHeader header, byte[] salt) {
        return new LeafLine(header, salt.clone(), null, null);
    }

    /**
     * Returns the line of a record that is shown but for fields that are withheld.
     *
     * @throws IllegalArgumentException if nothing is withheld, or the record is committed to as a whole
     */
    public static LeafLine redacted(LeafHeader header, ShownFields fields) {
        if (header.scheme() != CommitmentScheme.FIELDS) {
            throw new IllegalArgumentException("a record that is committed to as a whole has no fields");
        }
        if (IntStream.range(0, fields.count()).noneMatch(fields::isWithheld)) {
            throw new IllegalArgumentException("a record of which nothing is withheld has a salt");
        }
        return new LeafLine(header, null, fields, null);
    }

    /** Returns the line of a record that is withheld. */
    public static LeafLine withheld(LeafHeader header) {
        return new LeafLine(header, null, null, null);
    }

    /** Returns the line of a run of records that nobody asked for. */
    public static LeafLine hidden(HiddenRun run) {
        return new LeafLine(null, null, null, run);
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

    /** Says whether the record is shown, whole or in part. */
    public boolean isShown() {
        return salt != null || fields != null;
    }

    /** Returns what opens the commitment where fields are withheld, or null if none are. */
    public @Nullable ShownFields fields() {
        return fields;
    }

    /** Says whether a line, as it is shown, is the one that the header commits to, as far as it is shown. */
    public boolean opens(byte[] line) {
        if (salt != null) {
            return header().commitsTo(salt, line);
        }
        try {
            return fields != null && fields.commitment(LineFields.of(line)).equals(header().commitment());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Returns a copy of the salt, or null if the record is withheld or fields of it are. */
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
        String line = HEADER + HEX.formatHex(header().encode());
        line += fields != null
                ? FIELDS + String.join(BETWEEN, fields.spellings()) + FIELDS_END
                : (salt == null ? "" : SALT + HEX.formatHex(salt)) + END;
        return line.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Parses a line.
     *
     * @throws IllegalArgumentException if it is not spelled as {@link #format()} does
     */
    public static LeafLine parse(byte[] line) {
        String text = new String(line, StandardCharsets.ISO_8859_1);
        if (text.startsWith(HEADER) && text.endsWith(FIELDS_END)) {
            return ofFields(text);
        }
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
        return new LeafLine(LeafHeader.decode(header), salt, null, null);
    }

    private static LeafLine ofFields(String text) {
        int at = text.indexOf(FIELDS);
        if (at < 0) {
            throw new IllegalArgumentException("expected \"fields\" behind the header");
        }
        byte[] header = digits(text, HEADER.length(), at);
        String[] spellings = text.substring(at + FIELDS.length(), text.length() - FIELDS_END.length())
                .split(BETWEEN, -1);
        for (String spelling : spellings) {
            digits(spelling, 0, spelling.length());
        }
        return redacted(LeafHeader.decode(header), ShownFields.parse(List.of(spellings)));
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
