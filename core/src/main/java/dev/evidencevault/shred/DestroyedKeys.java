package dev.evidencevault.shred;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.crypto.keys.TenantKeys;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.RotatedKeys;
import dev.evidencevault.storage.Destruction;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Layout.LogDirectory;
import dev.evidencevault.storage.LogKeys;
import dev.evidencevault.storage.UnlockedVault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which keys of a log are destroyed, and what goes with them. Immutable.
 *
 * @param file SHA-256 of {@code keys.json}
 * @param epoch how often the keys were rotated; 0 in the first version of the file
 * @param source what wraps them: {@code vault}, or the name of the tenant's own key
 * @param counts how many keys there are for each purpose
 * @param indexes how many files of indexes go
 * @param deposits how many files of deposits go
 * @param depositBytes how many bytes these have
 */
public record DestroyedKeys(
        Digest file,
        int epoch,
        String source,
        Map<String, Integer> counts,
        long indexes,
        long deposits,
        long depositBytes) {
    /** Copies the map. */
    public DestroyedKeys {
        counts = Map.copyOf(counts);
    }

    /** Reads what would go of a log. */
    public static DestroyedKeys read(UnlockedVault vault, LogDirectory log) throws IOException, WrongKeyException {
        LogKeys keys = LogKeys.read(log);
        TenantKeys opened = vault.keys(keys);
        Map<String, Integer> counts = new TreeMap<>();
        for (TenantKeys.Purpose purpose : TenantKeys.Purpose.of(keys.epoch())) {
            counts.put(purpose.label(), opened.count(purpose));
        }
        long deposits = 0;
        long bytes = 0;
        for (Path file : Destruction.deposits(log)) {
            deposits++;
            bytes += Files.size(file);
        }
        RotatedKeys stated = keys.rotated();
        return new DestroyedKeys(
                keys.digest(),
                keys.epoch(),
                stated.source(),
                counts,
                Layout.list(log.indexes()).size(),
                deposits,
                bytes);
    }

    /** Says whether a tenant's own key wrapped them, which the tenant has to look after itself. */
    public boolean isUnderOwnKey() {
        return !source.equals(RotatedKeys.VAULT);
    }

    /** Puts the members into JSON. */
    void put(ObjectNode json) {
        json.put("keys", file.hex()).put("epoch", epoch).put("source", source);
        ObjectNode each = json.putObject("counts");
        new TreeMap<>(counts).forEach(each::put);
        json.put("indexes", indexes).put("deposits", deposits).put("depositBytes", depositBytes);
    }

    /**
     * Reads the members out of JSON.
     *
     * @throws IllegalArgumentException if one is missing or of another type
     */
    static DestroyedKeys of(ObjectNode json) {
        Map<String, Integer> counts = new TreeMap<>();
        json.path("counts")
                .properties()
                .forEach(count -> counts.put(count.getKey(), Json.int32(json.path("counts"), count.getKey())));
        return new DestroyedKeys(
                Digest.parseHex(Json.text(json, "keys")),
                Json.int32(json, "epoch"),
                Json.text(json, "source"),
                counts,
                Json.integer(json, "indexes"),
                Json.integer(json, "deposits"),
                Json.integer(json, "depositBytes"));
    }
}
