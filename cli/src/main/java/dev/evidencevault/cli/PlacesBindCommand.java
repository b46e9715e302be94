package dev.evidencevault.cli;

import dev.evidencevault.Vault;
import dev.evidencevault.crypto.keys.WrongKeyException;
import java.io.IOException;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Binds a tenant to jurisdictions. */
@CommandLine.Command(
        name = "bind",
        description = {
            "Bind a tenant to jurisdictions: from now on its records are written nowhere else.",
            "Creates the tenant if it is new. Its log records it. What was copied elsewhere before stays there."
        })
final class PlacesBindCommand extends Command {
    @Mixin
    private VaultOption vault = new VaultOption();

    @Option(names = "--tenant", required = true, paramLabel = "T", description = "the tenant")
    private String tenant = "";

    @Option(
            names = "--jurisdiction",
            required = true,
            paramLabel = "CC",
            description = "a country, two letters (may be given several times)")
    private List<String> jurisdictions = List.of();

    @Option(names = "--reason", paramLabel = "TEXT", description = "why; needed for a tenant that there is")
    private @Nullable String reason;

    @Mixin
    private SinkOption sinks = new SinkOption();

    PlacesBindCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws IOException, KeyUnavailableException, WrongKeyException {
        try (Vault open = Vault.open(
                vault.directory, vault.secret.secret(shell(), false), sinks.in(InitCommand.options(), shell()))) {
            shell().tellRecovery(open);
            TreeSet<String> allowed = new TreeSet<>(jurisdictions);
            if (open.tenants().contains(tenant)) {
                if (reason == null) {
                    throw new UsageException("there is a tenant \"" + Shell.printable(tenant)
                            + "\" already: give --reason for binding it otherwise");
                }
                open.bind(tenant, allowed, reason);
            } else {
                open.createTenant(tenant, allowed);
            }
            if (!json()) {
                print(Shell.printable(tenant) + " is bound to " + String.join(", ", allowed));
            }
        }
        return ExitCode.PASSED;
    }
}
