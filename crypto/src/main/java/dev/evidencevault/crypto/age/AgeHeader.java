package dev.evidencevault.crypto.age;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The text at the beginning of a file: a line that says the version, the file key wrapped for each recipient, and a MAC over
 * all of it. Immutable.
 */
final class AgeHeader {
    /** Far more than the stanzas of {@link AgeFile#RECIPIENTS_MAX} recipients of any kind take. */
    static final int BYTES_MAX = 1 << 16;

    private static final int STANZAS_MAX = 100;
    private static final int MAC_BYTES = 32;
    private static final int COLUMNS = 64;
    private static final String VERSION = "age-encryption.org/v1";
    private static final String ARROW = "-> ";
    private static final String END = "---";

    private final List<Stanza> stanzas;
    private final byte[] authenticated;
    private final byte[] mac;

    private AgeHeader(List<Stanza> stanzas, byte[] authenticated, byte[] mac) {
        this.stanzas = List.copyOf(stanzas);
        this.authenticated = authenticated;
        this.mac = mac;
    }

    /** Returns the header of a file with this key. */
    static AgeHeader of(List<Stanza> stanzas, byte[] fileKey) {
        StringBuilder text = new StringBuilder(VERSION).append('\n');
        for (Stanza stanza : stanzas) {
            text.append(ARROW).append(String.join(" ", stanza.arguments())).append('\n');
            int at = 0;
            for (; stanza.body().length() - at >= COLUMNS; at += COLUMNS) {
                text.append(stanza.body(), at, at + COLUMNS).append('\n');
            }
            // A body ends with a line that is not full, and may be empty.
            text.append(stanza.body(), at, stanza.body().length()).append('\n');
        }
        byte[] authenticated = text.append(END).toString().getBytes(StandardCharsets.US_ASCII);
        return new AgeHeader(stanzas, authenticated, AgeKeys.headerMac(fileKey, authenticated));
    }

    /** Returns the bytes, to be followed by the payload. */
    byte[] bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(authenticated);
        bytes.writeBytes((" " + RawBase64.format(mac) + "\n").getBytes(StandardCharsets.US_ASCII));
        return bytes.toByteArray();
    }

    List<Stanza> stanzas() {
        return stanzas;
    }

    /** Says whether this is the header of a file with this key. */
    boolean isOf(byte[] fileKey) {
        return MessageDigest.isEqual(mac, AgeKeys.headerMac(fileKey, authenticated));
    }

    /**
     * Reads a header; the stream then stands at the payload.
     *
     * @throws IllegalArgumentException if it is not well formed, or longer than is read here
     */
    static AgeHeader read(InputStream in) throws IOException {
        Lines lines = new Lines(in);
        String version = lines.next();
        if (!version.equals(VERSION)) {
            throw new IllegalArgumentException("expected a file in the age format, version 1, without armor; found"
                    + " something else at its beginning");
        }
        List<Stanza> stanzas = new ArrayList<>();
        String line = lines.next();
        while (line.startsWith(ARROW)) {
            if (stanzas.size() == STANZAS_MAX) {
                throw new IllegalArgumentException("a header has at most " + STANZAS_MAX + " stanzas here");
            }
            List<String> arguments = List.of(line.substring(ARROW.length()).split(" ", -1));
            if (arguments.contains("")) {
                throw new IllegalArgumentException("expected arguments of a stanza, found an empty one");
            }
            StringBuilder body = new StringBuilder();
            do {
                line = lines.next();
                if (line.length() > COLUMNS) {
                    throw new IllegalArgumentException(
                            "expected lines of at most " + COLUMNS + " characters in a body, found " + line.length());
                }
                body.append(line);
            } while (line.length() == COLUMNS);
            RawBase64.parse(body.toString());
            stanzas.add(new Stanza(arguments, body.toString()));
            line = lines.next();
        }
        if (stanzas.isEmpty() || !line.startsWith(END + " ")) {
            throw new IllegalArgumentException(
                    "expected stanzas and the line of the MAC in a header, found something else");
        }
        byte[] mac = RawBase64.parse(line.substring(END.length() + 1));
        if (mac.length != MAC_BYTES) {
            throw new IllegalArgumentException("expected a MAC of " + MAC_BYTES + " bytes, found " + mac.length);
        }
        return new AgeHeader(stanzas, lines.through(line.length() - END.length() + 1), mac);
    }

    /** Reads lines, of characters from space to {@code ~} and each with its line feed, and keeps their bytes. */
    private static final class Lines {
        private final InputStream in;
        private final ByteArrayOutputStream read = new ByteArrayOutputStream();

        Lines(InputStream in) {
            this.in = in;
        }

        String next() throws IOException {
            StringBuilder line = new StringBuilder();
            while (true) {
                int character = in.read();
                if (character < 0) {
                    throw new IllegalArgumentException("expected a whole header, found one that is cut off");
                }
                if (read.size() == BYTES_MAX) {
                    throw new IllegalArgumentException("a header has at most " + BYTES_MAX + " bytes here");
                }
                read.write(character);
                if (character == '\n') {
                    return line.toString();
                }
                if (character < ' ' || character > '~') {
                    throw new IllegalArgumentException(
                            "expected printable ASCII in a header, found the byte " + character);
                }
                line.append((char) character);
            }
        }

        /** Returns all that was read but its last bytes. */
        byte[] through(int bytesFromTheEnd) {
            return Arrays.copyOf(read.toByteArray(), read.size() - bytesFromTheEnd);
        }
    }
}
