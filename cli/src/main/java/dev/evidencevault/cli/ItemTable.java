package dev.evidencevault.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.evidencevault.deposit.Catalogue;
import dev.evidencevault.deposit.Item;
import dev.evidencevault.deposit.TenantBackups;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.Timestamps;
import java.util.Collection;
import java.util.Locale;

/** Shows items of backups. */
final class ItemTable {
    private static final int TIME = "2026-05-01T12:00:00".length();

    private ItemTable() {}

    /** Shows items, and on standard error what is broken; returns the exit code. */
    static int show(Command command, TenantBackups backups, Collection<Item> items, Catalogue catalogue) {
        if (command.json()) {
            ArrayNode list = Json.mapper().createArrayNode();
            items.forEach(item -> list.add(item.toJson().put("recorded", backups.isRecorded(item))));
            command.print(list);
        } else {
            items.forEach(item -> command.print(Shell.printable(line(item, backups.isRecorded(item)))));
        }
        for (CorruptFileException broken : catalogue.broken()) {
            command.shell().message(Shell.printable(String.valueOf(broken.getMessage())));
        }
        return catalogue.broken().isEmpty() ? ExitCode.PASSED : ExitCode.FAILED;
    }

    private static String line(Item item, boolean recorded) {
        StringBuilder labels = new StringBuilder();
        item.deposit()
                .labels()
                .forEach((label, value) ->
                        labels.append("  ").append(label).append('=').append(value));
        return String.format(
                        Locale.ROOT,
                        "%6d  %sZ  %15d  %-9s  %s  %s",
                        item.number(),
                        Timestamps.format(item.takenAt()).substring(0, TIME),
                        item.bytes(),
                        item.type().label(),
                        item.service(),
                        item.name())
                + labels
                + (recorded ? "" : "  (not in the log yet)");
    }
}
