package dev.evidencevault.index;

import java.util.Arrays;
import java.util.function.Consumer;
import org.apache.lucene.util.BytesRef;

/** A set of short byte strings, kept in one array. For one thread. */
final class ByteSet {
    private static final int NONE = 0;

    /** An odd number whose bits are well mixed: 2^64 divided by the golden ratio. */
    private static final long FACTOR = 0x9e3779b97f4a7c15L;

    /** Where a string begins in the arena, plus 1, by its hash; {@link #NONE} for a free place. Length a power of two. */
    private int[] table = new int[1 << 6];

    private int count;

    /** Strings, each behind four bytes with its length. */
    private byte[] arena = new byte[1 << 10];

    private int used;

    /** Adds a string; says whether it was not there. */
    boolean add(byte[] source, int from, int to) {
        int length = to - from;
        int place = place(hash(source, from, length), source, from, length);
        if (table[place] != NONE) {
            return false;
        }
        if (used + length + 4 > arena.length) {
            arena = Arrays.copyOf(arena, Math.max(arena.length * 2, used + length + 4));
        }
        putLength(length);
        System.arraycopy(source, from, arena, used + 4, length);
        table[place] = used + 1;
        used += 4 + length;
        count++;
        if (count * 2 > table.length) {
            grow();
        }
        return true;
    }

    /** Says whether a string is there. */
    boolean contains(byte[] source, int from, int to) {
        return table[place(hash(source, from, to - from), source, from, to - from)] != NONE;
    }

    private void putLength(int length) {
        arena[used] = (byte) (length >>> 24);
        arena[used + 1] = (byte) (length >>> 16);
        arena[used + 2] = (byte) (length >>> 8);
        arena[used + 3] = (byte) length;
    }

    private int length(int at) {
        return arena[at] << 24 | (arena[at + 1] & 0xff) << 16 | (arena[at + 2] & 0xff) << 8 | arena[at + 3] & 0xff;
    }

    private static int hash(byte[] source, int from, int length) {
        long hash = length;
        int end = from + length;
        for (int at = from; at < end; at += Long.BYTES) {
            hash = (hash ^ AsciiChunk.load(source, at, end)) * FACTOR;
            hash ^= hash >>> 32;
        }
        return (int) hash;
    }

    /** Where a string stands in the table, or where it is to stand. */
    private int place(int hash, byte[] source, int from, int length) {
        int mask = table.length - 1;
        int place = (hash ^ hash >>> 15) & mask;
        while (table[place] != NONE) {
            int known = table[place] - 1;
            if (length(known) == length
                    && Arrays.equals(arena, known + 4, known + 4 + length, source, from, from + length)) {
                return place;
            }
            place = place + 1 & mask;
        }
        return place;
    }

    private void grow() {
        int[] before = table;
        table = new int[before.length * 2];
        for (int entry : before) {
            if (entry != NONE) {
                int at = entry - 1;
                table[place(hash(arena, at + 4, length(at)), arena, at + 4, length(at))] = entry;
            }
        }
    }

    /** Gives each string once; the array is shared and not to be changed. */
    void forEach(Consumer<BytesRef> consumer) {
        for (int at = 0; at < used; at += 4 + length(at)) {
            consumer.accept(new BytesRef(arena, at + 4, length(at)));
        }
    }
}
