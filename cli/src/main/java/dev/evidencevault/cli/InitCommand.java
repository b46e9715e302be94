package dev.evidencevault.cli;

import dev.evidencevault.Continuation;
import dev.evidencevault.Vault;
import dev.evidencevault.VaultOptions;
import dev.evidencevault.copy.CopiedHeads;
import dev.evidencevault.crypto.keys.CryptoSuite;
import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.format.Json;
import dev.evidencevault.index.LuceneIndexer;
import dev.evidencevault.place.ObjectStore;
import dev.evidencevault.place.ObjectStores;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.UnlockedVault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;
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

    @Option(
            names = "--continues",
            paramLabel = "PLACE",
            description =
                    "go on after a vault was lost: a copy of its logs (a directory, or s3://…), or its directory as it"
                            + " was put back. The new vault has the same tenants, and says in each log what it continues")
    private @Nullable String continues;

    @Option(
            names = "--continues-passphrase-file",
            paramLabel = "FILE",
            description =
                    "the lost vault's passphrase: the file's first line (else the new vault's secret is the lost one's)")
    private @Nullable Path oldPassphrase;

    @Option(names = "--continues-key-file", paramLabel = "FILE", description = "for a lost vault whose key was a file")
    private @Nullable Path oldKeyFile;

    InitCommand(Shell shell) {
        super(shell);
    }

    /** Returns how the command line writes vaults. */
    static VaultOptions options() {
        return VaultOptions.defaults().withIndexer(new LuceneIndexer());
    }

    @Override
    public Integer call() throws IOException, KeyUnavailableException, WrongKeyException {
        VaultSecret secret = vault.secret.secret(shell(), true);
        VaultOptions options = sinks.in(options().withRedactable(redactable).withSuite(suite), shell());
        if (continues != null) {
            Continuation.create(heads(continues, secret), vault.directory, secret, options);
        } else if (oldPassphrase != null || oldKeyFile != null) {
            throw new UsageException("the secret of a lost vault is for --continues");
        }
        try (Vault created = continues == null
                ? Vault.create(vault.directory, secret, options)
                : Vault.open(vault.directory, secret, options)) {
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

    private CopiedHeads heads(String place, VaultSecret secret)
            throws IOException, KeyUnavailableException, WrongKeyException {
        VaultSecret old = SecretOptions.fromFiles(oldPassphrase, oldKeyFile).orElse(secret);
        boolean vaultItself = !ObjectStores.hasScheme(place)
                && !new Layout(Path.of(place)).isCopy()
                && Files.exists(new Layout(Path.of(place)).settings());
        if (vaultItself) {
            return CopiedHeads.read(UnlockedVault.unlock(Path.of(place), old));
        }
        try (ObjectStore store = ObjectStores.open(place, shell().environment())) {
            return CopiedHeads.read(store, old);
        }
    }
}
