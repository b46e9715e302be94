package dev.evidencevault.index.query;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A network of Internet addresses (CIDR, RFC 4632 and RFC 4291 section 2.3), or one address. Addresses of IPv4 are kept as
 * IPv6 has them ({@code ::ffff:0:0/96}), so that an address is the same in both spellings; a network is of one kind. Nothing
 * is looked up.
 *
 * @param high the first eight bytes, big-endian, zeros behind the prefix
 * @param low the last eight bytes
 * @param bits the length of the prefix, 0 to 128; of IPv4 from 96 on
 */
public record Network(long high, long low, int bits) {
    /** The length of an address. */
    public static final int ADDRESS_BITS = 128;

    private static final int V4_BITS = 32;
    private static final int V4_BEGIN = ADDRESS_BITS - V4_BITS;
    private static final long V4_LOW = 0xffffL << V4_BITS;
    private static final int GROUPS = 8;

    /** The longest spelling of an address: eight groups, or six and an address of IPv4. */
    private static final int TEXT_CHARS_MAX = 45;

    /** Cuts what is behind the prefix. */
    public Network {
        if (bits < 0 || bits > ADDRESS_BITS) {
            throw new IllegalArgumentException("a prefix has 0 to " + ADDRESS_BITS + " bits, found " + bits);
        }
        high &= mask(bits);
        low &= mask(bits - Long.SIZE);
    }

    /** Returns the mask of eight bytes of which so many bits are of a prefix; any number is right. */
    public static long mask(int bits) {
        return bits <= 0 ? 0 : bits >= Long.SIZE ? -1L : -1L << Long.SIZE - bits;
    }

    /** Says whether it is of IPv4. */
    public boolean isV4() {
        return bits >= V4_BEGIN && high == 0 && low >>> V4_BITS == 0xffff;
    }

    /** Returns the network of this address that has a shorter prefix. */
    public Network withBits(int prefixBits) {
        return new Network(high, low, prefixBits);
    }

    /** Says whether an address is in this network. */
    public boolean contains(Network address) {
        return isV4() == address.isV4() && withBits(bits).equals(address.withBits(bits));
    }

    /**
     * Parses an address or a network; bits behind the prefix do not count. Returns null if it is neither.
     *
     * @throws IllegalArgumentException if it is an address with a length that a prefix cannot have
     */
    static @Nullable Network parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return address(text);
        }
        Network address = address(text.substring(0, slash));
        if (address == null) {
            return null;
        }
        int most = address.isV4() && text.indexOf(':') < 0 ? V4_BITS : ADDRESS_BITS;
        String length = text.substring(slash + 1);
        if (!length.matches("[0-9]{1,3}") || Integer.parseInt(length) > most) {
            throw new IllegalArgumentException(
                    "expected a length of the prefix from 0 to " + most + " behind the slash, found " + text);
        }
        return address.withBits(ADDRESS_BITS - most + Integer.parseInt(length));
    }

    /** Parses an address; returns null if the text is none. */
    static @Nullable Network address(String text) {
        if (text.length() > TEXT_CHARS_MAX) {
            return null;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return address(bytes, 0, bytes.length);
    }

    /** Parses an address of ASCII characters; returns null if they are none. */
    public static @Nullable Network address(byte[] text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (text[i] == ':') {
                return v6(text, from, to);
            }
        }
        long v4 = v4(text, from, to);
        return v4 < 0 ? null : new Network(0, V4_LOW | v4, ADDRESS_BITS);
    }

    /** Four decimal numbers without leading zeros, as 32 bits; -1 if it is anything else. */
    private static long v4(byte[] text, int from, int to) {
        long address = 0;
        int at = from;
        for (int part = 0; part < 4; part++) {
            int begin = at;
            int value = 0;
            while (at < to && at - begin < 3 && text[at] >= '0' && text[at] <= '9') {
                value = 10 * value + text[at++] - '0';
            }
            boolean ended = part == 3 ? at == to : at < to && text[at] == '.';
            if (at == begin || value > 255 || at - begin > 1 && text[begin] == '0' || !ended) {
                return -1;
            }
            address = address << 8 | value;
            at++;
        }
        return address;
    }

    /** RFC 4291 section 2.2: groups of up to four hexadecimal digits, one gap of zeros, and IPv4 at the end. */
    private static @Nullable Network v6(byte[] text, int from, int to) {
        int[] groups = new int[GROUPS];
        int count = 0;
        int gap = -1;
        int at = from;
        while (at < to) {
            if (text[at] == ':' && at + 1 < to && text[at + 1] == ':') {
                if (gap >= 0) {
                    return null;
                }
                gap = count;
                at += 2;
                continue;
            }
            if (count > 0 && gap != count && (text[at++] != ':' || at == to)) {
                return null;
            }
            int begin = at;
            int value = 0;
            while (at < to && at - begin < 4 && Character.digit(text[at], 16) >= 0) {
                value = value << 4 | Character.digit(text[at++], 16);
            }
            if (at < to && text[at] == '.') {
                long v4 = count + 2 > GROUPS ? -1 : v4(text, begin, to);
                if (v4 < 0) {
                    return null;
                }
                groups[count++] = (int) (v4 >>> 16);
                groups[count++] = (int) (v4 & 0xffff);
                at = to;
            } else if (at == begin || count == GROUPS) {
                return null;
            } else {
                groups[count++] = value;
            }
        }
        if (gap < 0 ? count != GROUPS : count == GROUPS) {
            return null;
        }
        if (gap >= 0) {
            System.arraycopy(groups, gap, groups, GROUPS - (count - gap), count - gap);
            Arrays.fill(groups, gap, GROUPS - (count - gap), 0);
        }
        return new Network(bits(groups, 0), bits(groups, 4), ADDRESS_BITS);
    }

    private static long bits(int[] groups, int from) {
        long bits = 0;
        for (int i = from; i < from + 4; i++) {
            bits = bits << 16 | groups[i];
        }
        return bits;
    }

    private int group(int index) {
        long half = index < 4 ? high : low;
        return (int) (half >>> 16 * (3 - index % 4)) & 0xffff;
    }

    /** Returns the address, behind it the length of the prefix unless it is one address; IPv6 as RFC 5952 has it. */
    @Override
    public String toString() {
        String length = bits == ADDRESS_BITS ? "" : "/" + (isV4() ? bits - V4_BEGIN : bits);
        if (isV4()) {
            return (low >>> 24 & 0xff) + "." + (low >>> 16 & 0xff) + "." + (low >>> 8 & 0xff) + "." + (low & 0xff)
                    + length;
        }
        int gap = -1;
        int gapLength = 1;
        for (int from = 0; from < GROUPS; from++) {
            int end = from;
            while (end < GROUPS && group(end) == 0) {
                end++;
            }
            if (end - from > gapLength) {
                gap = from;
                gapLength = end - from;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < GROUPS; i++) {
            if (i == gap) {
                text.append("::");
                i += gapLength - 1;
            } else {
                text.append(text.isEmpty() || text.charAt(text.length() - 1) == ':' ? "" : ":")
                        .append(Integer.toHexString(group(i)));
            }
        }
        return text + length;
    }
}
