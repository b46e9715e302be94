package dev.evidencevault.crypto.vrf;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.util.BigIntegers;

/** What proving and verifying share: the suite ECVRF-P256-SHA256-TAI of RFC 9381 section 5.5. */
final class EcVrf {
    static final int POINT_BYTES = 33;
    static final int CHALLENGE_BYTES = 16;
    static final int SCALAR_BYTES = 32;

    private static final X9ECParameters P256 = CustomNamedCurves.getByName("secp256r1");
    static final BigInteger ORDER = P256.getN();

    private static final byte SUITE = 1;
    private static final byte ENCODE_TO_CURVE = 1;
    private static final byte CHALLENGE = 2;
    private static final byte PROOF_TO_HASH = 3;
    private static final byte BACK = 0;
    private static final byte EVEN_Y = 2;
    private static final int TRIES = 256;

    private EcVrf() {}

    static ECPoint timesBase(BigInteger scalar) {
        return P256.getG().multiply(scalar).normalize();
    }

    /** Section 5.4.1.1, encode_to_curve by try and increment, with the public key as salt. */
    static ECPoint encodeToCurve(byte[] publicKey, byte[] input) {
        byte[] candidate = new byte[POINT_BYTES];
        candidate[0] = EVEN_Y;
        for (int counter = 0; counter < TRIES; counter++) {
            MessageDigest digest = digest(ENCODE_TO_CURVE);
            digest.update(publicKey);
            digest.update(input);
            digest.update((byte) counter);
            byte[] hash = end(digest);
            System.arraycopy(hash, 0, candidate, 1, hash.length);
            Optional<ECPoint> point = lift(candidate);
            if (point.isPresent()) {
                return point.get();
            }
        }
        throw new IllegalArgumentException("no point was found for the input, which happens once in 2^256 inputs");
    }

    /** Half of all numbers are the x of no point. */
    private static Optional<ECPoint> lift(byte[] candidate) {
        try {
            return Optional.of(P256.getCurve().decodePoint(candidate));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Section 5.4.3, challenge_generation. */
    static byte[] challenge(ECPoint... points) {
        MessageDigest digest = digest(CHALLENGE);
        for (ECPoint point : points) {
            digest.update(bytes(point));
        }
        return Arrays.copyOf(end(digest), CHALLENGE_BYTES);
    }

    /** Section 5.2, proof_to_hash. */
    static byte[] hash(byte[] gamma) {
        MessageDigest digest = digest(PROOF_TO_HASH);
        digest.update(gamma);
        return end(digest);
    }

    static byte[] bytes(ECPoint point) {
        return point.getEncoded(true);
    }

    static byte[] bytes(BigInteger scalar) {
        return BigIntegers.asUnsignedByteArray(SCALAR_BYTES, scalar);
    }

    /**
     * Decodes a compressed point (SEC 1 section 2.3.4).
     *
     * @throws IllegalArgumentException if it is none, or the point at infinity
     */
    static ECPoint point(byte[] bytes) {
        if (bytes.length != POINT_BYTES || bytes[0] != 2 && bytes[0] != 3) {
            throw new IllegalArgumentException("a point of P-256 has 33 bytes of which the first is 2 or 3");
        }
        return P256.getCurve().decodePoint(bytes);
    }

    private static MessageDigest digest(byte domain) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(SUITE);
            digest.update(domain);
            return digest;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static byte[] end(MessageDigest digest) {
        digest.update(BACK);
        return digest.digest();
    }
}
