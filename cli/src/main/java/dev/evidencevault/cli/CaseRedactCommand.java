package dev.evidencevault.cli;

import dev.evidencevault.cases.Case;
import dev.evidencevault.cases.CaseRefusedException;
import dev.evidencevault.cases.PersonSigner;
import dev.evidencevault.cases.StepBody;
import dev.evidencevault.cases.StepKind;
import java.io.IOException;
import picocli.CommandLine;

/** Refuses to black out parts of a bundle, which this version cannot do in a way that can be proven. */
@CommandLine.Command(
        name = "redact",
        description = "Not there yet: is refused, and the refusal is recorded. Narrow the scope instead.")
final class CaseRedactCommand extends CaseStepCommand {
    CaseRedactCommand(Shell shell) {
        super(shell);
    }

    @Override
    StepKind kind() {
        return StepKind.REDACT;
    }

    @Override
    StepBody body(Case before) {
        throw new UsageException("a bundle cannot be redacted");
    }

    @Override
    Case make(OpenDesk open, Case before, PersonSigner signer) throws IOException, CaseRefusedException {
        throw open.desk()
                .refuse(
                        before.id(),
                        signer,
                        StepKind.REDACT,
                        "this version cannot redact a bundle so that what is left is still proven; narrow the scope"
                                + " instead, and have it approved");
    }
}
