package dev.evidencevault.crypto.note;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;

/** Signs notes with a key under a name (c2sp.org/signed-note). Safe for use by several threads. */
public final class NoteSigner {
    private final NoteVerifier verifier;
    private final RawKey key;

    /** A private key that signs bytes: for notes with their {@link NoteAlgorithm}, for cosignatures with what they say. */
    @FunctionalInterface
    public interface RawKey {
        /** Returns the bare signature: 64 bytes of Ed25519, Ecdsa-Sig-Value in DER, or 2420 bytes of ML-DSA-44. */
        byte[] sign(byte[] message) throws GeneralSecurityException;
    }

    /** Creates a signer from a private key; {@code verifier} carries its name and public half. */
    public NoteSigner(NoteVerifier verifier, RawKey key) {
        this.verifier = verifier;
        this.key = key;
    }

    /** Returns the public half. */
    public NoteVerifier verifier() {
        return verifier;
    }

    /** Returns the text, which has to end in a newline, signed. */
    public SignedNote sign(String text) {
        try {
            byte[] signature = verifier.algorithm().oneForm(key.sign(text.getBytes(StandardCharsets.UTF_8)));
            return new SignedNote(
                    text,
                    List.of(new SignedNote.Signature(
                            verifier.name(),
                            verifier.keyId(),
                            Base64.getEncoder().encodeToString(signature))));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the " + verifier.algorithm() + " key does not sign", e);
        }
    }
}
