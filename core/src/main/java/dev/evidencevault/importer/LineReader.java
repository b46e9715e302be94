package dev.evidencevault.importer;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Splits a stream into lines at line feeds, in constant memory. A carriage return is part of its line, and what follows
 * the last line feed is a line unless it is empty. Not safe for use by several threads; does not close the stream.
 */
public final class LineReader {
    /** The longest line that is imported, in bytes without its line feed. */
    public static final int LINE_BYTES_MAX = 1 << 20;

    private static final int CHUNK_BYTES = 64 << 10;

    private final InputStream in;
    private final int lineBytesMax;
    private final byte[] chunk = new byte[CHUNK_BYTES];
    private int from;
    private int to;
    private long number;

    /** A line of the stream, whole or only measured. */
    public sealed interface Line permits Whole, TooLong {
        /** Returns the line's number, from 1. */
        long number();
    }

    /** A line with its bytes. */
    public static final class Whole implements Line {
        private final long number;
        private final byte[] bytes;

        Whole(long number, byte[] bytes) {
            this.number = number;
            this.bytes = bytes;
        }

        @Override
        public long number() {
            return number;
        }

        /** Returns the bytes without the line feed; not a copy. */
        public byte[] bytes() {
            return bytes;
        }
    }

    /**
     * A line that is longer than lines may be. It was skipped.
     *
     * @param byteLength its length without the line feed
     */
    public record TooLong(long number, long byteLength) implements Line {}

    /** Creates a reader of lines up to {@link #LINE_BYTES_MAX}. */
    public LineReader(InputStream in) {
        this(in, LINE_BYTES_MAX);
    }

    /** Creates a reader of lines up to a number of bytes. */
    public LineReader(InputStream in, int lineBytesMax) {
        if (lineBytesMax < 1) {
            throw new IllegalArgumentException("expected a longest line of at least 1 byte, found " + lineBytesMax);
        }
        this.in = in;
        this.lineBytesMax = lineBytesMax;
    }

    /** Returns the next line, or null after the last. */
    public @Nullable Line next() throws IOException {
        byte[] head = new byte[0];
        long length = 0;
        while (true) {
            if (from == to) {
                from = 0;
                to = Math.max(0, in.read(chunk));
                if (to == 0) {
                    return length == 0 ? null : line(head, length);
                }
            }
            int end = from;
            while (end < to && chunk[end] != '\n') {
                end++;
            }
            int part = end - from;
            if (length + part <= lineBytesMax) {
                int kept = head.length;
                head = Arrays.copyOf(head, kept + part);
                System.arraycopy(chunk, from, head, kept, part);
            } else {
                head = new byte[0];
            }
            length += part;
            boolean ended = end < to;
            from = ended ? end + 1 : end;
            if (ended) {
                return line(head, length);
            }
        }
    }

    private Line line(byte[] bytes, long length) {
        number++;
        return length <= lineBytesMax ? new Whole(number, bytes) : new TooLong(number, length);
    }
}
