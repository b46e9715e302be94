package dev.evidencevault.copy;

import dev.evidencevault.format.LogId;
import dev.evidencevault.place.ObjectStore;
import dev.evidencevault.place.StoredObject;
import dev.evidencevault.storage.Tombstone;
import dev.evidencevault.storage.UnlockedVault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Brings the destruction of keys to a copy: puts the tombstones of the vault there, and deletes the keys of their logs, which are
 * never retained, and the objects that said whose they were. What else the copy has of such a log stays and verifies.
 */
public final class CopyTombstones {
    private static final int NAME_BYTES_MAX = 33;

    private CopyTombstones() {}

    /**
     * Brings all tombstones of a vault to a copy of its logs. Can be repeated.
     *
     * @return the logs whose keys were deleted now
     * @throws CopyRefusedException if there is no copy of this vault's logs there
     * @throws IOException if the place cannot be reached, or still has keys of such a log
     */
    public static List<LogId> bring(UnlockedVault vault, ObjectStore store) throws IOException {
        CopyMarker marker;
        try {
            marker = CopyMarker.parse(store.read(CopyMarker.KEY, CopyMarker.BYTES_MAX));
        } catch (NoSuchFileException e) {
            throw new CopyRefusedException(store.name() + ": there is no copy here");
        } catch (IllegalArgumentException e) {
            throw new CopyRefusedException(store.name() + ": " + CopyMarker.KEY + ": " + e.getMessage());
        }
        if (!marker.vaultId().equals(vault.settings().vaultId()) || marker.holds() != CopyMarker.Holds.LOGS) {
            throw new CopyRefusedException(
                    store.name() + " holds the " + marker.holds().label() + " of vault " + marker.vaultId());
        }
        List<LogId> deleted = put(vault, store);
        store.tidy(CopyPart.KEYS);
        return deleted;
    }

    static List<LogId> put(UnlockedVault vault, ObjectStore store) throws IOException {
        Map<LogId, Tombstone> destroyed = vault.destroyed();
        if (destroyed.isEmpty()) {
            return List.of();
        }
        Set<String> there = new HashSet<>();
        for (String prefix : List.of(CopyPart.KEYS, "tombstones/")) {
            store.list(prefix).forEach(object -> there.add(object.key()));
        }
        List<LogId> withKeys = new ArrayList<>();
        for (LogId logId : destroyed.keySet()) {
            CopyPart part = CopyPart.of(logId);
            if (!there.contains(part.tombstone())) {
                // Before the keys go: whoever finds none is told why.
                store.replace(
                        part.tombstone(),
                        Files.readAllBytes(vault.layout().tenant(logId).tombstone()));
            }
            if (there.contains(part.keys())) {
                withKeys.add(logId);
            }
        }
        if (!withKeys.isEmpty()) {
            // Before the keys as well: as long as these are there, the next run knows that names may be.
            forgetNames(store, withKeys);
            for (LogId logId : withKeys) {
                store.delete(CopyPart.of(logId).keys());
            }
        }
        return withKeys;
    }

    private static void forgetNames(ObjectStore store, List<LogId> logs) throws IOException {
        for (StoredObject name : store.list("names/")) {
            String text = new String(store.read(name.key(), NAME_BYTES_MAX), StandardCharsets.US_ASCII);
            if (logs.stream().anyMatch(logId -> text.equals(logId + "\n"))) {
                store.delete(name.key());
            }
        }
    }
}
