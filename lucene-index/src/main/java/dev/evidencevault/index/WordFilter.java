package dev.evidencevault.index;

import dev.evidencevault.format.LogRecord;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.apache.lucene.util.BytesRef;

/**
 * Which words a block's records have, as a Bloom filter: it never lacks a word that {@link Words} finds, and says of about
 * one word in thirty that it is there though it is not. A word costs some ten bits, where a term of its own would cost
 * more time than all else that is done for its record.
 *
 * <p>A word sets four bits of one group of 512, so that looking at it touches one line of a cache. Words count with their
 * first 64 characters, in lower case. Lines in ASCII, which most are, are not parsed: their bytes are cut into words where
 * they stand. Where that could miss a word (other characters, escapes that are resolved twice, numbers with exponents), the
 * record is parsed as well. For one thread.
 */
final class WordFilter {
    private static final int GROUP_LONGS = 8;
    private static final int GROUPS = 128;
    private static final int SEEN = 1024;

    /** What every line begins with and nobody searches; see {@code docs/formats/record.md}. */
    private static final byte[] SKIPPED_TO = "\"type\":\"event\",".getBytes(StandardCharsets.US_ASCII);

    private final long[] bits = new long[GROUP_LONGS * GROUPS];

    /** Hashes of words that were added lately. */
    private final long[] seen = new long[SEEN];

    /** Adds the words of a line. */
    void add(byte[] source, int from, int to) {
        if (addAscii(source, from, to)) {
            Set<String> words = Words.of(LogRecord.parse(java.util.Arrays.copyOfRange(source, from, to)));
            for (String word : words) {
                add(hash(word));
            }
        }
    }

    /** Adds the runs of letters and digits of a line; says whether there can be words that are no such run. */
    private boolean addAscii(byte[] source, int from, int to) {
        boolean more = false;
        boolean inText = false;
        long hash = FIRST;
        int length = 0;
        boolean digitFirst = false;
        for (int i = begin(source, from, to); i < to; i++) {
            byte b = source[i];
            int folded = FOLDED[b & 0xff];
            if (folded != 0) {
                if (length < IndexFields.WORD_CHARS_MAX) {
                    hash = (hash ^ folded) * FACTOR;
                }
                digitFirst = length == 0 ? folded <= '9' : digitFirst;
                more |= folded == 'e' && !inText && length > 0 && digitFirst;
                length++;
                continue;
            }
            if (length > 0) {
                add(hash);
                hash = FIRST;
                length = 0;
            }
            if (b == '"') {
                inText = !inText;
            } else if (b == '\\' && i + 1 < to) {
                more |= source[i + 1] == 'u'
                        || source[i + 1] == '\\' && i + 2 < to && FOLDED[source[i + 2] & 0xff] != 0;
                i++;
            } else if (b < 0) {
                more = true;
            }
        }
        return more;
    }

    /** Where the members begin that are searched. */
    private static int begin(byte[] source, int from, int to) {
        int end = Math.min(to, from + 120);
        for (int i = from + 60; i + SKIPPED_TO.length < end; i++) {
            if (source[i] == '"'
                    && java.util.Arrays.equals(
                            source, i, i + SKIPPED_TO.length, SKIPPED_TO, 0, SKIPPED_TO.length)) {
                return i + SKIPPED_TO.length;
            }
        }
        return from;
    }

    private static final long FIRST = 0xcbf29ce484222325L;
    private static final long FACTOR = 0x100000001b3L;

    /** For each byte its lower case if it is a letter or digit of ASCII, else 0. */
    private static final byte[] FOLDED = new byte[256];

    static {
        for (int c = '0'; c <= '9'; c++) {
            FOLDED[c] = (byte) c;
        }
        for (int c = 'a'; c <= 'z'; c++) {
            FOLDED[c] = (byte) c;
            FOLDED[c - 'a' + 'A'] = (byte) c;
        }
    }

    /** The hash of a word as {@link Words} gives it: FNV-1a over the UTF-8 of its beginning. */
    private static long hash(String word) {
        long hash = FIRST;
        for (byte b : IndexFields.indexed(word).getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * FACTOR;
        }
        return hash;
    }

    private void add(long hash) {
        int recent = (int) (hash ^ hash >>> 32) & SEEN - 1;
        if (seen[recent] == hash) {
            return;
        }
        seen[recent] = hash;
        long mixed = mix(hash);
        int group = GROUP_LONGS * (int) (mixed >>> 36 & GROUPS - 1);
        for (int i = 0; i < 4; i++) {
            int bit = (int) (mixed >>> 9 * i) & 511;
            bits[group + (bit >>> 6)] |= 1L << bit;
        }
    }

    /** The finalizer of SplitMix64. */
    private static long mix(long hash) {
        long mixed = (hash ^ hash >>> 30) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
        return mixed ^ mixed >>> 31;
    }

    /** Returns the filter, no larger than it need be: groups are laid upon each other while half of the bits are free. */
    BytesRef toBytes() {
        long[] folded = bits.clone();
        int longs = folded.length;
        while (longs > GROUP_LONGS) {
            long[] half = new long[longs / 2];
            int set = 0;
            for (int i = 0; i < half.length; i++) {
                half[i] = folded[i] | folded[i + half.length];
                set += Long.bitCount(half[i]);
            }
            if (set > 64 * half.length / 2) {
                break;
            }
            folded = half;
            longs = half.length;
        }
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES * longs);
        bytes.asLongBuffer().put(folded, 0, longs);
        return new BytesRef(bytes.array());
    }

    /**
     * Says whether a filter may hold a word.
     *
     * @throws IllegalArgumentException if it is no filter
     */
    static boolean mayHold(BytesRef filter, String word) {
        int groups = filter.length / Long.BYTES / GROUP_LONGS;
        if (groups < 1
                || groups > GROUPS
                || Integer.bitCount(groups) != 1
                || filter.length != groups * GROUP_LONGS * Long.BYTES) {
            throw new IllegalArgumentException("a word filter has 64 bytes times a power of two, found " + filter.length);
        }
        ByteBuffer bytes = ByteBuffer.wrap(filter.bytes, filter.offset, filter.length).slice();
        long mixed = mix(hash(word));
        int group = GROUP_LONGS * (int) (mixed >>> 36 & groups - 1);
        for (int i = 0; i < 4; i++) {
            int bit = (int) (mixed >>> 9 * i) & 511;
            if ((bytes.getLong(Long.BYTES * (group + (bit >>> 6))) & 1L << bit) == 0) {
                return false;
            }
        }
        return true;
    }
}
