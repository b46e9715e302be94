package dev.evidencevault.cli;

import dev.evidencevault.cases.Case;
import dev.evidencevault.cases.CaseRefusedException;
import dev.evidencevault.cases.Person;
import dev.evidencevault.cases.PersonSigner;
import dev.evidencevault.cases.StepBody;
import dev.evidencevault.cases.StepKind;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.redaction.FieldPath;
import java.io.IOException;
import java.util.List;
import java.util.TreeSet;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Says what is to be withheld from what the scope asks for. */
@CommandLine.Command(
        name = "redact",
        description =
                "Withhold fields from the records that the scope asks for. It has to be approved with the scope, and the"
                        + " vault was made with evault init --redactable.")
final class CaseRedactCommand extends CaseStepCommand {
    @Option(
            names = "--path",
            required = true,
            paramLabel = "PATH",
            description = "what is withheld, as /reason, /details or /details/name; may be repeated")
    private List<String> paths = List.of();

    @Option(
            names = "--seq",
            paramLabel = "N",
            description =
                    "a record that it is for, by its place in the log; may be repeated. Without any it is for all")
    private List<Long> records = List.of();

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "why")
    private String reason = "";

    CaseRedactCommand(Shell shell) {
        super(shell);
    }

    @Override
    StepKind kind() {
        return StepKind.REDACT;
    }

    @Override
    StepBody body(Case before) {
        throw new IllegalStateException("what is withheld is asked for by a person");
    }

    @Override
    Case make(OpenDesk open, Case before, PersonSigner signer)
            throws IOException, WrongKeyException, CaseRefusedException {
        List<FieldPath> withheld = paths.stream().map(FieldPath::parse).toList();
        List<Long> seqs = List.copyOf(new TreeSet<>(records));
        return open.desk().step(before.id(), signer, kind(), (now, at) -> {
            Person person = open.desk().register().persons().get(signer.key().name());
            return new StepBody.Redacted(
                    withheld, seqs, reason, person == null ? signer.key().name() : person.name());
        });
    }
}
