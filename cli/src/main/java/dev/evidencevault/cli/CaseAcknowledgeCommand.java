package dev.evidencevault.cli;

import dev.evidencevault.cases.Case;
import dev.evidencevault.cases.StepBody;
import dev.evidencevault.cases.StepKind;
import dev.evidencevault.crypto.merkle.Digest;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Keeps what the recipient said. */
@CommandLine.Command(
        name = "acknowledge",
        description = "Record what the recipient says: which file arrived, and how its verification ended.")
final class CaseAcknowledgeCommand extends CaseStepCommand {
    @Option(
            names = "--seen",
            required = true,
            paramLabel = "HEX",
            description = "the SHA-256 of the file, as the recipient computed it")
    private String seen = "";

    @Option(names = "--result", required = true, paramLabel = "R", description = "passed, failed or indeterminate")
    private String result = "";

    @Option(names = "--statement", paramLabel = "TEXT", description = "what else was said")
    private @Nullable String statement;

    CaseAcknowledgeCommand(Shell shell) {
        super(shell);
    }

    @Override
    StepKind kind() {
        return StepKind.ACKNOWLEDGE;
    }

    @Override
    StepBody body(Case before) {
        return new StepBody.Acknowledged(Digest.parseHex(seen), result, statement);
    }
}
