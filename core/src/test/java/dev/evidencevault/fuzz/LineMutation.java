package dev.evidencevault.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;

/** Changes of a text by its lines. Bytes that are no UTF-8 stay what they are. */
public final class LineMutation {
    private LineMutation() {}

    /** Changes lines; {@code other} is another text of the same kind. */
    public static byte[] mutate(Random random, byte[] bytes, byte[] other) {
        List<String> lines = lines(bytes);
        List<String> others = lines(other);
        int at = random.nextInt(lines.size());
        int with = random.nextInt(lines.size());
        String line = lines.get(at);
        String theirs = others.get(random.nextInt(others.size()));
        switch (random.nextInt(12)) {
            case 0 -> lines.remove(at);
            case 1 -> lines.add(at, line);
            case 2 -> Collections.swap(lines, at, with);
            case 3 -> lines.set(at, line.substring(0, random.nextInt(line.length() + 1)));
            case 4 -> {
                lines.set(at, line + lines.get(with));
                lines.remove(with);
            }
            case 5 -> lines.set(at, theirs);
            case 6 -> lines.add(at, theirs);
            case 7 -> lines.add(with, lines.remove(at));
            case 8 -> lines.add(at, "");
            case 9 ->
                lines.set(at, Fuzz.one(random, line + "\r", " " + line, line + " ", "\ufeff" + line, line + "\0"));
            case 10 -> lines.subList(Math.min(at, with), lines.size()).clear();
            default -> {
                for (int i = random.nextInt(200); i > 0; i--) {
                    lines.add(at, line);
                }
            }
        }
        byte[] text = String.join("\n", lines).getBytes(StandardCharsets.ISO_8859_1);
        return random.nextInt(10) == 0 ? text : ByteMutation.joined(text, new byte[] {'\n'});
    }

    /** Changes one line. */
    public static byte[] one(Random random, byte[] bytes, UnaryOperator<byte[]> change) {
        boolean ended = bytes.length > 0 && bytes[bytes.length - 1] == '\n';
        List<String> lines = lines(bytes);
        int at = random.nextInt(lines.size());
        byte[] changed = change.apply(lines.get(at).getBytes(StandardCharsets.ISO_8859_1));
        lines.set(at, new String(changed, StandardCharsets.ISO_8859_1));
        byte[] text = String.join("\n", lines).getBytes(StandardCharsets.ISO_8859_1);
        return ended ? ByteMutation.joined(text, new byte[] {'\n'}) : text;
    }

    /** Returns at least one line. */
    private static List<String> lines(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        List<String> lines = new ArrayList<>(Arrays.asList(text.split("\n", -1)));
        if (lines.size() > 1 && lines.get(lines.size() - 1).isEmpty()) {
            lines.remove(lines.size() - 1);
        }
        return lines;
    }
}
