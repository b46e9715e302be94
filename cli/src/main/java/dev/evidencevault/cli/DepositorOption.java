package dev.evidencevault.cli;

import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.deposit.TenantBackups;
import dev.evidencevault.reader.VaultReader;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whose backups are meant: one tenant's, or those of the service's own configuration. The two never mix. */
final class DepositorOption {
    @Option(names = "--tenant", paramLabel = "T", description = "the tenant whose data it is")
    private @Nullable String tenant;

    @Option(names = "--service-config", description = "the service's own configuration, no tenant's data")
    private boolean serviceConfig;

    /** Says whether one of the two was given. */
    boolean isGiven() {
        return tenant != null || serviceConfig;
    }

    /** Returns the tenant; null if it is the service's own configuration. */
    @Nullable
    String tenant() {
        return tenant;
    }

    /** Requires that it was said whose are meant. */
    void requireGiven() {
        if ((tenant != null) == serviceConfig) {
            throw new UsageException("expected one of --tenant T and --service-config");
        }
    }

    /** Opens the set. */
    TenantBackups open(VaultReader reader) throws IOException, WrongKeyException {
        requireGiven();
        if (tenant == null) {
            return reader.serviceBackups();
        }
        String name = tenant;
        return reader.tenant(name)
                .orElseThrow(() -> new UsageException(
                        "the vault has no tenant \"" + Shell.printable(name) + "\"; see evault tenants"))
                .backups();
    }
}
