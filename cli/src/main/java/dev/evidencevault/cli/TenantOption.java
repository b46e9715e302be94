package dev.evidencevault.cli;

import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.reader.TenantReader;
import dev.evidencevault.reader.VaultReader;
import java.io.IOException;
import picocli.CommandLine.Option;

/** Which tenant of a vault is meant. */
final class TenantOption {
    @Option(names = "--tenant", required = true, paramLabel = "T", description = "the tenant")
    private String tenant = "";

    /** Opens the tenant's log. */
    TenantReader open(VaultOption vault, Shell shell) throws IOException, KeyUnavailableException, WrongKeyException {
        return VaultReader.open(vault.directory, vault.secret.secret(shell, false))
                .tenant(tenant)
                .orElseThrow(() -> new UsageException(
                        "the vault has no tenant \"" + Shell.printable(tenant) + "\"; see evault tenants"));
    }
}
