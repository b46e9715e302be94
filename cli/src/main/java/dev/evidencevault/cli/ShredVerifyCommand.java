package dev.evidencevault.cli;

import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.storage.UnlockedVault;
import dev.evidencevault.verify.DestructionVerifier;
import dev.evidencevault.verify.VerificationReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Verifies a certificate of destruction. */
@CommandLine.Command(
        name = "verify",
        description =
                "Verify a certificate of destruction against its vault: without a secret signatures and files, with"
                        + " it also that the vault's own log tells of it.")
final class ShredVerifyCommand extends Command {
    @Parameters(index = "0", paramLabel = "DIR", description = "the certificate, of evault shred run")
    private Path directory = Path.of("");

    @Option(names = "--vault", required = true, paramLabel = "DIR", description = "the vault")
    private Path vault = Path.of("");

    @Mixin
    private SecretOptions secret = new SecretOptions();

    ShredVerifyCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws IOException, KeyUnavailableException, WrongKeyException {
        Optional<VaultSecret> given = secret.given(shell());
        DestructionVerifier verifier = given.isPresent()
                ? new DestructionVerifier(UnlockedVault.unlock(vault, given.get()))
                : new DestructionVerifier(vault);
        VerificationReport report = verifier.verify(directory);
        ReportText.print(this, report);
        return ExitCode.of(report.verdict());
    }
}
