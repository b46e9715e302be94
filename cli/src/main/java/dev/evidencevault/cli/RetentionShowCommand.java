package dev.evidencevault.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.LogId;
import dev.evidencevault.retention.RetentionRule;
import dev.evidencevault.retention.RetentionRules;
import dev.evidencevault.storage.UnlockedVault;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

/** Shows how long records are kept. */
@CommandLine.Command(
        name = "show",
        description = "Show how long records are kept. What no rule is about is kept for ever.")
final class RetentionShowCommand extends Command {
    @Mixin
    private VaultOption vault = new VaultOption();

    RetentionShowCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws IOException, KeyUnavailableException, WrongKeyException {
        UnlockedVault unlocked = UnlockedVault.unlock(vault.directory, vault.secret.secret(shell(), false));
        RetentionRules rules = RetentionRules.read(unlocked);
        Map<LogId, String> names = new HashMap<>();
        unlocked.tenants().forEach((name, logId) -> names.put(logId, name));
        ObjectNode all = Json.object();
        var list = all.putArray("rules");
        for (RetentionRule rule : rules.rules()) {
            LogId log = rule.log();
            String tenant = log == null ? null : names.getOrDefault(log, "log " + log);
            ObjectNode json = list.addObject();
            if (tenant != null) {
                json.put("tenant", tenant);
            }
            if (rule.service() != null) {
                json.put("service", rule.service());
            }
            if (!rule.period().isForEver()) {
                json.put("days", rule.period().days());
            }
            if (!json()) {
                print(Shell.printable((tenant == null ? "all tenants" : tenant) + ", " + rule.told()));
            }
        }
        if (json()) {
            print(all);
        } else if (rules.rules().isEmpty()) {
            print("there are no rules: all is kept for ever");
        }
        return ExitCode.PASSED;
    }
}
