package dev.evidencevault.bundle;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** The lines of a file of a bundle: each ends in a line feed, the last one too, and none is longer than a bound. */
public final class StrictLines implements Closeable {
    private final InputStream in;
    private final String name;
    private final int bytesMax;
    private long lines;

    /** Opens the lines of a file. */
    public StrictLines(BundleFiles files, String name, int bytesMax) throws IOException {
        this.in = new BufferedInputStream(files.open(name), 1 << 16);
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
        ByteArrayOutputStream line = new ByteArrayOutputStream(512);
        lines++;
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0 && line.size() == 0) {
                lines--;
                return null;
            }
            if (b < 0 || line.size() == bytesMax) {
                throw new MalformedBundleException(
                        where(), b < 0 ? "the line does not end" : "a line has at most " + bytesMax + " bytes");
            }
            line.write(b);
        }
        return line.toByteArray();
    }

    /** Reads as many bytes as expected and a line feed; says whether they are these. */
    public boolean matches(byte[] expected) throws IOException {
        lines++;
        byte[] found = in.readNBytes(expected.length + 1);
        return found.length == expected.length + 1
                && found[expected.length] == '\n'
                && java.util.Arrays.equals(found, 0, expected.length, expected, 0, expected.length);
    }

    /** Says whether nothing follows. */
    public boolean atEnd() throws IOException {
        in.mark(1);
        boolean end = in.read() < 0;
        in.reset();
        return end;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
