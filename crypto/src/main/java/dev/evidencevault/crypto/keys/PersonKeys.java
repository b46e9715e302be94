package dev.evidencevault.crypto.keys;

import com.google.crypto.tink.KeysetHandle;
import dev.evidencevault.crypto.note.NoteAlgorithm;
import dev.evidencevault.crypto.note.NoteSigner;

/**
 * The Ed25519 key with which one person signs, under the name of that person. No vault holds it: it is wrapped with a
 * passphrase of the person's own. Immutable and safe for use by several threads.
 */
public final class PersonKeys {
    private final String name;
    private final KeysetHandle signing;

    private PersonKeys(String name, KeysetHandle signing) {
        this.name = name;
        this.signing = signing;
    }

    /** Generates a key. */
    public static PersonKeys generate(String name) {
        return new PersonKeys(name, SigningKeyset.generate(NoteAlgorithm.ED25519));
    }

    /**
     * Opens a wrapped key.
     *
     * @throws WrongKeyException if the passphrase is another, or it was wrapped for another name
     */
    public static PersonKeys unwrap(String name, byte[] wrapped, KeyEncryption kek) throws WrongKeyException {
        return new PersonKeys(name, kek.unwrap(wrapped, wrapping(name)));
    }

    /** Wraps the key; the name is bound into the wrapping. */
    public byte[] wrap(KeyEncryption kek) {
        return kek.wrap(signing, wrapping(name));
    }

    private static String wrapping(String name) {
        return "evidence-vault/person-key/v1/" + name;
    }

    /** Returns the signer. */
    public NoteSigner signer() {
        return SigningKeyset.signer(signing, name);
    }
}
