package dev.evidencevault.index;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.ObjIntConsumer;
import org.apache.lucene.util.BytesRef;

/** A set of short byte strings, each with how often it was added, kept in one array. For one thread. */
final class ByteSet {
    private static final int NONE = 0;
    private static final int PLACES = 1 << 6;
    private static final int KEPT_PLACES_MAX = 1 << 12;
    private static final int ARENA_BYTES = 1 << 10;
    private static final int KEPT_ARENA_BYTES_MAX = 1 << 17;
    private static final int HEAD_BYTES = 8;
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    /** An odd number whose bits are well mixed: 2^64 divided by the golden ratio. */
    private static final long FACTOR = 0x9e3779b97f4a7c15L;

    /** Where a string begins in the arena, plus 1, by its hash; {@link #NONE} for a free place. Length a power of two. */
    private int[] table = new int[PLACES];

    private int count;

    /** Strings, each behind four bytes with its length and four with its count. */
    private byte[] arena = new byte[ARENA_BYTES];

    private int used;

    /** Forgets all strings, and keeps the room for as many unless it is large. What was given out of it is not valid any more. */
    void clear() {
        if (table.length > KEPT_PLACES_MAX) {
            table = new int[PLACES];
        } else if (count > 0) {
            Arrays.fill(table, NONE);
        }
        if (arena.length > KEPT_ARENA_BYTES_MAX) {
            arena = new byte[ARENA_BYTES];
        }
        count = 0;
        used = 0;
    }

    /** Adds a string; says whether it was not there. */
    boolean add(byte[] source, int from, int to) {
        return add(source, from, to, 1);
    }

    /** Adds a string several times; says whether it was not there. */
    boolean add(byte[] source, int from, int to, int times) {
        int length = to - from;
        int place = place(hash(source, from, length), source, from, length);
        if (table[place] != NONE) {
            addTimes(table[place] - 1, times);
            return false;
        }
        if (used + length + HEAD_BYTES > arena.length) {
            arena = Arrays.copyOf(arena, Math.max(arena.length * 2, used + length + HEAD_BYTES));
        }
        INTS.set(arena, used, length);
        INTS.set(arena, used + 4, times);
        System.arraycopy(source, from, arena, used + HEAD_BYTES, length);
        table[place] = used + 1;
        used += HEAD_BYTES + length;
        count++;
        if (count * 2 > table.length) {
            grow();
        }
        return true;
    }

    /** Returns what {@link #count} takes for a string; -1 if it was not added. */
    int entry(byte[] source, int from, int to) {
        return table[place(hash(source, from, to - from), source, from, to - from)] - 1;
    }

    /** Counts a string once more, by its {@link #entry}. */
    void count(int entry) {
        addTimes(entry, 1);
    }

    /** Returns how often a string was added. */
    int times(byte[] source, int from, int to) {
        int entry = entry(source, from, to);
        return entry < 0 ? 0 : times(entry);
    }

    private void addTimes(int at, int times) {
        INTS.set(arena, at + 4, times(at) + times);
    }

    private int times(int at) {
        return (int) INTS.get(arena, at + 4);
    }

    private int length(int at) {
        return (int) INTS.get(arena, at);
    }

    private static int hash(byte[] source, int from, int length) {
        // Two numbers, so that a step need not wait for the one before it.
        long even = length;
        long odd = FACTOR;
        int end = from + length;
        int at = from;
        for (; at + 2 * Long.BYTES <= end; at += 2 * Long.BYTES) {
            even = mixed(even ^ AsciiChunk.load(source, at));
            odd = mixed(odd ^ AsciiChunk.load(source, at + Long.BYTES));
        }
        for (; at < end; at += Long.BYTES) {
            even = mixed(even ^ AsciiChunk.load(source, at, end));
        }
        return (int) mixed(even ^ Long.rotateLeft(odd, Integer.SIZE));
    }

    private static long mixed(long number) {
        long product = number * FACTOR;
        return product ^ product >>> 32;
    }

    /** Where a string stands in the table, or where it is to stand. */
    private int place(int hash, byte[] source, int from, int length) {
        int mask = table.length - 1;
        int place = (hash ^ hash >>> 15) & mask;
        while (table[place] != NONE) {
            int known = table[place] - 1;
            if (length(known) == length
                    && Arrays.equals(
                            arena, known + HEAD_BYTES, known + HEAD_BYTES + length, source, from, from + length)) {
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
                table[place(hash(arena, at + HEAD_BYTES, length(at)), arena, at + HEAD_BYTES, length(at))] = entry;
            }
        }
    }

    /** Gives each string once; the array is shared and not to be changed. */
    void forEach(Consumer<BytesRef> consumer) {
        forEachCounted((value, times) -> consumer.accept(value));
    }

    /** Gives each string once, with how often it was added. */
    void forEachCounted(ObjIntConsumer<BytesRef> consumer) {
        for (int at = 0; at < used; at += HEAD_BYTES + length(at)) {
            consumer.accept(new BytesRef(arena, at + HEAD_BYTES, length(at)), times(at));
        }
    }
}
