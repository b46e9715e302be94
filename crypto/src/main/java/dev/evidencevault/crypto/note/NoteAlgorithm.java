package dev.evidencevault.crypto.note;

import com.google.crypto.tink.subtle.Ed25519Verify;
import dev.evidencevault.crypto.merkle.Digest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Optional;

/** What a signed note's text is signed with (c2sp.org/signed-note, "Signature types"). */
public enum NoteAlgorithm {
    /** Signature type 0x01: Ed25519 (RFC 8032). A public key has 32 bytes, a signature 64. */
    ED25519(1, "Ed25519") {
        @Override
        int keyId(String name, byte[] publicKey) {
            return hashedId(name, publicKey);
        }

        @Override
        void requireKey(byte[] publicKey) {
            if (publicKey.length != ED25519_KEY_BYTES) {
                throw new IllegalArgumentException("an Ed25519 public key has 32 bytes, found " + publicKey.length);
            }
        }

        @Override
        boolean verifies(byte[] publicKey, byte[] text, byte[] signature) {
            try {
                new Ed25519Verify(publicKey).verify(signature, text);
                return true;
            } catch (GeneralSecurityException e) {
                return false;
            }
        }

        @Override
        byte[] oneForm(byte[] signature) {
            return signature;
        }
    },

    /**
     * Signature type 0x02: ECDSA with SHA-256, over the curve P-384 (FIPS 186-5). A public key is a SubjectPublicKeyInfo (RFC
     * 5480), and the key id does not hold the name; see {@link EcdsaP384} for both spellings.
     */
    ECDSA_P384(2, "ECDSA-P384") {
        @Override
        int keyId(String name, byte[] publicKey) {
            return firstFour(Digest.sha256(publicKey));
        }

        @Override
        void requireKey(byte[] publicKey) {
            EcdsaP384.parse(publicKey);
        }

        @Override
        boolean verifies(byte[] publicKey, byte[] text, byte[] signature) {
            return EcdsaP384.verifies(publicKey, text, signature);
        }

        @Override
        byte[] oneForm(byte[] signature) {
            return EcdsaP384.lowForm(signature);
        }
    };

    private static final int ED25519_KEY_BYTES = 32;

    private final byte type;
    private final String label;

    NoteAlgorithm(int type, String label) {
        this.type = (byte) type;
        this.label = label;
    }

    /** Returns the algorithm with this signature type identifier byte, if it is one of these. */
    static Optional<NoteAlgorithm> of(byte type) {
        for (NoteAlgorithm algorithm : values()) {
            if (algorithm.type == type) {
                return Optional.of(algorithm);
            }
        }
        return Optional.empty();
    }

    /** Returns the signature type identifier byte. */
    byte type() {
        return type;
    }

    /** Returns the name, as it stands in the names of suites. */
    public String label() {
        return label;
    }

    /** Returns the id of a key. */
    abstract int keyId(String name, byte[] publicKey);

    /**
     * Checks the form of a public key.
     *
     * @throws IllegalArgumentException if it has another
     */
    abstract void requireKey(byte[] publicKey);

    /** Says whether a signature is good, and in its one spelling. */
    abstract boolean verifies(byte[] publicKey, byte[] text, byte[] signature);

    /** Returns a signature that a key made in its one spelling. */
    abstract byte[] oneForm(byte[] signature);

    /** The id that the specification recommends for a type: over name, newline, type and key. */
    static int hashedId(byte type, String name, byte[] publicKey) {
        byte[] prefix = (name + "\n").getBytes(StandardCharsets.UTF_8);
        return firstFour(Digest.sha256(prefix, new byte[] {type}, publicKey));
    }

    int hashedId(String name, byte[] publicKey) {
        return hashedId(type, name, publicKey);
    }

    private static int firstFour(Digest digest) {
        return ByteBuffer.wrap(digest.bytes()).getInt();
    }

    @Override
    public String toString() {
        return label;
    }
}
