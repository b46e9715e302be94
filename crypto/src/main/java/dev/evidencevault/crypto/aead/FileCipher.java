package dev.evidencevault.crypto.aead;

import java.security.GeneralSecurityException;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;

/**
 * What a file's blocks are encrypted with. All have keys of 32 bytes, nonces of {@link DataKey#NONCE_BYTES} and tags of
 * {@link DataKey#OVERHEAD_BYTES}.
 */
public enum FileCipher {
    /** AES-256 in Galois/Counter Mode (NIST SP 800-38D). */
    AES_256_GCM(0, "AES-256-GCM", "AES/GCM/NoPadding", "AES") {
        @Override
        AlgorithmParameterSpec parameters(byte[] nonce) {
            return new GCMParameterSpec(8 * DataKey.OVERHEAD_BYTES, nonce);
        }

        @Override
        public String label(String use) {
            return use;
        }
    },

    /** ChaCha20 and Poly1305 (RFC 8439). */
    CHACHA20_POLY1305(1, "ChaCha20-Poly1305", "ChaCha20-Poly1305", "ChaCha20") {
        @Override
        AlgorithmParameterSpec parameters(byte[] nonce) {
            return new IvParameterSpec(nonce);
        }
    };

    private final byte code;
    private final String label;
    private final String transformation;
    private final String keyAlgorithm;

    FileCipher(int code, String label, String transformation, String keyAlgorithm) {
        this.code = (byte) code;
        this.label = label;
        this.transformation = transformation;
        this.keyAlgorithm = keyAlgorithm;
    }

    /** Returns the cipher with this code, if there is one. */
    public static Optional<FileCipher> of(byte code) {
        for (FileCipher cipher : values()) {
            if (cipher.code == code) {
                return Optional.of(cipher);
            }
        }
        return Optional.empty();
    }

    /** Returns the byte that stands for it in the headers of files. */
    public byte code() {
        return code;
    }

    /** Returns the name, as it stands in the names of suites. */
    public String label() {
        return label;
    }

    /**
     * Returns the label under which keys for a use are derived. Each cipher has its own, so that no key, and no commitment to
     * one, is ever of two ciphers.
     */
    public String label(String use) {
        return use + "/" + label;
    }

    String keyAlgorithm() {
        return keyAlgorithm;
    }

    abstract AlgorithmParameterSpec parameters(byte[] nonce);

    Cipher cipher() {
        try {
            return Cipher.getInstance(transformation);
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every Java platform has " + label, e);
        }
    }

    @Override
    public String toString() {
        return label;
    }
}
