package dev.evidencevault.cli;

import dev.evidencevault.cases.BundleSealer;
import dev.evidencevault.cases.Case;
import dev.evidencevault.cases.StepBody;
import dev.evidencevault.cases.StepKind;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Says for whom the bundle was encrypted. */
@CommandLine.Command(
        name = "seal",
        description = "Record for whom the bundle was encrypted, with age or openssl cms, and how.")
final class CaseSealCommand extends CaseStepCommand {
    @Option(names = "--bundle", required = true, paramLabel = "FILE", description = "the bundle that was exported")
    private Path bundle = Path.of("");

    @Option(names = "--sealed", required = true, paramLabel = "FILE", description = "the encrypted file")
    private Path sealed = Path.of("");

    @Option(
            names = "--recipient",
            required = true,
            paramLabel = "TEXT",
            description = "the fingerprint of the key or certificate that it is encrypted to")
    private String recipient = "";

    CaseSealCommand(Shell shell) {
        super(shell);
    }

    @Override
    StepKind kind() {
        return StepKind.SEAL;
    }

    @Override
    StepBody body(Case before) throws IOException {
        return BundleSealer.step(bundle, BundleSealer.elsewhere(sealed, recipient));
    }
}
