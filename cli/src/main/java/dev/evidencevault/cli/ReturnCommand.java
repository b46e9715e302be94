package dev.evidencevault.cli;

import dev.evidencevault.cases.OrderRefusedException;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.deposit.DepositProgress;
import dev.evidencevault.ending.ReturnRequest;
import dev.evidencevault.ending.TenantReturn;
import dev.evidencevault.evidence.ExportOptions;
import dev.evidencevault.format.Json;
import dev.evidencevault.reader.VaultReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Gives a tenant back all that is kept of it. */
@CommandLine.Command(
        name = "return",
        description = "Give a tenant back all that is kept of it: its records, with proofs, and what it deposited, in a"
                + " directory that explains itself. Nothing in it is encrypted.")
final class ReturnCommand extends Command {
    @Mixin
    private VaultOption vault = new VaultOption();

    @Option(names = "--tenant", required = true, paramLabel = "NAME", description = "whose data")
    private String tenant = "";

    @Option(
            names = "--contract",
            required = true,
            paramLabel = "TEXT",
            description = "why: the contract that ends, or the request; stands in the bundles as the legal basis")
    private String contract = "";

    @Option(names = "--requested-by", required = true, paramLabel = "NAME", description = "who asks for it")
    private String requestedBy = "";

    @Option(
            names = "--approved-by",
            required = true,
            paramLabel = "NAME",
            description = "who approved it, another person")
    private String approvedBy = "";

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "the directory, a new one")
    private Path out = Path.of("");

    @Option(
            names = "--no-views",
            description = "leave out the copies of the records for other tools (data/views in the bundles)")
    private boolean noViews;

    ReturnCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws IOException, KeyUnavailableException, WrongKeyException, OrderRefusedException {
        Path parent = out.toAbsolutePath().getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            throw new UsageException(out + ": there is no such directory");
        }
        VaultReader reader = VaultReader.open(vault.directory, vault.secret.secret(shell(), false));
        ExportOptions options = ExportOptions.defaults().withViews(!noViews).withProgress(new ExportReport(shell()));
        TenantReturn.Result result = new TenantReturn(reader, Clock.systemUTC(), options, DepositProgress.NONE)
                .write(new ReturnRequest(tenant, contract, requestedBy, approvedBy), out);
        if (json()) {
            print(Json.object()
                    .put("out", out.toString())
                    .put("records", result.records())
                    .put("notYetAnchored", result.notYetAnchored())
                    .put("bundles", result.bundles())
                    .put("backups", result.backups())
                    .put("backupBytes", result.backupBytes()));
        } else {
            print(result.records() + " records of " + Shell.printable(tenant) + " in " + result.bundles()
                    + (result.bundles() == 1 ? " bundle and " : " bundles and ") + result.backups()
                    + " backups (" + result.backupBytes() + " bytes) are in " + out);
        }
        if (result.notYetAnchored() > 0) {
            shell().message(result.notYetAnchored() + " records are acknowledged and not anchored yet; they are not in"
                    + " it. Return again, to another directory, when the writer has sealed them.");
            return ExitCode.INCOMPLETE;
        }
        return ExitCode.PASSED;
    }
}
