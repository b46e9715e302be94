package dev.evidencevault.storage;

import dev.evidencevault.format.LogId;
import dev.evidencevault.storage.Layout.LogDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Destroys the keys of a log, under the vault's lock, and what is of no use without them: indexes and deposits. The tombstone is
 * the commit point: without it nothing is removed, with it whoever opens the vault for writing removes what is left. Segments
 * stay, as ciphertext, with the hashes of their leaves and their seals, which the anchors prove.
 *
 * <p>Files are deleted, not overwritten: on solid state disks and file systems that copy on write, overwriting reaches no old
 * block. What a file system's own snapshots hold of the keys is protected by the vault's secret, or the tenant's own key, alone.
 */
public final class Destruction {
    private Destruction() {}

    /**
     * Puts the tombstone of a log in place and removes the log's keys.
     *
     * @throws VaultLockedException if somebody makes a deposit of the log; nothing was changed then
     */
    public static void commit(UnlockedVault vault, Tombstone tombstone, Storage storage) throws IOException {
        LogDirectory log = vault.layout().tenant(tombstone.logId());
        if (!Files.isDirectory(log.backups())) {
            commit(vault, log, tombstone, storage);
            return;
        }
        // Deposits are made beside everything else: nobody makes one now, and later the tombstone is seen.
        VaultLock lock = VaultLock.acquire(log.backupsLock());
        try {
            commit(vault, log, tombstone, storage);
        } finally {
            lock.close();
        }
    }

    private static void commit(UnlockedVault vault, LogDirectory log, Tombstone tombstone, Storage storage)
            throws IOException {
        // The commit point: it is durable before the first key is gone.
        storage.replace(log.tombstone(), tombstone.sign(vault.checkpointSigner()));
        remove(log, storage);
    }

    /**
     * Finishes destructions that were cut short after their commit point, and takes away what was put back since. Drops those
     * that were cut short before it.
     *
     * @throws dev.evidencevault.format.CorruptFileException if a tombstone is none of this vault and log; nothing of that log was
     *     removed
     */
    public static void finish(Layout layout, Settings settings, Storage storage) throws IOException {
        for (Path directory : Layout.list(layout.tenants())) {
            if (directory.toString().endsWith(Layout.TEMPORARY_SUFFIX)) {
                continue;
            }
            LogDirectory log = layout.log(directory);
            Path unfinished = Storage.temporary(log.tombstone());
            if (Files.exists(unfinished)) {
                storage.delete(unfinished);
            }
            if (Tombstone.isAt(log)
                    && Tombstone.read(log, logId(directory), settings).isPresent()) {
                remove(log, storage);
            }
        }
    }

    private static LogId logId(Path directory) {
        return LogId.parse(String.valueOf(directory.getFileName()));
    }

    private static void remove(LogDirectory log, Storage storage) throws IOException {
        // The keys first: what comes after them is of no use without them.
        delete(keyFiles(log), log.path(), storage);
        delete(Layout.list(log.indexes()), log.indexes(), storage);
        delete(deposits(log), log.backups(), storage);
        delete(counts(log), log.path(), storage);
    }

    private static void delete(List<Path> files, Path directory, Storage storage) throws IOException {
        for (Path file : files) {
            storage.delete(file);
        }
        if (!files.isEmpty()) {
            storage.syncDirectory(directory);
        }
    }

    /** Returns what is left of a log that a tombstone says nobody reads any more; empty if the destruction is whole. */
    public static List<Path> left(LogDirectory log) throws IOException {
        List<Path> left = new ArrayList<>(keyFiles(log));
        left.addAll(Layout.list(log.indexes()));
        left.addAll(deposits(log));
        left.addAll(counts(log));
        return left;
    }

    /** Returns the files that hold keys of a log, those that are not in place yet included. */
    public static List<Path> keyFiles(LogDirectory log) {
        List<Path> files = new ArrayList<>();
        for (Path file : List.of(log.keys(), log.nextKeys())) {
            for (Path each : List.of(file, Storage.temporary(file))) {
                if (Files.exists(each)) {
                    files.add(each);
                }
            }
        }
        return files;
    }

    /** Returns the files that count records which were destroyed before. */
    private static List<Path> counts(LogDirectory log) throws IOException {
        return Layout.list(log.path()).stream()
                .filter(file -> Layout.isNumbered(String.valueOf(file.getFileName()), Layout.COUNTS_SUFFIX)
                        || Layout.isUnfinishedCounts(String.valueOf(file.getFileName())))
                .toList();
    }

    /** Returns the files of a log's deposits, without the lock. */
    public static List<Path> deposits(LogDirectory log) throws IOException {
        return Layout.list(log.backups()).stream()
                .filter(file -> !file.equals(log.backupsLock()))
                .toList();
    }
}
