package dev.evidencevault;

import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.Change;
import dev.evidencevault.shred.DestroyedKeys;
import dev.evidencevault.shred.ShredDesk;
import dev.evidencevault.shred.ShredRecord;
import dev.evidencevault.shred.ShredRefusedException;
import dev.evidencevault.shred.ShredRequest;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Layout.LogDirectory;
import dev.evidencevault.storage.Tombstone;
import dev.evidencevault.storage.UnlockedVault;
import dev.evidencevault.storage.VaultLock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Destroys the keys of a tenant's log in a vault that no process writes, in three steps of which each can be the last that a
 * process makes.
 *
 * <ol>
 *   <li>The vault is opened, the tenant's log and the vault's own take a change that says what is about to be done, who asked and
 *       who approved, and the vault is closed: all of it is sealed and anchored, and the journal is empty.
 *   <li>Under the lock, a tombstone is put where the keys lie. It is the commit point: before it the keys are there, after it
 *       nobody reads the log, and whoever opens the vault for writing deletes what is left of them.
 *   <li>The keys are deleted, and the indexes and deposits with them.
 * </ol>
 *
 * <p>No record of another tenant is read, and no file of another log is written.
 */
public final class Shredding {
    /** A change is never recorded before the request was made, but for what clocks differ by. */
    private static final Duration CLOCKS_DIFFER = Duration.ofDays(1);

    private Shredding() {}

    /**
     * Destroys the keys. Can be repeated with the same request: what is left to be done is done then.
     *
     * @return the tombstone
     * @throws ShredRefusedException if the request may not be acted on; nothing was destroyed then
     * @throws dev.evidencevault.crypto.keys.KeySourceException if the tenant's own key cannot be had: its log could not take the
     *     change
     * @throws dev.evidencevault.storage.VaultLockedException if another process writes the vault
     */
    public static Tombstone destroy(Path directory, VaultSecret secret, VaultOptions options, ShredRequest request)
            throws IOException, WrongKeyException, ShredRefusedException {
        UnlockedVault before = UnlockedVault.unlock(directory, secret);
        before.layout().requireWritable();
        if (desk(before, options).tombstone(request).isEmpty()) {
            desk(before, options).require(request);
            tell(directory, secret, options, request);
            commit(directory, secret, options, request);
        }
        // Whatever was cut short before, opening for writing finishes it.
        Vault.open(directory, secret, options).close();
        return desk(before, options)
                .tombstone(request)
                .orElseThrow(() -> new IllegalStateException("the tombstone is not there"));
    }

    private static ShredDesk desk(UnlockedVault vault, VaultOptions options) {
        return new ShredDesk(vault, options.storage(), options.clock());
    }

    private static void tell(Path directory, VaultSecret secret, VaultOptions options, ShredRequest request)
            throws IOException, WrongKeyException, ShredRefusedException {
        try (Vault vault = Vault.open(directory, secret, options)) {
            // What a killed writer had told is looked for in what is sealed.
            vault.seal();
            UnlockedVault unlocked = UnlockedVault.unlock(directory, secret);
            ShredDesk.Signers signers = desk(unlocked, options).require(request);
            if (begun(unlocked, request)) {
                return;
            }
            ShredRequest.Body body = request.body();
            LogDirectory log = unlocked.layout().tenant(body.log());
            Change change = new ShredRecord.Begun(
                            body.tenant(),
                            body.log(),
                            request.digest(),
                            DestroyedKeys.read(unlocked, log),
                            signers.requester().id(),
                            signers.approver().id(),
                            body.reason())
                    .toChange();
            vault.tenant(body.tenant()).appendChangeAndWait(change);
            // Last: that it is here says that it is there.
            vault.service().appendChangeAndWait(change);
        }
    }

    private static boolean begun(UnlockedVault vault, ShredRequest request) throws IOException, WrongKeyException {
        long since = request.body().requestedAt() - CLOCKS_DIFFER.toNanos();
        return ShredRecord.read(vault, since).stream()
                .anyMatch(each -> each.value() instanceof ShredRecord.Begun begun
                        && begun.request().equals(request.digest()));
    }

    private static void commit(Path directory, VaultSecret secret, VaultOptions options, ShredRequest request)
            throws IOException, WrongKeyException, ShredRefusedException {
        UnlockedVault vault = UnlockedVault.unlock(directory, secret);
        Layout layout = vault.layout();
        VaultLock lock = VaultLock.acquire(layout.lock());
        try {
            if (!Layout.list(layout.journals()).isEmpty()) {
                throw new ShredRefusedException(
                        "another process wrote the vault in the meantime and did not close it; do it again");
            }
            desk(vault, options).commit(request);
        } finally {
            lock.close();
        }
    }

    /**
     * Records in the vault's own log that keys were destroyed, and by which certificate that is shown.
     *
     * @param certificate SHA-256 of the certificate
     */
    public static void record(
            Path directory, VaultSecret secret, VaultOptions options, Tombstone tombstone, Digest certificate)
            throws IOException, WrongKeyException {
        try (Vault vault = Vault.open(directory, secret, options)) {
            Path file = new Layout(directory).tenant(tombstone.logId()).tombstone();
            vault.service()
                    .appendChangeAndWait(new ShredRecord.Done(
                                    tombstone.logId(), tombstone.request(), Digest.sha256(file), certificate)
                            .toChange());
        }
    }
}
