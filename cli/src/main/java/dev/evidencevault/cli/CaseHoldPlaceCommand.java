package dev.evidencevault.cli;

import dev.evidencevault.cases.Case;
import dev.evidencevault.cases.StepBody;
import dev.evidencevault.cases.StepKind;
import dev.evidencevault.format.Timestamps;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Places a hold. */
@CommandLine.Command(name = "place", description = "Place a hold: the records of the tenant must be kept.")
final class CaseHoldPlaceCommand extends CaseStepCommand {
    @Option(names = "--until", required = true, paramLabel = "T", description = "when it ends by itself")
    private String until = "";

    @Option(
            names = "--as-of",
            paramLabel = "T",
            description = "what was recorded before this is kept (else: before now)")
    private @Nullable String asOf;

    @Option(names = "--secret", description = "the tenant must not know of it while it is in force, nor of the case")
    private boolean secret;

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "why")
    private String reason = "";

    CaseHoldPlaceCommand(Shell shell) {
        super(shell);
    }

    @Override
    StepKind kind() {
        return StepKind.HOLD;
    }

    @Override
    StepBody body(Case before, long at) {
        Long since = time(asOf);
        return new StepBody.HoldPlaced(since == null ? at : since, Timestamps.parseLoosely(until), secret, reason);
    }

    @Override
    StepBody body(Case before) {
        throw new IllegalStateException("a hold is placed as of a time");
    }
}
