package dev.evidencevault.bundle;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The lines of a file of a bundle: each ends in a line feed, the last one too, and none is longer than a bound. */
public final class StrictLines implements Closeable {
    private final InputStream in;
    private final byte[] buffer = new byte[1 << 16];
    private int from;
    private int to;
    private final String name;
    private final int bytesMax;
    private long lines;

    /** Opens the lines of a file. */
    public StrictLines(BundleFiles files, String name, int bytesMax) throws IOException {
        this(files.open(name), name, bytesMax);
    }

    /** Takes the lines of a stream, which is closed with them; the name is for messages. */
    public StrictLines(InputStream in, String name, int bytesMax) {
        this.in = in;
        this.name = name;
        this.bytesMax = bytesMax;
    }

    /** Returns how many lines were read. */
    public long count() {
        return lines;
    }

    /** Returns where the reading stands, for a message. */
    public String where() {
        return name + " line " + lines;
    }

    /**
     * Returns the next line without its line feed, or null at the end.
     *
     * @throws MalformedBundleException if the line is too long or the file does not end in a line feed
     */
    public byte @Nullable [] next() throws IOException {
        if (atEnd()) {
            return null;
        }
        lines++;
        ByteArrayOutputStream begun = new ByteArrayOutputStream(0);
        while (true) {
            int end = from;
            while (end < to && buffer[end] != '\n') {
                end++;
            }
            if (begun.size() + (end - from) > bytesMax) {
                throw new MalformedBundleException(where(), "a line has at most " + bytesMax + " bytes");
            }
            if (end < to && begun.size() == 0) {
                byte[] line = Arrays.copyOfRange(buffer, from, end);
                from = end + 1;
                return line;
            }
            begun.write(buffer, from, end - from);
            if (end < to) {
                from = end + 1;
                return begun.toByteArray();
            }
            from = to;
            if (atEnd()) {
                throw new MalformedBundleException(where(), "the line does not end");
            }
        }
    }

    /** Reads as many bytes as expected and a line feed; says whether they are these. */
    public boolean matches(byte[] expected) throws IOException {
        lines++;
        for (byte b : expected) {
            if (atEnd() || buffer[from++] != b) {
                return false;
            }
        }
        return !atEnd() && buffer[from++] == '\n';
    }

    /** Says whether nothing follows. */
    public boolean atEnd() throws IOException {
        if (from < to) {
            return false;
        }
        from = 0;
        to = in.readNBytes(buffer, 0, buffer.length);
        return to == 0;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
