package dev.evidencevault.crypto.note;

import com.google.crypto.tink.subtle.Ed25519Verify;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An Ed25519 public key under a name, which checks notes (signature type 0x01 of c2sp.org/signed-note).
 *
 * <p>Its text form, the <em>verifier key</em>, is {@code name+keyid+base64}; two people who compare it compare the key.
 */
public final class NoteVerifier {
    private static final byte ED25519 = 1;
    private static final int KEY_BYTES = 32;

    private final VerifierKey key;
    private final byte[] publicKey;

    /**
     * Creates the verifier of a raw public key.
     *
     * @throws IllegalArgumentException if the name is no key name or the key has not 32 bytes
     */
    public NoteVerifier(String name, byte[] publicKey) {
        this(new VerifierKey(name, ED25519, publicKey));
    }

    private NoteVerifier(VerifierKey key) {
        this.key = key;
        this.publicKey = key.publicKey();
        if (publicKey.length != KEY_BYTES) {
            throw new IllegalArgumentException("an Ed25519 public key has 32 bytes, found " + publicKey.length);
        }
    }

    /**
     * Parses a verifier key.
     *
     * @throws IllegalArgumentException if the text is none, its id is not that of its key, or it is no Ed25519 key
     */
    public static NoteVerifier parse(String text) {
        VerifierKey key = VerifierKey.parse(text);
        if (key.type() != ED25519) {
            throw new IllegalArgumentException("expected an Ed25519 verifier key (type 1), found type " + key.type());
        }
        return new NoteVerifier(key);
    }

    /** Returns the key's name. */
    public String name() {
        return key.name();
    }

    /** Returns a copy of the raw 32-byte public key. */
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
        try {
            new Ed25519Verify(publicKey)
                    .verify(Base64.getDecoder().decode(signature.bytes()), text.getBytes(StandardCharsets.UTF_8));
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
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
