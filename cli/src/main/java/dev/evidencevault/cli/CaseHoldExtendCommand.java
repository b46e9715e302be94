package dev.evidencevault.cli;

import dev.evidencevault.cases.Case;
import dev.evidencevault.cases.StepBody;
import dev.evidencevault.cases.StepKind;
import dev.evidencevault.format.Timestamps;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Has a hold run longer. */
@CommandLine.Command(name = "extend", description = "Have a hold run longer.")
final class CaseHoldExtendCommand extends CaseStepCommand {
    @Option(names = "--hold", required = true, paramLabel = "N", description = "the number of the step that placed it")
    private long hold;

    @Option(names = "--until", required = true, paramLabel = "T", description = "when it ends by itself then")
    private String until = "";

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "why")
    private String reason = "";

    CaseHoldExtendCommand(Shell shell) {
        super(shell);
    }

    @Override
    StepKind kind() {
        return StepKind.EXTEND;
    }

    @Override
    StepBody body(Case before) {
        return new StepBody.HoldExtended(hold, Timestamps.parseLoosely(until), reason);
    }
}
