package dev.evidencevault.cli;

import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.format.Timestamps;
import dev.evidencevault.keys.KeyInventory;
import dev.evidencevault.keys.KeyReport;
import dev.evidencevault.storage.UnlockedVault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Reports on the keys. */
@CommandLine.Command(
        name = "report",
        description =
                "Report on the keys, for whoever has to know how records are protected: kinds, algorithms, lengths, where they"
                        + " are kept, how long they live, and their rotations.")
final class KeysReportCommand extends Command {
    @Mixin
    private VaultOption vault = new VaultOption();

    @Mixin
    private OneTenantOption tenant = new OneTenantOption();

    @Option(names = "--out", paramLabel = "FILE", description = "a page for people (Markdown), a new file")
    private @Nullable Path out;

    KeysReportCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws IOException, KeyUnavailableException, WrongKeyException {
        UnlockedVault unlocked = UnlockedVault.unlock(vault.directory, vault.secret.secret(shell(), false));
        Optional<String> one = tenant.in(unlocked);
        KeyInventory inventory = one.isPresent() ? KeyInventory.read(unlocked, one.get()) : KeyInventory.read(unlocked);
        KeyReport report = new KeyReport(inventory, one.isPresent(), Timestamps.nanos(Instant.now()));
        Path file = out;
        if (file != null) {
            Files.writeString(file, report.markdown(), StandardOpenOption.CREATE_NEW);
        }
        if (json()) {
            print(report.json());
        } else if (file != null) {
            print("The report is in " + file);
        } else {
            print(report.markdown().stripTrailing());
        }
        boolean whole = inventory.logs().stream().allMatch(log -> log.unavailable() == null);
        return whole ? ExitCode.PASSED : ExitCode.KEY_UNAVAILABLE;
    }
}
