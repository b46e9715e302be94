package dev.evidencevault.cases;

import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.note.NoteVerifier;
import dev.evidencevault.crypto.note.SignedNote;

/** The public key of a person. Immutable. */
public sealed interface PersonKey {
    /** Returns the text form, in which it is registered. */
    String text();

    /** Returns the name that stands at its signatures. */
    String name();

    /** Returns the SHA-256 of the bare public key: two keys with one of these are one key, whatever their names. */
    Digest fingerprint();

    /** Says whether a note carries a good signature of this key. */
    boolean verifies(SignedNote note);

    /**
     * Reads the text form.
     *
     * @throws IllegalArgumentException if it is none
     */
    static PersonKey parse(String text) {
        return new Ed25519(NoteVerifier.parse(text));
    }

    /**
     * An Ed25519 key, in the text form of C2SP signed notes.
     *
     * @param verifier the key
     */
    record Ed25519(NoteVerifier verifier) implements PersonKey {
        @Override
        public String text() {
            return verifier.format();
        }

        @Override
        public String name() {
            return verifier.name();
        }

        @Override
        public Digest fingerprint() {
            return Digest.sha256(verifier.publicKey());
        }

        @Override
        public boolean verifies(SignedNote note) {
            return verifier.verifies(note);
        }
    }
}
