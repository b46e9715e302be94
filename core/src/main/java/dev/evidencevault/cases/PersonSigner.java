package dev.evidencevault.cases;

import dev.evidencevault.crypto.note.NoteSigner;
import dev.evidencevault.crypto.note.SignedNote;

/** Signs steps as one person. */
public interface PersonSigner {
    /** Returns the public half. Its name is the person's id. */
    PersonKey key();

    /** Returns a text, which ends in a line feed, under one signature of this person. */
    SignedNote sign(String text);

    /** Returns the signer with an Ed25519 key. */
    static PersonSigner of(NoteSigner signer) {
        PersonKey key = new PersonKey.Ed25519(signer.verifier());
        return new PersonSigner() {
            @Override
            public PersonKey key() {
                return key;
            }

            @Override
            public SignedNote sign(String text) {
                return signer.sign(text);
            }
        };
    }
}
