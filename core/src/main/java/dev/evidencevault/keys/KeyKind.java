package dev.evidencevault.keys;

import dev.evidencevault.crypto.keys.CryptoSuite;
import dev.evidencevault.crypto.note.NoteAlgorithm;
import java.util.List;

/**
 * A kind of key: what it is for, and how long it lives. The same for every vault of a suite; {@code docs/formats/vault.md} says how each is
 * derived or wrapped.
 *
 * @param name its name, as in that document
 * @param algorithm the algorithm it is used with
 * @param bits its length
 * @param use what it is for
 * @param kept where it is kept
 * @param lifetime how long it is used
 * @param ofTenant whether each tenant has its own
 */
public record KeyKind(
        String name, String algorithm, int bits, String use, String kept, String lifetime, boolean ofTenant) {
    private static final String WRAPPED = "keys.json of the log, wrapped by the vault's or the tenant's key";
    private static final String IN_SETTINGS = "vault.json, wrapped by the vault's key";
    private static final String ROTATED = "until it is rotated; older ones open what was written under them";
    private static final String VAULT_LIFE = "as long as the vault";
    private static final String HKDF = "HKDF-SHA-256";

    /** Returns all kinds, from the secret down, of a vault of a suite. */
    public static List<KeyKind> of(CryptoSuite suite) {
        return List.of(
                new KeyKind(
                        "secret's key",
                        "AES-256-GCM",
                        256,
                        "wraps the vault's keys",
                        "nowhere: comes from the passphrase (Argon2id), the key file (SHA-256), or a key that is kept elsewhere",
                        "until the vault gets another secret",
                        false),
                new KeyKind(
                        "vault's key (KEK)",
                        "AES-256-GCM",
                        256,
                        "wraps keysets",
                        "vault.json, wrapped by the secret's key",
                        "until the vault gets another secret; older ones open what they wrap",
                        false),
                new KeyKind(
                        "tenant's own key (KEK)",
                        "AES-256-GCM",
                        256,
                        "wraps the tenant's keysets in place of the vault's key",
                        "keys.json of the log, wrapped by a key that the tenant keeps elsewhere",
                        "until the tenant's keys are rotated",
                        true),
                new KeyKind(
                        "signing",
                        suite.signature().label(),
                        signatureBits(suite.signature()),
                        "signs checkpoints, settings and bundles",
                        "vault.json or, after a succession, in successions/; wrapped by the vault's key",
                        "until others succeed it",
                        false),
                new KeyKind(
                        "post-quantum signing",
                        "ML-DSA-44",
                        256,
                        "signs checkpoints and bundles a second time",
                        "nowhere: its seed is derived from the keyset for blinding",
                        "until others succeed it",
                        false),
                new KeyKind(
                        "names",
                        suite.cipher().label(),
                        256,
                        "tenants' names, steps of cases",
                        IN_SETTINGS,
                        VAULT_LIFE,
                        false),
                new KeyKind(
                        "blinding", HKDF, 256, "hides how many logs an anchor covers", IN_SETTINGS, VAULT_LIFE, false),
                new KeyKind("content", HKDF, 256, "derives a key for each segment file", WRAPPED, ROTATED, true),
                new KeyKind("journal", HKDF, 256, "derives a key for each journal file", WRAPPED, ROTATED, true),
                new KeyKind("index", HKDF, 256, "derives a key for each index file", WRAPPED, ROTATED, true),
                new KeyKind("backup", HKDF, 256, "derives a key for each file of deposits", WRAPPED, ROTATED, true),
                new KeyKind(
                        "salt",
                        "AES-256-CTR",
                        256,
                        "salts of commitments; encrypts nothing",
                        WRAPPED,
                        "as long as the log: commitments depend on it",
                        true),
                new KeyKind(
                        "tag",
                        "ECVRF-P256-SHA256-TAI",
                        256,
                        "pseudonyms of actors and services; encrypts nothing",
                        WRAPPED,
                        "as long as the log: proofs depend on it",
                        true),
                new KeyKind(
                        "file",
                        suite.cipher().label(),
                        256,
                        "encrypts one file",
                        "nowhere: derived from a keyset and 32 random bytes in the file",
                        "writes in one process life and never again",
                        true));
    }

    private static int signatureBits(NoteAlgorithm algorithm) {
        return switch (algorithm) {
            case ED25519 -> 256;
            case ECDSA_P384 -> 384;
        };
    }
}
