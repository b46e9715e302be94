package dev.evidencevault.cli;

import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.deposit.Item;
import dev.evidencevault.deposit.TenantBackups;
import dev.evidencevault.reader.VaultReader;
import dev.evidencevault.storage.UnlockedVault;
import dev.evidencevault.verify.DepositVerifier;
import dev.evidencevault.verify.Verdict;
import dev.evidencevault.verify.VerificationReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Verifies backups without restoring them. */
@CommandLine.Command(
        name = "verify",
        description =
                "Verify that the backups are there which the logs tell of, and that they are unchanged. Without a"
                        + " passphrase by the digests of the encrypted files; with one and a set, all of it is decrypted as well.")
final class BackupVerifyCommand extends Command {
    @Option(names = "--vault", required = true, paramLabel = "DIR", description = "the vault's directory")
    private Path directory = Path.of("");

    @Mixin
    private SecretOptions secret = new SecretOptions();

    @Mixin
    private DepositorOption depositor = new DepositorOption();

    @Option(
            names = "--contents",
            description = "read every file of every item, and compare it with its digest from when it was put")
    private boolean contents;

    BackupVerifyCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws IOException, KeyUnavailableException, WrongKeyException {
        Optional<VaultSecret> given =
                depositor.isGiven() || contents ? Optional.of(secret.secret(shell(), false)) : secret.given(shell());
        VerificationReport report;
        if (given.isEmpty()) {
            report = new DepositVerifier(directory).verify();
        } else {
            UnlockedVault vault = UnlockedVault.unlock(directory, given.get());
            DepositVerifier verifier = new DepositVerifier(vault, new DepositReport(shell()));
            if (depositor.isGiven()) {
                TenantBackups backups = depositor.open(VaultReader.of(vault));
                report = verifier.verify(backups.logId());
                if (contents && report.verdict() != Verdict.FAILED) {
                    readAll(backups);
                }
            } else if (contents) {
                throw new UsageException("--contents goes with --tenant T or --service-config");
            } else {
                report = verifier.verify();
            }
        }
        ReportText.print(this, report);
        return ExitCode.of(report.verdict());
    }

    private void readAll(TenantBackups backups) throws IOException {
        for (Item item : backups.catalogue().items()) {
            backups.check(item, new DepositReport(shell()));
        }
    }
}
