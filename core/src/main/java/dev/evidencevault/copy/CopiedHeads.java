package dev.evidencevault.copy;

import dev.evidencevault.anchor.Anchor;
import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.note.Checkpoint;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.LogId;
import dev.evidencevault.place.ObjectStore;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Layout.LogDirectory;
import dev.evidencevault.storage.LogKeys;
import dev.evidencevault.storage.Tombstone;
import dev.evidencevault.storage.UnlockedVault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where the logs of a vault ended, as far as a copy of it tells: what a vault that continues it begins with. Immutable.
 *
 * @param vaultId the vault
 * @param checkpoint its latest checkpoint that is known
 * @param tenants the ends of the tenants' logs, by the tenants' names; a log whose keys were destroyed is not among them
 */
public record CopiedHeads(LogId vaultId, SignedNote checkpoint, SortedMap<String, Head> tenants) {
    /**
     * Where a log ended.
     *
     * @param log the log
     * @param leaves how many leaves it had
     * @param root the root over them
     */
    public record Head(LogId log, long leaves, Digest root) {}

    /** Copies the map. */
    public CopiedHeads {
        tenants = Collections.unmodifiableSortedMap(new TreeMap<>(tenants));
    }

    /** Reads them from a copy of tenants' logs. */
    public static CopiedHeads read(ObjectStore copy, VaultSecret secret) throws IOException, WrongKeyException {
        try (FetchedCopy fetched = FetchedCopy.heads(copy)) {
            UnlockedVault vault = UnlockedVault.unlock(fetched.directory(), secret);
            SortedMap<String, Head> tenants = new TreeMap<>();
            for (Path file : Layout.list(fetched.directory().resolve("keys"))) {
                LogId logId = logId(file);
                LogDirectory log = vault.layout().tenant(logId);
                if (Tombstone.read(log, logId, vault.settings()).isPresent()) {
                    continue;
                }
                LogKeys keys = LogKeys.read(log);
                CopyManifest last = CopyChain.last(copy, CopyPart.of(logId), vault.settings());
                if (last != null) {
                    tenants.put(keys.name(vault.nodeKeys()), new Head(logId, last.leaves(), last.root()));
                }
            }
            return new CopiedHeads(vault.settings().vaultId(), checkpoint(vault), tenants);
        }
    }

    private static LogId logId(Path file) throws CorruptFileException {
        try {
            String name = String.valueOf(file.getFileName());
            return LogId.parse(name.substring(0, name.length() - Layout.KEYS_SUFFIX.length()));
        } catch (IllegalArgumentException | StringIndexOutOfBoundsException e) {
            throw new CorruptFileException(file, 0, "expected the keys of a tenant's log; is this a copy of logs?");
        }
    }

    private static SignedNote checkpoint(UnlockedVault vault) throws IOException {
        Path file = vault.layout().checkpoint();
        try {
            SignedNote note = SignedNote.parse(Files.readAllBytes(file));
            long size = Checkpoint.parse(note.text()).size();
            if (vault.settings().keys().at(size).verifies(note)) {
                return note;
            }
        } catch (IllegalArgumentException e) {
            throw new CorruptFileException(file, 0, Json.firstLine(e));
        }
        throw new CorruptFileException(file, 0, "the checkpoint is not signed by the vault");
    }

    /** Reads them from the directory of a vault, for example one that was put back from a plain backup of its files. */
    public static CopiedHeads read(UnlockedVault vault) throws IOException, WrongKeyException {
        Layout layout = vault.layout();
        List<Long> numbers = Layout.numbers(layout.anchors(), Layout.ANCHOR_SUFFIX);
        if (numbers.isEmpty()) {
            throw new CopyRefusedException("nothing of the vault is anchored: there is nothing to go on from");
        }
        Anchor anchor = Anchor.read(
                layout, numbers.get(numbers.size() - 1), vault.settings().keys());
        SortedMap<String, Head> tenants = new TreeMap<>();
        for (Map.Entry<String, LogId> log : vault.tenants().entrySet()) {
            Anchor.Entry entry = anchor.entries().get(log.getValue());
            if (entry != null) {
                tenants.put(log.getKey(), new Head(log.getValue(), entry.size(), entry.root()));
            }
        }
        return new CopiedHeads(vault.settings().vaultId(), anchor.note(), tenants);
    }
}
