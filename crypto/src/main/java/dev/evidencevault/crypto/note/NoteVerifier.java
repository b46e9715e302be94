package dev.evidencevault.crypto.note;

import java.nio.charset.StandardCharsets;
import java.security.spec.ECPoint;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A public key under a name, which checks notes (signature types 0x01 and 0x02 of c2sp.org/signed-note). Immutable and safe
 * for use by several threads.
 *
 * <p>Its text form, the <em>verifier key</em>, is {@code name+keyid+base64}; two people who compare it compare the key.
 */
public final class NoteVerifier {
    private final VerifierKey key;
    private final NoteAlgorithm algorithm;
    private final byte[] publicKey;

    /**
     * Creates the verifier of a raw Ed25519 public key.
     *
     * @throws IllegalArgumentException if the name is no key name or the key has not 32 bytes
     */
    public NoteVerifier(String name, byte[] publicKey) {
        this(name, NoteAlgorithm.ED25519, publicKey);
    }

    /**
     * Creates the verifier of a public key.
     *
     * @param publicKey in the form of the algorithm
     * @throws IllegalArgumentException if the name is no key name or the key has another form
     */
    public NoteVerifier(String name, NoteAlgorithm algorithm, byte[] publicKey) {
        this(new VerifierKey(name, algorithm.type(), publicKey), algorithm);
    }

    /**
     * Creates the verifier of a point of P-384.
     *
     * @throws IllegalArgumentException if the name is no key name or the point is not of the curve
     */
    public static NoteVerifier ecdsaP384(String name, ECPoint point) {
        return new NoteVerifier(
                name, NoteAlgorithm.ECDSA_P384, EcdsaP384.format(point.getAffineX(), point.getAffineY()));
    }

    private NoteVerifier(VerifierKey key, NoteAlgorithm algorithm) {
        this.key = key;
        this.algorithm = algorithm;
        this.publicKey = key.publicKey();
        algorithm.requireKey(publicKey);
    }

    /**
     * Parses a verifier key.
     *
     * @throws IllegalArgumentException if the text is none, its id is not that of its key, or its key is of none of the
     *     algorithms
     */
    public static NoteVerifier parse(String text) {
        VerifierKey key = VerifierKey.parse(text);
        NoteAlgorithm algorithm = NoteAlgorithm.of(key.type())
                .orElseThrow(() -> new IllegalArgumentException(
                        "expected a verifier key of Ed25519 or ECDSA P-384 (type 1 or 2), found type " + key.type()));
        return new NoteVerifier(key, algorithm);
    }

    /** Returns the algorithm. */
    public NoteAlgorithm algorithm() {
        return algorithm;
    }

    /** Returns the key's name. */
    public String name() {
        return key.name();
    }

    /** Returns a copy of the public key, in the form of its algorithm. */
    public byte[] publicKey() {
        return publicKey.clone();
    }

    /** Returns the verifier key, {@code name+keyid+base64}. */
    public String format() {
        return key.format();
    }

    /** Says whether a signature line claims to be of this key, by name and id. */
    public boolean isNamedBy(SignedNote.Signature signature) {
        return key.isNamedBy(signature);
    }

    /**
     * Says whether the note carries a good signature of this key. Signatures of other keys do not matter; one of this
     * name and id that is bad makes the answer no, whatever stands beside it.
     */
    public boolean verifies(SignedNote note) {
        List<SignedNote.Signature> ours =
                note.signatures().stream().filter(key::isNamedBy).toList();
        return !ours.isEmpty() && ours.stream().allMatch(signature -> verifies(note.text(), signature));
    }

    private boolean verifies(String text, SignedNote.Signature signature) {
        return algorithm.verifies(
                publicKey,
                text.getBytes(StandardCharsets.UTF_8),
                Base64.getDecoder().decode(signature.bytes()));
    }

    int keyId() {
        return key.id();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof NoteVerifier that && key.equals(that.key);
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
