package dev.evidencevault.storage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.crypto.keys.KeyEncryption;
import dev.evidencevault.crypto.keys.NodeKeys;
import dev.evidencevault.crypto.keys.TenantKeys;
import dev.evidencevault.crypto.keys.WrappedKey;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.DestroyedRecords;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.LogId;
import dev.evidencevault.format.RotatedKeys;
import dev.evidencevault.storage.Layout.LogDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What stands in a log's {@code keys.json}: its id, its name (encrypted) and its keysets (wrapped). Format:
 * {@code docs/formats/vault.md}.
 *
 * @param logId the log
 * @param sealedName the tenant's name under the vault's key for names
 * @param epoch how often the keys were rotated, from {@link TenantKeys#FIRST_EPOCH} on; {@link TenantKeys#FIRST_FORMAT} in
 *     version 1 of the file
 * @param ownKey the tenant's own key, which wraps the keysets; null if the vault's does
 * @param destroyed which records the keys do not open any more; null if they open all, which is so up to version 2
 * @param keysets the wrapped keysets
 */
public record LogKeys(
        LogId logId,
        SealedName sealedName,
        int epoch,
        @Nullable WrappedKey ownKey,
        @Nullable DestroyedRecords destroyed,
        Map<TenantKeys.Purpose, byte[]> keysets) {
    /** The highest epoch. */
    public static final int EPOCH_MAX = 1_000_000;

    /** Without epoch, own key and keys for deposits. */
    private static final String FORMAT_1 = "evidence-vault-keys/1";

    private static final String FORMAT_2 = "evidence-vault-keys/2";

    /** With records that were destroyed. */
    private static final String FORMAT_3 = "evidence-vault-keys/3";

    private static final String WRAPPED = "wrapped";

    /** Beside a writer, what follows may have come and gone between two reads. */
    private static final int READ_ATTEMPTS = 3;

    private static final int FILE_BYTES_MAX = 256 << 10;

    /** An encrypted name. */
    public static final class SealedName {
        private final byte[] bytes;

        SealedName(byte[] bytes) {
            this.bytes = bytes;
        }
    }

    /** Checks the epoch and copies the keysets' map. */
    public LogKeys {
        if (epoch < TenantKeys.FIRST_FORMAT || epoch > EPOCH_MAX) {
            throw new IllegalArgumentException("expected an epoch from 1 to " + EPOCH_MAX + ", found " + epoch);
        }
        if (epoch == TenantKeys.FIRST_FORMAT && ownKey != null) {
            throw new IllegalArgumentException("keys of the first format are wrapped by the vault's key");
        }
        if (epoch == TenantKeys.FIRST_FORMAT && destroyed != null) {
            throw new IllegalArgumentException("keys of the first format open all of their log");
        }
        keysets = Map.copyOf(keysets);
    }

    /**
     * Wraps the keys of a log and encrypts its name.
     *
     * @param ownKey the tenant's own key, wrapped, if {@code kek} is that; null if it is the vault's
     */
    static LogKeys wrap(
            LogId logId,
            String name,
            TenantKeys keys,
            NodeKeys nodeKeys,
            @Nullable WrappedKey ownKey,
            KeyEncryption kek) {
        return new LogKeys(
                logId,
                new SealedName(nodeKeys.sealName(name, logId.toString())),
                keys.epoch(),
                ownKey,
                null,
                keys.wrap(kek));
    }

    /** Returns these keys for another epoch, wrapped anew; the sealed name stays. */
    LogKeys next(
            TenantKeys keys,
            @Nullable DestroyedRecords nextDestroyed,
            @Nullable WrappedKey nextOwnKey,
            KeyEncryption kek) {
        return new LogKeys(logId, sealedName, keys.epoch(), nextOwnKey, nextDestroyed, keys.wrap(kek));
    }

    /** Returns the number of the first segment whose records the keys open; 1 if nothing was destroyed. */
    public long firstSegment() {
        return destroyed == null ? 1 : destroyed.segments() + 1;
    }

    /** Returns what a record of a rotation says of these keys. */
    public RotatedKeys rotated() {
        return new RotatedKeys(epoch, digest(), ownKey == null ? RotatedKeys.VAULT : ownKey.uri(), destroyed);
    }

    /** Returns the digest that seals hold. */
    public Digest digest() {
        return Digest.sha256(format());
    }

    /** Returns the owner that the keysets of a log are bound to. */
    public static String owner(LogId vaultId, LogId logId) {
        return vaultId + "/" + logId;
    }

    /** Decrypts the name. */
    public String name(NodeKeys nodeKeys) throws WrongKeyException {
        return nodeKeys.openName(sealedName.bytes, logId.toString());
    }

    /** Unwraps the keysets with the key that wraps them, the vault's or the tenant's own, for files of the vault's suite. */
    public TenantKeys unwrap(Settings vault, KeyEncryption kek) throws WrongKeyException {
        return TenantKeys.unwrap(owner(vault.vaultId(), logId), epoch, keysets, kek)
                .with(vault.suite().cipher())
                .from(firstSegment());
    }

    /** Returns what a tenant's own key is bound to when it is wrapped. */
    public static String ownKeyPurpose(LogId vaultId, LogId logId, int epoch) {
        return "evidence-vault/tenant-kek/v1/" + owner(vaultId, logId) + "/" + epoch;
    }

    /** Returns the bytes of the file. */
    public byte[] format() {
        ObjectNode json = Json.object();
        boolean first = epoch == TenantKeys.FIRST_FORMAT;
        json.put("format", first ? FORMAT_1 : destroyed == null ? FORMAT_2 : FORMAT_3)
                .put("logId", logId.toString())
                .put("name", Base64.getEncoder().encodeToString(sealedName.bytes));
        if (!first) {
            json.put("epoch", epoch);
        }
        WrappedKey own = ownKey;
        if (own != null) {
            json.putObject("keySource")
                    .put("type", WRAPPED)
                    .put("uri", own.uri())
                    .put("key", own.wrappedBase64());
        }
        if (destroyed != null) {
            destroyed.put(json);
        }
        ObjectNode wrapped = json.putObject("keysets");
        for (TenantKeys.Purpose purpose : TenantKeys.Purpose.of(epoch)) {
            byte[] bytes = keysets.get(purpose);
            if (bytes != null) {
                wrapped.put(purpose.label(), Base64.getEncoder().encodeToString(bytes));
            }
        }
        return Json.bytes(json);
    }

    /**
     * Reads the file of a log.
     *
     * @throws CorruptFileException if it is damaged
     */
    public static LogKeys read(LogDirectory directory) throws IOException {
        return read(directory.keys());
    }

    /**
     * Reads the keys of the next epoch, which are there while keys are rotated; empty if there are none.
     *
     * @throws CorruptFileException if they are damaged, or not those that follow
     */
    public static Optional<LogKeys> readNext(LogDirectory directory, LogKeys current) throws IOException {
        LogKeys next;
        try {
            next = read(directory.nextKeys());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        if (!next.logId().equals(current.logId()) || next.epoch() > current.epoch() + 1) {
            throw new CorruptFileException(
                    directory.nextKeys(),
                    0,
                    "expected keys of log " + current.logId() + " of epoch " + (current.epoch() + 1));
        }
        // Else they are those that have just become the current ones.
        return Optional.of(next).filter(keys -> keys.epoch() == current.epoch() + 1);
    }

    /**
     * Reads the newest keys of a log, for reading: while keys are rotated, those of the next epoch, which open all that the
     * current ones open.
     */
    public static LogKeys newest(LogDirectory directory) throws IOException {
        for (int attempt = 1; ; attempt++) {
            LogKeys current = read(directory);
            try {
                Optional<LogKeys> next = readNext(directory, current);
                // A rotation that ended between the two has made it the current one.
                return next.isPresent() ? next.get() : read(directory);
            } catch (CorruptFileException e) {
                if (attempt == READ_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private static LogKeys read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            if (file.endsWith("keys.next.json") && !Files.exists(file)) {
                throw new NoSuchFileException(file.toString());
            }
            throw new CorruptFileException(file, 0, "the keys of the log are missing");
        }
        if (Files.size(file) > FILE_BYTES_MAX) {
            throw new CorruptFileException(file, FILE_BYTES_MAX, "the file has at most 256 KiB");
        }
        try {
            return parse(Files.readAllBytes(file));
        } catch (IllegalArgumentException e) {
            throw new CorruptFileException(file, 0, Json.firstLine(e));
        }
    }

    private static LogKeys parse(byte[] bytes) {
        ObjectNode json = Json.parseObject(bytes, "keys.json");
        String format = Json.text(json, "format");
        boolean first = format.equals(FORMAT_1);
        if (!first && !format.equals(FORMAT_2) && !format.equals(FORMAT_3)) {
            throw new IllegalArgumentException("expected the format " + FORMAT_1 + ", " + FORMAT_2 + " or " + FORMAT_3
                    + ", found " + format + ": a newer version of Evidence Vault may be needed");
        }
        Json.requireOnly(
                json,
                Set.of("format", "logId", "name", "epoch", "keySource", DestroyedRecords.MEMBER, "keysets"),
                "keys.json");
        LogId logId = LogId.parse(Json.text(json, "logId"));
        int epoch = first ? TenantKeys.FIRST_FORMAT : Json.int32(json, "epoch");
        if (!first && epoch < TenantKeys.FIRST_EPOCH) {
            throw new IllegalArgumentException("expected an epoch from 1 to " + EPOCH_MAX + ", found " + epoch);
        }
        Map<TenantKeys.Purpose, byte[]> keysets = new EnumMap<>(TenantKeys.Purpose.class);
        for (TenantKeys.Purpose purpose : TenantKeys.Purpose.of(epoch)) {
            keysets.put(purpose, Base64.getDecoder().decode(Json.text(json.path("keysets"), purpose.label())));
        }
        LogKeys keys = new LogKeys(
                logId,
                new SealedName(Base64.getDecoder().decode(Json.text(json, "name"))),
                epoch,
                json.has("keySource") ? ownKey(json.path("keySource")) : null,
                json.has(DestroyedRecords.MEMBER) ? DestroyedRecords.of(json.path(DestroyedRecords.MEMBER)) : null,
                keysets);
        if (!Arrays.equals(keys.format(), bytes)) {
            throw new IllegalArgumentException("the file is not spelled as it was written");
        }
        return keys;
    }

    private static WrappedKey ownKey(JsonNode source) {
        String type = Json.text(source, "type");
        if (!type.equals(WRAPPED)) {
            throw new IllegalArgumentException("expected a key source of type " + WRAPPED + ", found " + type);
        }
        return new WrappedKey(Json.text(source, "uri"), Json.text(source, "key"));
    }
}
