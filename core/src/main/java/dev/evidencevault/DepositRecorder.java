package dev.evidencevault;

import dev.evidencevault.crypto.keys.TenantKeys;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.deposit.DepositKind;
import dev.evidencevault.deposit.Depositor;
import dev.evidencevault.deposit.TenantBackups;
import dev.evidencevault.format.Change;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.DepositRecord;
import dev.evidencevault.format.LogId;
import dev.evidencevault.segment.SealedChanges;
import dev.evidencevault.sink.CheckpointSink;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Layout.LogDirectory;
import dev.evidencevault.storage.UnlockedVault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes up what was deposited and appends it to the logs, as a change with the digest of the item: at opening, after each
 * anchor, and at once when it was put through this process. Then a file beside the item says so, and saves the search in the
 * log; whatever a crash leaves, each item is in its log once, found by its digest. Safe for use by several threads.
 *
 * <p>It is told of anchors as a sink is told of checkpoints, in the same thread.
 */
final class DepositRecorder implements CheckpointSink {
    private static final Logger LOG = LoggerFactory.getLogger(DepositRecorder.class);

    private static final byte[] RECORDED_MAGIC = "EVDRC\0\0\1".getBytes(StandardCharsets.ISO_8859_1);

    /** An item is never recorded before it was taken, but for what clocks differ by. */
    private static final Duration CLOCKS_DIFFER = Duration.ofDays(1);

    private final UnlockedVault unlocked;
    private final VaultOptions options;
    private volatile @Nullable Vault vault;

    // Guarded by this.
    private final Map<Digest, Long> appended = new HashMap<>();
    private final Set<Path> told = new HashSet<>();

    DepositRecorder(UnlockedVault unlocked, VaultOptions options) {
        this.unlocked = unlocked;
        this.options = options;
    }

    /** Begins, once the vault can be appended to and all that was recovered is sealed. */
    void start(Vault open) {
        vault = open;
        recordOrWarn();
    }

    /** Says whether there is an item of which nothing says that a log holds it. */
    boolean isWaiting() throws IOException {
        for (LogDirectory directory : directories()) {
            if (!waiting(directory).isEmpty()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String name() {
        return "deposits";
    }

    @Override
    public void deliver(SignedNote checkpoint) {
        try {
            recordOrWarn();
        } catch (VaultFailedException e) {
            LOG.debug("deposits are recorded when the vault is opened again", e);
        }
    }

    private void recordOrWarn() {
        try {
            for (LogDirectory directory : directories()) {
                record(directory);
            }
        } catch (IOException e) {
            LOG.warn("deposits were not recorded; that will be tried again after the next anchor", e);
        }
    }

    private List<LogDirectory> directories() throws IOException {
        List<LogDirectory> directories = new ArrayList<>();
        directories.add(unlocked.layout().service());
        for (Path directory : Layout.list(unlocked.layout().tenants())) {
            directories.add(new LogDirectory(directory));
        }
        return directories;
    }

    private static List<Long> waiting(LogDirectory directory) throws IOException {
        if (!Files.isDirectory(directory.backups())) {
            return List.of();
        }
        List<Long> items = new ArrayList<>(Layout.numbers(directory.backups(), Layout.ITEM_SUFFIX));
        items.removeAll(new HashSet<>(Layout.numbers(directory.backups(), Layout.RECORDED_SUFFIX)));
        return items;
    }

    /** Returns the handle of a log's deposits, with which what is put is recorded at once. */
    TenantBackups backups(LogState log) throws IOException {
        LogDirectory directory = log.directory();
        return backups(log.logId(), directory, log.open().keys());
    }

    private TenantBackups backups(LogId logId, LogDirectory directory, TenantKeys keys) {
        DepositKind kind = directory.equals(unlocked.layout().service()) ? DepositKind.SERVICE : DepositKind.TENANT;
        return new TenantBackups(
                new Depositor(kind, logId, directory, keys),
                options.storage(),
                options.clock(),
                () -> record(directory));
    }

    /** Appends what the log does not hold and returns when it is on disk. */
    private synchronized void record(LogDirectory directory) throws IOException {
        Vault open = vault;
        List<Long> waiting = waiting(directory);
        if (open == null || waiting.isEmpty()) {
            return;
        }
        Optional<TenantLog> found = open.log(directory);
        if (found.isEmpty()) {
            return;
        }
        TenantLog log = found.get();
        try {
            TenantKeys keys = unlocked.keys(directory);
            TenantBackups backups = backups(log.logId(), directory, keys);
            for (long number : waiting) {
                try {
                    record(log, directory, keys, backups, number);
                } catch (CorruptFileException e) {
                    if (told.add(directory.item(number))) {
                        LOG.error("a deposit is damaged and is not recorded; see evault verify", e);
                    }
                }
            }
        } catch (WrongKeyException e) {
            throw new IOException("the keys of log " + log.logId() + " do not open: " + e.getMessage(), e);
        }
    }

    private void record(TenantLog log, LogDirectory directory, TenantKeys keys, TenantBackups backups, long number)
            throws IOException {
        DepositRecord record = backups.record(number);
        Long seq = appended.get(record.file());
        if (seq == null) {
            seq = sealed(directory, keys, record.file(), backups.takenAt(number));
        }
        if (seq == null) {
            seq = log.appendDeposit(record).seq();
            appended.put(record.file(), seq);
        }
        byte[] content = ByteBuffer.allocate(RECORDED_MAGIC.length + Long.BYTES)
                .put(RECORDED_MAGIC)
                .putLong(seq)
                .array();
        options.storage().replace(directory.recorded(number), content);
    }

    /** Returns where the sealed part of a log holds an item; null if it does not. */
    private static @Nullable Long sealed(LogDirectory directory, TenantKeys keys, Digest file, long takenAt)
            throws IOException {
        long since = takenAt - CLOCKS_DIFFER.toNanos();
        for (SealedChanges.Recorded<DepositRecord> each :
                SealedChanges.read(directory, keys, since, Change.What.DEPOSIT, DepositRecord::of)) {
            if (each.value().file().equals(file)) {
                return each.seq();
            }
        }
        return null;
    }
}
