package dev.evidencevault;

import dev.evidencevault.crypto.keys.TenantKeys;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.format.Change;
import dev.evidencevault.storage.Layout.LogDirectory;
import dev.evidencevault.storage.LogKeys;
import dev.evidencevault.storage.Storage;
import dev.evidencevault.storage.UnlockedVault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Gives logs new keys while they are written. For each log, in this order: the keys of the next epoch are put beside the current
 * ones; a record in the log names both, and all that follows it in the log is under the next ones; a seal names the next
 * ones; they take the place of the current ones. The record is the commit point: without it in the log, the next keys are
 * dropped when the vault is opened again, with it, all that is missing is done.
 */
final class KeyRotator {
    /** How many logs are sealed together. */
    private static final int LOGS_MAX = 256;

    private final UnlockedVault unlocked;
    private final Storage storage;
    private final Committer committer;

    /** Gives the state of a log by its name. */
    @FunctionalInterface
    interface Loader {
        LogState load(String name) throws IOException;
    }

    /** A log whose next keys are there and whose record waits to be committed. */
    private record Begun(String name, LogState log, int epoch, Append.Rotation record) {}

    KeyRotator(UnlockedVault unlocked, Storage storage, Committer committer) {
        this.unlocked = unlocked;
        this.storage = storage;
        this.committer = committer;
    }

    /**
     * Rotates the keys of logs, and returns when they are in place.
     *
     * @param ownSource whether a tenant's own source wraps its keys, if it brings one; else the vault's key does
     * @throws VaultFailedException if the vault has failed or was closed
     */
    synchronized KeyRotation rotate(List<String> names, Loader logs, String reason, boolean ownSource)
            throws IOException {
        SortedMap<String, Integer> epochs = new TreeMap<>();
        SortedMap<String, IOException> failures = new TreeMap<>();
        for (int from = 0; from < names.size(); from += LOGS_MAX) {
            List<Begun> begun = new ArrayList<>();
            for (String name : names.subList(from, Math.min(names.size(), from + LOGS_MAX))) {
                try {
                    begun.add(begin(name, logs.load(name), reason, ownSource));
                } catch (IOException e) {
                    failures.put(name, e);
                }
            }
            if (!begun.isEmpty()) {
                begun.forEach(each -> join(each.record()));
                join(committer.seal());
                for (Begun each : begun) {
                    putInPlace(each.log(), storage);
                    epochs.put(each.name(), each.epoch());
                }
            }
        }
        return new KeyRotation(epochs, failures);
    }

    private Begun begin(String name, LogState log, String reason, boolean ownSource) throws IOException {
        LogDirectory directory = log.directory();
        log.beginRotation();
        boolean appended = false;
        try {
            TenantKeys keys = log.open().keys();
            if (keys.count(TenantKeys.Purpose.CONTENT) >= TenantKeys.KEYS_MAX) {
                throw new IOException("the keys of " + name + " were rotated as often as they can be, "
                        + TenantKeys.KEYS_MAX + " times");
            }
            LogKeys current = LogKeys.read(directory);
            TenantKeys next = keys.rotated();
            LogKeys after = unlocked.nextKeys(current, next, ownSource);
            // Durable before the record that names it: what follows that can be read with it only.
            storage.replace(directory.nextKeys(), after.format());
            Change change = new Change(
                    Change.What.ROTATION,
                    current.rotated().format(),
                    after.rotated().format(),
                    reason);
            Append.Rotation record = new Append.Rotation(
                    log, change.toBody(name, committer.now()), LogState.opened(next, after.digest()));
            committer.append(record, name);
            appended = true;
            return new Begun(name, log, next.epoch(), record);
        } catch (WrongKeyException e) {
            throw new IOException("the keys of " + name + " do not open: " + e.getMessage(), e);
        } finally {
            if (!appended) {
                log.endRotation();
            }
        }
    }

    private static void join(CompletableFuture<?> done) {
        try {
            done.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof VaultFailedException failed) {
                throw failed;
            }
            throw e;
        }
    }

    /** Puts the next keys in place; a seal that names them is durable. */
    static void putInPlace(LogState log, Storage storage) throws IOException {
        LogDirectory directory = log.directory();
        storage.rename(directory.nextKeys(), directory.keys());
        storage.syncDirectory(directory.path());
        log.endRotation();
    }

    /** Drops next keys that no record names: nothing is under them. */
    static void drop(LogState log, Storage storage) throws IOException {
        LogDirectory directory = log.directory();
        storage.delete(directory.nextKeys());
        storage.syncDirectory(directory.path());
        log.endRotation();
    }
}
