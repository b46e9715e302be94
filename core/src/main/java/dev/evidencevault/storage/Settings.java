package dev.evidencevault.storage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.crypto.keys.CryptoSuite;
import dev.evidencevault.crypto.keys.KeyDerivation;
import dev.evidencevault.crypto.keys.WrappedKey;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.note.CheckpointKeys;
import dev.evidencevault.crypto.note.CosignatureVerifier;
import dev.evidencevault.crypto.note.NoteSigner;
import dev.evidencevault.crypto.note.NoteVerifier;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.format.CommitmentScheme;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.LogId;
import dev.evidencevault.format.Timestamps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What stands in {@code vault.json}: who the vault is, how its key comes from its secret, its own keysets (wrapped) and
 * the public key of its checkpoints. {@code vault.sig} is the signature over it. Format: {@code docs/formats/vault.md}.
 *
 * @param vaultId random, the same for the life of the vault
 * @param createdAt in nanoseconds since 1970
 * @param suite its algorithms
 * @param derivation how the key-encryption key is derived
 * @param keysets the vault's own keysets, wrapped, by name
 * @param keys the public keys of its checkpoints
 * @param events how its logs commit to events
 */
public record Settings(
        LogId vaultId,
        long createdAt,
        CryptoSuite suite,
        KeyDerivation derivation,
        Map<String, byte[]> keysets,
        CheckpointKeys keys,
        CommitmentScheme events) {

    private static final String FORMAT = "evidence-vault/1";

    /** With a second public key. */
    private static final String FORMAT_2 = "evidence-vault/2";

    /** With a second public key, and events that are committed to by fields. */
    private static final String FORMAT_3 = "evidence-vault/3";

    private static final String FIELDS = "fields";

    private static final int FILE_BYTES_MAX = 1 << 20;
    private static final String SIGNED_LABEL = "evidence-vault/settings/v1\n";

    /** Copies the keysets' map. */
    public Settings {
        keysets = Map.copyOf(keysets);
        if (keys.verifier().algorithm() != suite.signature()) {
            throw new IllegalArgumentException("a vault of the suite " + suite + " signs with " + suite.signature()
                    + ", found a key of " + keys.verifier().algorithm());
        }
        if (events == CommitmentScheme.FIELDS && keys.postQuantum() == null) {
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

    /** Returns the bytes of {@code vault.json}. */
    public byte[] format() {
        ObjectNode json = Json.object();
        json.put("format", formatName())
                .put("vaultId", vaultId.toString())
                .put("createdAt", Timestamps.format(createdAt))
                .put("suite", suite.label());
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
        ObjectNode wrappedKeysets = json.putObject("keysets");
        new TreeMap<>(keysets)
                .forEach((name, bytes) ->
                        wrappedKeysets.put(name, Base64.getEncoder().encodeToString(bytes)));
        json.put("verifierKey", keys.verifier().format());
        CosignatureVerifier second = keys.postQuantum();
        if (second != null) {
            json.put("postQuantumKey", second.format());
        }
        if (events == CommitmentScheme.FIELDS) {
            json.put("commitments", FIELDS);
        }
        return Json.bytes(json);
    }

    private String formatName() {
        return events == CommitmentScheme.FIELDS ? FORMAT_3 : keys.postQuantum() == null ? FORMAT : FORMAT_2;
    }

    /** Returns the key of elliptic curves, which also signs settings and bundles. */
    public NoteVerifier verifier() {
        return keys.verifier();
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
        Path file = layout.settings();
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(
                    layout.root().toString(), null, "there is no vault here: vault.json is missing");
        }
        byte[] bytes = readSmall(file);
        Settings settings;
        try {
            settings = parse(bytes);
        } catch (IllegalArgumentException e) {
            throw new CorruptFileException(file, 0, Json.firstLine(e));
        }
        Path signature = layout.settingsSignature();
        if (!Files.isRegularFile(signature)) {
            throw new CorruptFileException(signature, 0, "the signature over vault.json is missing");
        }
        try {
            SignedNote note = SignedNote.parse(readSmall(signature));
            if (note.text().equals(signedText(bytes)) && settings.verifier().verifies(note)) {
                return settings;
            }
        } catch (IllegalArgumentException e) {
            throw new CorruptFileException(signature, 0, Json.firstLine(e));
        }
        throw new CorruptFileException(
                signature, 0, "this is not the signature of vault.json: one of them was changed");
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
        if (!Set.of(FORMAT, FORMAT_2, FORMAT_3).contains(format)) {
            throw new IllegalArgumentException("expected the format " + FORMAT + ", " + FORMAT_2 + " or " + FORMAT_3
                    + ", found " + format + ": a newer version of Evidence Vault may be needed");
        }
        Json.requireOnly(
                json,
                Set.of(
                        "format",
                        "vaultId",
                        "createdAt",
                        "suite",
                        "keySource",
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
                keysets,
                new CheckpointKeys(
                        NoteVerifier.parse(Json.text(json, "verifierKey")),
                        format.equals(FORMAT) ? null : CosignatureVerifier.parse(Json.text(json, "postQuantumKey"))),
                format.equals(FORMAT_3) ? CommitmentScheme.FIELDS : CommitmentScheme.LINE);
        if (!Arrays.equals(settings.format(), bytes)) {
            throw new IllegalArgumentException("the file is not spelled as it was written");
        }
        if (!settings.verifier().name().equals(keyName(settings.vaultId()))) {
            throw new IllegalArgumentException("the verifier key is not named for this vault");
        }
        return settings;
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
