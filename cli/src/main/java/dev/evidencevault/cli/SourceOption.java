package dev.evidencevault.cli;

import dev.evidencevault.copy.FetchedCopy;
import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.place.ObjectStore;
import dev.evidencevault.place.ObjectStores;
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
                    "read a copy instead: a directory, which is read where it lies, or s3://…, of which this tenant's"
                            + " part is fetched and removed again")
    private @Nullable String copy;

    @Mixin
    private SecretOptions secret = new SecretOptions();

    /**
     * What is read, as long as it is open.
     *
     * @param directory a vault or a copy
     * @param secret its secret
     * @param fetched what is removed afterwards, if anything
     */
    record Source(
            Path directory, VaultSecret secret, @Nullable FetchedCopy fetched) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            if (fetched != null) {
                fetched.close();
            }
        }
    }

    /** Opens what one tenant's log is read from. */
    Source open(String tenant, Shell shell) throws IOException, KeyUnavailableException, WrongKeyException {
        if ((vault == null) == (copy == null)) {
            throw new UsageException(
                    "expected --vault DIR or --copy PLACE, found " + (vault == null ? "neither" : "both"));
        }
        VaultSecret given = secret.secret(shell, false);
        if (vault != null) {
            return new Source(vault, given, null);
        }
        String place = String.valueOf(copy);
        if (!ObjectStores.hasScheme(place)) {
            Path directory = Path.of(place);
            if (!new Layout(directory).isCopy()) {
                throw new UsageException(place + ": there is no copy here; a vault is read with --vault");
            }
            return new Source(directory, given, null);
        }
        try (ObjectStore store = ObjectStores.open(place, shell.environment())) {
            FetchedCopy fetched = FetchedCopy.tenant(store, given, tenant);
            return new Source(fetched.directory(), given, fetched);
        }
    }
}
