package dev.evidencevault.index;

import dev.evidencevault.index.query.Network;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * By what addresses stand in a block's filter: each by itself and by the networks that it is in, of the lengths that are
 * common. A network is looked for by the longest of these that is not longer than it.
 */
final class AddressKeys {
    private static final int[] V4_BITS = {96 + 8, 96 + 16, 96 + 24, Network.ADDRESS_BITS};
    private static final int[] V6_BITS = {32, 48, 64, Network.ADDRESS_BITS};

    private AddressKeys() {}

    private static int[] lengths(Network network) {
        return network.isV4() ? V4_BITS : V6_BITS;
    }

    private static long key(Network address, int bits) {
        long high = address.high() & Network.mask(bits);
        long low = address.low() & Network.mask(bits - Long.SIZE);
        return WordFilter.mix(WordFilter.mix(high ^ bits) ^ low);
    }

    /** Gives the keys of an address. */
    static void of(Network address, LongConsumer keys) {
        for (int bits : lengths(address)) {
            keys.accept(key(address, bits));
        }
    }

    /** Returns the key that every block has in which an address of a network stands, or null if there is none. */
    static @Nullable Long required(Network network) {
        Long key = null;
        for (int bits : lengths(network)) {
            if (bits <= network.bits()) {
                key = key(network, bits);
            }
        }
        return key;
    }
}
