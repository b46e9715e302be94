package dev.evidencevault.index;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * What up to 64 bytes are, one bit for each, the lowest for the first: found out for eight bytes at a time, within the
 * halves of a long. For one thread.
 */
final class AsciiChunk {
    static final int BYTES = 64;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;
    private static final long CASE = 0x20 * ONES;
    private static final long QUOTES = '"' * ONES;
    private static final long BACKSLASHES = '\\' * ONES;

    /** Gathers the lowest bits of eight bytes in the highest byte. */
    private static final long GATHER = 0x0102040810204080L;

    private long words;
    private long quotes;
    private boolean plain;

    /** Looks at the bytes from {@code at} to before {@code end}, at most {@link #BYTES} of them. */
    void read(byte[] source, int at, int end) {
        words = 0;
        quotes = 0;
        long unusual = 0;
        int length = Math.min(BYTES, end - at);
        for (int i = 0; i < length; i += Long.BYTES) {
            long bytes = i + Long.BYTES <= length ? load(source, at + i) : load(source, at + i, end);
            long low = bytes & ~HIGHS;
            long folded = low | CASE;
            long letters = (folded + (0x80 - 'a') * ONES) & ~(folded + (0x80 - 'z' - 1) * ONES);
            long digits = (low + (0x80 - '0') * ONES) & ~(low + (0x80 - '9' - 1) * ONES);
            words |= gathered((letters | digits) & ~bytes) << i;
            quotes |= gathered(~((low ^ QUOTES) + ~HIGHS) & ~bytes) << i;
            unusual |= bytes | ~((low ^ BACKSLASHES) + ~HIGHS);
        }
        plain = (unusual & HIGHS) == 0;
    }

    /** Eight bytes that are there. */
    static long load(byte[] source, int at) {
        return (long) LONGS.get(source, at);
    }

    /** Eight bytes, those from {@code end} on as zeros. */
    static long load(byte[] source, int at, int end) {
        if (at + Long.BYTES <= source.length) {
            long bytes = (long) LONGS.get(source, at);
            return at + Long.BYTES <= end ? bytes : bytes & (1L << 8 * (end - at)) - 1;
        }
        long bytes = 0;
        for (int i = end - 1; i >= at; i--) {
            bytes = bytes << 8 | source[i] & 0xff;
        }
        return bytes;
    }

    private static long gathered(long highs) {
        return ((highs & HIGHS) >>> 7) * GATHER >>> 56;
    }

    /** Which of the bytes are letters and digits of ASCII. */
    long words() {
        return words;
    }

    /** Which of the bytes are quotation marks. */
    long quotes() {
        return quotes;
    }

    /** Says whether all bytes are of ASCII and none is a backslash. */
    boolean isPlain() {
        return plain;
    }

    /** Returns where a byte of ASCII is first; {@code end} if nowhere. */
    static int find(byte[] source, char wanted, int from, int end) {
        long pattern = wanted * ONES;
        int at = from;
        for (; at + Long.BYTES <= end; at += Long.BYTES) {
            long other = load(source, at) ^ pattern;
            long found = (other - ONES) & ~other & HIGHS;
            if (found != 0) {
                return at + (Long.numberOfTrailingZeros(found) >>> 3);
            }
        }
        while (at < end && source[at] != wanted) {
            at++;
        }
        return Math.min(at, end);
    }

    /** Returns where the first quotation mark or backslash is; {@code end} if there is none. */
    static int textEnd(byte[] source, int from, int end) {
        for (int at = from; at < end; at += Long.BYTES) {
            long bytes = load(source, at, end);
            long quote = bytes ^ QUOTES;
            long backslash = bytes ^ BACKSLASHES;
            long found = ((quote - ONES) & ~quote | (backslash - ONES) & ~backslash) & HIGHS;
            if (found != 0) {
                return Math.min(end, at + (Long.numberOfTrailingZeros(found) >>> 3));
            }
        }
        return end;
    }
}
