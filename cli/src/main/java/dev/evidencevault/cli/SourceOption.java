package dev.evidencevault.cli;

import dev.evidencevault.copy.CopiedBackups;
import dev.evidencevault.copy.FetchedCopy;
import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.deposit.TenantBackups;
import dev.evidencevault.place.ObjectStore;
import dev.evidencevault.place.ObjectStores;
import dev.evidencevault.reader.VaultReader;
import dev.evidencevault.storage.Layout;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What is read: a vault, or a copy of its logs, and the secret. */
final class SourceOption {
    @Option(names = "--vault", paramLabel = "DIR", description = "the vault's directory")
    private @Nullable Path vault;

    @Option(
            names = "--copy",
            paramLabel = "PLACE",
            description =
                    "read a copy instead: a directory, which is read where it lies, or s3://…, of which what is needed"
                            + " is fetched and removed again")
    private @Nullable String copy;

    @Mixin
    SecretOptions secret = new SecretOptions();

    /**
     * A vault or a copy in a directory, as long as this is open.
     *
     * @param directory where it lies
     * @param fetched what is removed afterwards, if anything
     */
    record Place(Path directory, @Nullable FetchedCopy fetched) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            if (fetched != null) {
                fetched.close();
            }
        }
    }

    /**
     * What is read, as long as it is open.
     *
     * @param place a vault or a copy
     * @param secret its secret
     */
    record Source(Place place, VaultSecret secret) implements AutoCloseable {
        /** Returns where it lies. */
        Path directory() {
            return place.directory();
        }

        @Override
        public void close() throws IOException {
            place.close();
        }
    }

    /**
     * A set of backups, as long as it is open.
     *
     * @param backups the set
     * @param store where it lies, if not in a directory
     * @param copied what was fetched of it, then
     */
    record Backups(
            TenantBackups backups,
            @Nullable ObjectStore store,
            @Nullable CopiedBackups copied) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            try {
                if (copied != null) {
                    copied.close();
                }
            } finally {
                if (store != null) {
                    store.close();
                }
            }
        }
    }

    /** Fetches what is needed of a copy. */
    interface Fetch {
        FetchedCopy of(ObjectStore store) throws IOException, WrongKeyException;
    }

    /** Returns the directory that is read; null if it is a copy that lies elsewhere. */
    private @Nullable Path directory() {
        if ((vault == null) == (copy == null)) {
            throw new UsageException(
                    "expected --vault DIR or --copy PLACE, found " + (vault == null ? "neither" : "both"));
        }
        if (copy == null) {
            return vault;
        }
        if (ObjectStores.hasScheme(copy)) {
            return null;
        }
        Path directory = Path.of(copy);
        if (!new Layout(directory).isCopy()) {
            throw new UsageException(copy + ": there is no copy here; a vault is read with --vault");
        }
        return directory;
    }

    private ObjectStore store(Shell shell) throws IOException {
        return ObjectStores.open(String.valueOf(copy), shell.environment());
    }

    /** Opens what is read; of a copy that lies elsewhere what is fetched. */
    Place open(Fetch fetch, Shell shell) throws IOException, WrongKeyException {
        Path directory = directory();
        if (directory != null) {
            return new Place(directory, null);
        }
        try (ObjectStore store = store(shell)) {
            FetchedCopy fetched = fetch.of(store);
            return new Place(fetched.directory(), fetched);
        }
    }

    /** Opens what one tenant's log is read from. */
    Source open(String tenant, Shell shell) throws IOException, KeyUnavailableException, WrongKeyException {
        // What is wrong with the options is said before a passphrase is asked for.
        directory();
        VaultSecret given = secret.secret(shell, false);
        return new Source(open(store -> FetchedCopy.tenant(store, given, tenant), shell), given);
    }

    /** Opens a set of backups. */
    Backups open(DepositorOption depositor, Shell shell)
            throws IOException, KeyUnavailableException, WrongKeyException {
        Path directory = directory();
        depositor.requireGiven();
        VaultSecret given = secret.secret(shell, false);
        if (directory != null) {
            return new Backups(depositor.open(VaultReader.open(directory, given)), null, null);
        }
        ObjectStore store = store(shell);
        boolean open = false;
        try {
            CopiedBackups copied = CopiedBackups.open(store, given, depositor.tenant());
            open = true;
            return new Backups(copied.backups(), store, copied);
        } finally {
            if (!open) {
                store.close();
            }
        }
    }
}
