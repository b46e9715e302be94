package dev.evidencevault.cli;

import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.deposit.Catalogue;
import dev.evidencevault.deposit.ItemEntry;
import dev.evidencevault.deposit.TenantBackups;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.Timestamps;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists backups. */
@CommandLine.Command(name = "list", description = "List the backups of a set, or what is in one of them.")
final class BackupListCommand extends Command {
    @Mixin
    private SourceOption source = new SourceOption();

    @Mixin
    private DepositorOption depositor = new DepositorOption();

    @Option(names = "--item", paramLabel = "N", description = "what is in the item with this number")
    private @Nullable Long item;

    BackupListCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws IOException, KeyUnavailableException, WrongKeyException {
        try (SourceOption.Backups opened = source.open(depositor, shell())) {
            TenantBackups backups = opened.backups();
            Catalogue catalogue = backups.catalogue();
            Long number = item;
            if (number == null) {
                return ItemTable.show(this, backups, catalogue.items(), catalogue);
            }
            backups.entries(BackupRestoreCommand.item(backups, catalogue, number))
                    .forEach(this::show);
            return ExitCode.PASSED;
        }
    }

    private void show(ItemEntry entry) {
        String type = entry.type().name().toLowerCase(Locale.ROOT);
        String path = entry.path().isEmpty() ? "." : entry.path();
        if (json()) {
            var said = Json.object()
                    .put("type", type)
                    .put("path", entry.path())
                    .put("mode", String.format(Locale.ROOT, "%03o", entry.mode()))
                    .put("modifiedAt", Timestamps.format(entry.modifiedAt()))
                    .put("bytes", entry.bytes());
            if (entry.digest() != null) {
                said.put("sha256", entry.digest().hex());
            }
            if (entry.target() != null) {
                said.put("target", entry.target());
            }
            print(said);
        } else {
            String target = entry.target() == null ? "" : " -> " + entry.target();
            print(Shell.printable(String.format(
                    Locale.ROOT, "%-9s  %03o  %15d  %s%s", type, entry.mode(), entry.bytes(), path, target)));
        }
    }
}
