package dev.evidencevault.cli;

import dev.evidencevault.Vault;
import dev.evidencevault.VaultOptions;
import dev.evidencevault.format.Json;
import dev.evidencevault.index.LuceneIndexer;
import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Creates a vault. */
@CommandLine.Command(name = "init", description = "Create a vault.")
final class InitCommand extends Command {
    @Mixin
    private VaultOption vault = new VaultOption();

    @Mixin
    private SinkOption sinks = new SinkOption();

    @Option(
            names = "--redactable",
            description =
                    "commit to the fields of events one by one, so that fields can be withheld from a bundle later and"
                            + " the rest still verifies; for good, and at some cost for each event")
    private boolean redactable;

    InitCommand(Shell shell) {
        super(shell);
    }

    /** Returns how the command line writes vaults. */
    static VaultOptions options() {
        return VaultOptions.defaults().withIndexer(new LuceneIndexer());
    }

    @Override
    public Integer call() throws IOException, KeyUnavailableException {
        try (Vault created = Vault.create(
                vault.directory,
                vault.secret.secret(shell(), true),
                sinks.in(options().withRedactable(redactable), shell()))) {
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
