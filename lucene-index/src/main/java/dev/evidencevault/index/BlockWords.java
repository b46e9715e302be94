package dev.evidencevault.index;

import dev.evidencevault.format.LogRecord;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;
import org.apache.lucene.util.BytesRef;

/**
 * The words of a block's records, each once, with their first 64 characters: at least those that {@link Words} finds. For
 * one thread.
 *
 * <p>Lines in ASCII, which most are, are not parsed: their bytes are cut into words where they stand. Where that could
 * miss a word (other characters, escapes that are resolved twice, numbers with exponents), the record is parsed as well.
 */
final class BlockWords {
    private static final int NONE = 0;

    /** Where a word begins in the arena, plus 1, by its hash; {@link #NONE} for a free place. Length a power of two. */
    private int[] table = new int[1 << 12];

    private int count;

    /** Words, each behind a byte with its length. */
    private byte[] arena = new byte[1 << 16];

    private int used;

    /** Adds the words of a line. */
    void add(byte[] line) {
        if (addAscii(line)) {
            for (String word : Words.of(LogRecord.parse(line))) {
                byte[] bytes = IndexFields.indexed(word).getBytes(StandardCharsets.UTF_8);
                add(bytes, 0, bytes.length);
            }
        }
    }

    /** Adds the runs of letters and digits of a line; says whether there can be words that are no such run. */
    private boolean addAscii(byte[] line) {
        boolean more = false;
        boolean inText = false;
        int from = -1;
        for (int i = 0; i < line.length; i++) {
            byte b = line[i];
            if (isLetter(b) || isDigit(b)) {
                from = from < 0 ? i : from;
                more |= !inText && (b == 'e' || b == 'E') && i > from && isDigit(line[from]);
                continue;
            }
            if (from >= 0) {
                add(line, from, Math.min(i - from, IndexFields.WORD_CHARS_MAX));
                from = -1;
            }
            if (b == '\\' && i + 1 < line.length) {
                more |= line[i + 1] == 'u'
                        || line[i + 1] == '\\'
                                && i + 2 < line.length
                                && (isLetter(line[i + 2]) || isDigit(line[i + 2]));
                i++;
            } else if (b == '"') {
                inText = !inText;
            } else if (b < 0) {
                more = true;
            }
        }
        return more;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    private static boolean isLetter(byte b) {
        return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z';
    }

    private void add(byte[] source, int from, int length) {
        if (used + length + 1 > arena.length) {
            arena = Arrays.copyOf(arena, Math.max(arena.length * 2, used + length + 1));
        }
        int hash = 0;
        for (int i = 0; i < length; i++) {
            byte b = source[from + i];
            byte folded = b >= 'A' && b <= 'Z' ? (byte) (b + 32) : b;
            arena[used + 1 + i] = folded;
            hash = 31 * hash + folded;
        }
        arena[used] = (byte) length;
        int place = place(hash, used, length);
        if (table[place] != NONE) {
            return;
        }
        table[place] = used + 1;
        used += 1 + length;
        count++;
        if (count * 2 > table.length) {
            grow();
        }
    }

    /** Where a word stands in the table, or where it is to stand. */
    private int place(int hash, int at, int length) {
        int mask = table.length - 1;
        int place = (hash ^ hash >>> 15) & mask;
        while (table[place] != NONE) {
            int known = table[place] - 1;
            if (Arrays.equals(arena, known, known + 1 + length, arena, at, at + 1 + length)) {
                return place;
            }
            place = (place + 1) & mask;
        }
        return place;
    }

    private void grow() {
        int[] before = table;
        table = new int[before.length * 2];
        for (int entry : before) {
            if (entry != NONE) {
                int at = entry - 1;
                int length = arena[at] & 0xff;
                int hash = 0;
                for (int i = 0; i < length; i++) {
                    hash = 31 * hash + arena[at + 1 + i];
                }
                table[place(hash, at, length)] = entry;
            }
        }
    }

    /** Gives each word once; the array is shared and not to be changed. */
    void forEach(Consumer<BytesRef> consumer) {
        for (int at = 0; at < used; at += 1 + (arena[at] & 0xff)) {
            consumer.accept(new BytesRef(arena, at + 1, arena[at] & 0xff));
        }
    }
}
