package dev.evidencevault.cases;

import dev.evidencevault.crypto.cms.CertifiedKey;
import dev.evidencevault.crypto.cms.NoteCertificate;
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

    /**
     * Returns the signer with a certificate.
     *
     * @param id the person's id
     * @throws IllegalArgumentException if the certificate is none that signs
     */
    static PersonSigner of(String id, CertifiedKey holder) {
        NoteCertificate certificate = NoteCertificate.of(id, holder.certificate());
        PersonKey key = new PersonKey.Certified(certificate);
        return new PersonSigner() {
            @Override
            public PersonKey key() {
                return key;
            }

            @Override
            public SignedNote sign(String text) {
                return certificate.sign(text, holder);
            }
        };
    }
}
