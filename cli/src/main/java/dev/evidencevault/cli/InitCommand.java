package dev.evidencevault.cli;

import dev.evidencevault.Vault;
import dev.evidencevault.VaultOptions;
import dev.evidencevault.format.Json;
import dev.evidencevault.index.LuceneIndexer;
import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

/** Creates a vault. */
@CommandLine.Command(name = "init", description = "Create a vault.")
final class InitCommand extends Command {
    @Mixin
    private VaultOption vault = new VaultOption();

    @Mixin
    private SinkOption sinks = new SinkOption();

    InitCommand(Shell shell) {
        super(shell);
    }

    /** Returns how the command line writes vaults. */
    static VaultOptions options() {
        return VaultOptions.defaults().withIndexer(new LuceneIndexer());
    }

    @Override
    public Integer call() throws IOException, KeyUnavailableException {
        try (Vault created =
                Vault.create(vault.directory, vault.secret.secret(shell(), true), sinks.in(options(), shell()))) {
            String key = created.verifier().format();
            if (json()) {
                print(Json.object().put("vault", vault.directory.toString()).put("verifierKey", key));
            } else {
                print("The vault is ready: " + vault.directory);
                print("Its public key, for whoever verifies what comes out of it:");
                print("  " + key);
            }
        }
        return ExitCode.PASSED;
    }
}
