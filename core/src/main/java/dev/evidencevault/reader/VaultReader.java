package dev.evidencevault.reader;

import dev.evidencevault.anchor.Anchor;
import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.crypto.note.NoteSigner;
import dev.evidencevault.deposit.DepositKind;
import dev.evidencevault.deposit.Depositor;
import dev.evidencevault.deposit.TenantBackups;
import dev.evidencevault.format.LogId;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Layout.LogDirectory;
import dev.evidencevault.storage.LocalStorage;
import dev.evidencevault.storage.LogKeys;
import dev.evidencevault.storage.UnlockedVault;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/** A vault, open for reading. Loads a tenant's keys only when that tenant is asked for. Safe for several threads. */
public final class VaultReader {
    private final UnlockedVault vault;
    private final SortedMap<String, LogId> tenants;

    private VaultReader(UnlockedVault vault, SortedMap<String, LogId> tenants) {
        this.vault = vault;
        this.tenants = tenants;
    }

    /**
     * Opens a vault.
     *
     * @throws WrongKeyException if the secret is not this vault's
     * @throws java.nio.file.NoSuchFileException if there is no vault
     */
    public static VaultReader open(Path directory, VaultSecret secret) throws IOException, WrongKeyException {
        return of(UnlockedVault.unlock(directory, secret));
    }

    /** Opens a vault that is unlocked. */
    public static VaultReader of(UnlockedVault vault) throws IOException, WrongKeyException {
        return new VaultReader(vault, vault.tenants());
    }

    /** Returns the names of all tenants that there were when the vault was opened. */
    public SortedSet<String> tenants() {
        return new TreeSet<>(tenants.keySet());
    }

    /** Opens the log of a tenant; empty if there is no such tenant. */
    public Optional<TenantReader> tenant(String name) throws IOException, WrongKeyException {
        LogId logId = tenants.get(name);
        return logId == null
                ? Optional.empty()
                : Optional.of(
                        new TenantReader(vault, name, logId, vault.layout().tenant(logId)));
    }

    /**
     * Returns the deposits of the service's own configuration. What is put with this handle is recorded in the vault's own log
     * by whoever writes the vault.
     */
    public TenantBackups serviceBackups() throws IOException, WrongKeyException {
        LogDirectory service = vault.layout().service();
        return new TenantBackups(
                new Depositor(DepositKind.SERVICE, LogKeys.read(service).logId(), service, vault.keys(service)),
                new LocalStorage(),
                Clock.systemUTC(),
                null);
    }

    /** Returns the signer of this vault's checkpoints and bundles. */
    public NoteSigner signer() {
        return vault.signer();
    }

    /** Reads the latest anchor; empty if there is none yet. */
    public Optional<Anchor> latestAnchor() throws IOException {
        List<Long> numbers = Layout.numbers(vault.layout().anchors(), Layout.ANCHOR_SUFFIX);
        return numbers.isEmpty()
                ? Optional.empty()
                : Optional.of(Anchor.read(
                        vault.layout(),
                        numbers.get(numbers.size() - 1),
                        vault.settings().keys()));
    }

    /** Returns the unlocked vault, for what cuts proofs. */
    public UnlockedVault unlocked() {
        return vault;
    }
}
