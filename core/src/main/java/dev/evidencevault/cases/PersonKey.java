package dev.evidencevault.cases;

import dev.evidencevault.crypto.cms.NoteCertificate;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.note.NoteAlgorithm;
import dev.evidencevault.crypto.note.NoteVerifier;
import dev.evidencevault.crypto.note.SignedNote;
import java.time.Instant;

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

    /** Says whether the key may sign at a time: always, unless it has a certificate with an end. */
    boolean isValidAt(Instant time);

    /**
     * Reads the text form.
     *
     * @throws IllegalArgumentException if it is none
     */
    static PersonKey parse(String text) {
        return NoteCertificate.isForm(text)
                ? new Certified(NoteCertificate.parse(text))
                : new Ed25519(NoteVerifier.parse(text));
    }

    /**
     * An Ed25519 key, in the text form of C2SP signed notes.
     *
     * @param verifier the key
     */
    record Ed25519(NoteVerifier verifier) implements PersonKey {
        /** Checks that it is one. */
        public Ed25519 {
            if (verifier.algorithm() != NoteAlgorithm.ED25519) {
                throw new IllegalArgumentException(
                        "expected a person's key of Ed25519 or a certificate, found one of " + verifier.algorithm());
            }
        }

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

        @Override
        public boolean isValidAt(Instant time) {
            return true;
        }
    }

    /**
     * A certificate (X.509) of a key of P-256, P-384 or RSA, which may lie in a device.
     *
     * @param certificate the certificate under the person's id
     */
    record Certified(NoteCertificate certificate) implements PersonKey {
        @Override
        public String text() {
            return certificate.format();
        }

        @Override
        public String name() {
            return certificate.name();
        }

        @Override
        public Digest fingerprint() {
            return certificate.publicKeyDigest();
        }

        @Override
        public boolean verifies(SignedNote note) {
            return certificate.verifies(note);
        }

        @Override
        public boolean isValidAt(Instant time) {
            return certificate.isValidAt(time);
        }
    }
}
