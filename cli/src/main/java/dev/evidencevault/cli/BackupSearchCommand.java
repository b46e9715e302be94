package dev.evidencevault.cli;

import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.deposit.Catalogue;
import dev.evidencevault.deposit.Item;
import dev.evidencevault.deposit.ItemEntry;
import dev.evidencevault.deposit.TenantBackups;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Searches the catalogue of backups. */
@CommandLine.Command(
        name = "search",
        description = "Find backups by name, service, time, label, or by the path of a file in them.")
final class BackupSearchCommand extends Command {
    @Mixin
    private SourceOption source = new SourceOption();

    @Mixin
    private DepositorOption depositor = new DepositorOption();

    @Mixin
    private ItemQueryOption query = new ItemQueryOption();

    @Option(
            names = "--path",
            paramLabel = "TEXT",
            description = "a part of the path of a file in it; reads each item's list")
    private @Nullable String path;

    BackupSearchCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws IOException, KeyUnavailableException, WrongKeyException {
        try (SourceOption.Backups opened = source.open(depositor, shell())) {
            return show(opened.backups());
        }
    }

    private int show(TenantBackups backups) throws IOException {
        Catalogue catalogue = backups.catalogue();
        List<Item> found = catalogue.search(query.query());
        String part = path;
        if (part != null) {
            List<Item> holding = new ArrayList<>();
            for (Item item : found) {
                if (backups.entries(item).stream().map(ItemEntry::path).anyMatch(each -> each.contains(part))) {
                    holding.add(item);
                }
            }
            found = holding;
        }
        return ItemTable.show(this, backups, found, catalogue);
    }
}
