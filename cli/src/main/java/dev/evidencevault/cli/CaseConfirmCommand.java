package dev.evidencevault.cli;

import dev.evidencevault.cases.Case;
import dev.evidencevault.cases.CaseStep;
import dev.evidencevault.cases.StepBody;
import dev.evidencevault.cases.StepKind;
import picocli.CommandLine;

/** Confirms an emergency approval. */
@CommandLine.Command(
        name = "confirm",
        description = "Confirm an emergency approval: role approver, and nobody who took part.")
final class CaseConfirmCommand extends CaseStepCommand {
    CaseConfirmCommand(Shell shell) {
        super(shell);
    }

    @Override
    StepKind kind() {
        return StepKind.CONFIRM;
    }

    @Override
    StepBody body(Case before) {
        return new StepBody.Confirmed(before.unconfirmed()
                .map(CaseStep::digest)
                .orElseThrow(() -> new UsageException("there is no emergency approval that is to be confirmed")));
    }
}
