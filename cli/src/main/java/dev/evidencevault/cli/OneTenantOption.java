package dev.evidencevault.cli;

import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.storage.UnlockedVault;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** One tenant of a vault, or the whole of it. */
final class OneTenantOption {
    @Option(names = "--tenant", paramLabel = "T", description = "this tenant alone, and nothing of another")
    private @Nullable String tenant;

    /** Returns the tenant, if one was given. */
    Optional<String> given() {
        return Optional.ofNullable(tenant);
    }

    /** Returns the tenant, if one was given; requires that the vault has it. */
    Optional<String> in(UnlockedVault vault) throws IOException, WrongKeyException {
        if (tenant != null && !vault.tenants().containsKey(tenant)) {
            throw new UsageException("the vault has no tenant \"" + Shell.printable(tenant) + "\"; see evault tenants");
        }
        return given();
    }
}
