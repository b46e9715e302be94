package dev.evidencevault.cli;

import dev.evidencevault.cases.Case;
import dev.evidencevault.cases.Notice;
import dev.evidencevault.cases.StepBody;
import dev.evidencevault.cases.StepKind;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Decides anew whether the tenant may know. */
@CommandLine.Command(
        name = "notice",
        description = "Decide anew whether the tenant may know: role counsel. Possible in a closed case, too.")
final class CaseNoticeCommand extends CaseStepCommand {
    @Option(
            names = "--notice",
            required = true,
            paramLabel = "N",
            description = "whether the tenant may know: allowed, deferred or prohibited")
    private String notice = "";

    @Option(names = "--notice-until", paramLabel = "T", description = "when a deferral ends")
    private @Nullable String noticeUntil;

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "why")
    private String reason = "";

    CaseNoticeCommand(Shell shell) {
        super(shell);
    }

    @Override
    StepKind kind() {
        return StepKind.NOTICE;
    }

    @Override
    StepBody body(Case before) {
        return new StepBody.NoticeChanged(Notice.of(notice, time(noticeUntil)), reason);
    }
}
