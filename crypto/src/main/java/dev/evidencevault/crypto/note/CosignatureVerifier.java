package dev.evidencevault.crypto.note;

import dev.evidencevault.crypto.note.CosignatureVerdict.Bad;
import dev.evidencevault.crypto.note.CosignatureVerdict.Good;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A cosigner's public key under its name, which checks cosignatures of checkpoints (signature types 0x04 and 0x06 of
 * c2sp.org/tlog-cosignature). Immutable and safe for use by several threads.
 *
 * <p>A cosignature is a signature line whose bytes are a time, 8 bytes, and a signature over that time and the
 * checkpoint. No clock is asked: whether a time is plausible is the caller's to say.
 */
public final class CosignatureVerifier {
    /** Length of the time before the signature in bytes. */
    static final int TIME_BYTES = 8;

    private final VerifierKey key;
    private final byte[] publicKey;
    private final CosignatureAlgorithm algorithm;

    /**
     * Creates the verifier of a raw public key.
     *
     * @param name the cosigner's name; at most 255 bytes of UTF-8 for ML-DSA-44
     * @param publicKey 32 bytes for Ed25519 (RFC 8032), 1312 for ML-DSA-44 (FIPS 204, pkEncode)
     * @throws IllegalArgumentException if the name is no key name or too long, or the key has another length
     */
    public CosignatureVerifier(String name, CosignatureAlgorithm algorithm, byte[] publicKey) {
        this(new VerifierKey(name, algorithm.type(), publicKey), algorithm);
    }

    private CosignatureVerifier(VerifierKey key, CosignatureAlgorithm algorithm) {
        this.key = key;
        this.publicKey = key.publicKey();
        this.algorithm = algorithm;
        if (publicKey.length != algorithm.publicKeyBytes()) {
            throw new IllegalArgumentException("a public key for " + algorithm + " has " + algorithm.publicKeyBytes()
                    + " bytes, found " + publicKey.length);
        }
        if (!algorithm.holds(key.name())) {
            throw new IllegalArgumentException("a cosigner's name has at most 255 bytes, found \"" + key.name() + "\"");
        }
    }

    /**
     * Parses a verifier key, {@code name+keyid+base64}.
     *
     * @throws IllegalArgumentException if the text is none, its id is not that of its key, or its key is for something
     *     else than cosignatures
     */
    public static CosignatureVerifier parse(String text) {
        VerifierKey key = VerifierKey.parse(text);
        CosignatureAlgorithm algorithm = CosignatureAlgorithm.of(key.type())
                .orElseThrow(() -> new IllegalArgumentException(
                        "expected a verifier key for cosignatures (type 4 or 6), found type " + key.type()));
        return new CosignatureVerifier(key, algorithm);
    }

    /** Returns the cosigner's name. */
    public String name() {
        return key.name();
    }

    /** Returns the algorithm. */
    public CosignatureAlgorithm algorithm() {
        return algorithm;
    }

    /** Returns a copy of the raw public key. */
    public byte[] publicKey() {
        return publicKey.clone();
    }

    /** Returns the verifier key, {@code name+keyid+base64}. */
    public String format() {
        return key.format();
    }

    /** Says whether a signature line claims to be of this key, by name and id. Only {@link #verify} says if it is. */
    public boolean isNamedBy(SignedNote.Signature signature) {
        return key.isNamedBy(signature);
    }

    /** Checks a signature line against a checkpoint. */
    public CosignatureVerdict verify(Checkpoint checkpoint, SignedNote.Signature signature) {
        if (!isNamedBy(signature)) {
            return new Bad("expected a cosignature of " + key.shortForm() + ", found one of " + signature.name() + "+"
                    + HexFormat.of().toHexDigits(signature.keyId()));
        }
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(signature.bytes());
        } catch (IllegalArgumentException e) {
            return new Bad("the cosignature of " + key.shortForm() + " is not base64: " + e.getMessage());
        }
        if (!Base64.getEncoder().encodeToString(bytes).equals(signature.bytes())) {
            return new Bad("the cosignature of " + key.shortForm() + " is not in the one spelling of base64");
        }
        if (bytes.length != TIME_BYTES + algorithm.signatureBytes()) {
            return new Bad("a cosignature of " + key.shortForm() + " has " + (TIME_BYTES + algorithm.signatureBytes())
                    + " bytes, found " + bytes.length);
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        long timeSeconds = buffer.getLong();
        byte[] signed = new byte[buffer.remaining()];
        buffer.get(signed);
        if (timeSeconds < 0) {
            return new Bad(
                    "the time of a cosignature is at most 2^63-1 seconds, found " + Long.toUnsignedString(timeSeconds));
        }
        if (!algorithm.holds(checkpoint.origin())) {
            return new Bad("an origin that " + algorithm + " cosigns has at most 255 bytes, found \""
                    + checkpoint.origin() + "\"");
        }
        byte[] message = algorithm.message(key.name(), checkpoint, timeSeconds);
        return algorithm.verifies(publicKey, message, signed)
                ? new Good(timeSeconds)
                : new Bad("the key " + key.shortForm() + " did not sign size " + checkpoint.size() + " of \""
                        + checkpoint.origin() + "\" with root "
                        + checkpoint.root().base64() + " at time " + timeSeconds);
    }

    int keyId() {
        return key.id();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CosignatureVerifier that && key.equals(that.key);
    }

    @Override
    public int hashCode() {
        return key.hashCode();
    }

    @Override
    public String toString() {
        return format();
    }
}
