package dev.evidencevault.redaction;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Lines as the writer makes them, with details that nobody would think of. */
final class RandomEvents {
    private static final List<String> TEXTS = List.of(
            "",
            "a",
            "}",
            "]",
            ",",
            ":",
            "{\\\"b\\\":1}",
            "\\\\",
            "\\\\\\\"",
            "\\u0000",
            "\\ud83d\\ude00",
            "\\ud800",
            "caf\u00e9",
            "\ud83d\udcc4",
            "/",
            "~1",
            "withheld by redaction 1");

    private final Random random;

    RandomEvents(long seed) {
        this.random = new Random(seed);
    }

    byte[] next() {
        StringBuilder line = new StringBuilder("{\"v\":1,\"seq\":7,\"recordedAt\":\"2026-05-01T12:00:00.000000000Z\","
                + "\"type\":\"event\",\"id\":\"e\",\"tenant\":\"acme\"");
        if (random.nextBoolean()) {
            line.append(",\"service\":").append(whole());
        }
        line.append(",\"occurredAt\":\"2026-05-01T12:00:00.000000000Z\",\"action\":\"a\",\"outcome\":\"success\"");
        if (random.nextBoolean()) {
            line.append(",\"actor\":{\"side\":\"tenant\",\"id\":\"x\",\"privileged\":true,\"session\":")
                    .append(text())
                    .append('}');
        }
        if (random.nextBoolean()) {
            line.append(",\"targets\":[");
            int targets = random.nextInt(20) == 0 ? 90 + random.nextInt(20) : 1 + random.nextInt(4);
            for (int i = 0; i < targets; i++) {
                line.append(i == 0 ? "" : ",").append("{\"id\":").append(text()).append('}');
            }
            line.append(']');
        }
        if (random.nextInt(8) > 0) {
            line.append(",\"details\":");
            object(line, 0, random.nextInt(20) == 0 ? 90 + random.nextInt(20) : random.nextInt(6));
        }
        if (random.nextInt(4) == 0) {
            line.append(",\"original\":").append(whole());
        }
        return line.append('}').toString().getBytes(StandardCharsets.UTF_8);
    }

    private String text() {
        return '"' + TEXTS.get(random.nextInt(TEXTS.size())) + '"';
    }

    /** A text without half a surrogate pair. */
    private String whole() {
        String text = text();
        return text.contains("\\ud800") ? "\"x\"" : text;
    }

    private void space(StringBuilder out) {
        out.append(" \t ", 0, Math.max(0, random.nextInt(8) - 4));
    }

    private void object(StringBuilder out, int depth, int members) {
        Set<String> names = new HashSet<>();
        out.append('{');
        space(out);
        for (int i = 0; i < members; i++) {
            String name = text();
            // Nobody can be given half a surrogate pair as a name: the reader refuses it.
            if (name.contains("\\ud800") || !names.add(name)) {
                name = "\"n" + i + '"';
            }
            out.append(i == 0 ? "" : ",");
            space(out);
            out.append(name);
            space(out);
            out.append(':');
            space(out);
            value(out, depth + 1);
            space(out);
        }
        out.append('}');
    }

    private void value(StringBuilder out, int depth) {
        switch (random.nextInt(depth > 5 ? 6 : 8)) {
            case 0 -> out.append("null");
            case 1 -> out.append("-1.50e+10");
            case 2 -> out.append("12345678901234567890");
            case 3 -> out.append(random.nextBoolean());
            case 4, 5 -> out.append(text());
            case 6 -> object(out, depth, random.nextInt(4));
            default -> {
                out.append('[');
                int entries = random.nextInt(4);
                for (int i = 0; i < entries; i++) {
                    out.append(i == 0 ? "" : ",");
                    space(out);
                    value(out, depth + 1);
                    space(out);
                }
                out.append(']');
            }
        }
    }
}
