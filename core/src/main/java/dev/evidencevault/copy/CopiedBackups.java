package dev.evidencevault.copy;

import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.deposit.DepositKind;
import dev.evidencevault.deposit.Depositor;
import dev.evidencevault.deposit.TenantBackups;
import dev.evidencevault.format.LogId;
import dev.evidencevault.place.ObjectStore;
import dev.evidencevault.storage.Layout.LogDirectory;
import dev.evidencevault.storage.LocalStorage;
import dev.evidencevault.storage.LogKeys;
import java.io.Closeable;
import java.io.IOException;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/**
 * What was deposited with one log, in a copy that lies elsewhere. What says which items there are is fetched into a directory that
 * is removed when this is closed; of packs only the chunks are asked for that are read, and nothing of them is kept. Safe for use
 * by several threads, as long as the store is.
 */
public final class CopiedBackups implements Closeable {
    private final FetchedCopy fetched;
    private final TenantBackups backups;

    private CopiedBackups(FetchedCopy fetched, TenantBackups backups) {
        this.fetched = fetched;
        this.backups = backups;
    }

    /**
     * Fetches the list of the deposits of one log.
     *
     * @param from the copy; stays open until this is closed
     * @param tenant whose; null for the service's own configuration
     * @throws CopyRefusedException if the copy has no such log, or its keys were destroyed
     * @throws dev.evidencevault.format.CorruptFileException if an object is not the one that was copied
     */
    public static CopiedBackups open(ObjectStore from, VaultSecret secret, @Nullable String tenant)
            throws IOException, WrongKeyException {
        FetchedCopy.Items items = FetchedCopy.items(from, secret, tenant);
        boolean open = false;
        try {
            CopyPart part = items.chain().part();
            LogDirectory directory = part.in(items.vault().layout());
            LogId logId = LogKeys.read(directory).logId();
            Depositor depositor = new Depositor(
                    part.service() ? DepositKind.SERVICE : DepositKind.TENANT,
                    logId,
                    directory,
                    items.vault().keys(directory),
                    new CopiedPacks(from, items.chain()));
            CopiedBackups copied = new CopiedBackups(
                    items.fetched(), new TenantBackups(depositor, new LocalStorage(), Clock.systemUTC(), null));
            open = true;
            return copied;
        } finally {
            if (!open) {
                items.fetched().close();
            }
        }
    }

    /** Returns the deposits, for reading until this is closed. */
    public TenantBackups backups() {
        return backups;
    }

    @Override
    public void close() throws IOException {
        fetched.close();
    }
}
