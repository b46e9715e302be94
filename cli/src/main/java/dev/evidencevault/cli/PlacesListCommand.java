package dev.evidencevault.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.LogId;
import dev.evidencevault.place.PlaceRegister;
import dev.evidencevault.storage.UnlockedVault;
import java.io.IOException;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

/** Lists the places, and the tenants that are bound. */
@CommandLine.Command(name = "list", description = "List the places, and the tenants that are bound to jurisdictions.")
final class PlacesListCommand extends Command {
    @Mixin
    private VaultOption vault = new VaultOption();

    PlacesListCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws IOException, KeyUnavailableException, WrongKeyException {
        UnlockedVault unlocked = UnlockedVault.unlock(vault.directory, vault.secret.secret(shell(), false));
        PlaceRegister register = PlaceRegister.read(unlocked.layout(), unlocked.settings());
        Map<String, SortedSet<String>> bound = new TreeMap<>();
        for (Map.Entry<String, LogId> tenant : unlocked.tenants().entrySet()) {
            SortedSet<String> allowed =
                    register.bindings().get(tenant.getValue().toString());
            if (allowed != null) {
                bound.put(tenant.getKey(), allowed);
            }
        }
        if (json()) {
            ObjectNode all = Json.object();
            var places = all.putArray("places");
            register.places()
                    .values()
                    .forEach(place -> places.addObject()
                            .put("name", place.name())
                            .put("jurisdiction", place.jurisdiction())
                            .put("kind", place.kind().label())
                            .put("location", place.location()));
            var tenants = all.putArray("bound");
            bound.forEach((name, allowed) -> {
                ObjectNode tenant = tenants.addObject().put("tenant", name);
                allowed.forEach(tenant.putArray("jurisdictions")::add);
            });
            print(all);
        } else {
            register.places()
                    .values()
                    .forEach(place -> print(Shell.printable(String.format(
                            "%-2s  %-13s  %s  %s",
                            place.jurisdiction(), place.kind().label(), place.name(), place.location()))));
            bound.forEach(
                    (name, allowed) -> print(Shell.printable(name) + " is bound to " + String.join(", ", allowed)));
        }
        return ExitCode.PASSED;
    }
}
