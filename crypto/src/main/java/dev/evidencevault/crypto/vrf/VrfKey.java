package dev.evidencevault.crypto.vrf;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.math.ec.ECPoint;

/**
 * A secret key of the verifiable random function ECVRF-P256-SHA256-TAI (RFC 9381 section 5). Immutable and safe for use by
 * several threads.
 */
public final class VrfKey {
    private final BigInteger secret;
    private final ECPoint publicPoint;
    private final byte[] publicKey;

    /**
     * Creates the key with a secret scalar.
     *
     * @throws IllegalArgumentException if it is not from 1 to the order of P-256 less 1
     */
    public VrfKey(BigInteger secret) {
        if (secret.signum() <= 0 || secret.compareTo(EcVrf.ORDER) >= 0) {
            throw new IllegalArgumentException("a secret scalar is from 1 to the order of the curve less 1");
        }
        this.secret = secret;
        this.publicPoint = EcVrf.timesBase(secret);
        this.publicKey = EcVrf.bytes(publicPoint);
    }

    /**
     * Makes a key of uniformly random bytes: their value modulo the order less 1, and 1 (FIPS 186-5 appendix A.2.1).
     *
     * @param random at least 40 bytes
     */
    public static VrfKey of(byte[] random) {
        if (random.length < EcVrf.SCALAR_BYTES + 8) {
            throw new IllegalArgumentException("expected at least 40 random bytes, found " + random.length);
        }
        BigInteger value = new BigInteger(1, random);
        return new VrfKey(value.mod(EcVrf.ORDER.subtract(BigInteger.ONE)).add(BigInteger.ONE));
    }

    /** Returns the public key, with which proofs are verified. */
    public VrfPublicKey publicKey() {
        return new VrfPublicKey(publicKey);
    }

    /** Returns the function's value for an input, 32 bytes, without a proof: a third of the work. */
    public byte[] value(byte[] input) {
        ECPoint gamma = EcVrf.encodeToCurve(publicKey, input).multiply(secret).normalize();
        return EcVrf.hash(EcVrf.bytes(gamma));
    }

    /** Proves the function's value for an input (section 5.1). The proof is the same each time. */
    public VrfProof prove(byte[] input) {
        ECPoint h = EcVrf.encodeToCurve(publicKey, input);
        ECPoint gamma = h.multiply(secret).normalize();
        BigInteger nonce = nonce(h);
        byte[] challenge = EcVrf.challenge(
                publicPoint, h, gamma, EcVrf.timesBase(nonce), h.multiply(nonce).normalize());
        BigInteger response =
                nonce.add(new BigInteger(1, challenge).multiply(secret)).mod(EcVrf.ORDER);
        return new VrfProof(EcVrf.bytes(gamma), challenge, EcVrf.bytes(response));
    }

    /** Section 5.4.2.1: the deterministic nonce of RFC 6979 for the point as message. */
    private BigInteger nonce(ECPoint h) {
        try {
            HMacDSAKCalculator calculator = new HMacDSAKCalculator(new SHA256Digest());
            calculator.init(
                    EcVrf.ORDER, secret, MessageDigest.getInstance("SHA-256").digest(EcVrf.bytes(h)));
            return calculator.nextK();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
