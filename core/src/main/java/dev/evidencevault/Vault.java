package dev.evidencevault;

import dev.evidencevault.anchor.AnchorWriter;
import dev.evidencevault.attest.Attestations;
import dev.evidencevault.attest.TimeStampSink;
import dev.evidencevault.attest.WitnessSink;
import dev.evidencevault.crypto.keys.KeyEncryption;
import dev.evidencevault.crypto.keys.KeySourceException;
import dev.evidencevault.crypto.keys.NodeKeys;
import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.crypto.note.CheckpointSigner;
import dev.evidencevault.crypto.note.NoteSigner;
import dev.evidencevault.crypto.note.NoteVerifier;
import dev.evidencevault.deposit.TenantBackups;
import dev.evidencevault.format.Change;
import dev.evidencevault.format.CommitmentScheme;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.LogId;
import dev.evidencevault.format.Timestamps;
import dev.evidencevault.journal.JournalFiles;
import dev.evidencevault.place.Place;
import dev.evidencevault.place.PlaceRefusedException;
import dev.evidencevault.place.PlaceRegister;
import dev.evidencevault.retention.RetentionPeriod;
import dev.evidencevault.retention.RetentionRules;
import dev.evidencevault.segment.SegmentIndexer;
import dev.evidencevault.sink.CheckpointSink;
import dev.evidencevault.storage.Destruction;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Layout.LogDirectory;
import dev.evidencevault.storage.LogKeys;
import dev.evidencevault.storage.Settings;
import dev.evidencevault.storage.SettingsChange;
import dev.evidencevault.storage.Storage;
import dev.evidencevault.storage.UnlockedVault;
import dev.evidencevault.storage.VaultLock;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A vault, open for writing by this process and no other. Searching, exporting and verifying need no vault of this type
 * and work beside it. Safe for use by several threads.
 *
 * <pre>{@code
 * try (Vault vault = Vault.open(directory, VaultSecret.passphrase(passphrase), VaultOptions.defaults())) {
 *     TenantLog log = vault.tenant("acme");
 *     Receipt receipt = log.appendAndWait(Event.of("login").actor(Actor.tenant("alice")).build());
 * }
 * }</pre>
 */
public final class Vault implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(Vault.class);

    /** The longest name of a tenant, in characters. */
    public static final int TENANT_CHARS_MAX = 256;

    /** The name of the vault's own log. */
    static final String SERVICE = "(service)";

    /** How many logs are created at once: most of the time goes into syncs. */
    private static final int CREATING_THREADS = 4;

    private final UnlockedVault unlocked;
    private final VaultOptions options;
    private final SecureRandom random;
    private final VaultLock lock;
    private final Committer committer;
    private final TenantLog service;
    private final Recovery recovery;
    private final CaseRecorder cases;
    private final DepositRecorder deposits;
    private final RecordedPlaces places;
    private final KeyRotator rotator;
    private final RetentionRunner retention;
    private final Queue<LogState> inUse = new ConcurrentLinkedQueue<>();
    private final BlockPool pool;
    private final Map<LogId, LogState> states = new HashMap<>();
    private final TreeMap<String, LogId> tenants;
    private final Map<String, TenantLog> logs = new ConcurrentHashMap<>();

    /**
     * Creates a vault in a directory that does not exist or is empty, and opens it. What a creation left that was killed
     * counts as nothing, and is removed.
     *
     * @throws FileAlreadyExistsException if the directory holds anything else
     * @throws dev.evidencevault.crypto.keys.KeySourceException if the key is kept elsewhere, and cannot be reached there
     * @throws dev.evidencevault.storage.VaultLockedException if another process creates or writes a vault there
     */
    public static Vault create(Path directory, VaultSecret secret, VaultOptions options) throws IOException {
        return create(directory, secret, options, null);
    }

    /** Creates a vault whose own log begins with a change. */
    static Vault create(Path directory, VaultSecret secret, VaultOptions options, @Nullable Change first)
            throws IOException {
        Storage storage = options.storage();
        Layout layout = new Layout(directory);
        SinkCheck.requireReadable(options.sinks());
        if (!Files.exists(directory)) {
            storage.createDirectory(directory);
            storage.syncDirectory(Storage.directoryOf(directory));
        }
        UnfinishedVault.requireNothingElse(layout);
        VaultLock lock = VaultLock.acquire(layout.lock());
        try {
            // Another process may have finished one before it let the lock go.
            UnfinishedVault.requireNothingElse(layout);
            UnfinishedVault.remove(layout);
            return create(layout, secret, options, lock, first);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static Vault create(
            Layout layout, VaultSecret secret, VaultOptions options, VaultLock lock, @Nullable Change first)
            throws IOException {
        Storage storage = options.storage();
        SecureRandom random = new SecureRandom();
        LogId vaultId = LogId.random(random);
        KeyEncryption kek = KeyEncryption.generate();
        try {
            NodeKeys nodeKeys = NodeKeys.generate(Settings.owner(vaultId), options.suite());
            NoteSigner signer = nodeKeys.signer(Settings.keyName(vaultId));
            Settings settings = Settings.create(
                    vaultId,
                    Timestamps.nanos(options.clock().instant()),
                    options.suite(),
                    secret,
                    options.argon2MemoryKib(),
                    kek,
                    nodeKeys,
                    new CheckpointSigner(signer, nodeKeys.postQuantumSigner(Settings.keyName(vaultId))).keys(),
                    options.redactable() ? CommitmentScheme.FIELDS : CommitmentScheme.LINE);
            UnlockedVault unlocked = new UnlockedVault(layout, settings, kek, nodeKeys, secret.ofTenants());
            for (Path part : List.of(layout.journals(), layout.anchors(), layout.tenants())) {
                storage.createDirectory(part);
            }
            createLog(unlocked.newKeys(LogId.random(random), SERVICE), layout.service(), storage);
            storage.syncDirectory(layout.root());
            storage.replace(layout.settingsSignature(), settings.sign(signer).format());
            storage.replace(layout.settings(), settings.format());
            Vault vault = new Vault(unlocked, options, random, lock);
            if (first != null) {
                vault.service.appendChangeAndWait(first);
            }
            vault.service.appendAndWait(Event.of("vault.create")
                    .outcome(Event.Outcome.SUCCESS)
                    .target("vault", vaultId.toString())
                    .build());
            vault.recordSettings(null);
            vault.cases.start(vault);
            vault.deposits.start(vault);
            return vault;
        } catch (WrongKeyException e) {
            throw new IllegalStateException("the keys of the new vault do not open", e);
        }
    }

    /**
     * Opens the vault in a directory, or creates one if the directory does not exist or is empty.
     *
     * @throws WrongKeyException if there is one and the secret is not its
     */
    public static Vault openOrCreate(Path directory, VaultSecret secret, VaultOptions options)
            throws IOException, WrongKeyException {
        return Files.exists(new Layout(directory).settings())
                ? open(directory, secret, options)
                : create(directory, secret, options);
    }

    /**
     * Opens a vault. If its last writer did not close it, recovers what it had acknowledged.
     *
     * @throws WrongKeyException if the secret is not this vault's
     * @throws dev.evidencevault.crypto.keys.KeySourceException if the key is kept elsewhere, and cannot be reached there
     * @throws dev.evidencevault.storage.VaultLockedException if another process writes it
     * @throws java.nio.file.NoSuchFileException if there is no vault
     * @throws dev.evidencevault.storage.CopyIsReadOnlyException if the directory is a copy of a vault
     * @throws dev.evidencevault.format.CorruptFileException if it is damaged; nothing was changed then
     */
    public static Vault open(Path directory, VaultSecret secret, VaultOptions options)
            throws IOException, WrongKeyException {
        new Layout(directory).requireWritable();
        UnlockedVault unlocked = UnlockedVault.unlock(directory, secret);
        Vault vault = new Vault(
                unlocked,
                options,
                new SecureRandom(),
                VaultLock.acquire(unlocked.layout().lock()));
        try {
            vault.settleRotations();
            LogDirectory service = unlocked.layout().service();
            vault.recordSettings(RecordedSettings.last(service, unlocked.keys(service)));
            SigningSuccession.finish(vault, unlocked, options.storage());
            vault.startRecorders();
            return vault;
        } catch (IOException | WrongKeyException | RuntimeException e) {
            vault.close();
            throw e;
        }
    }

    /**
     * Gives a vault another secret. Only {@code vault.json} and {@code vault.sig} change, and whatever happens meanwhile, one of the two
     * secrets opens the vault. Its log tells of the change when it is opened next, which this does.
     *
     * <p>The vault's key-encryption key gets a newer one beside it. Keys of logs stay under the old one until they are {@linkplain #rotateKeys
     * rotated}: rotate those of all logs if somebody may know the old secret who should not.
     *
     * @param before what opens it now
     * @param after what is to open it
     * @throws WrongKeyException if the secret is not this vault's
     * @throws dev.evidencevault.crypto.keys.KeySourceException if one of them is kept elsewhere, and cannot be reached there
     * @throws dev.evidencevault.storage.VaultLockedException if another process writes the vault
     */
    public static void changeSecret(Path directory, VaultSecret before, VaultSecret after, VaultOptions options)
            throws IOException, WrongKeyException {
        Layout layout = new Layout(directory);
        if (!UnlockedVault.unlock(directory, before).settings().isHandedOver(layout)) {
            // The log has to tell of that first.
            open(directory, before, options).close();
        }
        VaultLock lock = VaultLock.acquire(layout.lock());
        try {
            SettingsChange.settle(layout, options.storage());
            UnlockedVault vault = UnlockedVault.unlock(directory, before);
            Settings next = vault.settings()
                    .withSecret(after, options.argon2MemoryKib(), vault.keyEncryption(), vault.nodeKeys());
            SettingsChange.replace(vault, next, options.storage());
        } finally {
            lock.close();
        }
        open(directory, after, options).close();
    }

    /**
     * Hands the signing of a vault over to new keys, which the old ones vouch for: of the same suite, and the ML-DSA-44 key
     * with it. Whoever knows one of them verifies what any of them signed where it may. No process may have the vault open
     * for writing. Can be repeated if it fails: the vault then has either the old keys or the new ones.
     *
     * @param reason why, for the vault's own log; 1 to 1,024 characters
     * @return the new key
     * @throws dev.evidencevault.storage.VaultLockedException if another process writes it
     */
    public static NoteVerifier succeedSigningKeys(
            Path directory, VaultSecret secret, VaultOptions options, String reason)
            throws IOException, WrongKeyException {
        SigningSuccession.handOver(directory, secret, options, reason);
        return Settings.read(new Layout(directory)).verifier();
    }

    private void startRecorders() throws IOException {
        if (recovery.records() > 0 && (Files.isDirectory(unlocked.layout().cases()) || deposits.isWaiting())) {
            // What a killed writer had recorded is found only when it is sealed.
            seal();
        }
        cases.start(this);
        deposits.start(this);
    }

    /** Writes into the vault's own log how it is run, if that is another way than before. */
    private void recordSettings(@Nullable String before) {
        String after = RecordedSettings.of(options, unlocked.settings());
        if (!after.equals(before)) {
            service.appendChangeAndWait(new Change(Change.What.SETTINGS, before, after, null));
        }
    }

    private Vault(UnlockedVault unlocked, VaultOptions options, SecureRandom random, VaultLock lock)
            throws IOException, WrongKeyException {
        this.unlocked = unlocked;
        this.options = options;
        this.random = random;
        Layout layout = unlocked.layout();
        this.pool = new BlockPool(options.unsealedBytesMax() / 4);
        this.lock = lock;
        this.cases = new CaseRecorder(unlocked, options);
        this.deposits = new DepositRecorder(unlocked, options);
        this.places = new RecordedPlaces(unlocked, options.storage());
        try {
            // Before anything is mended, and so changed.
            new SinkCheck(layout, unlocked.settings().keys()).run(options.sinks());
            removeUnfinished(layout);
            SettingsChange.settle(layout, options.storage());
            Destruction.finish(layout, unlocked.settings(), options.storage());
            new Attestations(layout).removeUnfinished(options.storage());
            SigningSuccession.removeUnfinished(layout, options.storage());
            this.tenants = new TreeMap<>(unlocked.tenants());
            AnchorWriter anchors = new AnchorWriter(
                    layout,
                    unlocked.nodeKeys(),
                    unlocked.checkpointSigner(),
                    unlocked.settings().keys(),
                    options.storage(),
                    random);
            Map<LogId, LogDirectory> directories = unlocked.directories();
            List<Long> journals = Layout.numbers(layout.journals(), Layout.JOURNAL_SUFFIX);
            boolean killed = !Layout.list(layout.journals()).isEmpty();
            Map<LogId, LogDirectory> allDirectories = new HashMap<>(directories);
            Set<LogId> destroyed = unlocked.destroyed().keySet();
            destroyed.forEach(logId -> allDirectories.put(logId, layout.tenant(logId)));
            this.recovery = new Recovery(
                    layout,
                    options.storage(),
                    allDirectories,
                    destroyed,
                    logId -> state(logId, directories.getOrDefault(logId, layout.service())));
            recovery.read();
            Set<LogId> unanchored = new AnchorCheck(layout, anchors, recovery.ranges()).run(allDirectories);
            removeUnfinishedKeys(directories.values(), options.storage());
            Sealer.Job recovered = killed
                    ? recovery.job(unanchored, Timestamps.nanos(options.clock().instant()))
                    : null;
            LogId serviceId = LogKeys.read(layout.service()).logId();
            LogState serviceState = state(serviceId, layout.service());
            WriterMeters meters = new WriterMeters(options.observer());
            JournalFiles files = new JournalFiles(
                    layout,
                    options.storage(),
                    random,
                    unlocked.settings().suite().cipher(),
                    journals.isEmpty() ? 1 : journals.get(journals.size() - 1) + 1,
                    // Under full load as many files are in use as unsealed records need.
                    (int) Math.min(16, 2 + options.unsealedBytesMax() / options.journalBytesMax()));
            CheckpointDelivery delivery =
                    new CheckpointDelivery(receivers(List.of(cases, deposits), layout, options), options.observer());
            this.committer = new Committer(
                    options,
                    files,
                    random,
                    new Sealer(anchors, options.indexer(), options.sealThreads(), meters, pool, delivery),
                    serviceState,
                    meters,
                    inUse,
                    pool);
            this.rotator = new KeyRotator(unlocked, options.storage(), committer, random);
            this.retention = new RetentionRunner(unlocked, options.storage(), options.clock(), random, rotator);
            this.service = new TenantLog(SERVICE, serviceState, committer, null, deposits);
            // The last writer may have been killed before it had delivered this one.
            anchors.latestCheckpoint().ifPresent(delivery::offer);
            committer.start(recovered, recovery.unsealedBytes());
        } catch (IOException | WrongKeyException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** Who gets checkpoints: who takes up cases and deposits, the sinks, and those whose attestations are kept in the vault. */
    private static List<CheckpointSink> receivers(List<CheckpointSink> recorders, Layout layout, VaultOptions options) {
        List<CheckpointSink> receivers = new ArrayList<>(recorders);
        receivers.addAll(options.sinks());
        options.witnesses().forEach(witness -> receivers.add(new WitnessSink(witness, layout, options.storage())));
        if (options.timeStamping() != null) {
            receivers.addAll(TimeStampSink.of(options.timeStamping(), layout, options.storage(), options.clock()));
        }
        return receivers;
    }

    private LogState state(LogId logId, LogDirectory directory) throws IOException, WrongKeyException {
        LogState known = states.get(logId);
        if (known == null) {
            known = LogState.load(unlocked, logId, directory, options.storage(), random, inUse, pool);
            states.put(logId, known);
        }
        return known;
    }

    /** Creates a log, whose name is not durable before its parent directory is synced. */
    private static void createLog(LogKeys keys, LogDirectory directory, Storage storage) throws IOException {
        LogDirectory unfinished = new LogDirectory(Storage.temporary(directory.path()));
        try {
            storage.createDirectory(unfinished.path());
            storage.createDirectory(unfinished.segments());
            storage.createDirectory(unfinished.indexes());
            storage.createSynced(unfinished.keys(), keys.format());
            storage.syncDirectory(unfinished.path());
            storage.rename(unfinished.path(), directory.path());
        } catch (IOException e) {
            if (Files.exists(unfinished.path())) {
                removeTree(unfinished.path());
            }
            throw e;
        }
    }

    /** Removes logs whose creation was cut short: they have no record yet. */
    private static void removeUnfinished(Layout layout) throws IOException {
        for (Path directory : Layout.list(layout.tenants())) {
            if (directory.toString().endsWith(Layout.TEMPORARY_SUFFIX)) {
                removeTree(directory);
            }
        }
    }

    static void removeTree(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /**
     * Returns the log of a tenant; creates it, with keys of its own, if the tenant is new.
     *
     * @throws KeySourceException if the tenant brings a key source of its own that cannot be reached or refuses; other tenants
     *     are not concerned
     * @throws IllegalArgumentException if the name is empty, longer than 256 characters, or holds control characters
     */
    public TenantLog tenant(String name) throws IOException {
        TenantLog known = logs.get(name);
        return known != null ? known : load(name);
    }

    /** Returns the log of a tenant; empty if there is no such tenant. Creates nothing. */
    public Optional<TenantLog> existingTenant(String name) throws IOException {
        synchronized (this) {
            if (!tenants.containsKey(name)) {
                return Optional.empty();
            }
        }
        return Optional.of(tenant(name));
    }

    /**
     * Returns the logs of tenants, in the order of their names here; creates those that are new. Creating many at once
     * takes a fraction of the time that creating them one by one does.
     *
     * @throws IllegalArgumentException if a name is one that a tenant cannot have
     */
    public List<TenantLog> tenants(Collection<String> names) throws IOException {
        names.forEach(Vault::requireName);
        synchronized (this) {
            create(names.stream()
                    .filter(name -> !tenants.containsKey(name))
                    .distinct()
                    .toList());
        }
        List<TenantLog> all = new ArrayList<>(names.size());
        for (String name : names) {
            all.add(tenant(name));
        }
        return all;
    }

    /**
     * Creates the log of a tenant that may lie in some jurisdictions only. Its first record says in which.
     *
     * @param jurisdictions countries by their two letters (ISO 3166-1 alpha-2), at least one
     * @throws PlaceRefusedException if the vault lies in none of them; nothing was created then
     * @throws IllegalStateException if there is such a tenant; {@link #bind} binds it
     */
    public synchronized TenantLog createTenant(String name, Set<String> jurisdictions) throws IOException {
        requireName(name);
        if (tenants.containsKey(name)) {
            throw new IllegalStateException("there is a tenant " + name + " already");
        }
        LogId logId = LogId.random(random);
        // Before the log: it never is there without what it is bound to.
        String before = places.bind(logId, jurisdictions, "tenant \"" + name + "\"");
        create(Map.of(name, logId));
        TenantLog log = load(name);
        places.record(log, service, before, jurisdictions, null);
        return log;
    }

    /**
     * Binds a tenant to jurisdictions, whatever it was bound to before, and records that in its log and in the vault's own.
     *
     * @param reason why, 1 to 8,192 UTF-16 code units
     * @throws PlaceRefusedException if the vault lies in none of them
     * @throws IllegalArgumentException if there is no such tenant
     */
    public synchronized void bind(String name, Set<String> jurisdictions, String reason) throws IOException {
        TenantLog log =
                existingTenant(name).orElseThrow(() -> new IllegalArgumentException("the vault has no tenant " + name));
        String before = places.bind(log.logId(), jurisdictions, "tenant \"" + name + "\"");
        places.record(log, service, before, jurisdictions, reason);
    }

    /**
     * Registers a place where records lie, or changes the one of that name, and records that.
     *
     * @throws PlaceRefusedException if it is the vault's, and a tenant must not lie there
     */
    public synchronized void addPlace(Place place) throws IOException {
        service.appendChangeAndWait(places.add(place));
    }

    /** Returns the places where records lie, and who is bound to which jurisdictions. */
    public PlaceRegister places() throws IOException {
        return places.register();
    }

    private synchronized TenantLog load(String name) throws IOException {
        TenantLog known = logs.get(name);
        if (known != null) {
            return known;
        }
        requireName(name);
        LogId logId = tenants.get(name);
        if (logId == null) {
            create(List.of(name));
            logId = tenants.get(name);
        }
        if (logId == null) {
            throw new IllegalStateException("the log of tenant " + name + " was not created");
        }
        if (recovery.heldBack().contains(logId)) {
            throw new KeySourceException("the journal holds records of tenant " + name
                    + " that were acknowledged and could not be read when the vault was opened, since its key source could not"
                    + " be had; nothing is lost: open the vault again when it can");
        }
        try {
            LogState state = state(logId, unlocked.layout().tenant(logId));
            settleRotation(state);
            TenantLog log = new TenantLog(name, state, committer, options.quotas(), deposits);
            logs.put(name, log);
            return log;
        } catch (WrongKeyException e) {
            throw new IOException("the keys of log " + logId + " do not open: " + e.getMessage(), e);
        }
    }

    private void create(List<String> names) throws IOException {
        Map<String, LogId> created = new LinkedHashMap<>();
        names.forEach(name -> created.put(name, LogId.random(random)));
        create(created);
    }

    /** Creates the logs of new tenants: several side by side, then all of them durable, then recorded. */
    private void create(Map<String, LogId> created) throws IOException {
        if (created.isEmpty()) {
            return;
        }
        Layout layout = unlocked.layout();
        List<LogKeys> keys = new ArrayList<>();
        for (Map.Entry<String, LogId> log : created.entrySet()) {
            // Before any log is there: a tenant's key source may be away.
            keys.add(unlocked.newTenantKeys(log.getValue(), log.getKey()));
        }
        Storage storage = options.storage();
        SideBySide.run(CREATING_THREADS, keys, log -> createLog(log, layout.tenant(log.logId()), storage));
        storage.syncDirectory(layout.tenants());
        List<Event> events = new ArrayList<>();
        created.forEach((name, logId) -> events.add(Event.of("tenant.create")
                .outcome(Event.Outcome.SUCCESS)
                .target("tenant", name)
                .target("log", logId.toString())
                .build()));
        service.appendAllAndWait(events);
        tenants.putAll(created);
    }

    /**
     * Appends the steps of cases that others have made since, to the vault's own log and, where the tenants may know, to
     * theirs, and returns when that is on disk. Happens by itself at opening and after each anchor.
     *
     * @throws VaultFailedException if the vault has failed or was closed
     */
    public void recordCases() throws IOException {
        cases.record();
    }

    /**
     * Gives tenants new keys, under which is written from now on; what was written before stays as it is and is read with the
     * keys that it was written with. Returns when the new keys are in place. Other threads write meanwhile, also for these
     * tenants.
     *
     * <p>A tenant that brings a key source of its own ({@link VaultSecret#withTenants}) gets keys that this wraps, whatever wrapped
     * them before. Keys for salts and pseudonyms stay: they encrypt nothing, and proofs depend on them.
     *
     * @param reason why, 1 to 8,192 characters; stands in the tenants' logs
     * @return the new epochs, and the tenants whose keys could not be rotated, as those whose key source cannot be reached
     * @throws IllegalArgumentException if there is no such tenant
     * @throws VaultFailedException if the vault has failed or was closed
     */
    public KeyRotation rotateKeys(Collection<String> names, String reason) throws IOException {
        return rotateKeys(names, reason, true);
    }

    /**
     * As {@link #rotateKeys}, and has the vault's key wrap the new keys, also of tenants that bring a key source of their own.
     */
    public KeyRotation rotateKeysUnderVault(Collection<String> names, String reason) throws IOException {
        return rotateKeys(names, reason, false);
    }

    private KeyRotation rotateKeys(Collection<String> names, String reason, boolean ownSource) throws IOException {
        for (String name : names) {
            synchronized (this) {
                if (!tenants.containsKey(name)) {
                    throw new IllegalArgumentException("there is no tenant " + name);
                }
            }
        }
        return rotator.rotate(
                names.stream()
                        .distinct()
                        .map(name -> KeyRotator.Wanted.ofAll(name, reason, ownSource))
                        .toList(),
                name -> tenant(name).state());
    }

    /**
     * Gives the vault's own log new keys.
     *
     * @param reason why, 1 to 8,192 characters; stands in the log
     * @return the new epoch
     */
    public int rotateServiceKeys(String reason) throws IOException {
        KeyRotation rotation =
                rotator.rotate(List.of(KeyRotator.Wanted.ofAll(SERVICE, reason, false)), name -> service.state());
        for (IOException failure : rotation.failures().values()) {
            throw failure;
        }
        return rotation.epochs().values().iterator().next();
    }

    /**
     * Says how long records are kept after they were recorded, and records that: in the tenant's log, if it is about one, and in
     * the vault's own. Nothing is destroyed before the rules are {@linkplain #applyRetention applied}. Records that no rule is
     * about, and those of the vault's own log, are kept for ever.
     *
     * @param tenant whose records; null for those of all tenants that have no rule of their own
     * @param service those of which service; null for those of all that have no rule of their own
     * @param period how long; null to have no rule about them
     * @param reason why, 1 to 8,192 UTF-16 code units
     * @throws IllegalArgumentException if there is no such tenant
     */
    public synchronized void setRetention(
            @Nullable String tenant, @Nullable String service, @Nullable RetentionPeriod period, String reason)
            throws IOException {
        TenantLog log = tenant == null
                ? null
                : existingTenant(tenant)
                        .orElseThrow(() -> new IllegalArgumentException("the vault has no tenant " + tenant));
        Change change = retention.set(log == null ? null : log.logId(), service, period, reason);
        if (log == null) {
            this.service.appendChangeAndWait(change);
        } else {
            log.appendChangeAndWait(change);
            String whose = "log " + log.logId() + ": ";
            this.service.appendChangeAndWait(new Change(
                    change.what(),
                    change.before() == null ? null : whose + change.before(),
                    change.after() == null ? null : whose + change.after(),
                    reason));
        }
    }

    /** Returns how long records are kept. */
    public RetentionRules retention() throws IOException {
        return retention.rules();
    }

    /**
     * Destroys the records of tenants that were kept as long as they have to be, as far as no hold keeps them, and returns when that
     * is done: their keys are gone from the vault, and so what is under them can be read by nobody who has no copy of these. Leaf
     * hashes, seals and anchors stay, and all verifies as before. Other threads write meanwhile.
     *
     * <p>Records go in whole segments from the beginning of a log on, and with all that is under the same key. So that they need
     * not wait long, a log gets new keys now and then, also here.
     *
     * @throws IllegalArgumentException if there is no such tenant
     * @throws VaultFailedException if the vault has failed or was closed
     */
    public RetentionRun applyRetention(Collection<String> names) throws IOException {
        for (String name : names) {
            synchronized (this) {
                if (!tenants.containsKey(name)) {
                    throw new IllegalArgumentException("there is no tenant " + name);
                }
            }
        }
        // No journal file holds anything then that is under keys which a log had before its present ones.
        seal();
        return retention.run(
                names.stream().distinct().toList(), name -> tenant(name).state());
    }

    /** Finishes rotations that were cut short after a record of them was in the log, and drops others. */
    private void settleRotations() throws IOException {
        List<LogState> left =
                states.values().stream().filter(LogState::hasLeftRotation).toList();
        if (left.stream().anyMatch(LogState::isDecided)) {
            // The record may be in the journal only: a seal has to name the keys before they take their place.
            seal();
        }
        for (LogState log : left) {
            settleRotation(log);
        }
    }

    private void settleRotation(LogState log) throws IOException {
        if (log.isDecided()) {
            KeyRotator.putInPlace(log, options.storage());
        } else if (log.hasLeftRotation()) {
            KeyRotator.drop(log, options.storage());
        }
    }

    /** Loads the logs that have keys of a next epoch, and removes files of such keys that are not in place. */
    private void removeUnfinishedKeys(Collection<LogDirectory> directories, Storage storage)
            throws IOException, WrongKeyException {
        for (LogDirectory directory : directories) {
            if (Files.exists(Storage.temporary(directory.nextKeys()))) {
                storage.delete(Storage.temporary(directory.nextKeys()));
            }
            if (Files.exists(directory.nextKeys())) {
                try {
                    state(LogKeys.read(directory).logId(), directory);
                } catch (KeySourceException e) {
                    LOG.warn("the keys of {} stay as they are until they can be opened", directory.path(), e);
                }
            }
        }
    }

    /** Returns the vault's own log. */
    TenantLog service() {
        return service;
    }

    /**
     * Returns the deposits of the service's own configuration, which are recorded in the vault's own log.
     *
     * @throws IOException if the log's keys cannot be read
     */
    public TenantBackups serviceBackups() throws IOException {
        return service.backups();
    }

    /** Returns the log that lies in a directory; empty if it is no log that was there or created here. */
    Optional<TenantLog> log(LogDirectory directory) throws IOException {
        if (directory.equals(unlocked.layout().service())) {
            return Optional.of(service);
        }
        String name = null;
        synchronized (this) {
            for (Map.Entry<String, LogId> each : tenants.entrySet()) {
                if (unlocked.layout().tenant(each.getValue()).equals(directory)) {
                    name = each.getKey();
                }
            }
        }
        return name == null ? Optional.empty() : Optional.of(tenant(name));
    }

    /** Returns how the vault is doing. */
    public VaultStatus status() {
        return committer.status();
    }

    /** Checks the name of a tenant. */
    public static void requireName(String name) {
        if (name.isEmpty()
                || name.length() > TENANT_CHARS_MAX
                || name.codePoints().anyMatch(c -> Character.isISOControl(c) || c >= 0xD800 && c <= 0xDFFF)) {
            throw new IllegalArgumentException("a tenant's name has 1 to " + TENANT_CHARS_MAX
                    + " characters, no control characters and no lone surrogates, found "
                    + Json.mapper().valueToTree(name));
        }
    }

    /** Returns how many records of a writer that had not closed the vault were found in the journal at opening. */
    public long recoveredRecords() {
        return recovery.records();
    }

    /**
     * Returns how many bytes at the end of journal files could not be read at opening and were dropped: of a commit that
     * was never acknowledged, or of records that were destroyed.
     */
    public long droppedBytes() {
        return recovery.tornBytes();
    }

    /** Returns the names of all tenants. */
    public synchronized SortedSet<String> tenants() {
        return new TreeSet<>(tenants.keySet());
    }

    /** Returns the public key that the vault's checkpoints and bundles verify with. */
    public NoteVerifier verifier() {
        return unlocked.settings().verifier();
    }

    /**
     * Seals and anchors everything that was appended so far.
     *
     * @throws VaultFailedException if the vault has failed
     */
    public void seal() {
        try {
            committer.seal().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof VaultFailedException failed) {
                throw failed;
            }
            throw e;
        }
    }

    /**
     * Commits, seals and anchors what waits, and lets the vault go.
     *
     * @throws IOException if the vault had failed, or fails now; reopening it recovers what was acknowledged
     */
    @Override
    public void close() throws IOException {
        try {
            committer.close();
            SegmentIndexer indexer = options.indexer();
            if (indexer != null) {
                indexer.settle();
            }
        } finally {
            lock.close();
        }
    }
}
