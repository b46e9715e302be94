package dev.evidencevault.cli;

import dev.evidencevault.cases.Case;
import dev.evidencevault.cases.CaseFile;
import dev.evidencevault.cases.PersonRegister;
import dev.evidencevault.cases.RecordedSteps;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.storage.Layout.LogDirectory;
import dev.evidencevault.storage.LocalStorage;
import dev.evidencevault.storage.UnlockedVault;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows a case. */
@CommandLine.Command(name = "show", description = "Show a case, step by step, after it was verified.")
final class CaseShowCommand extends Command {
    @Mixin
    private VaultOption vault = new VaultOption();

    @Option(
            names = "--case",
            required = true,
            paramLabel = "CASE",
            description = "the case: its id, or the authority's number of the order")
    private String caseName = "";

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "also write it into a new file, for evault case verify; who reads the file knows all of it")
    private @Nullable Path out;

    CaseShowCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws IOException, KeyUnavailableException, WrongKeyException {
        OpenDesk open = OpenDesk.of(vault, shell());
        Case shown = open.desk().find(caseName);
        PersonRegister register = open.desk().register();
        if (out != null) {
            if (Files.exists(out)) {
                throw new FileAlreadyExistsException(out.toString(), null, "evidence is never overwritten");
            }
            UnlockedVault unlocked = open.unlocked();
            new LocalStorage()
                    .replace(
                            out,
                            CaseFile.format(
                                    unlocked.settings().vaultId(),
                                    unlocked.settings().keys(),
                                    register,
                                    shown));
        }
        CaseText text = new CaseText(
                shown, register, recorded(open.unlocked()), open.desk().now());
        if (json()) {
            print(text.json());
        } else {
            text.lines().forEach(this::print);
        }
        return ExitCode.PASSED;
    }

    private static Map<Digest, Long> recorded(UnlockedVault vault) throws IOException, WrongKeyException {
        LogDirectory service = vault.layout().service();
        Map<Digest, Long> recorded = new HashMap<>();
        RecordedSteps.read(service, vault.keys(service), Long.MIN_VALUE)
                .forEach(each -> recorded.put(each.record().step(), each.recordedAt()));
        return recorded;
    }
}
