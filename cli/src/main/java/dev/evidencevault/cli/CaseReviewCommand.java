package dev.evidencevault.cli;

import dev.evidencevault.cases.Case;
import dev.evidencevault.cases.Notice;
import dev.evidencevault.cases.StepBody;
import dev.evidencevault.cases.StepKind;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Says what counsel thinks of an order. */
@CommandLine.Command(name = "review", description = "Judge the order: role counsel.")
final class CaseReviewCommand extends CaseStepCommand {
    @Option(
            names = "--legal-basis",
            required = true,
            paramLabel = "TEXT",
            description = "the provision that it rests on")
    private String legalBasis = "";

    @Option(
            names = "--notice",
            required = true,
            paramLabel = "N",
            description = "whether the tenant may know: allowed, deferred or prohibited")
    private String notice = "";

    @Option(names = "--notice-until", paramLabel = "T", description = "when a deferral ends")
    private @Nullable String noticeUntil;

    @Option(names = "--conflict", paramLabel = "TEXT", description = "what other law stands against it")
    private @Nullable String conflict;

    @Option(names = "--fee", paramLabel = "TEXT", description = "what is charged for it")
    private @Nullable String fee;

    CaseReviewCommand(Shell shell) {
        super(shell);
    }

    @Override
    StepKind kind() {
        return StepKind.REVIEW;
    }

    @Override
    StepBody body(Case before) {
        return new StepBody.Reviewed(legalBasis, Notice.of(notice, time(noticeUntil)), conflict, fee);
    }
}
