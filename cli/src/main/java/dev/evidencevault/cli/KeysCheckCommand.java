package dev.evidencevault.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.format.Json;
import dev.evidencevault.keys.KeyCheck;
import dev.evidencevault.storage.UnlockedVault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

/** Tries the keys. */
@CommandLine.Command(
        name = "check",
        description =
                "Try every key on what it has to open: keysets, the header and a block of each segment, each index, and the"
                        + " journal. That all is unchanged, evault verify says.")
final class KeysCheckCommand extends Command {
    @Mixin
    private VaultOption vault = new VaultOption();

    @Mixin
    private OneTenantOption tenant = new OneTenantOption();

    KeysCheckCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws IOException, KeyUnavailableException, WrongKeyException {
        UnlockedVault unlocked = UnlockedVault.unlock(vault.directory, vault.secret.secret(shell(), false));
        Optional<String> one = tenant.in(unlocked);
        List<KeyCheck> checks = new ArrayList<>();
        if (one.isPresent()) {
            checks.add(KeyCheck.of(unlocked, one.get()));
        } else {
            checks.add(KeyCheck.ofService(unlocked));
            for (String name : unlocked.tenants().keySet()) {
                checks.add(KeyCheck.of(unlocked, name));
            }
        }
        show(checks);
        if (checks.stream().anyMatch(check -> !check.problems().isEmpty())) {
            return ExitCode.FAILED;
        }
        return checks.stream().allMatch(KeyCheck::passed) ? ExitCode.PASSED : ExitCode.KEY_UNAVAILABLE;
    }

    private void show(List<KeyCheck> checks) {
        ArrayNode list = Json.mapper().createArrayNode();
        for (KeyCheck check : checks) {
            ObjectNode object = list.addObject()
                    .put("tenant", check.name())
                    .put("segments", check.segments())
                    .put("indexes", check.indexes())
                    .put("frames", check.frames());
            if (check.unavailable() != null) {
                object.put("unavailable", check.unavailable());
            }
            check.problems().forEach(object.putArray("problems")::add);
            if (json()) {
                continue;
            }
            String opened = check.unavailable() != null
                    ? "not opened: " + check.unavailable()
                    : "opens " + check.segments() + " segments, " + check.indexes() + " index files and "
                            + check.frames() + " frames of the journal";
            print(Text.wrap(Shell.printable(check.name() + ": " + opened), "  ", 80));
            for (String problem : check.problems()) {
                print(Text.wrap("  does not open: " + Shell.printable(problem), "    ", 80));
            }
        }
        if (json()) {
            print(list);
        }
    }
}
