package dev.evidencevault.index;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Looks for bytes in bytes, eight places at a time: by the last two, in which texts that begin alike differ. Immutable and
 * safe for use by several threads.
 */
final class ByteSearch {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;
    private static final long CASE = 0x20 * ONES;

    private final byte[] needle;
    private final int pairAt;
    private final long first;
    private final long second;

    /** The bit in which upper and lower case differ, if that does not count, in each byte; else 0. */
    private final long fold;

    /**
     * Creates the search for some bytes.
     *
     * @throws IllegalArgumentException if there are none
     */
    ByteSearch(byte[] needle) {
        this(needle, 0);
    }

    /**
     * Creates the search for ASCII, however its letters are written. Other characters that differ as the cases of letters do,
     * as {@code _} and DEL, are taken for one another.
     */
    static ByteSearch ignoringCase(byte[] needle) {
        byte[] folded = needle.clone();
        for (int i = 0; i < folded.length; i++) {
            folded[i] |= (byte) CASE;
        }
        return new ByteSearch(folded, CASE);
    }

    private ByteSearch(byte[] needle, long fold) {
        this.fold = fold;
        if (needle.length == 0) {
            throw new IllegalArgumentException("expected at least one byte to look for");
        }
        this.needle = needle.clone();
        this.pairAt = Math.max(0, needle.length - 2);
        this.first = (needle[pairAt] & 0xff) * ONES;
        this.second = (needle[needle.length - 1] & 0xff) * ONES;
    }

    /** Returns where the bytes begin first, from a place on and before another; -1 if nowhere. */
    int find(byte[] source, int from, int to) {
        int gap = needle.length - 1 - pairAt;
        int at = from + pairAt;
        int last = to - 1 - gap;
        while (at + Long.BYTES + gap <= to) {
            long unequal = (((long) LONGS.get(source, at) | fold) ^ first)
                    | (((long) LONGS.get(source, at + gap) | fold) ^ second);
            long zeros = (unequal - ONES) & ~unequal & HIGHS;
            while (zeros != 0) {
                int begin = at + (Long.numberOfTrailingZeros(zeros) >>> 3) - pairAt;
                if (isAt(source, begin, to)) {
                    return begin;
                }
                zeros &= zeros - 1;
            }
            at += Long.BYTES;
        }
        for (; at <= last; at++) {
            if (isAt(source, at - pairAt, to)) {
                return at - pairAt;
            }
        }
        return -1;
    }

    private boolean isAt(byte[] source, int begin, int to) {
        if (begin + needle.length > to) {
            return false;
        }
        if (fold == 0) {
            return Arrays.equals(source, begin, begin + needle.length, needle, 0, needle.length);
        }
        for (int i = 0; i < needle.length; i++) {
            if ((source[begin + i] | (byte) fold) != needle[i]) {
                return false;
            }
        }
        return true;
    }

    /** Says whether all bytes are of ASCII. */
    static boolean isAscii(byte[] source, int from, int to) {
        int at = from;
        long bits = 0;
        for (; at + Long.BYTES <= to; at += Long.BYTES) {
            bits |= (long) LONGS.get(source, at);
        }
        for (; at < to; at++) {
            bits |= source[at] & 0x80;
        }
        return (bits & HIGHS) == 0;
    }
}
