package dev.evidencevault.crypto.note;

import com.google.crypto.tink.subtle.Ed25519Verify;
import dev.evidencevault.crypto.merkle.Digest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
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

    private final String name;
    private final byte[] publicKey;
    private final int keyId;

    /**
     * Creates the verifier of a raw public key.
     *
     * @throws IllegalArgumentException if the name is no key name or the key has not 32 bytes
     */
    public NoteVerifier(String name, byte[] publicKey) {
        SignedNote.requireName(name);
        if (publicKey.length != KEY_BYTES) {
            throw new IllegalArgumentException("an Ed25519 public key has 32 bytes, found " + publicKey.length);
        }
        this.name = name;
        this.publicKey = publicKey.clone();
        byte[] prefix = (name + "\n").getBytes(StandardCharsets.UTF_8);
        Digest digest = Digest.sha256(prefix, new byte[] {ED25519}, publicKey);
        this.keyId = ByteBuffer.wrap(digest.bytes()).getInt();
    }

    /**
     * Parses a verifier key.
     *
     * @throws IllegalArgumentException if the text is none, its id is not that of its key, or it is no Ed25519 key
     */
    public static NoteVerifier parse(String text) {
        String[] parts = text.split("\\+", 3);
        if (parts.length != 3) {
            throw new IllegalArgumentException("a verifier key is name+keyid+base64, found \"" + text + "\"");
        }
        byte[] key = Base64.getDecoder().decode(parts[2]);
        if (key.length == 0 || key[0] != ED25519) {
            throw new IllegalArgumentException("expected an Ed25519 verifier key (type 1)");
        }
        NoteVerifier verifier = new NoteVerifier(parts[0], Arrays.copyOfRange(key, 1, key.length));
        if (!verifier.format().equals(text)) {
            throw new IllegalArgumentException("the verifier key is " + verifier.format() + ", found \"" + text + "\"");
        }
        return verifier;
    }

    /** Returns the key's name. */
    public String name() {
        return name;
    }

    /** Returns a copy of the raw 32-byte public key. */
    public byte[] publicKey() {
        return publicKey.clone();
    }

    /** Returns the verifier key, {@code name+keyid+base64}. */
    public String format() {
        byte[] typed =
                ByteBuffer.allocate(1 + KEY_BYTES).put(ED25519).put(publicKey).array();
        return name + "+" + HexFormat.of().toHexDigits(keyId) + "+"
                + Base64.getEncoder().encodeToString(typed);
    }

    /**
     * Says whether the note carries a good signature of this key. Signatures of other keys do not matter; one of this
     * name and id that is bad makes the answer no, whatever stands beside it.
     */
    public boolean verifies(SignedNote note) {
        List<SignedNote.Signature> ours = note.signatures().stream()
                .filter(signature ->
                        signature.keyId() == keyId && signature.name().equals(name))
                .toList();
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
        return keyId;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof NoteVerifier that && format().equals(that.format());
    }

    @Override
    public int hashCode() {
        return keyId;
    }

    @Override
    public String toString() {
        return format();
    }
}
