package dev.evidencevault.crypto.note;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.crypto.digests.SHAKEDigest;
import org.junit.jupiter.api.Test;

class MlDsa44Test {
    /** Randomness of zeros, with which FIPS 204 signs deterministically (section 3.4). */
    private static final class Zeros extends SecureRandom {
        private static final long serialVersionUID = 1L;

        @Override
        public void nextBytes(byte[] bytes) {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /** The vector for 100 keys of C2SP/CCTV, ML-DSA/accumulated. */
    @Test
    void keysAndSignaturesAreThoseOfTheAccumulatedVector() throws GeneralSecurityException {
        SHAKEDigest seeds = new SHAKEDigest(128);
        SHAKEDigest accumulated = new SHAKEDigest(128);
        byte[] message = new byte[0];
        for (int i = 0; i < 100; i++) {
            byte[] seed = new byte[MlDsa44.SEED_BYTES];
            seeds.doOutput(seed, 0, seed.length);
            MlDsa44 key = new MlDsa44(seed, new Zeros());
            byte[] publicKey = key.publicKey();
            byte[] signature = key.sign(message);
            assertTrue(MlDsa44.verifies(publicKey, message, signature));
            assertFalse(MlDsa44.verifies(publicKey, new byte[1], signature));
            accumulated.update(publicKey, 0, publicKey.length);
            accumulated.update(signature, 0, signature.length);
        }
        byte[] result = new byte[32];
        accumulated.doFinal(result, 0, result.length);
        assertEquals(
                "d51148e1f9f4fa1a723a6cf42e25f2a99eb5c1b378b3d2dbbd561b1203beeae4",
                HexFormat.of().formatHex(result));
    }
}
