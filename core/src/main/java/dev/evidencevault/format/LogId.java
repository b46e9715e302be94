package dev.evidencevault.format;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.HexFormat;

/** The name of a log: 16 random bytes, which say nothing of whose log it is. */
public record LogId(long high, long low) {
    /** Length in bytes. */
    public static final int BYTES = 16;

    /** Returns a new random id. */
    public static LogId random(SecureRandom random) {
        return new LogId(random.nextLong(), random.nextLong());
    }

    /** Reads the 16 bytes at the buffer's position. */
    public static LogId read(ByteBuffer buffer) {
        return new LogId(buffer.getLong(), buffer.getLong());
    }

    /**
     * Parses 32 lower-case hexadecimal digits.
     *
     * @throws IllegalArgumentException if the text is anything else
     */
    public static LogId parse(String text) {
        if (!text.matches("[0-9a-f]{32}")) {
            throw new IllegalArgumentException("a log id has 32 hexadecimal digits, found \"" + text + "\"");
        }
        return read(ByteBuffer.wrap(HexFormat.of().parseHex(text)));
    }

    /** Returns the 16 bytes. */
    public byte[] bytes() {
        return ByteBuffer.allocate(BYTES).putLong(high).putLong(low).array();
    }

    /** Returns the origin of the log's checkpoints. */
    public String origin() {
        return "evidencevault.dev/log/" + this;
    }

    @Override
    public String toString() {
        return HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
    }
}
