package dev.evidencevault.storage;

import dev.evidencevault.crypto.keys.KeyEncryption;
import dev.evidencevault.crypto.keys.NodeKeys;
import dev.evidencevault.crypto.keys.TenantKeys;
import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.crypto.note.CheckpointSigner;
import dev.evidencevault.crypto.note.NoteSigner;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.LogId;
import dev.evidencevault.storage.Layout.LogDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A vault whose secret was given: its settings, its own keys, and which tenant's log lies where. Opening one decrypts
 * the tenants' names and loads no tenant's key. Immutable but for what the file system holds; safe for several threads.
 */
public final class UnlockedVault {
    private final Layout layout;
    private final Settings settings;
    private final KeyEncryption kek;
    private final NodeKeys nodeKeys;
    private final Set<LogId> keysOpened = ConcurrentHashMap.newKeySet();

    /** Joins the parts of a vault. */
    public UnlockedVault(Layout layout, Settings settings, KeyEncryption kek, NodeKeys nodeKeys) {
        this.layout = layout;
        this.settings = settings;
        this.kek = kek;
        this.nodeKeys = nodeKeys;
    }

    /**
     * Unlocks a vault.
     *
     * @throws WrongKeyException if the secret is not this vault's
     * @throws java.nio.file.NoSuchFileException if there is no vault
     */
    public static UnlockedVault unlock(Path root, VaultSecret secret) throws IOException, WrongKeyException {
        Layout layout = new Layout(root);
        Settings settings = Settings.read(layout);
        KeyEncryption kek = KeyEncryption.derive(settings.derivation(), secret);
        NodeKeys nodeKeys = NodeKeys.unwrap(Settings.owner(settings.vaultId()), settings.keysets(), kek);
        UnlockedVault vault = new UnlockedVault(layout, settings, kek, nodeKeys);
        if (!vault.checkpointSigner().keys().equals(settings.keys())) {
            throw new CorruptFileException(
                    layout.settings(), 0, "the public keys are not those whose private halves the vault holds");
        }
        return vault;
    }

    /** Returns where the files lie. */
    public Layout layout() {
        return layout;
    }

    /** Returns the settings. */
    public Settings settings() {
        return settings;
    }

    /** Returns the vault's own keys. */
    public NodeKeys nodeKeys() {
        return nodeKeys;
    }

    /** Returns the key that wraps the keysets. */
    public KeyEncryption keyEncryption() {
        return kek;
    }

    /** Returns the signer of the vault's checkpoints. */
    public CheckpointSigner checkpointSigner() {
        return new CheckpointSigner(
                signer(),
                settings.keys().postQuantum() == null
                        ? null
                        : nodeKeys.postQuantumSigner(Settings.keyName(settings.vaultId())));
    }

    /** Returns the signer of what is signed once: settings and bundles. */
    public NoteSigner signer() {
        return nodeKeys.signer(Settings.keyName(settings.vaultId()));
    }

    /** Reads which tenants there are: their logs by their names. */
    public SortedMap<String, LogId> tenants() throws IOException, WrongKeyException {
        SortedMap<String, LogId> tenants = new TreeMap<>();
        for (Path directory : Layout.list(layout.tenants())) {
            if (directory.toString().endsWith(Layout.TEMPORARY_SUFFIX)) {
                continue;
            }
            LogDirectory log = layout.log(directory);
            if (layout.isCopy() && !Files.exists(log.keys())) {
                // Its keys were destroyed: what is left verifies, and nobody reads it.
                continue;
            }
            LogKeys keys = LogKeys.read(log);
            if (!String.valueOf(directory.getFileName()).equals(keys.logId().toString())) {
                throw new CorruptFileException(log.keys(), 0, "the keys are those of log " + keys.logId());
            }
            if (tenants.put(keys.name(nodeKeys), keys.logId()) != null) {
                throw new CorruptFileException(directory, 0, "two logs have the same tenant");
            }
        }
        return Collections.unmodifiableSortedMap(tenants);
    }

    /** Unwraps the keys of a log. */
    public TenantKeys keys(LogDirectory directory) throws IOException, WrongKeyException {
        LogKeys keys = LogKeys.read(directory);
        keysOpened.add(keys.logId());
        return keys.unwrap(settings, kek);
    }

    /** Returns of which logs a key was opened here so far. Without one, no record of a log can be read. */
    public Set<LogId> keysOpened() {
        return Set.copyOf(keysOpened);
    }

    /** Returns the same vault, of which nothing was opened yet. */
    public UnlockedVault anew() {
        return new UnlockedVault(layout, settings, kek, nodeKeys);
    }

    /** Generates and wraps the keys of a new log. */
    public LogKeys newKeys(LogId logId, String name) {
        TenantKeys keys = TenantKeys.generate(LogKeys.owner(settings.vaultId(), logId));
        return LogKeys.wrap(logId, name, keys, nodeKeys, kek);
    }

    /** Returns the directories of all logs, the service's first, by id. */
    public Map<LogId, LogDirectory> directories() throws IOException, WrongKeyException {
        Map<LogId, LogDirectory> directories = new TreeMap<>(java.util.Comparator.comparing(LogId::toString));
        if (!layout.isCopy() || Files.exists(layout.service().keys())) {
            directories.put(LogKeys.read(layout.service()).logId(), layout.service());
        }
        tenants().values().forEach(logId -> directories.put(logId, layout.tenant(logId)));
        return directories;
    }
}
