package dev.evidencevault.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.format.LogRecord;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class BlockWordsTest {
    private static final long SEED = 7;

    private static byte[] line(String members) {
        return ("{\"v\":1,\"seq\":0,\"recordedAt\":\"2026-05-01T00:00:00.000000000Z\",\"type\":\"event\","
                        + "\"id\":\"i\",\"tenant\":\"t\",\"occurredAt\":\"2026-05-01T00:00:00.000000000Z\","
                        + "\"action\":\"a\",\"outcome\":\"success\"" + members + "}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static Set<String> words(byte[]... lines) {
        BlockWords words = new BlockWords();
        for (byte[] line : lines) {
            words.add(line);
        }
        Set<String> found = new TreeSet<>();
        words.forEach(word -> assertTrue(found.add(word.utf8ToString()), "each once"));
        return found;
    }

    private static void requireAll(byte[] line) {
        Set<String> found = words(line);
        for (String word : Words.of(LogRecord.parse(line))) {
            assertTrue(
                    found.contains(IndexFields.indexed(word)),
                    word + " of " + new String(line, StandardCharsets.UTF_8));
        }
    }

    @Test
    void noWordOfARecordIsMissed() {
        for (String members : List.of(
                ",\"reason\":\"Access-Denied (AWS)\"",
                ",\"details\":{\"n\":1e5,\"m\":[1.50,-3,true,null,\"x\"],\"Fluß\":\"東京\"}",
                ",\"details\":{\"hex\":\"1e5\",\"long\":\"" + "Q".repeat(200) + "\"}",
                ",\"original\":\"{\\\"path\\\":\\\"C:\\\\\\\\new\\\\nline\\\"}\"",
                ",\"original\":\"{\\\"k\\\":\\\"\\\\u6771\\\\u4eac\\\"}\"",
                ",\"original\":\"plain \\\\u6771 text\\tand\\nmore\"",
                ",\"original\":\"\\u0001caf\u00e9 \uFF31\uFF13\"")) {
            requireAll(line(members));
        }
        Random random = new Random(SEED);
        String alphabet = "aB9 .-_:/\"\\neEu0\u00e9\u6771\n\t{}[],";
        for (int i = 0; i < 3000; i++) {
            StringBuilder text = new StringBuilder(i % 2 == 0 ? "{" : "");
            for (int n = random.nextInt(60); n > 0; n--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            requireAll(line(
                    ",\"original\":" + dev.evidencevault.format.Json.mapper().valueToTree(text.toString())));
        }
    }

    @Test
    void manyWordsAreKeptApart() {
        byte[][] lines = new byte[500][];
        Set<String> expected = new TreeSet<>();
        for (int i = 0; i < lines.length; i++) {
            StringBuilder text = new StringBuilder();
            for (int j = 0; j < 40; j++) {
                text.append(" w").append(i * 40 + j);
                expected.add("w" + (i * 40 + j));
            }
            lines[i] = line(",\"original\":\"" + text + "\"");
        }
        Set<String> found = words(lines);
        assertTrue(found.containsAll(expected));
        found.removeAll(expected);
        assertEquals(found, words(line(",\"original\":\"\"")), "what is left are the words of every line");
    }
}
