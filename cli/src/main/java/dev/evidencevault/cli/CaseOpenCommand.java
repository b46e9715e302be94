package dev.evidencevault.cli;

import dev.evidencevault.cases.Case;
import dev.evidencevault.cases.CaseRefusedException;
import dev.evidencevault.cases.PersonSigner;
import dev.evidencevault.cases.StepBody.Opened;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.crypto.merkle.Digest;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Opens a case. */
@CommandLine.Command(name = "open", description = "Open a case: an order came in.")
final class CaseOpenCommand extends Command {
    @Mixin
    private VaultOption vault = new VaultOption();

    @Option(names = "--tenant", required = true, paramLabel = "T", description = "whose records it asks for")
    private String tenant = "";

    @Option(names = "--order", required = true, paramLabel = "NUMBER", description = "the authority's number of it")
    private String order = "";

    @Option(names = "--issuer", required = true, paramLabel = "NAME", description = "the authority")
    private String issuer = "";

    @Option(
            names = "--type",
            required = true,
            paramLabel = "TEXT",
            description = "what kind of order it is, in the words of the law")
    private String type = "";

    @Option(names = "--jurisdiction", required = true, paramLabel = "LAW", description = "under whose law: JP")
    private String jurisdiction = "";

    @Option(names = "--deadline", paramLabel = "T", description = "by when it has to be answered")
    private @Nullable String deadline;

    @Option(
            names = "--document",
            required = true,
            paramLabel = "FILE",
            description = "the document that came in; its SHA-256 is kept, not the file")
    private Path document = Path.of("");

    @Option(
            names = "--callback",
            paramLabel = "TEXT",
            description = "how it was made sure that it comes from the authority")
    private @Nullable String callback;

    @Mixin
    private SignOption sign = new SignOption();

    @Mixin
    private SinkOption sinks = new SinkOption();

    CaseOpenCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws IOException, KeyUnavailableException, WrongKeyException, CaseRefusedException {
        Opened body = new Opened(
                tenant,
                order,
                issuer,
                type,
                jurisdiction,
                CaseStepCommand.time(deadline),
                Digest.sha256(document),
                callback);
        OpenDesk open = OpenDesk.of(vault, shell());
        PersonSigner signer = sign.signer(shell());
        Case opened;
        try {
            opened = open.desk().open(signer, body);
        } catch (CaseRefusedException e) {
            open.record(sinks, shell());
            throw e;
        }
        open.record(sinks, shell());
        CaseStepCommand.print(open, opened, this);
        return ExitCode.PASSED;
    }
}
