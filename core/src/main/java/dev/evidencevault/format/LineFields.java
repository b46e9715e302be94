package dev.evidencevault.format;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * A line, cut into the pieces to which a commitment by fields is. Piece 0 is the skeleton: the line with a zero byte in place
 * of each value. The others are the values, as they stand, in their order. Since no line has a zero byte, the line is what
 * comes out when the values are put in place of the zero bytes: two lines never have the same pieces. Immutable as long as
 * nobody changes the line. Format: {@code docs/formats/record.md}.
 */
public final class LineFields {
    /** The most pieces of a line. */
    public static final int PIECES_MAX = PieceScanner.PIECES_MAX;

    private final byte[] line;
    private final PieceScanner scanner = new PieceScanner();

    private LineFields(byte[] line) {
        this.line = line;
        scanner.scan(line, 0, line.length);
    }

    /**
     * Cuts a line, which is not copied.
     *
     * @throws IllegalArgumentException if it is no object, has a zero byte, or more than {@link #PIECES_MAX} pieces
     */
    public static LineFields of(byte[] line) {
        return new LineFields(line);
    }

    /** Returns how many pieces there are, the skeleton included. */
    public int count() {
        return 1 + scanner.count();
    }

    /** Returns a piece: 0 for the skeleton. */
    public byte[] piece(int piece) {
        if (piece > 0) {
            return Arrays.copyOfRange(line, scanner.from(piece - 1), scanner.to(piece - 1));
        }
        ByteArrayOutputStream skeleton = new ByteArrayOutputStream(line.length);
        int at = 0;
        for (int i = 0; i < scanner.count(); i++) {
            skeleton.write(line, at, scanner.from(i) - at);
            skeleton.write(0);
            at = scanner.to(i);
        }
        skeleton.write(line, at, line.length - at);
        return skeleton.toByteArray();
    }

    /**
     * Returns where a value stands: the name of a member and, if that is opened, the name or index of an entry.
     *
     * @param piece from 1
     * @throws IllegalArgumentException if a name is not spelled as JSON
     */
    public List<String> path(int piece) {
        int value = piece - 1;
        String member = name(scanner.memberFrom(value), scanner.memberTo(value));
        int entryTo = scanner.entryTo(value);
        if (entryTo < 0) {
            return List.of(member);
        }
        int entryFrom = scanner.entryFrom(value);
        return List.of(member, entryFrom < 0 ? Integer.toString(entryTo) : name(entryFrom, entryTo));
    }

    private String name(int from, int to) {
        String quoted = new String(line, from - 1, to - from + 2, StandardCharsets.UTF_8);
        try {
            return quoted.indexOf('\\') < 0
                    ? quoted.substring(1, quoted.length() - 1)
                    : Json.mapper().readValue(quoted, String.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a member's name is not JSON: " + Json.firstLine(e), e);
        }
    }

    /** Says whether a value holds others that are no pieces by themselves. */
    public boolean isUnopened(int piece) {
        int from = scanner.from(piece - 1);
        if (line[from] != '{' && line[from] != '[') {
            return false;
        }
        for (int i = from + 1; i < scanner.to(piece - 1) - 1; i++) {
            if (line[i] != ' ' && line[i] != '\t' && line[i] != '\n' && line[i] != '\r') {
                return true;
            }
        }
        return false;
    }

    /**
     * Returns the line with others in place of some values.
     *
     * @param replacements for each piece what stands in its place, or null for itself; of the skeleton nothing
     */
    public byte[] replace(byte[][] replacements) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(line.length);
        int at = 0;
        for (int i = 0; i < scanner.count(); i++) {
            byte[] replacement = replacements[i + 1];
            if (replacement != null) {
                out.write(line, at, scanner.from(i) - at);
                out.writeBytes(replacement);
                at = scanner.to(i);
            }
        }
        out.write(line, at, line.length - at);
        return out.toByteArray();
    }
}
