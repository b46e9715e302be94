package dev.evidencevault.cli;

import dev.evidencevault.copy.FetchedCopy;
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
    @Mixin
    private SourceOption source = new SourceOption();

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
        if (contents && !depositor.isGiven()) {
            throw new UsageException("--contents goes with --tenant T or --service-config");
        }
        if (!depositor.isGiven()) {
            Optional<VaultSecret> given = source.secret.given(shell());
            try (SourceOption.Place place = source.open(FetchedCopy::whole, shell())) {
                return tell(
                        given.isEmpty()
                                ? new DepositVerifier(place.directory()).verify()
                                : verifier(UnlockedVault.unlock(place.directory(), given.get()))
                                        .verify());
            }
        }
        depositor.requireGiven();
        VaultSecret secret = source.secret.secret(shell(), false);
        try (SourceOption.Place place =
                source.open(store -> FetchedCopy.deposits(store, secret, depositor.tenant()), shell())) {
            UnlockedVault vault = UnlockedVault.unlock(place.directory(), secret);
            TenantBackups backups = depositor.open(VaultReader.of(vault));
            VerificationReport report = verifier(vault).verify(backups.logId());
            if (contents && report.verdict() != Verdict.FAILED) {
                readAll(backups);
            }
            return tell(report);
        }
    }

    private DepositVerifier verifier(UnlockedVault vault) throws IOException {
        return new DepositVerifier(vault, new DepositReport(shell()));
    }

    private int tell(VerificationReport report) {
        ReportText.print(this, report);
        return ExitCode.of(report.verdict());
    }

    private void readAll(TenantBackups backups) throws IOException {
        for (Item item : backups.catalogue().items()) {
            backups.check(item, new DepositReport(shell()));
        }
    }
}
