package dev.evidencevault.cli;

import dev.evidencevault.cases.Case;
import dev.evidencevault.cases.StepBody;
import dev.evidencevault.cases.StepKind;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.Timestamps;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Approves a scope. */
@CommandLine.Command(
        name = "approve",
        description = "Approve the scope, and what is withheld: role approver, and nobody who wrote it or exports.")
final class CaseApproveCommand extends CaseStepCommand {
    @Option(
            names = "--scope-sha256",
            required = true,
            paramLabel = "HEX",
            description = "the SHA-256 of the scope that is approved, as evault case scope printed it")
    private String scope = "";

    @Option(
            names = "--redaction-sha256",
            paramLabel = "HEX",
            description =
                    "the SHA-256 of the redaction that is approved, as evault case redact printed it; if there is one")
    private @Nullable String redaction;

    @Option(
            names = "--expires",
            required = true,
            paramLabel = "T",
            description = "from when on the approval permits nothing: within 90 days, 24 hours in an emergency")
    private String expires = "";

    @Option(names = "--purpose", required = true, paramLabel = "TEXT", description = "what for")
    private String purpose = "";

    @Option(names = "--emergency", description = "without the role; somebody else has to confirm within 24 hours")
    private boolean emergency;

    CaseApproveCommand(Shell shell) {
        super(shell);
    }

    @Override
    StepKind kind() {
        return StepKind.APPROVE;
    }

    @Override
    StepBody body(Case before) {
        return new StepBody.Approved(
                Digest.parseHex(scope),
                redaction == null ? null : Digest.parseHex(redaction),
                Timestamps.parseLoosely(expires),
                purpose,
                emergency);
    }
}
