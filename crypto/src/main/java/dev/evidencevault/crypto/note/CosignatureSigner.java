package dev.evidencevault.crypto.note;

import com.google.crypto.tink.subtle.Ed25519Sign;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * Cosigns checkpoints under a name (c2sp.org/tlog-cosignature). Safe for use by several threads.
 *
 * <p>It states what it is told to: that the checkpoint is consistent with all that the cosigner signed before of the log
 * is the caller's to check. One Ed25519 key may serve one cosigner only, because its message does not hold the name.
 */
public final class CosignatureSigner {
    private final CosignatureVerifier verifier;
    private final NoteSigner.RawKey key;

    /** Creates a signer from a private key; {@code verifier} carries its name, algorithm and public half. */
    public CosignatureSigner(CosignatureVerifier verifier, NoteSigner.RawKey key) {
        this.verifier = verifier;
        this.key = key;
    }

    /**
     * Creates a signer from an Ed25519 private key.
     *
     * @param name the cosigner's name
     * @param seed the 32 bytes of the private key (RFC 8032 section 5.1.5)
     * @throws IllegalArgumentException if the name is no key name or the seed has another length
     */
    public static CosignatureSigner ed25519(String name, byte[] seed) {
        if (seed.length != Ed25519Sign.SECRET_KEY_LEN) {
            throw new IllegalArgumentException("an Ed25519 private key has 32 bytes, found " + seed.length);
        }
        try {
            byte[] publicKey = Ed25519Sign.KeyPair.newKeyPairFromSeed(seed).getPublicKey();
            return new CosignatureSigner(
                    new CosignatureVerifier(name, CosignatureAlgorithm.ED25519, publicKey),
                    new Ed25519Sign(seed)::sign);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no Ed25519 key follows from the seed", e);
        }
    }

    /**
     * Creates a signer from an ML-DSA-44 private key.
     *
     * @param name the cosigner's name, at most 255 bytes of UTF-8
     * @param seed the 32 bytes from which the private key follows (xi in FIPS 204 algorithm 6)
     * @param random hedges the signatures (FIPS 204 section 3.4)
     * @throws IllegalArgumentException if the name is no key name or too long, or the seed has another length
     */
    public static CosignatureSigner mlDsa44(String name, byte[] seed, SecureRandom random) {
        MlDsa44 key = new MlDsa44(seed, random);
        return new CosignatureSigner(
                new CosignatureVerifier(name, CosignatureAlgorithm.ML_DSA_44, key.publicKey()), key);
    }

    /** Returns the public half. */
    public CosignatureVerifier verifier() {
        return verifier;
    }

    /**
     * Returns the cosignature of a checkpoint, a line for its note.
     *
     * @param timeSeconds now, in seconds since 1970 (POSIX); 0 to state no time
     * @throws IllegalArgumentException if the time is negative, or the algorithm is ML-DSA-44 and the origin has more than
     *     255 bytes
     */
    public SignedNote.Signature cosign(Checkpoint checkpoint, long timeSeconds) {
        CosignatureAlgorithm algorithm = verifier.algorithm();
        if (timeSeconds < 0) {
            throw new IllegalArgumentException("the time of a cosignature is not negative, found " + timeSeconds);
        }
        if (!algorithm.holds(checkpoint.origin())) {
            throw new IllegalArgumentException("an origin that " + algorithm
                    + " cosigns has at most 255 bytes, found \"" + checkpoint.origin() + "\"");
        }
        byte[] signature;
        try {
            signature = key.sign(algorithm.message(verifier.name(), checkpoint, timeSeconds));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the " + algorithm + " key does not sign", e);
        }
        if (signature.length != algorithm.signatureBytes()) {
            throw new IllegalStateException("a signature of " + algorithm + " has " + algorithm.signatureBytes()
                    + " bytes, the key made one of " + signature.length);
        }
        byte[] timed = ByteBuffer.allocate(CosignatureVerifier.TIME_BYTES + signature.length)
                .putLong(timeSeconds)
                .put(signature)
                .array();
        return new SignedNote.Signature(
                verifier.name(), verifier.keyId(), Base64.getEncoder().encodeToString(timed));
    }
}
