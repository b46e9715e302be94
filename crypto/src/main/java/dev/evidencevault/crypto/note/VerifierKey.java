package dev.evidencevault.crypto.note;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A public key of any signature type under a name, and its text form {@code name+keyid+base64}
 * (c2sp.org/signed-note, "Verifier keys"). Immutable.
 */
public final class VerifierKey {
    private final String name;
    private final byte type;
    private final byte[] publicKey;
    private final int id;

    /**
     * Creates a key.
     *
     * @param type the signature type identifier byte
     * @throws IllegalArgumentException if the name is no key name
     */
    public VerifierKey(String name, byte type, byte[] publicKey) {
        SignedNote.requireName(name);
        this.name = name;
        this.type = type;
        this.publicKey = publicKey.clone();
        this.id = NoteAlgorithm.of(type)
                .map(algorithm -> algorithm.keyId(name, publicKey))
                .orElseGet(() -> NoteAlgorithm.hashedId(type, name, publicKey));
    }

    /**
     * Parses the text form.
     *
     * @throws IllegalArgumentException if the text is none, or its id is not that of its key
     */
    public static VerifierKey parse(String text) {
        String[] parts = text.split("\\+", 3);
        if (parts.length != 3) {
            throw new IllegalArgumentException("a verifier key is name+keyid+base64, found \"" + text + "\"");
        }
        byte[] typed = Base64.getDecoder().decode(parts[2]);
        if (typed.length == 0) {
            throw new IllegalArgumentException("a verifier key has a type byte and a public key, found neither");
        }
        VerifierKey key = new VerifierKey(parts[0], typed[0], Arrays.copyOfRange(typed, 1, typed.length));
        if (!key.format().equals(text)) {
            throw new IllegalArgumentException("the verifier key is " + key.format() + ", found \"" + text + "\"");
        }
        return key;
    }

    /** Returns the name. */
    public String name() {
        return name;
    }

    /** Returns the signature type identifier byte. */
    public byte type() {
        return type;
    }

    /** Returns a copy of the raw public key. */
    public byte[] publicKey() {
        return publicKey.clone();
    }

    /** Returns the first four bytes, big-endian, of SHA-256(name, newline, type, public key); for type 2 of SHA-256(public key). */
    public int id() {
        return id;
    }

    /** Says whether a signature line claims this key: by name and id, which proves nothing. */
    public boolean isNamedBy(SignedNote.Signature signature) {
        return signature.keyId() == id && signature.name().equals(name);
    }

    /** Returns the text form. */
    public String format() {
        byte[] typed = ByteBuffer.allocate(1 + publicKey.length)
                .put(type)
                .put(publicKey)
                .array();
        return shortForm() + "+" + Base64.getEncoder().encodeToString(typed);
    }

    /** Returns {@code name+keyid}, for messages. */
    String shortForm() {
        return name + "+" + HexFormat.of().toHexDigits(id);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof VerifierKey that
                && type == that.type
                && name.equals(that.name)
                && Arrays.equals(publicKey, that.publicKey);
    }

    @Override
    public int hashCode() {
        return id;
    }

    @Override
    public String toString() {
        return format();
    }
}
