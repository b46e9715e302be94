package dev.evidencevault.cli;

import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.format.Json;
import dev.evidencevault.index.IndexMaintenance;
import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

/** Merges the files of a search index. */
@CommandLine.Command(
        name = "merge",
        description = "Make as few index files as there can be, so that a search reads few.")
final class IndexMergeCommand extends Command {
    @Mixin
    private VaultOption vault = new VaultOption();

    @Mixin
    private TenantOption tenant = new TenantOption();

    IndexMergeCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws IOException, KeyUnavailableException, WrongKeyException {
        int files = new IndexMaintenance(tenant.open(vault, shell()), shell()::message).merge();
        if (json()) {
            print(Json.object().put("filesWritten", files));
        } else {
            print(files + " index files written");
        }
        return ExitCode.PASSED;
    }
}
