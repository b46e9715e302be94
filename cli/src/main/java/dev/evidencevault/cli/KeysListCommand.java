package dev.evidencevault.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.Timestamps;
import dev.evidencevault.keys.KeyInventory;
import dev.evidencevault.keys.KeyReport;
import dev.evidencevault.storage.UnlockedVault;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

/** Lists the keys of each log. */
@CommandLine.Command(
        name = "list",
        description = "List the keys of each log: their epoch, what wraps them, since when, and how many there are.")
final class KeysListCommand extends Command {
    @Mixin
    private VaultOption vault = new VaultOption();

    @Mixin
    private OneTenantOption tenant = new OneTenantOption();

    KeysListCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws IOException, KeyUnavailableException, WrongKeyException {
        UnlockedVault unlocked = UnlockedVault.unlock(vault.directory, vault.secret.secret(shell(), false));
        Optional<String> one = tenant.in(unlocked);
        KeyInventory inventory = one.isPresent() ? KeyInventory.read(unlocked, one.get()) : KeyInventory.read(unlocked);
        boolean whole = true;
        ArrayNode list = Json.mapper().createArrayNode();
        for (KeyInventory.OfLog log : inventory.logs()) {
            whole &= log.unavailable() == null;
            list.add(KeyReport.json(log));
            if (!json()) {
                print(Text.wrap(
                        Shell.printable(log.name() + ": epoch " + log.epoch() + ", wrapped by " + log.source()
                                + (log.since() == null ? "" : ", since " + Timestamps.format(log.since()))),
                        "  ",
                        80));
                String keys = log.unavailable() == null ? KeyReport.counts(log) : "not opened: " + log.unavailable();
                print(Text.wrap("  " + Shell.printable(keys), "  ", 80));
            }
        }
        if (json()) {
            print(list);
        }
        return whole ? ExitCode.PASSED : ExitCode.KEY_UNAVAILABLE;
    }
}
