package dev.evidencevault.cli;

import dev.evidencevault.Vault;
import dev.evidencevault.VaultOptions;
import dev.evidencevault.crypto.keys.CryptoSuite;
import dev.evidencevault.format.Json;
import dev.evidencevault.index.LuceneIndexer;
import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

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

    @Option(
            names = "--suite",
            paramLabel = "NAME",
            defaultValue = "AES-256-GCM+SHA-256+Ed25519",
            completionCandidates = SuiteNames.class,
            converter = SuiteNames.class,
            description = "the algorithms that files are encrypted, hashed and signed with, for good:"
                    + " ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
    private CryptoSuite suite = CryptoSuite.AES_ED25519;

    /** The names of the suites. */
    static final class SuiteNames implements Iterable<String>, ITypeConverter<CryptoSuite> {
        @Override
        public Iterator<String> iterator() {
            return Arrays.stream(CryptoSuite.values()).map(CryptoSuite::label).iterator();
        }

        @Override
        public CryptoSuite convert(String label) {
            try {
                return CryptoSuite.ofLabel(label);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

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
                sinks.in(options().withRedactable(redactable).withSuite(suite), shell()))) {
            String key = created.verifier().format();
            if (json()) {
                print(Json.object()
                        .put("vault", vault.directory.toString())
                        .put("suite", suite.label())
                        .put("verifierKey", key));
            } else {
                print("The vault is ready: " + vault.directory);
                print("Its public key, for whoever verifies what comes out of it:");
                print("  " + key);
            }
        }
        return ExitCode.PASSED;
    }
}
