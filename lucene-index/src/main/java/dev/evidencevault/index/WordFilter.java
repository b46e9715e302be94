package dev.evidencevault.index;

import com.fasterxml.jackson.databind.JsonNode;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.index.query.Network;
import dev.evidencevault.index.text.Words;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Which words a block's records have, and from which addresses they came, as a Bloom filter: it never lacks a word that
 * {@link Words} finds or a key of {@link AddressKeys}, and says of about one in thirty that it is there though it is not. A word costs some ten bits, where a term of its own would cost
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

    /** RFC 9562 section 4: 8, 4, 4, 4 and 12 digits with hyphens between them. */
    static final int UUID_CHARS = 36;

    private static final long UUID_WORDS = 0xfff7bdeffL;

    private final AsciiChunk chunk = new AsciiChunk();
    private final long[] bits = new long[GROUP_LONGS * GROUPS];
    private final long[] folded = new long[GROUP_LONGS * GROUPS];

    private static final byte[] SOURCE = "source".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BEFORE_ADDRESS = "\":{\"ip\":\"".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] NO_ADDRESS = {};

    /** The address that was added last. */
    private byte[] lastAddress = NO_ADDRESS;

    /** Hashes of words that were added lately. */
    private final long[] seen = new long[SEEN];

    /** Forgets all words. */
    void clear() {
        Arrays.fill(bits, 0);
        Arrays.fill(seen, 0);
        lastAddress = NO_ADDRESS;
    }

    /** Adds the words of a line. */
    void add(byte[] source, int from, int to) {
        if (addRuns(source, from, to, false)) {
            addParsed(source, from, to);
        }
    }

    /** Adds the words of a line after parsing it. */
    void addParsed(byte[] source, int from, int to) {
        LogRecord record = LogRecord.parse(Arrays.copyOfRange(source, from, to));
        for (String word : Words.of(record)) {
            add(hash(word));
        }
        JsonNode address = record.json().path("source").path("ip");
        if (address.isTextual()) {
            byte[] text = address.textValue().getBytes(StandardCharsets.UTF_8);
            addAddress(text, 0, text.length);
        }
    }

    private void addAddress(byte[] source, int from, int to) {
        Network address = Network.address(source, from, to);
        if (address != null) {
            AddressKeys.of(address, this::add);
        }
    }

    /**
     * Adds the address behind the word {@code source}, where it names the member that has it; says whether the line has to be
     * parsed to find out.
     *
     * @param at where the word begins
     * @param end where the line ends
     */
    private boolean addSource(byte[] source, int at, int end) {
        int behind = at + SOURCE.length;
        if (at < 2 || source[at - 1] != '"' || source[at - 2] == '\\' || behind == end || source[behind] != '"') {
            return false;
        }
        int from = behind + BEFORE_ADDRESS.length;
        if (from > end || !Arrays.equals(source, behind, from, BEFORE_ADDRESS, 0, BEFORE_ADDRESS.length)) {
            return true;
        }
        int to = AsciiChunk.textEnd(source, from, end);
        if (to == end || source[to] != '"') {
            return true;
        }
        if (!Arrays.equals(source, from, to, lastAddress, 0, lastAddress.length)) {
            lastAddress = Arrays.copyOfRange(source, from, to);
            addAddress(source, from, to);
        }
        return false;
    }

    /**
     * Adds the runs of letters and digits of a part of a line; says whether there can be words that are no such run, so
     * that the line has to be parsed as well.
     *
     * @param beginsInText whether the part begins inside a text
     */
    boolean addRuns(byte[] source, int from, int to, boolean beginsInText) {
        boolean inText = beginsInText;
        boolean more = false;
        int word = -1;
        for (int at = from; at < to; at += AsciiChunk.BYTES) {
            chunk.read(source, at, to);
            if (!chunk.isPlain()) {
                return addAscii(source, from, to, beginsInText);
            }
            long left = chunk.words();
            int size = Math.min(AsciiChunk.BYTES, to - at);
            if (word >= 0) {
                int more0 = Math.min(size, Long.numberOfTrailingZeros(~left));
                if (more0 == AsciiChunk.BYTES) {
                    continue;
                }
                more |= addWord(source, word, at + more0, to, inText);
                left &= -1L << more0;
                word = -1;
            }
            while (left != 0) {
                int first = Long.numberOfTrailingZeros(left);
                int end = first + Long.numberOfTrailingZeros(~(left >>> first));
                if (end >= AsciiChunk.BYTES) {
                    word = at + first;
                    break;
                }
                more |= addWord(source, at + first, at + end, to, inText ^ isOdd(chunk.quotes(), first));
                left &= -1L << end;
            }
            inText ^= (Long.bitCount(chunk.quotes()) & 1) != 0;
        }
        return word >= 0 && addWord(source, word, to, to, inText) || more;
    }

    /**
     * Adds the words of a text of 36 characters if it has the form of a UUID, five runs of letters and digits; says whether it has.
     */
    boolean addUuid(byte[] source, int from) {
        chunk.read(source, from, from + UUID_CHARS);
        if (!chunk.isPlain() || chunk.quotes() != 0 || chunk.words() != UUID_WORDS) {
            return false;
        }
        add(hash(source, from, 8));
        add(hash(source, from + 9, 4));
        add(hash(source, from + 14, 4));
        add(hash(source, from + 19, 4));
        add(hash(source, from + 24, 12));
        return true;
    }

    /** Says whether an odd number of the bits below {@code before} is set. */
    private static boolean isOdd(long bits, int before) {
        return (Long.bitCount(bits & (1L << before) - 1) & 1) != 0;
    }

    /** Adds a word; says whether it can be a part of a number with an exponent, or names a source that has to be parsed. */
    private boolean addWord(byte[] source, int from, int to, int end, boolean inText) {
        add(hash(source, from, Math.min(to - from, IndexFields.WORD_CHARS_MAX)));
        if (to - from == SOURCE.length && source[from] == SOURCE[0] && isSource(source, from)) {
            return addSource(source, from, end);
        }
        return !inText && source[from] <= '9' && hasExponent(source, from, to);
    }

    private static boolean isSource(byte[] source, int from) {
        return Arrays.equals(source, from, from + SOURCE.length, SOURCE, 0, SOURCE.length);
    }

    /** As {@link #addRuns}, byte by byte: with escapes and other characters. */
    private boolean addAscii(byte[] source, int from, int to, boolean beginsInText) {
        boolean more = false;
        boolean inText = beginsInText;
        int i = from;
        while (i < to) {
            byte b = source[i];
            if (IN_WORD[b & 0xff]) {
                int first = i;
                do {
                    i++;
                } while (i < to && IN_WORD[source[i] & 0xff]);
                more |= addWord(source, first, i, to, inText);
                continue;
            }
            i++;
            if (b == '"') {
                inText = !inText;
            } else if (b == '\\' && i < to) {
                more |= source[i] == 'u' || source[i] == '\\' && i + 1 < to && IN_WORD[source[i + 1] & 0xff];
                i++;
            } else if (b < 0) {
                more = true;
            }
        }
        return more;
    }

    private static boolean hasExponent(byte[] source, int from, int to) {
        for (int i = from; i < to; i++) {
            if ((source[i] | 0x20) == 'e') {
                return true;
            }
        }
        return false;
    }

    /** Says for each byte whether it is a letter or digit of ASCII. */
    private static final boolean[] IN_WORD = new boolean[256];

    static {
        for (int c = 0; c < 0x80; c++) {
            IN_WORD[c] = c >= '0' && c <= '9' || (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
        }
    }

    /** The hash of a word as {@link Words} gives it. */
    static long hash(String word) {
        byte[] bytes = IndexFields.indexed(word).getBytes(StandardCharsets.UTF_8);
        return hash(bytes, 0, bytes.length);
    }

    /**
     * The hash of a word: of its bytes, eight at a time. Bit 5 counts as set, which lower and upper case of ASCII letters
     * have in common, as digits have it.
     */
    private static long hash(byte[] source, int from, int length) {
        long hash = length;
        int end = from + length;
        for (int at = from; at < end; at += Long.BYTES) {
            hash = mix(hash ^ (AsciiChunk.load(source, at, end) | CASE));
        }
        return hash;
    }

    private static final long CASE = 0x2020202020202020L;

    private void add(long hash) {
        int recent = (int) (hash >>> 48) & SEEN - 1;
        if (seen[recent] == hash && hash != 0) {
            return;
        }
        seen[recent] = hash;
        int group = GROUP_LONGS * (int) (hash >>> 36 & GROUPS - 1);
        for (int i = 0; i < 4; i++) {
            int bit = (int) (hash >>> 9 * i) & 511;
            bits[group + (bit >>> 6)] |= 1L << bit;
        }
    }

    /** The finalizer of SplitMix64. */
    static long mix(long hash) {
        long mixed = (hash ^ hash >>> 30) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
        return mixed ^ mixed >>> 31;
    }

    /** Returns the filter, no larger than it need be: groups are laid upon each other while half of the bits are free. */
    byte[] toBytes() {
        int longs = bits.length;
        System.arraycopy(bits, 0, folded, 0, longs);
        while (longs > GROUP_LONGS) {
            int half = longs / 2;
            int set = 0;
            for (int i = 0; i < half; i++) {
                set += Long.bitCount(folded[i] | folded[i + half]);
            }
            if (set > 64 * half / 2) {
                break;
            }
            for (int i = 0; i < half; i++) {
                folded[i] |= folded[i + half];
            }
            longs = half;
        }
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES * longs);
        bytes.asLongBuffer().put(folded, 0, longs);
        return bytes.array();
    }

    /**
     * Says whether a filter may hold all of some hashes.
     *
     * @throws IllegalArgumentException if it is no filter
     */
    static boolean mayHold(ByteBuffer filter, long... hashes) {
        int groups = filter.remaining() / Long.BYTES / GROUP_LONGS;
        if (groups < 1
                || groups > GROUPS
                || Integer.bitCount(groups) != 1
                || filter.remaining() != groups * GROUP_LONGS * Long.BYTES) {
            throw new IllegalArgumentException(
                    "a word filter has 64 bytes times a power of two, found " + filter.remaining());
        }
        for (long hash : hashes) {
            int group = GROUP_LONGS * (int) (hash >>> 36 & groups - 1);
            for (int i = 0; i < 4; i++) {
                int bit = (int) (hash >>> 9 * i) & 511;
                if ((filter.getLong(filter.position() + Long.BYTES * (group + (bit >>> 6))) & 1L << bit) == 0) {
                    return false;
                }
            }
        }
        return true;
    }
}
