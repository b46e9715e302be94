package dev.evidencevault.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.evidencevault.crypto.keys.KeySourceException;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.format.Json;
import dev.evidencevault.reader.TenantReader;
import dev.evidencevault.reader.VaultReader;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

/** Lists the tenants. */
@CommandLine.Command(name = "tenants", description = "List the tenants and how many records each has.")
final class TenantsCommand extends Command {
    @Mixin
    private VaultOption vault = new VaultOption();

    TenantsCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws IOException, KeyUnavailableException, WrongKeyException {
        VaultReader reader = VaultReader.open(vault.directory, vault.secret.secret(shell(), false));
        Map<String, Long> counts = new TreeMap<>();
        boolean whole = true;
        for (String name : reader.tenants()) {
            try {
                TenantReader tenant = reader.tenant(name).orElseThrow();
                counts.put(name, tenant.eventCount());
            } catch (KeySourceException e) {
                shell().message(Shell.printable(Json.firstLine(e)));
                whole = false;
            }
        }
        if (json()) {
            ArrayNode list = Json.mapper().createArrayNode();
            counts.forEach(
                    (name, records) -> list.addObject().put("tenant", name).put("records", records));
            print(list);
        } else {
            counts.forEach((name, records) -> print(String.format("%12d  %s", records, Shell.printable(name))));
        }
        return whole ? ExitCode.PASSED : ExitCode.KEY_UNAVAILABLE;
    }
}
