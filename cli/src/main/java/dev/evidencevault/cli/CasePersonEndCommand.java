package dev.evidencevault.cli;

import dev.evidencevault.cases.CaseRefusedException;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.format.Json;
import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Ends what a person may sign. */
@CommandLine.Command(name = "end", description = "Say that a person signs no more. What was signed stays good.")
final class CasePersonEndCommand extends Command {
    @Mixin
    private VaultOption vault = new VaultOption();

    @Option(names = "--id", required = true, paramLabel = "ID", description = "the person's id")
    private String id = "";

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "why")
    private String reason = "";

    @Mixin
    private SinkOption sinks = new SinkOption();

    CasePersonEndCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws IOException, KeyUnavailableException, WrongKeyException, CaseRefusedException {
        OpenDesk open = OpenDesk.of(vault, shell());
        try {
            open.desk().endPerson(id, reason);
        } catch (CaseRefusedException e) {
            open.record(sinks, shell());
            throw e;
        }
        open.record(sinks, shell());
        if (json()) {
            print(Json.object().put("id", id).put("ended", true));
        } else {
            print(Shell.printable(id) + " signs no more");
        }
        return ExitCode.PASSED;
    }
}
