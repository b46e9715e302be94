package dev.evidencevault.crypto.vrf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VrfTest {
    private static final VrfKey KEY = VrfKey.of(new byte[48]);
    private static final byte[] INPUT = "alice".getBytes(StandardCharsets.UTF_8);

    /** Examples 10, 11 and 12 of RFC 9381, appendix B.1. */
    @ParameterizedTest
    @CsvSource({
        "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721, "
                + "0360fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6, sample, "
                + "035b5c726e8c0e2c488a107c600578ee75cb702343c153cb1eb8dec77f4b5071b4a53f0a46f018bc2c56e58d383f2305e0"
                + "975972c26feea0eb122fe7893c15af376b33edf7de17c6ea056d4d82de6bc02f, "
                + "a3ad7b0ef73d8fc6655053ea22f9bede8c743f08bbed3d38821f0e16474b505e",
        "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721, "
                + "0360fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6, test, "
                + "034dac60aba508ba0c01aa9be80377ebd7562c4a52d74722e0abae7dc3080ddb56c19e067b15a8a8174905b13617804534"
                + "214f935b94c2287f797e393eb0816969d864f37625b443f30f1a5a33f2b3c854, "
                + "a284f94ceec2ff4b3794629da7cbafa49121972671b466cab4ce170aa365f26d",
        "2ca1411a41b17b24cc8c3b089cfd033f1920202a6c0de8abb97df1498d50d2c8, "
                + "03596375e6ce57e0f20294fc46bdfcfd19a39f8161b58695b3ec5b3d16427c274d, "
                + "'Example using ECDSA key from Appendix L.4.2 of ANSI.X9-62-2005', "
                + "03d03398bf53aa23831d7d1b2937e005fb0062cbefa06796579f2a1fc7e7b8c667d091c00b0f5c3619d10ecea44363b5a5"
                + "99cadc5b2957e223fec62e81f7b4825fc799a771a3d7334b9186bdbee87316b1, "
                + "90871e06da5caa39a3c61578ebb844de8635e27ac0b13e829997d0d95dd98c19"
    })
    void theExamplesOfTheRfc(String secret, String publicKey, String input, String proof, String value) {
        VrfKey key = new VrfKey(new BigInteger(secret, 16));
        byte[] alpha = input.getBytes(StandardCharsets.US_ASCII);
        assertEquals(publicKey, key.publicKey().hex());
        assertEquals(proof, key.prove(alpha).hex());
        assertArrayEquals(HexFormat.of().parseHex(value), key.value(alpha));
        assertArrayEquals(
                HexFormat.of().parseHex(value),
                VrfPublicKey.parse(publicKey)
                        .verify(alpha, VrfProof.parse(proof))
                        .orElseThrow());
    }

    @Property(tries = 25)
    void aProofIsOfItsInputUnderItsKeyOnly(@ForAll @Size(max = 50) byte[] input, @ForAll @Size(48) byte[] random) {
        VrfKey key = VrfKey.of(random);
        VrfProof proof = key.prove(input);
        assertArrayEquals(key.value(input), key.publicKey().verify(input, proof).orElseThrow());
        byte[] longer = java.util.Arrays.copyOf(input, input.length + 1);
        assertTrue(key.publicKey().verify(longer, proof).isEmpty());
        random[47] ^= 1;
        assertTrue(VrfKey.of(random).publicKey().verify(input, proof).isEmpty());
    }

    @Property(tries = 60)
    void aProofWithAnotherBitProvesNothing(
            @ForAll @IntRange(max = VrfProof.BYTES - 1) int at, @ForAll @IntRange(max = 7) int bit) {
        byte[] bytes = HexFormat.of().parseHex(KEY.prove(INPUT).hex());
        bytes[at] ^= (byte) (1 << bit);
        VrfProof changed = VrfProof.parse(HexFormat.of().formatHex(bytes));
        assertTrue(KEY.publicKey().verify(INPUT, changed).isEmpty());
    }

    @Test
    void aResponseBeyondTheOrderIsNotASecondSpelling() {
        String proof = KEY.prove(INPUT).hex();
        BigInteger response = new BigInteger(proof.substring(98), 16);
        BigInteger other = response.add(EcVrf.ORDER);
        if (other.bitLength() <= 256) {
            VrfProof changed = VrfProof.parse(proof.substring(0, 98) + String.format("%064x", other));
            assertTrue(KEY.publicKey().verify(INPUT, changed).isEmpty());
        }
        VrfProof most = VrfProof.parse(proof.substring(0, 98) + "f".repeat(64));
        assertTrue(KEY.publicKey().verify(INPUT, most).isEmpty());
    }

    @Test
    void whatIsNoKeyIsRefused() {
        String key = KEY.publicKey().hex();
        assertEquals(KEY.publicKey(), VrfPublicKey.parse(key));
        assertFalse(KEY.publicKey().equals(VrfKey.of(INPUT_40).publicKey()));
        for (String text : new String[] {
            "", "00", "04" + key.substring(2), key + "00", key.toUpperCase(java.util.Locale.ROOT), "02" + "f".repeat(64)
        }) {
            assertThrows(IllegalArgumentException.class, () -> VrfPublicKey.parse(text), text);
        }
        assertThrows(IllegalArgumentException.class, () -> new VrfKey(BigInteger.ZERO));
        assertThrows(IllegalArgumentException.class, () -> new VrfKey(EcVrf.ORDER));
        assertThrows(IllegalArgumentException.class, () -> VrfKey.of(new byte[39]));
        assertThrows(IllegalArgumentException.class, () -> VrfProof.parse("00".repeat(80)));
        assertThrows(IllegalArgumentException.class, () -> VrfProof.parse("AA".repeat(81)));
    }

    private static final byte[] INPUT_40 = new byte[] {
        1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 1, 2, 3, 4, 5, 6,
        7, 8, 9, 10
    };
}
