package dev.evidencevault.crypto.vrf;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.bouncycastle.math.ec.ECAlgorithms;
import org.bouncycastle.math.ec.ECPoint;

/** A public key of ECVRF-P256-SHA256-TAI (RFC 9381 section 5). Immutable and safe for use by several threads. */
public final class VrfPublicKey {
    private final byte[] bytes;
    private final ECPoint point;

    /**
     * Creates a key from its 33 bytes, a compressed point.
     *
     * @throws IllegalArgumentException if they are not a point of P-256 (section 5.4.5, validation of the key)
     */
    public VrfPublicKey(byte[] bytes) {
        this.bytes = bytes.clone();
        this.point = EcVrf.point(bytes);
    }

    /**
     * Parses 66 lower-case hexadecimal digits.
     *
     * @throws IllegalArgumentException if they are not a key
     */
    public static VrfPublicKey parse(String text) {
        VrfPublicKey key = new VrfPublicKey(HexFormat.of().parseHex(text));
        if (!key.hex().equals(text)) {
            throw new IllegalArgumentException("a key is written in lower-case digits");
        }
        return key;
    }

    /** Returns the value that a proof is of, 32 bytes; nothing if it proves none for this input (section 5.3). */
    public Optional<byte[]> verify(byte[] input, VrfProof proof) {
        ECPoint gamma;
        try {
            gamma = EcVrf.point(proof.gamma());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        BigInteger response = new BigInteger(1, proof.response());
        if (response.compareTo(EcVrf.ORDER) >= 0) {
            return Optional.empty();
        }
        BigInteger challenge = new BigInteger(1, proof.challenge());
        ECPoint h = EcVrf.encodeToCurve(bytes, input);
        ECPoint u =
                EcVrf.timesBase(response).subtract(point.multiply(challenge)).normalize();
        ECPoint v = ECAlgorithms.sumOfTwoMultiplies(h, response, gamma.negate(), challenge)
                .normalize();
        return Arrays.equals(EcVrf.challenge(point, h, gamma, u, v), proof.challenge())
                ? Optional.of(EcVrf.hash(proof.gamma()))
                : Optional.empty();
    }

    /** Returns the key's bytes in hexadecimal digits. */
    public String hex() {
        return HexFormat.of().formatHex(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof VrfPublicKey key && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return hex();
    }
}
