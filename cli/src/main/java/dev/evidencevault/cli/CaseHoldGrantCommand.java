package dev.evidencevault.cli;

import dev.evidencevault.cases.Case;
import dev.evidencevault.cases.StepBody;
import dev.evidencevault.cases.StepKind;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Ends a hold. */
@CommandLine.Command(
        name = "grant",
        description = "Grant the end of a hold that another person asked for: role approver.")
final class CaseHoldGrantCommand extends CaseStepCommand {
    @Option(names = "--hold", required = true, paramLabel = "N", description = "the number of the step that placed it")
    private long hold;

    @Option(
            names = "--release",
            required = true,
            paramLabel = "N",
            description = "the number of the step that asks for its end")
    private long release;

    CaseHoldGrantCommand(Shell shell) {
        super(shell);
    }

    @Override
    StepKind kind() {
        return StepKind.RELEASED;
    }

    @Override
    StepBody body(Case before) {
        return new StepBody.ReleaseGranted(hold, release);
    }
}
