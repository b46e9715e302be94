package dev.evidencevault.cli;

import dev.evidencevault.cases.Case;
import dev.evidencevault.cases.StepBody;
import dev.evidencevault.cases.StepKind;
import dev.evidencevault.crypto.merkle.Digest;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Says that the encrypted file was handed over. */
@CommandLine.Command(name = "handover", description = "Record that the encrypted file was handed over.")
final class CaseHandoverCommand extends CaseStepCommand {
    @Option(names = "--sealed", required = true, paramLabel = "FILE", description = "the encrypted file")
    private Path sealed = Path.of("");

    @Option(names = "--to", required = true, paramLabel = "NAME", description = "who took it")
    private String to = "";

    @Option(names = "--channel", required = true, paramLabel = "HOW", description = "online, or on what medium")
    private String channel = "";

    @Option(names = "--serial", paramLabel = "NUMBER", description = "the number of the medium")
    private @Nullable String serial;

    CaseHandoverCommand(Shell shell) {
        super(shell);
    }

    @Override
    StepKind kind() {
        return StepKind.HANDOVER;
    }

    @Override
    StepBody body(Case before) throws IOException {
        return new StepBody.HandedOver(Digest.sha256(sealed), to, channel, serial);
    }
}
