package dev.evidencevault.crypto.keys;

import dev.evidencevault.crypto.aead.FileCipher;
import dev.evidencevault.crypto.note.NoteAlgorithm;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The algorithms of a vault, chosen when it is created and named in all that it writes: what its files are encrypted with,
 * what its trees hash with (SHA-256 in all of them), and what it signs with. The second, post-quantum signature of
 * checkpoints is in no name: all suites have it.
 */
public enum CryptoSuite {
    /** AES-256-GCM, SHA-256 and Ed25519: what a vault has for which nothing else was chosen. */
    AES_ED25519(FileCipher.AES_256_GCM, NoteAlgorithm.ED25519),

    /** ChaCha20-Poly1305, SHA-256 and Ed25519. */
    CHACHA_ED25519(FileCipher.CHACHA20_POLY1305, NoteAlgorithm.ED25519),

    /** AES-256-GCM, SHA-256 and ECDSA over P-384. */
    AES_P384(FileCipher.AES_256_GCM, NoteAlgorithm.ECDSA_P384),

    /** ChaCha20-Poly1305, SHA-256 and ECDSA over P-384. */
    CHACHA_P384(FileCipher.CHACHA20_POLY1305, NoteAlgorithm.ECDSA_P384);

    private final FileCipher cipher;
    private final NoteAlgorithm signature;

    CryptoSuite(FileCipher cipher, NoteAlgorithm signature) {
        this.cipher = cipher;
        this.signature = signature;
    }

    /**
     * Returns the suite of a name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static CryptoSuite ofLabel(String label) {
        return Arrays.stream(values())
                .filter(suite -> suite.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("expected a suite ("
                        + Arrays.stream(values()).map(CryptoSuite::label).collect(Collectors.joining(", "))
                        + "), found " + label));
    }

    /** Returns the name, for example {@code AES-256-GCM+SHA-256+Ed25519}. */
    public String label() {
        return cipher.label() + "+SHA-256+" + signature.label();
    }

    /** Returns what files are encrypted with. */
    public FileCipher cipher() {
        return cipher;
    }

    /** Returns what the vault signs with. */
    public NoteAlgorithm signature() {
        return signature;
    }

    @Override
    public String toString() {
        return label();
    }
}
