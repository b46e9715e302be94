package dev.evidencevault.storage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.crypto.keys.KeyEncryption;
import dev.evidencevault.crypto.keys.NodeKeys;
import dev.evidencevault.crypto.keys.TenantKeys;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.LogId;
import dev.evidencevault.storage.Layout.LogDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/**
 * What stands in a log's {@code keys.json}: its id, its name (encrypted) and its keysets (wrapped). Format:
 * {@code docs/formats/vault.md}.
 *
 * @param logId the log
 * @param sealedName the tenant's name under the vault's key for names
 * @param keysets the wrapped keysets
 */
public record LogKeys(LogId logId, SealedName sealedName, Map<TenantKeys.Purpose, byte[]> keysets) {
    private static final String FORMAT = "evidence-vault-keys/1";
    private static final int FILE_BYTES_MAX = 64 << 10;

    /** An encrypted name. */
    public static final class SealedName {
        private final byte[] bytes;

        SealedName(byte[] bytes) {
            this.bytes = bytes;
        }
    }

    /** Copies the keysets' map. */
    public LogKeys {
        keysets = Map.copyOf(keysets);
    }

    /** Wraps the keys of a new log and encrypts its name. */
    public static LogKeys wrap(LogId logId, String name, TenantKeys keys, NodeKeys nodeKeys, KeyEncryption kek) {
        return new LogKeys(logId, new SealedName(nodeKeys.sealName(name, logId.toString())), keys.wrap(kek));
    }

    /** Returns the owner that the keysets of a log are bound to. */
    public static String owner(LogId vaultId, LogId logId) {
        return vaultId + "/" + logId;
    }

    /** Decrypts the name. */
    public String name(NodeKeys nodeKeys) throws WrongKeyException {
        return nodeKeys.openName(sealedName.bytes, logId.toString());
    }

    /** Unwraps the keysets. */
    public TenantKeys unwrap(LogId vaultId, KeyEncryption kek) throws WrongKeyException {
        return TenantKeys.unwrap(owner(vaultId, logId), keysets, kek);
    }

    /** Returns the bytes of the file. */
    public byte[] format() {
        ObjectNode json = Json.object();
        json.put("format", FORMAT)
                .put("logId", logId.toString())
                .put("name", Base64.getEncoder().encodeToString(sealedName.bytes));
        ObjectNode wrapped = json.putObject("keysets");
        for (TenantKeys.Purpose purpose : TenantKeys.Purpose.values()) {
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
        Path file = directory.keys();
        if (!Files.isRegularFile(file)) {
            throw new CorruptFileException(file, 0, "the keys of the log are missing");
        }
        if (Files.size(file) > FILE_BYTES_MAX) {
            throw new CorruptFileException(file, FILE_BYTES_MAX, "the file has at most 64 KiB");
        }
        try {
            return parse(Files.readAllBytes(file));
        } catch (IllegalArgumentException e) {
            throw new CorruptFileException(file, 0, Json.firstLine(e));
        }
    }

    private static LogKeys parse(byte[] bytes) {
        ObjectNode json = Json.parseObject(bytes, "keys.json");
        Json.requireOnly(json, Set.of("format", "logId", "name", "keysets"), "keys.json");
        if (!Json.text(json, "format").equals(FORMAT)) {
            throw new IllegalArgumentException("expected the format " + FORMAT + ", found " + json.path("format"));
        }
        Map<TenantKeys.Purpose, byte[]> keysets = new EnumMap<>(TenantKeys.Purpose.class);
        for (TenantKeys.Purpose purpose : TenantKeys.Purpose.values()) {
            keysets.put(purpose, Base64.getDecoder().decode(Json.text(json.path("keysets"), purpose.label())));
        }
        LogKeys keys = new LogKeys(
                LogId.parse(Json.text(json, "logId")),
                new SealedName(Base64.getDecoder().decode(Json.text(json, "name"))),
                keysets);
        if (!Arrays.equals(keys.format(), bytes)) {
            throw new IllegalArgumentException("the file is not spelled as it was written");
        }
        return keys;
    }
}
