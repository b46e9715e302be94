package dev.evidencevault.crypto.note;

import com.google.crypto.tink.subtle.Ed25519Verify;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Optional;

/**
 * The two kinds of cosignature (c2sp.org/tlog-cosignature): what is signed and with what. Both sign a checkpoint without
 * extension lines, which is all that {@link Checkpoint} holds.
 */
public enum CosignatureAlgorithm {
    /**
     * Signature type 0x04: Ed25519 (RFC 8032) over the text {@code cosignature/v1}, a line with the time and the
     * checkpoint. The name of the cosigner is not signed.
     */
    ED25519((byte) 4, 32, 64) {
        @Override
        boolean holds(String text) {
            return true;
        }

        @Override
        byte[] message(String cosigner, Checkpoint checkpoint, long timeSeconds) {
            return ("cosignature/v1\ntime " + timeSeconds + "\n" + checkpoint.format())
                    .getBytes(StandardCharsets.UTF_8);
        }

        @Override
        boolean verifies(byte[] publicKey, byte[] message, byte[] signature) {
            try {
                new Ed25519Verify(publicKey).verify(signature, message);
                return true;
            } catch (GeneralSecurityException e) {
                return false;
            }
        }
    },

    /**
     * Signature type 0x06: ML-DSA-44 (FIPS 204, pure, empty context) over the structure {@code cosigned_message} with
     * the label {@code subtree/v1}, whose subtree is the whole tree. The name of the cosigner is signed.
     */
    ML_DSA_44((byte) 6, 1312, 2420) {
        @Override
        boolean holds(String text) {
            return text.getBytes(StandardCharsets.UTF_8).length <= OPAQUE_BYTES_MAX;
        }

        @Override
        byte[] message(String cosigner, Checkpoint checkpoint, long timeSeconds) {
            byte[] name = cosigner.getBytes(StandardCharsets.UTF_8);
            byte[] origin = checkpoint.origin().getBytes(StandardCharsets.UTF_8);
            byte[] root = checkpoint.root().bytes();
            long start = 0;
            return ByteBuffer.allocate(
                            SUBTREE_LABEL.length + 1 + name.length + 8 + 1 + origin.length + 16 + root.length)
                    .put(SUBTREE_LABEL)
                    .put((byte) name.length)
                    .put(name)
                    .putLong(timeSeconds)
                    .put((byte) origin.length)
                    .put(origin)
                    .putLong(start)
                    .putLong(checkpoint.size())
                    .put(root)
                    .array();
        }

        @Override
        boolean verifies(byte[] publicKey, byte[] message, byte[] signature) {
            return MlDsa44.verifies(publicKey, message, signature);
        }
    };

    private static final byte[] SUBTREE_LABEL = "subtree/v1\n\0".getBytes(StandardCharsets.US_ASCII);
    private static final int OPAQUE_BYTES_MAX = 255;

    private final byte type;
    private final int publicKeyBytes;
    private final int signatureBytes;

    CosignatureAlgorithm(byte type, int publicKeyBytes, int signatureBytes) {
        this.type = type;
        this.publicKeyBytes = publicKeyBytes;
        this.signatureBytes = signatureBytes;
    }

    /** Returns the algorithm with this signature type identifier byte, if it is one of the two. */
    static Optional<CosignatureAlgorithm> of(byte type) {
        for (CosignatureAlgorithm algorithm : values()) {
            if (algorithm.type == type) {
                return Optional.of(algorithm);
            }
        }
        return Optional.empty();
    }

    /** Returns the signature type identifier byte of c2sp.org/signed-note. */
    byte type() {
        return type;
    }

    /** Returns the length of a public key in bytes: 32 or 1312. */
    public int publicKeyBytes() {
        return publicKeyBytes;
    }

    /** Returns the length of a signature in bytes, without the time before it: 64 or 2420. */
    public int signatureBytes() {
        return signatureBytes;
    }

    /** Says whether the message has room for this name or origin; if not, there is no message. */
    abstract boolean holds(String text);

    /** Returns the bytes that are signed. Requires that the name and the origin have room. */
    abstract byte[] message(String cosigner, Checkpoint checkpoint, long timeSeconds);

    /** Says whether the signature, which has the right length, is good. */
    abstract boolean verifies(byte[] publicKey, byte[] message, byte[] signature);
}
