package dev.evidencevault.cli;

import dev.evidencevault.cases.CaseRefusedException;
import dev.evidencevault.cases.CaseStep;
import dev.evidencevault.cases.Person;
import dev.evidencevault.cases.PersonKey;
import dev.evidencevault.cases.Role;
import dev.evidencevault.crypto.cms.Fingerprint;
import dev.evidencevault.crypto.cms.NoteCertificate;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.format.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
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
            paramLabel = "FILE",
            description = "the person's public key, as evault case key wrote it; it names the id")
    private @Nullable Path publicKey;

    @Option(
            names = "--cert",
            paramLabel = "FILE",
            description = "instead: the person's certificate (PEM), of a key of P-256, P-384 or RSA from 3,072 bits")
    private @Nullable Path certificate;

    @Option(names = "--id", paramLabel = "ID", description = "the person's id, with --cert: a to z, 0 to 9, . and -")
    private @Nullable String id;

    @Mixin
    private SinkOption sinks = new SinkOption();

    CasePersonAddCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws IOException, KeyUnavailableException, WrongKeyException, CaseRefusedException {
        PersonKey key = key();
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
            if (person.key() instanceof PersonKey.Certified certified) {
                print("Compare the fingerprint of the certificate with this person:");
                print(Text.wrap(
                        Fingerprint.of(certified.certificate().certificate()).toString(), "  ", 80));
            }
        }
        return ExitCode.PASSED;
    }

    private PersonKey key() throws IOException {
        if ((publicKey == null) == (certificate == null) || (certificate == null) != (id == null)) {
            throw new UsageException("expected --public-key FILE, or --cert FILE and --id ID");
        }
        Path file = publicKey == null ? certificate : publicKey;
        try {
            if (certificate != null && id != null) {
                return new PersonKey.Certified(NoteCertificate.of(
                        id, Certificates.read("--cert", List.of(certificate)).get(0)));
            }
            return PersonKey.parse(
                    new String(KeyOption.small(Objects.requireNonNull(file)), StandardCharsets.UTF_8).strip());
        } catch (IllegalArgumentException e) {
            throw new UsageException(file + ": " + Json.firstLine(e));
        }
    }
}
