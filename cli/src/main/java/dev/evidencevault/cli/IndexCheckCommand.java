package dev.evidencevault.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.format.Json;
import dev.evidencevault.index.IndexMaintenance;
import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

/** Compares a search index with the log. */
@CommandLine.Command(
        name = "check",
        description = "Compare the index with the records, and with the number of each actor's records that the seals"
                + " have committed to.")
final class IndexCheckCommand extends Command {
    @Mixin
    private VaultOption vault = new VaultOption();

    @Mixin
    private TenantOption tenant = new TenantOption();

    IndexCheckCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws IOException, KeyUnavailableException, WrongKeyException {
        IndexMaintenance.Report report = new IndexMaintenance(tenant.open(vault, shell()), shell()::message).check();
        if (json()) {
            ObjectNode json = Json.object().put("events", report.events());
            report.findings().forEach(json.putArray("findings")::add);
            print(json);
        } else {
            report.findings().forEach(finding -> print(Shell.printable(finding)));
            print(
                    report.findings().isEmpty()
                            ? "the index leads to all " + report.events() + " sealed events"
                            : "run: evault index rebuild");
        }
        return report.findings().isEmpty() ? ExitCode.PASSED : ExitCode.INCOMPLETE;
    }
}
