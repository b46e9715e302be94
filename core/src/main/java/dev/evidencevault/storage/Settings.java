package dev.evidencevault.storage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.crypto.keys.CryptoSuite;
import dev.evidencevault.crypto.keys.KeyDerivation;
import dev.evidencevault.crypto.keys.KeyEncryption;
import dev.evidencevault.crypto.keys.KeySourceException;
import dev.evidencevault.crypto.keys.NodeKeys;
import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.crypto.keys.WrappedKey;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.note.CheckpointKeys;
import dev.evidencevault.crypto.note.CosignatureVerifier;
import dev.evidencevault.crypto.note.NoteSigner;
import dev.evidencevault.crypto.note.NoteVerifier;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.format.CommitmentScheme;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.KeyHistory;
import dev.evidencevault.format.LogId;
import dev.evidencevault.format.Timestamps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What stands in {@code vault.json}: who the vault is, how its key comes from its secret, its own keysets (wrapped) and
 * the public key of its checkpoints. {@code vault.sig} is the signature over it. Format: {@code docs/formats/vault.md}.
 *
 * @param vaultId random, the same for the life of the vault
 * @param createdAt in nanoseconds since 1970
 * @param suite its algorithms
 * @param derivation how a key comes from the secret: the one that wraps the vault's key, or the vault's key itself in a vault
 *     without {@code vaultKey}
 * @param vaultKey the vault's key-encryption key, wrapped; null in versions 1 to 3
 * @param keysets the vault's own keysets, wrapped, by name
 * @param firstKeys the public keys of its first checkpoints
 * @param successions the hand-overs to later keys, which stand in files of their own
 * @param events how its logs commit to events
 */
public record Settings(
        LogId vaultId,
        long createdAt,
        CryptoSuite suite,
        KeyDerivation derivation,
        @Nullable VaultKey vaultKey,
        Map<String, byte[]> keysets,
        CheckpointKeys firstKeys,
        List<SuccessionFile> successions,
        CommitmentScheme events) {

    /**
     * The vault's key-encryption key, wrapped by the one that comes from the secret.
     *
     * @param epoch how many secrets the vault has had, from 1 to 1,000,000
     * @param wrappedBase64 a wrapped Tink keyset, in padded standard base64
     */
    public record VaultKey(int epoch, String wrappedBase64) {
        private static final int EPOCH_MAX = 1_000_000;

        /** Checks the epoch and that the key is base64. */
        public VaultKey {
            if (epoch < 1 || epoch > EPOCH_MAX) {
                throw new IllegalArgumentException("expected an epoch from 1 to " + EPOCH_MAX + ", found " + epoch);
            }
            Base64.getDecoder().decode(wrappedBase64);
        }

        private static String purpose(LogId vaultId, int epoch) {
            return "evidence-vault/kek-keyset/v1/" + owner(vaultId) + "/" + epoch;
        }

        private static VaultKey wrap(KeyEncryption kek, KeyEncryption secretKey, LogId vaultId, int epoch) {
            return new VaultKey(
                    epoch, Base64.getEncoder().encodeToString(kek.wrapUnder(secretKey, purpose(vaultId, epoch))));
        }

        private KeyEncryption unwrap(KeyEncryption secretKey, LogId vaultId) throws WrongKeyException {
            return secretKey.unwrapKey(Base64.getDecoder().decode(wrappedBase64), purpose(vaultId, epoch));
        }
    }

    private static final String FORMAT = "evidence-vault/1";

    /** With a second public key. */
    private static final String FORMAT_2 = "evidence-vault/2";

    /** With a second public key, and events that are committed to by fields. */
    private static final String FORMAT_3 = "evidence-vault/3";

    /** With a key of its own, which the secret's wraps; the second public key may be missing, the commitments not. */
    private static final String FORMAT_4 = "evidence-vault/4";

    private static final String FIELDS = "fields";
    private static final String LINE = "line";

    /** Beside a process that changes the secret, the signature may be that of the file that follows. */
    private static final int READ_ATTEMPTS = 3;

    private static final int FILE_BYTES_MAX = 1 << 20;
    private static final String SIGNED_LABEL = "evidence-vault/settings/v1\n";

    /** Copies the keysets' map. */
    public Settings {
        keysets = Map.copyOf(keysets);
        successions = List.copyOf(successions);
        if (firstKeys.verifier().algorithm() != suite.signature()) {
            throw new IllegalArgumentException("a vault of the suite " + suite + " signs with " + suite.signature()
                    + ", found a key of " + firstKeys.verifier().algorithm());
        }
        if (events == CommitmentScheme.FIELDS && firstKeys.postQuantum() == null) {
            throw new IllegalArgumentException("a vault whose events are committed to by fields has an ML-DSA-44 key");
        }
    }

    /** Returns the name under which a vault signs its checkpoints, which is also their origin. */
    public static String keyName(LogId vaultId) {
        return "evidencevault.dev/node/" + vaultId;
    }

    /** Returns the name that keysets of this vault are bound to. */
    public static String owner(LogId vaultId) {
        return vaultId.toString();
    }

    /**
     * Returns the settings of a new vault.
     *
     * @param kek the vault's key-encryption key
     * @param argon2MemoryKib for a passphrase: how much memory stretching it takes, in KiB
     * @throws KeySourceException if the secret is kept elsewhere, and cannot be reached there
     */
    public static Settings create(
            LogId vaultId,
            long createdAt,
            CryptoSuite suite,
            VaultSecret secret,
            int argon2MemoryKib,
            KeyEncryption kek,
            NodeKeys nodeKeys,
            CheckpointKeys keys,
            CommitmentScheme events)
            throws IOException {
        KeyDerivation derivation = KeyDerivation.forNew(secret, owner(vaultId), argon2MemoryKib);
        return new Settings(
                vaultId,
                createdAt,
                suite,
                derivation,
                VaultKey.wrap(kek, secretKey(derivation, secret), vaultId, 1),
                nodeKeys.wrap(kek),
                keys,
                List.of(),
                events);
    }

    /**
     * Returns the same settings for another secret. The key-encryption key gets a newer one beside it, which wraps from now on:
     * who knew the old secret does not know that.
     *
     * @throws KeySourceException if the secret is kept elsewhere, and cannot be reached there
     */
    public Settings withSecret(VaultSecret secret, int argon2MemoryKib, KeyEncryption kek, NodeKeys nodeKeys)
            throws IOException {
        KeyDerivation next = KeyDerivation.forNew(secret, owner(vaultId), argon2MemoryKib);
        KeyEncryption renewed = kek.renewed();
        int epoch = vaultKey == null ? 1 : vaultKey.epoch() + 1;
        Map<String, byte[]> wrapped = new TreeMap<>(nodeKeys.wrap(renewed));
        if (!successions.isEmpty()) {
            // Those that sign now stand with the hand-over to them.
            wrapped.put(NodeKeys.SIGNING, keysets.get(NodeKeys.SIGNING));
        }
        return new Settings(
                vaultId,
                createdAt,
                suite,
                next,
                VaultKey.wrap(renewed, secretKey(next, secret), vaultId, epoch),
                wrapped,
                firstKeys,
                successions,
                events);
    }

    private static KeyEncryption secretKey(KeyDerivation derivation, VaultSecret secret) throws IOException {
        try {
            return KeyEncryption.derive(derivation, secret);
        } catch (WrongKeyException e) {
            throw new KeySourceException("a key that was just wrapped does not come back: " + e.getMessage(), e);
        }
    }

    /**
     * Returns the vault's key-encryption key.
     *
     * @throws WrongKeyException if the secret is not this vault's
     * @throws KeySourceException if it is kept elsewhere, and cannot be reached there
     */
    public KeyEncryption open(VaultSecret secret) throws WrongKeyException, KeySourceException {
        KeyEncryption secretKey = KeyEncryption.derive(derivation, secret);
        return vaultKey == null ? secretKey : vaultKey.unwrap(secretKey, vaultId);
    }

    /** Returns the bytes of {@code vault.json}. */
    public byte[] format() {
        ObjectNode json = Json.object();
        json.put("format", formatName())
                .put("vaultId", vaultId.toString())
                .put("createdAt", Timestamps.format(createdAt))
                .put("suite", suite.label());
        VaultKey own = vaultKey;
        if (own != null) {
            json.put("epoch", own.epoch());
        }
        ObjectNode key = json.putObject("keySource");
        switch (derivation) {
            case KeyDerivation.Argon2id argon ->
                key.put("type", "passphrase")
                        .put("kdf", "argon2id")
                        .put("memoryKib", argon.memoryKib())
                        .put("iterations", argon.iterations())
                        .put("lanes", argon.lanes())
                        .put("salt", argon.saltHex());
            case KeyDerivation.KeyFileDigest file -> key.put("type", "keyFile");
            case KeyDerivation.ExternalKey external ->
                key.put("type", "wrapped")
                        .put("uri", external.key().uri())
                        .put("key", external.key().wrappedBase64());
        }
        if (own != null) {
            json.put("vaultKey", own.wrappedBase64());
        }
        ObjectNode wrappedKeysets = json.putObject("keysets");
        new TreeMap<>(keysets)
                .forEach((name, bytes) ->
                        wrappedKeysets.put(name, Base64.getEncoder().encodeToString(bytes)));
        json.put("verifierKey", firstKeys.verifier().format());
        CosignatureVerifier second = firstKeys.postQuantum();
        if (second != null) {
            json.put("postQuantumKey", second.format());
        }
        if (events == CommitmentScheme.FIELDS || own != null) {
            json.put("commitments", events == CommitmentScheme.FIELDS ? FIELDS : LINE);
        }
        return Json.bytes(json);
    }

    private String formatName() {
        if (vaultKey != null) {
            return FORMAT_4;
        }
        return events == CommitmentScheme.FIELDS ? FORMAT_3 : firstKeys.postQuantum() == null ? FORMAT : FORMAT_2;
    }

    /** Returns the public keys of its checkpoints, from the first to the current ones. */
    public KeyHistory keys() {
        return KeyHistory.from(
                firstKeys, successions.stream().map(SuccessionFile::succession).toList());
    }

    /** Returns the key of elliptic curves that signs now, also settings and bundles. */
    public NoteVerifier verifier() {
        return keys().current().verifier();
    }

    /** Returns the wrapped keysets with which the vault signs and encrypts now. */
    public Map<String, byte[]> currentKeysets() {
        Map<String, byte[]> current = new TreeMap<>(keysets);
        if (!successions.isEmpty()) {
            current.put(
                    NodeKeys.SIGNING,
                    successions.get(successions.size() - 1).signing().bytes());
        }
        return current;
    }

    private Settings with(List<SuccessionFile> later) {
        return new Settings(vaultId, createdAt, suite, derivation, vaultKey, keysets, firstKeys, later, events);
    }

    /** Returns the note that signs these settings. */
    public SignedNote sign(NoteSigner signer) {
        return signer.sign(signedText(format()));
    }

    private static String signedText(byte[] file) {
        return SIGNED_LABEL + Digest.sha256(file).hex() + "\n";
    }

    /**
     * Reads the settings of a vault and checks that they are signed with the key that they name.
     *
     * @throws NoSuchFileException if the directory holds no vault
     * @throws CorruptFileException if they are damaged
     */
    public static Settings read(Layout layout) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return readOnce(layout);
            } catch (CorruptFileException e) {
                if (attempt == READ_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /** The files of the settings, as they are. Immutable. */
    public static final class Signed {
        private final byte[] settings;
        private final byte[] signature;

        private Signed(byte[] settings, byte[] signature) {
            this.settings = settings;
            this.signature = signature;
        }

        /** Returns the bytes of {@code vault.json}. */
        public byte[] settings() {
            return settings.clone();
        }

        /** Returns the bytes of {@code vault.sig}, which is over those. */
        public byte[] signature() {
            return signature.clone();
        }
    }

    /**
     * Reads the files of the settings so that they belong together, also beside a process that changes the secret.
     *
     * @throws CorruptFileException if they do not
     */
    public static Signed readSigned(Layout layout) throws IOException {
        for (int attempt = 1; attempt <= READ_ATTEMPTS; attempt++) {
            byte[] signature = readSmall(layout.settingsSignature());
            for (Path file : List.of(layout.settings(), layout.nextSettings())) {
                Optional<byte[]> settings = signed(layout, file, signature);
                if (settings.isPresent()) {
                    return new Signed(settings.get(), signature);
                }
            }
        }
        throw new CorruptFileException(
                layout.settingsSignature(), 0, "this is not the signature of vault.json: one of them was changed");
    }

    private static Optional<byte[]> signed(Layout layout, Path file, byte[] signature) throws IOException {
        try {
            byte[] bytes = readSmall(file);
            boolean fits = parse(layout, file, bytes).isSignedBy(SignedNote.parse(signature), bytes);
            return fits ? Optional.of(bytes) : Optional.empty();
        } catch (NoSuchFileException e) {
            // What was to come is in place by now, or is not there at all.
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            throw new CorruptFileException(layout.settingsSignature(), 0, Json.firstLine(e));
        }
    }

    private static Settings readOnce(Layout layout) throws IOException {
        Path file = layout.settings();
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(
                    layout.root().toString(), null, "there is no vault here: vault.json is missing");
        }
        byte[] bytes = readSmall(file);
        Settings settings = parse(layout, file, bytes);
        SignedNote note = signature(layout);
        if (settings.isSignedBy(note, bytes)) {
            return settings;
        }
        // Where the secret was being changed, the signature is over the settings that follow.
        Optional<Settings> next = signedNext(layout);
        if (next.isPresent()
                && next.get().vaultId().equals(settings.vaultId())
                && next.get().firstKeys().equals(settings.firstKeys())) {
            return next.get();
        }
        throw new CorruptFileException(
                layout.settingsSignature(), 0, "this is not the signature of vault.json: one of them was changed");
    }

    /** Reads the settings that are to come, if they are there and the signature is over them. */
    static Optional<Settings> signedNext(Layout layout) throws IOException {
        try {
            byte[] bytes = readSmall(layout.nextSettings());
            Settings next = parse(layout, layout.nextSettings(), bytes);
            return next.isSignedBy(signature(layout), bytes) ? Optional.of(next) : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Says whether the keys that sign now made a note, or those before: a hand-over is in place before the settings are signed anew. */
    private boolean isSignedBy(SignedNote note, byte[] bytes) {
        KeyHistory keys = keys();
        int before = Math.max(0, keys.successions().size() - 1);
        return note.text().equals(signedText(bytes))
                && keys.signerOf(note, before).isPresent();
    }

    private static Settings parse(Layout layout, Path file, byte[] bytes) throws IOException {
        try {
            Settings settings = parse(bytes);
            return settings.with(SuccessionFile.readAll(layout, settings.firstKeys()));
        } catch (IllegalArgumentException e) {
            throw new CorruptFileException(file, 0, Json.firstLine(e));
        }
    }

    private static SignedNote signature(Layout layout) throws IOException {
        Path signature = layout.settingsSignature();
        if (!Files.isRegularFile(signature)) {
            throw new CorruptFileException(signature, 0, "the signature over vault.json is missing");
        }
        try {
            return SignedNote.parse(readSmall(signature));
        } catch (IllegalArgumentException e) {
            throw new CorruptFileException(signature, 0, Json.firstLine(e));
        }
    }

    /** Says whether the current key signed the settings: else the last hand-over was cut short, and is to be finished. */
    public boolean isHandedOver(Layout layout) throws IOException {
        return verifier().verifies(SignedNote.parse(readSmall(layout.settingsSignature())));
    }

    private static byte[] readSmall(Path file) throws IOException {
        if (Files.size(file) > FILE_BYTES_MAX) {
            throw new CorruptFileException(file, FILE_BYTES_MAX, "the file has at most 1 MiB");
        }
        return Files.readAllBytes(file);
    }

    private static Settings parse(byte[] bytes) {
        ObjectNode json = Json.parseObject(bytes, "vault.json");
        String format = Json.text(json, "format");
        if (!Set.of(FORMAT, FORMAT_2, FORMAT_3, FORMAT_4).contains(format)) {
            throw new IllegalArgumentException("expected a format from " + FORMAT + " to " + FORMAT_4 + ", found "
                    + format + ": a newer version of Evidence Vault may be needed");
        }
        Json.requireOnly(
                json,
                Set.of(
                        "format",
                        "vaultId",
                        "createdAt",
                        "suite",
                        "epoch",
                        "keySource",
                        "vaultKey",
                        "keysets",
                        "verifierKey",
                        "postQuantumKey",
                        "commitments"),
                "vault.json");
        Map<String, byte[]> keysets = new TreeMap<>();
        json.path("keysets")
                .properties()
                .forEach(entry -> keysets.put(
                        entry.getKey(),
                        Base64.getDecoder().decode(entry.getValue().asText())));
        Settings settings = new Settings(
                LogId.parse(Json.text(json, "vaultId")),
                Timestamps.parse(Json.text(json, "createdAt")),
                CryptoSuite.ofLabel(Json.text(json, "suite")),
                derivation(json),
                format.equals(FORMAT_4) ? new VaultKey(Json.int32(json, "epoch"), Json.text(json, "vaultKey")) : null,
                keysets,
                new CheckpointKeys(
                        NoteVerifier.parse(Json.text(json, "verifierKey")),
                        hasSecondKey(json, format)
                                ? CosignatureVerifier.parse(Json.text(json, "postQuantumKey"))
                                : null),
                List.of(),
                format.equals(FORMAT_3) || json.path("commitments").asText().equals(FIELDS)
                        ? CommitmentScheme.FIELDS
                        : CommitmentScheme.LINE);
        if (!Arrays.equals(settings.format(), bytes)) {
            throw new IllegalArgumentException("the file is not spelled as it was written");
        }
        if (!settings.firstKeys().verifier().name().equals(keyName(settings.vaultId()))) {
            throw new IllegalArgumentException("the verifier key is not named for this vault");
        }
        return settings;
    }

    private static boolean hasSecondKey(ObjectNode json, String format) {
        return format.equals(FORMAT_4) ? json.has("postQuantumKey") : !format.equals(FORMAT);
    }

    private static KeyDerivation derivation(ObjectNode json) {
        var key = json.path("keySource");
        String type = Json.text(key, "type");
        return switch (type) {
            case "passphrase" ->
                new KeyDerivation.Argon2id(
                        Json.int32(key, "memoryKib"),
                        Json.int32(key, "iterations"),
                        Json.int32(key, "lanes"),
                        Json.text(key, "salt"));
            case "keyFile" -> new KeyDerivation.KeyFileDigest();
            case "wrapped" ->
                new KeyDerivation.ExternalKey(
                        new WrappedKey(Json.text(key, "uri"), Json.text(key, "key")),
                        owner(LogId.parse(Json.text(json, "vaultId"))));
            default ->
                throw new IllegalArgumentException(
                        "expected a key source of type passphrase, keyFile or wrapped, found " + type);
        };
    }
}
