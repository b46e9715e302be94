package dev.evidencevault.storage;

import dev.evidencevault.crypto.keys.KeyEncryption;
import dev.evidencevault.crypto.keys.KeySource;
import dev.evidencevault.crypto.keys.KeySourceException;
import dev.evidencevault.crypto.keys.NodeKeys;
import dev.evidencevault.crypto.keys.TenantKeySources;
import dev.evidencevault.crypto.keys.TenantKeys;
import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.crypto.keys.WrappedKey;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.crypto.note.CheckpointSigner;
import dev.evidencevault.crypto.note.NoteSigner;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.DestroyedRecords;
import dev.evidencevault.format.LogId;
import dev.evidencevault.storage.Layout.LogDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A vault whose secret was given: its settings, its own keys, and which tenant's log lies where. Opening one decrypts
 * the tenants' names and loads no tenant's key. Immutable but for what the file system holds; safe for several threads.
 */
public final class UnlockedVault {
    private static final Logger LOG = LoggerFactory.getLogger(UnlockedVault.class);

    private final Layout layout;
    private final Settings settings;
    private final KeyEncryption kek;
    private final NodeKeys nodeKeys;
    private final Set<LogId> keysOpened = ConcurrentHashMap.newKeySet();

    private final TenantKeySources sources;

    /** Tenants' own keys that were unwrapped: what is open stays open, whatever becomes of the source. */
    private final Map<OwnKey, KeyEncryption> ownKeys = new ConcurrentHashMap<>();

    private record OwnKey(LogId logId, int epoch) {}

    /** Joins the parts of a vault. */
    public UnlockedVault(
            Layout layout, Settings settings, KeyEncryption kek, NodeKeys nodeKeys, TenantKeySources sources) {
        this.sources = sources;
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
        KeyEncryption kek = settings.open(secret);
        NodeKeys nodeKeys = NodeKeys.unwrap(
                Settings.owner(settings.vaultId()),
                settings.currentKeysets(),
                settings.successions().size(),
                kek);
        UnlockedVault vault = new UnlockedVault(layout, settings, kek, nodeKeys, secret.ofTenants());
        if (!vault.checkpointSigner().keys().equals(settings.keys().current())) {
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
        return checkpointSigner(nodeKeys);
    }

    /** Returns the signer of the vault's checkpoints with other keys of the vault. */
    public CheckpointSigner checkpointSigner(NodeKeys keys) {
        String name = Settings.keyName(settings.vaultId());
        return new CheckpointSigner(
                keys.signer(name), settings.firstKeys().postQuantum() == null ? null : keys.postQuantumSigner(name));
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
            if (isDestroyed(log, directory)) {
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

    /** Says whether a log's keys were destroyed: what is left verifies, and nobody reads it, whatever was put back. */
    private boolean isDestroyed(LogDirectory log, Path directory) throws IOException {
        return tombstone(log, directory).isPresent() || layout.isCopy() && !Files.exists(log.keys());
    }

    private Optional<Tombstone> tombstone(LogDirectory log, Path directory) throws IOException {
        if (!Tombstone.isAt(log)) {
            return Optional.empty();
        }
        try {
            return Tombstone.read(log, LogId.parse(String.valueOf(directory.getFileName())), settings);
        } catch (IllegalArgumentException e) {
            throw new CorruptFileException(directory, 0, "expected the directory of a log");
        }
    }

    /**
     * Reads which logs' keys were destroyed, in the order of the logs' ids.
     *
     * @throws CorruptFileException if a tombstone is none of this vault
     */
    public SortedMap<LogId, Tombstone> destroyed() throws IOException {
        SortedMap<LogId, Tombstone> destroyed = new TreeMap<>(Comparator.comparing(LogId::toString));
        for (Path directory : Layout.list(layout.tenants())) {
            tombstone(layout.log(directory), directory).ifPresent(found -> destroyed.put(found.logId(), found));
        }
        return Collections.unmodifiableSortedMap(destroyed);
    }

    /**
     * Unwraps the keys of a log for reading. What is not under a key of these is looked for under newer ones, if the log gets
     * some.
     *
     * @throws KeySourceException if the tenant's own key is kept elsewhere, and cannot be had
     * @throws DestroyedLogException if the keys were destroyed
     */
    public TenantKeys keys(LogDirectory directory) throws IOException, WrongKeyException {
        Optional<Tombstone> tombstone = tombstone(directory, directory.path());
        if (tombstone.isPresent()) {
            throw new DestroyedLogException(tombstone.get().logId());
        }
        LogKeys current = LogKeys.read(directory);
        LogKeys newest = LogKeys.newest(directory);
        // Nothing is destroyed before keys that leave something out are the current ones.
        boolean whole = newest.firstSegment() == current.firstSegment();
        return keys(whole ? newest : current).withNewer(epoch -> newer(directory, epoch));
    }

    private Optional<TenantKeys> newer(LogDirectory directory, int epoch) {
        try {
            LogKeys newest = LogKeys.newest(directory);
            return newest.epoch() > epoch ? Optional.of(keys(newest)) : Optional.empty();
        } catch (IOException | WrongKeyException e) {
            LOG.debug("no newer keys of {} can be read", directory.path(), e);
            return Optional.empty();
        }
    }

    /**
     * Unwraps keys.
     *
     * @throws KeySourceException if the tenant's own key is kept elsewhere, and cannot be had
     */
    public TenantKeys keys(LogKeys keys) throws IOException, WrongKeyException {
        keysOpened.add(keys.logId());
        WrappedKey own = keys.ownKey();
        return keys.unwrap(settings, own == null ? kek : ownKey(keys, own));
    }

    private KeyEncryption ownKey(LogKeys keys, WrappedKey own) throws IOException, WrongKeyException {
        OwnKey place = new OwnKey(keys.logId(), keys.epoch());
        KeyEncryption known = ownKeys.get(place);
        if (known != null) {
            return known;
        }
        String tenant = keys.name(nodeKeys);
        String purpose = LogKeys.ownKeyPurpose(settings.vaultId(), keys.logId(), keys.epoch());
        try {
            for (KeySource source : sources.of(tenant)) {
                if (source.uri().equals(own.uri())) {
                    KeyEncryption opened = KeyEncryption.unwrap(own, source, purpose);
                    ownKeys.put(place, opened);
                    return opened;
                }
            }
        } catch (WrongKeyException | KeySourceException e) {
            throw new KeySourceException(
                    "the keys of tenant " + tenant + " are under " + own.uri() + ", which does not open them: "
                            + e.getMessage(),
                    e);
        }
        throw new KeySourceException(
                "the keys of tenant " + tenant + " are under " + own.uri() + ", and no source of that name was given");
    }

    /** Returns of which logs a key was opened here so far. Without one, no record of a log can be read. */
    public Set<LogId> keysOpened() {
        return Set.copyOf(keysOpened);
    }

    /** Returns the same vault, of which nothing was opened yet. */
    public UnlockedVault anew() {
        return new UnlockedVault(layout, settings, kek, nodeKeys, sources);
    }

    /** Generates the keys of a new log and wraps them with the vault's key. */
    public LogKeys newKeys(LogId logId, String name) {
        TenantKeys keys = TenantKeys.generate(LogKeys.owner(settings.vaultId(), logId));
        return LogKeys.wrap(logId, name, keys, nodeKeys, null, kek);
    }

    /**
     * Generates the keys of a new tenant and wraps them with its own key, if it brings a source for that, or else with the
     * vault's.
     *
     * @throws KeySourceException if the tenant's source cannot be reached or refuses
     */
    public LogKeys newTenantKeys(LogId logId, String tenant) throws IOException {
        Wrapping wrapping = wrapping(tenant, logId, TenantKeys.FIRST_EPOCH);
        TenantKeys keys = TenantKeys.generate(LogKeys.owner(settings.vaultId(), logId));
        return LogKeys.wrap(logId, tenant, keys, nodeKeys, wrapping.ownKey(), wrapping.kek());
    }

    /** Wraps the keys of the next epoch, which open what the current ones do. */
    public LogKeys nextKeys(LogKeys current, TenantKeys next, boolean ownSource) throws IOException, WrongKeyException {
        return nextKeys(current, next, current.destroyed(), ownSource);
    }

    /**
     * Wraps the keys of the next epoch.
     *
     * @param current what the log has
     * @param next keys of the next epoch
     * @param destroyed which records they do not open any more; null if they open all
     * @param ownSource whether the tenant's own source is asked, if it brings one; else the vault's key wraps
     * @throws KeySourceException if the tenant's source cannot be reached or refuses
     */
    public LogKeys nextKeys(LogKeys current, TenantKeys next, @Nullable DestroyedRecords destroyed, boolean ownSource)
            throws IOException, WrongKeyException {
        Wrapping wrapping =
                ownSource ? wrapping(current.name(nodeKeys), current.logId(), next.epoch()) : new Wrapping(null, kek);
        return current.next(next, destroyed, wrapping.ownKey(), wrapping.kek());
    }

    /** What wraps a log's keys: the vault's key, or the tenant's own and how that is wrapped itself. */
    private record Wrapping(@Nullable WrappedKey ownKey, KeyEncryption kek) {}

    private Wrapping wrapping(String tenant, LogId logId, int epoch) throws KeySourceException {
        try {
            List<KeySource> own = sources.of(tenant);
            if (own.isEmpty()) {
                return new Wrapping(null, kek);
            }
            String purpose = LogKeys.ownKeyPurpose(settings.vaultId(), logId, epoch);
            WrappedKey wrapped = WrappedKey.generate(own.get(0), purpose);
            // Unwrapped at once: a key that does not come back is found before anything is under it.
            KeyEncryption opened = KeyEncryption.unwrap(wrapped, own.get(0), purpose);
            ownKeys.put(new OwnKey(logId, epoch), opened);
            return new Wrapping(wrapped, opened);
        } catch (WrongKeyException | KeySourceException e) {
            throw new KeySourceException("tenant " + tenant + " gets no keys: " + e.getMessage(), e);
        }
    }

    /** Returns the directories of all logs that can be read, the service's first, by id. */
    public Map<LogId, LogDirectory> directories() throws IOException, WrongKeyException {
        Map<LogId, LogDirectory> directories = new TreeMap<>(Comparator.comparing(LogId::toString));
        if (!layout.isCopy() || Files.exists(layout.service().keys())) {
            directories.put(LogKeys.read(layout.service()).logId(), layout.service());
        }
        tenants().values().forEach(logId -> directories.put(logId, layout.tenant(logId)));
        return directories;
    }
}
