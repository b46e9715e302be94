package dev.evidencevault.crypto.note;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.params.MLDSAParameters;
import org.bouncycastle.crypto.params.MLDSAPrivateKeyParameters;
import org.bouncycastle.crypto.params.MLDSAPublicKeyParameters;
import org.bouncycastle.crypto.params.ParametersWithRandom;
import org.bouncycastle.crypto.signers.MLDSASigner;

/**
 * A private key of ML-DSA-44 (FIPS 204): pure, not pre-hashed, and with an empty context. Signing is hedged (section
 * 3.4). Immutable and safe for use by several threads.
 */
final class MlDsa44 implements NoteSigner.RawKey {
    /** Length of a private key in bytes: the seed from which the rest of it follows (xi in FIPS 204 algorithm 6). */
    static final int SEED_BYTES = 32;

    private final MLDSAPrivateKeyParameters key;
    private final SecureRandom random;

    /**
     * Expands a private key.
     *
     * @throws IllegalArgumentException if the seed has not 32 bytes
     */
    MlDsa44(byte[] seed, SecureRandom random) {
        if (seed.length != SEED_BYTES) {
            throw new IllegalArgumentException("the seed of an ML-DSA-44 key has 32 bytes, found " + seed.length);
        }
        this.key = new MLDSAPrivateKeyParameters(MLDSAParameters.ml_dsa_44, seed.clone());
        this.random = random;
    }

    /** Returns the 1312 bytes of the public key. */
    byte[] publicKey() {
        return key.getPublicKey();
    }

    @Override
    public byte[] sign(byte[] message) throws GeneralSecurityException {
        MLDSASigner signer = new MLDSASigner();
        signer.init(true, new ParametersWithRandom(key, random));
        signer.update(message, 0, message.length);
        try {
            return signer.generateSignature();
        } catch (CryptoException e) {
            throw new GeneralSecurityException("the ML-DSA-44 key does not sign", e);
        }
    }

    /** Says whether a signature of 2420 bytes is that of the public key of 1312 bytes over the message. */
    static boolean verifies(byte[] publicKey, byte[] message, byte[] signature) {
        MLDSASigner signer = new MLDSASigner();
        signer.init(false, new MLDSAPublicKeyParameters(MLDSAParameters.ml_dsa_44, publicKey));
        signer.update(message, 0, message.length);
        return signer.verifySignature(signature);
    }
}
