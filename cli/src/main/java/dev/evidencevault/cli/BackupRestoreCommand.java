package dev.evidencevault.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.deposit.Catalogue;
import dev.evidencevault.deposit.DepositProgress;
import dev.evidencevault.deposit.Item;
import dev.evidencevault.deposit.ItemQuery;
import dev.evidencevault.deposit.RestoredSet;
import dev.evidencevault.deposit.TenantBackups;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.Timestamps;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Restores backups. */
@CommandLine.Command(
        name = "restore",
        description =
                "Restore one item, or of each name the latest: of one service, or of all, as of a time. Nothing is"
                        + " overwritten; what is restored appears when it is whole.")
final class BackupRestoreCommand extends Command {
    private static final String STANDARD_OUTPUT = "-";

    @Mixin
    private SourceOption source = new SourceOption();

    @Mixin
    private DepositorOption depositor = new DepositorOption();

    @Option(names = "--item", paramLabel = "N", description = "the item with this number")
    private @Nullable Long item;

    @Option(names = "--path", paramLabel = "P", description = "of the item only this file or directory")
    private String path = "";

    @Option(names = "--service", paramLabel = "S", description = "the latest items of this service")
    private @Nullable String service;

    @Option(
            names = "--at",
            paramLabel = "T",
            description = "the latest items that were taken before this: 2026-05-01T09:00:00+09:00, or a date (UTC)")
    private @Nullable String at;

    @Option(names = "--all", description = "the latest items of all services")
    private boolean all;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "PATH",
            description = "where nothing is yet; - for standard output and an item that is no directory")
    private String out = "";

    BackupRestoreCommand(Shell shell) {
        super(shell);
    }

    /** Returns the item with a number. */
    static Item item(TenantBackups backups, Catalogue catalogue, long number) throws IOException {
        if (catalogue.item(number).isEmpty()
                && number >= 1
                && number <= catalogue.items().size() + catalogue.broken().size()) {
            // Says what is wrong with it.
            backups.record(number);
        }
        return catalogue
                .item(number)
                .orElseThrow(() -> new UsageException("there is no item " + number + "; see evault backup list"));
    }

    @Override
    public Integer call() throws IOException, KeyUnavailableException, WrongKeyException {
        boolean set = service != null || at != null || all;
        if ((item != null) == set) {
            throw new UsageException("expected --item N, or one or more of --service S, --at T and --all");
        }
        if (!path.isEmpty() && item == null) {
            throw new UsageException("--path goes with --item");
        }
        try (SourceOption.Backups opened = source.open(depositor, shell())) {
            return restore(opened.backups());
        }
    }

    private int restore(TenantBackups backups) throws IOException {
        Catalogue catalogue = backups.catalogue();
        DepositProgress progress = new DepositReport(shell());
        Long number = item;
        if (number == null) {
            return restoreSet(backups, catalogue, progress);
        }
        Item wanted = item(backups, catalogue, number);
        if (out.equals(STANDARD_OUTPUT)) {
            if (!path.isEmpty()) {
                throw new UsageException("--path needs a file for --out");
            }
            backups.copy(wanted, shell().out(), progress);
            return ExitCode.PASSED;
        }
        backups.restore(wanted, path, Path.of(out), progress);
        return tell(List.of(wanted), List.of());
    }

    private int restoreSet(TenantBackups backups, Catalogue catalogue, DepositProgress progress) throws IOException {
        if (out.equals(STANDARD_OUTPUT)) {
            throw new UsageException("several items need a directory for --out");
        }
        ItemQuery query = ItemQuery.all().withService(service);
        Collection<Item> latest = catalogue.latest(at == null ? query : query.withTo(Timestamps.parseLoosely(at)));
        if (latest.isEmpty()) {
            throw new UsageException("there is no such item; see evault backup list");
        }
        RestoredSet restored = RestoredSet.restore(backups, latest, Path.of(out), progress);
        List<CorruptFileException> broken = new ArrayList<>(catalogue.broken());
        broken.addAll(restored.broken());
        return tell(restored.restored(), broken);
    }

    private int tell(List<Item> restored, List<CorruptFileException> broken) {
        if (json()) {
            ArrayNode list = Json.mapper().createArrayNode();
            restored.forEach(each -> list.add(each.toJson()));
            print(list);
        } else {
            long bytes = restored.stream().mapToLong(Item::bytes).sum();
            print((restored.size() == 1 ? "item " + restored.get(0).number() + " is" : restored.size() + " items are")
                    + " in " + out + (path.isEmpty() ? ", " + bytes + " bytes" : ", of it " + Shell.printable(path)));
        }
        for (CorruptFileException each : broken) {
            shell().message(Shell.printable(each.getMessage() + "; that item is not restored"));
        }
        return broken.isEmpty() ? ExitCode.PASSED : ExitCode.FAILED;
    }
}
