package dev.evidencevault.cli;

import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.format.Json;
import dev.evidencevault.index.IndexMaintenance;
import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

/** Makes a search index anew. */
@CommandLine.Command(
        name = "rebuild",
        description = "Make the index anew out of the log, whatever became of its files.")
final class IndexRebuildCommand extends Command {
    @Mixin
    private VaultOption vault = new VaultOption();

    @Mixin
    private TenantOption tenant = new TenantOption();

    IndexRebuildCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws IOException, KeyUnavailableException, WrongKeyException {
        int files = new IndexMaintenance(tenant.open(vault, shell()), shell()::message).rebuild();
        if (json()) {
            print(Json.object().put("filesWritten", files));
        } else {
            print(files + " index files written");
        }
        return ExitCode.PASSED;
    }
}
