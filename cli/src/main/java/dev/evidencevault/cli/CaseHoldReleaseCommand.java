package dev.evidencevault.cli;

import dev.evidencevault.cases.Case;
import dev.evidencevault.cases.StepBody;
import dev.evidencevault.cases.StepKind;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Asks for the end of a hold. */
@CommandLine.Command(name = "release", description = "Ask for the end of a hold; another person has to grant it.")
final class CaseHoldReleaseCommand extends CaseStepCommand {
    @Option(names = "--hold", required = true, paramLabel = "N", description = "the number of the step that placed it")
    private long hold;

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "why")
    private String reason = "";

    CaseHoldReleaseCommand(Shell shell) {
        super(shell);
    }

    @Override
    StepKind kind() {
        return StepKind.RELEASE;
    }

    @Override
    StepBody body(Case before) {
        return new StepBody.ReleaseAsked(hold, reason);
    }
}
