package dev.evidencevault.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.format.LogRecord;
import dev.evidencevault.index.text.Words;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WordFilterTest {
    private static final long SEED = 7;

    private static byte[] line(String members) {
        return ("{\"v\":1,\"seq\":0,\"recordedAt\":\"2026-05-01T00:00:00.000000000Z\",\"type\":\"event\","
                        + "\"id\":\"i\",\"tenant\":\"t\",\"occurredAt\":\"2026-05-01T00:00:00.000000000Z\","
                        + "\"action\":\"a\",\"outcome\":\"success\"" + members + "}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static ByteBuffer filter(byte[]... lines) throws Exception {
        BlockFacts words = new BlockFacts();
        for (byte[] line : lines) {
            byte[] among = new byte[line.length + 20];
            System.arraycopy(line, 0, among, 10, line.length);
            words.add(among, 10, 10 + line.length);
        }
        return ByteBuffer.wrap(words.wordFilter());
    }

    private static void requireAll(byte[] line) throws Exception {
        ByteBuffer filter = filter(line);
        for (String word : Words.of(LogRecord.parse(line))) {
            assertTrue(
                    WordFilter.mayHold(filter, WordFilter.hash(word)),
                    word + " of " + new String(line, StandardCharsets.UTF_8));
        }
    }

    /** Whoever wants a word not to be found has 64 bits to play with: no hash may be one that means nothing. */
    @Test
    void aWordWhoseHashIsZeroIsFound() throws Exception {
        String word = wordOfHashZero();
        requireAll(line(",\"reason\":\"" + word + "\""));
    }

    /** Eight letters and digits, and the eight that undo them. */
    private static String wordOfHashZero() {
        byte[] word = new byte[16];
        for (long number = 0; ; number++) {
            byte[] digits = Long.toString(10_000_000 + number).getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(digits, 0, word, 0, 8);
            long first = ByteBuffer.wrap(digits).order(ByteOrder.LITTLE_ENDIAN).getLong();
            ByteBuffer.wrap(word).order(ByteOrder.LITTLE_ENDIAN).putLong(8, WordFilter.mix(16 ^ first));
            if (isWord(word)) {
                String text = new String(word, StandardCharsets.US_ASCII);
                assertEquals(0, WordFilter.hash(text));
                return text;
            }
        }
    }

    private static boolean isWord(byte[] bytes) {
        for (byte b : bytes) {
            if ((b < '0' || b > '9') && (b < 'a' || b > 'z')) {
                return false;
            }
        }
        return true;
    }

    @Test
    void noWordOfARecordIsMissed() throws Exception {
        for (String members : List.of(
                ",\"reason\":\"Access-Denied (AWS)\"",
                ",\"reason\":\"denied \u6771\",\"actor\":{\"side\":\"tenant\",\"id\":\"O'Hara \u00c9\",\"privileged\":true}",
                ",\"actor\":{\"side\":\"tenant\",\"type\":\"user\",\"id\":\"a.b\",\"privileged\":false,\"session\":\"5e3-1E5\"}",
                ",\"assumed\":[\"year\",\"zone\"],\"details\":{\"a\":" + "7".repeat(200) + "e1}",
                ",\"details\":{\"" + "k".repeat(63) + "\":\"" + "v".repeat(64) + " " + "w".repeat(65) + "\"}",
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

    /** Ids of the form of a UUID are read at one look, from the second line of a block on; those that only look like one are not. */
    @Test
    void noWordOfAnIdIsMissed() throws Exception {
        String uuid = "0197a3c4-7BEE-7a31-9f0e-d1ce5a7c9b21";
        List<String> ids = new ArrayList<>(List.of(
                uuid,
                uuid.toUpperCase(Locale.ROOT),
                uuid.substring(0, 35),
                uuid + "0",
                uuid.replace('-', '_'),
                uuid.replace('-', '0'),
                uuid.replaceFirst("d1ce", "d1-e"),
                uuid.replace("d1ce", "d\\\\c"),
                uuid.replaceFirst("-", "\u6771"),
                uuid.replace("9b21", "\\u00e9")));
        String actor = ",\"actor\":{\"side\":\"tenant\",\"type\":\"user\",\"id\":\"a\",\"privileged\":false}";
        for (String id : ids) {
            byte[] first = line(actor);
            byte[] second = new String(first, StandardCharsets.UTF_8)
                    .replace("\"id\":\"i\"", "\"id\":\"" + id + "\"")
                    .getBytes(StandardCharsets.UTF_8);
            ByteBuffer filter = filter(first, second);
            for (String word : Words.of(LogRecord.parse(second))) {
                assertTrue(WordFilter.mayHold(filter, WordFilter.hash(word)), word + " of " + id);
            }
        }
    }

    /** Of a block's words none is missed, and of others few are taken for one; the filter is as small as that allows. */
    @Test
    void fewWordsAreFoundThatAreNotThere() throws Exception {
        for (int perLine : List.of(0, 1, 10, 40)) {
            byte[][] lines = new byte[350][];
            for (int i = 0; i < lines.length; i++) {
                StringBuilder text = new StringBuilder();
                for (int j = 0; j < perLine; j++) {
                    text.append(" w").append(i * 40 + j);
                }
                lines[i] = line(",\"original\":\"" + text + "\"");
            }
            ByteBuffer filter = filter(lines);
            int wrong = 0;
            for (int i = 0; i < lines.length * 40; i++) {
                boolean there = i % 40 < perLine;
                boolean found = WordFilter.mayHold(filter, WordFilter.hash("w" + i));
                assertTrue(found || !there, "w" + i);
                wrong += WordFilter.mayHold(filter, WordFilter.hash("x" + i)) ? 1 : 0;
            }
            // With 14,000 words in a block the largest filter is full.
            assertTrue(wrong < lines.length * 40 / (perLine == 40 ? 2 : 10), perLine + ": " + wrong);
            assertTrue(perLine > 1 || filter.remaining() <= 1024, perLine + ": " + filter.remaining());
        }
        assertFalse(WordFilter.mayHold(filter(line("")), WordFilter.hash("absent")));
    }

    @Test
    void whatIsNoFilterIsRefused() {
        for (int length : List.of(0, 8, 63, 65, 192, 64 * 256)) {
            assertThrows(IllegalArgumentException.class, () -> WordFilter.mayHold(ByteBuffer.allocate(length), 1));
        }
    }
}
