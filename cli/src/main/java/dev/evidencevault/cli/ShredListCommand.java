package dev.evidencevault.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.Timestamps;
import dev.evidencevault.storage.Tombstone;
import dev.evidencevault.storage.UnlockedVault;
import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

/** Lists the logs whose keys were destroyed. */
@CommandLine.Command(
        name = "list",
        description = "List the logs whose keys were destroyed, and when. Whose they were, the vault's own log tells.")
final class ShredListCommand extends Command {
    @Mixin
    private VaultOption vault = new VaultOption();

    ShredListCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws IOException, KeyUnavailableException, WrongKeyException {
        UnlockedVault unlocked = UnlockedVault.unlock(vault.directory, vault.secret.secret(shell(), false));
        ArrayNode list = Json.mapper().createArrayNode();
        for (Tombstone each : unlocked.destroyed().values()) {
            list.addObject()
                    .put("log", each.logId().toString())
                    .put("destroyedAt", Timestamps.format(each.time()))
                    .put("leaves", each.leaves())
                    .put("keys", each.keys().hex())
                    .put("request", each.request().hex());
            if (!json()) {
                print(each.logId() + "  " + Timestamps.format(each.time()) + "  " + each.leaves() + " leaves");
            }
        }
        if (json()) {
            print(list);
        }
        return ExitCode.PASSED;
    }
}
