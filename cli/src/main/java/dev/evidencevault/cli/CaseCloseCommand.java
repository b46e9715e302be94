package dev.evidencevault.cli;

import dev.evidencevault.cases.Case;
import dev.evidencevault.cases.CaseState;
import dev.evidencevault.cases.StepBody;
import dev.evidencevault.cases.StepKind;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Closes a case. */
@CommandLine.Command(name = "close", description = "Close the case. Its holds have to be released before.")
final class CaseCloseCommand extends CaseStepCommand {
    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "why")
    private String reason = "";

    CaseCloseCommand(Shell shell) {
        super(shell);
    }

    @Override
    StepKind kind() {
        return StepKind.CLOSE;
    }

    @Override
    StepBody body(Case before) {
        return new StepBody.Closed(before.state() == CaseState.ACKNOWLEDGED, reason);
    }
}
