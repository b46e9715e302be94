package dev.evidencevault.cli;

import dev.evidencevault.cases.CaseRefusedException;
import dev.evidencevault.cases.CaseStep;
import dev.evidencevault.cases.Person;
import dev.evidencevault.cases.PersonKey;
import dev.evidencevault.cases.Role;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.format.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Registers a person. */
@CommandLine.Command(
        name = "add",
        description = "Register a person, or another key or other roles of one who is registered.")
final class CasePersonAddCommand extends Command {
    @Mixin
    private VaultOption vault = new VaultOption();

    @Option(names = "--name", required = true, paramLabel = "NAME", description = "the person's name")
    private String name = "";

    @Option(
            names = "--role",
            required = true,
            paramLabel = "ROLE",
            description = "officer, counsel, operator or approver (may be given several times)")
    private List<String> roles = List.of();

    @Option(
            names = "--public-key",
            required = true,
            paramLabel = "FILE",
            description = "the person's public key, as evault case key wrote it; it names the id")
    private Path publicKey = Path.of("");

    @Mixin
    private SinkOption sinks = new SinkOption();

    CasePersonAddCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws IOException, KeyUnavailableException, WrongKeyException, CaseRefusedException {
        PersonKey key;
        try {
            key = PersonKey.parse(new String(KeyOption.small(publicKey), StandardCharsets.UTF_8).strip());
        } catch (IllegalArgumentException e) {
            throw new UsageException(publicKey + ": " + Json.firstLine(e));
        }
        Person person =
                new Person(key.name(), name, roles.stream().map(Role::ofLabel).collect(Collectors.toSet()), key);
        OpenDesk open = OpenDesk.of(vault, shell());
        CaseStep step;
        try {
            step = open.desk().register(person);
        } catch (CaseRefusedException e) {
            open.record(sinks, shell());
            throw e;
        }
        open.record(sinks, shell());
        if (json()) {
            print(Json.object().put("id", person.id()).put("step", step.number()));
        } else {
            print(person.id() + " is registered: " + Shell.printable(person.name()) + ", " + person.roleLabels());
        }
        return ExitCode.PASSED;
    }
}
