package dev.evidencevault.crypto.note;

import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.merkle.Rfc6962;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The head of a log: how many leaves it has and the RFC 6962 root over them (c2sp.org/tlog-checkpoint).
 *
 * @param origin the log's unique name: not empty, one line
 * @param size the number of leaves, not negative
 * @param root the root over them
 */
public record Checkpoint(String origin, long size, Digest root) {
    /** Checks the parts. */
    public Checkpoint {
        if (origin.isEmpty() || origin.indexOf('\n') >= 0) {
            throw new IllegalArgumentException("an origin is one line that is not empty");
        }
        if (size < 0) {
            throw new IllegalArgumentException("a tree size is not negative, found " + size);
        }
    }

    /**
     * Returns the head of a log whose only leaf is a text, and whose origin is the first line of that text: what stands for
     * a text that is no checkpoint where only checkpoints are cosigned. The first line has to be no name of a log.
     */
    static Checkpoint ofText(String text) {
        int end = text.indexOf('\n');
        if (end < 0) {
            throw new IllegalArgumentException("a text of lines ends in a newline");
        }
        return new Checkpoint(text.substring(0, end), 1, Rfc6962.leaf(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Returns the three lines: origin, size in decimal, root in base64. */
    public String format() {
        return origin + "\n" + size + "\n" + root.base64() + "\n";
    }

    /**
     * Parses exactly the three lines; extension lines are refused, because nothing here writes them.
     *
     * @throws IllegalArgumentException if the text is anything else
     */
    public static Checkpoint parse(String text) {
        List<String> lines = List.of(text.split("\n", -1));
        if (lines.size() != 4 || !lines.get(3).isEmpty()) {
            throw new IllegalArgumentException("a checkpoint has three lines: origin, size, root");
        }
        if (!lines.get(1).matches("0|[1-9][0-9]{0,18}")) {
            throw new IllegalArgumentException("a tree size is a decimal number, found \"" + lines.get(1) + "\"");
        }
        return new Checkpoint(lines.get(0), Long.parseLong(lines.get(1)), Digest.parseBase64(lines.get(2)));
    }
}
