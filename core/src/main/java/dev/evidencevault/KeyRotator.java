package dev.evidencevault;

import dev.evidencevault.crypto.keys.TenantKeys;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.Change;
import dev.evidencevault.format.DestroyedRecords;
import dev.evidencevault.segment.CountsFile;
import dev.evidencevault.segment.SealedLog;
import dev.evidencevault.segment.SegmentContent;
import dev.evidencevault.segment.SegmentFile;
import dev.evidencevault.segment.TagCounts;
import dev.evidencevault.storage.Layout.LogDirectory;
import dev.evidencevault.storage.LogKeys;
import dev.evidencevault.storage.Storage;
import dev.evidencevault.storage.UnlockedVault;
import java.io.IOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Gives logs new keys while they are written. For each log, in this order: the keys of the next epoch are put beside the current
 * ones; a record in the log names both, and all that follows it in the log is under the next ones; a seal names the next
 * ones; they take the place of the current ones. The record is the commit point: without it in the log, the next keys are
 * dropped when the vault is opened again, with it, all that is missing is done.
 *
 * <p>The next keys may leave out the oldest ones, and so destroy what is under them: that is done when the next keys are in
 * place, which is why what cannot be told without the old ones is put down before.
 */
final class KeyRotator {
    /** How many logs are sealed together. */
    private static final int LOGS_MAX = 256;

    private final UnlockedVault unlocked;
    private final Storage storage;
    private final Committer committer;
    private final SecureRandom random;

    /** Gives the state of a log by its name. */
    @FunctionalInterface
    interface Loader {
        LogState load(String name) throws IOException;
    }

    /**
     * What a log is to get.
     *
     * @param name the log's name
     * @param reason why, for the record
     * @param ownSource whether a tenant's own source wraps its keys, if it brings one; else the vault's key does
     * @param deposits whether what is deposited gets a new key, too
     * @param destruction what the next keys leave out; null if nothing
     */
    record Wanted(
            String name,
            String reason,
            boolean ownSource,
            boolean deposits,
            @Nullable Destruction destruction) {
        /** New keys for all that is written. */
        static Wanted ofAll(String name, String reason, boolean ownSource) {
            return new Wanted(name, reason, ownSource, true, null);
        }

        /** New keys for records. */
        static Wanted ofRecords(String name, String reason, boolean ownSource) {
            return new Wanted(name, reason, ownSource, false, null);
        }

        /** New keys for records, and without the oldest ones. */
        static Wanted destroying(String name, String reason, boolean ownSource, Destruction destruction) {
            return new Wanted(name, reason, ownSource, false, destruction);
        }
    }

    /**
     * Keys that are to be left out, and what is under them. No journal file may hold anything that is under them.
     *
     * @param oldestKeys how many, not the newest
     * @param from the first segment that is under them
     * @param segments the last segment that is under them; so are all between the two, and none after it
     * @param leaves how many leaves these segments have, seals included
     * @param permission asked right before the record is appended
     */
    record Destruction(int oldestKeys, long from, long segments, long leaves, Permission permission) {}

    /** Fails if something must not be done any more. */
    @FunctionalInterface
    interface Permission {
        void require() throws IOException;
    }

    /** A log whose next keys are there and whose record waits to be committed. */
    private record Begun(String name, LogState log, int epoch, Append.Rotation record) {}

    KeyRotator(UnlockedVault unlocked, Storage storage, Committer committer, SecureRandom random) {
        this.random = random;
        this.unlocked = unlocked;
        this.storage = storage;
        this.committer = committer;
    }

    /**
     * Rotates the keys of logs, and returns when they are in place.
     *
     * @throws VaultFailedException if the vault has failed or was closed
     */
    synchronized KeyRotation rotate(List<Wanted> all, Loader logs) throws IOException {
        SortedMap<String, Integer> epochs = new TreeMap<>();
        SortedMap<String, IOException> failures = new TreeMap<>();
        for (int from = 0; from < all.size(); from += LOGS_MAX) {
            List<Begun> begun = new ArrayList<>();
            for (Wanted wanted : all.subList(from, Math.min(all.size(), from + LOGS_MAX))) {
                try {
                    begun.add(begin(wanted, logs.load(wanted.name())));
                } catch (IOException e) {
                    failures.put(wanted.name(), e);
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

    private Begun begin(Wanted wanted, LogState log) throws IOException {
        String name = wanted.name();
        Destruction destruction = wanted.destruction();
        LogDirectory directory = log.directory();
        log.beginRotation();
        boolean appended = false;
        try {
            TenantKeys keys = log.open().keys();
            if (keys.count(TenantKeys.Purpose.CONTENT) >= TenantKeys.KEYS_MAX
                    || wanted.deposits() && keys.count(TenantKeys.Purpose.BACKUP) >= TenantKeys.KEYS_MAX) {
                throw new IOException("the keys of " + name + " were rotated as often as they can be, "
                        + TenantKeys.KEYS_MAX + " times");
            }
            LogKeys current = LogKeys.read(directory);
            TenantKeys next = wanted.deposits() ? keys.rotated() : keys.rotatedForRecords();
            DestroyedRecords destroyed = current.destroyed();
            if (destruction != null) {
                next = next.without(destruction.oldestKeys(), destruction.segments() + 1);
                destroyed = keepCounts(new SealedLog(log.logId(), directory, keys), current, next, destruction);
            }
            LogKeys after = unlocked.nextKeys(current, next, destroyed, wanted.ownSource());
            // Durable before the record that names it: what follows that can be read with it only.
            storage.replace(directory.nextKeys(), after.format());
            Change change = new Change(
                    Change.What.ROTATION,
                    current.rotated().format(),
                    after.rotated().format(),
                    wanted.reason());
            Append.Rotation record = new Append.Rotation(
                    log, change.toBody(name, committer.now()), LogState.opened(next, after.digest()));
            if (destruction != null) {
                requirePermission(destruction, log);
            }
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

    /** Requires that just what is to be destroyed is under the keys that go. */
    private static void requireAsPlanned(SealedLog log, TenantKeys next, Destruction destruction) throws IOException {
        boolean same = log.keys().firstSegment() == destruction.from();
        for (long number : List.of(destruction.segments(), destruction.segments() + 1)) {
            if (same && Files.exists(log.directory().segment(number))) {
                try (SegmentFile file = new SegmentFile(log.directory().segment(number))) {
                    same = file.keyAge(next).isPresent() == (number > destruction.segments());
                }
            }
        }
        if (!same) {
            throw new IOException("the keys of log " + log.logId() + " are not those that the plan was made with");
        }
    }

    private void requirePermission(Destruction destruction, LogState log) throws IOException {
        try {
            destruction.permission().require();
        } catch (IOException e) {
            drop(log, storage);
            throw e;
        }
    }

    /** Puts down how many records each actor had up to the end of what is destroyed, under the keys that are left. */
    private DestroyedRecords keepCounts(SealedLog log, LogKeys current, TenantKeys next, Destruction destruction)
            throws IOException {
        requireAsPlanned(log, next, destruction);
        TagCounts counts = new TagCounts();
        DestroyedRecords before = current.destroyed();
        if (before != null) {
            CountsFile.read(log, before.segments(), before.counts(), counts);
        }
        for (long number = current.firstSegment(); number <= destruction.segments(); number++) {
            try (SegmentFile file = new SegmentFile(log.directory().segment(number))) {
                new SegmentContent(file, log.keys()).advance(counts);
            }
        }
        byte[] kept = CountsFile.seal(
                new SealedLog(log.logId(), log.directory(), next), destruction.segments(), counts, random);
        // Durable before the keys that name it.
        storage.replace(log.directory().counts(destruction.segments()), kept);
        return new DestroyedRecords(destruction.segments(), destruction.leaves(), Digest.sha256(kept));
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
        DestroyedFiles.remove(directory, storage);
    }

    /** Drops next keys that no record names: nothing is under them. */
    static void drop(LogState log, Storage storage) throws IOException {
        LogDirectory directory = log.directory();
        storage.delete(directory.nextKeys());
        storage.syncDirectory(directory.path());
        log.endRotation();
        DestroyedFiles.remove(directory, storage);
    }
}
