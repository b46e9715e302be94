package dev.evidencevault.cli;

import dev.evidencevault.crypto.age.AgeFile;
import dev.evidencevault.crypto.age.AgeIdentity;
import dev.evidencevault.crypto.cms.SealedFile;
import dev.evidencevault.crypto.file.UnopenedFileException;
import dev.evidencevault.format.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Opens a sealed file. */
@CommandLine.Command(
        name = "unseal",
        description =
                "Open a file that was sealed to your certificate or age key. Nothing is written under its name before all of"
                        + " it is authentic.")
final class UnsealCommand extends Command {
    @Parameters(paramLabel = "FILE", description = "the sealed file")
    private Path sealed = Path.of("");

    @Option(names = "--out", paramLabel = "FILE", required = true, description = "what was sealed")
    private Path out = Path.of("");

    @ArgGroup(multiplicity = "1")
    private Recipient recipient = new Recipient();

    /** Whose key opens it. */
    static final class Recipient {
        @ArgGroup(exclusive = false)
        private @Nullable PersonalKeyOption key;

        @Option(names = "--identity", paramLabel = "FILE", description = "an age identity: a line AGE-SECRET-KEY-1...")
        private @Nullable Path identity;
    }

    UnsealCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws IOException, KeyUnavailableException {
        try {
            if (recipient.identity != null) {
                AgeFile.decrypt(sealed, out, identities(recipient.identity));
            } else if (recipient.key != null) {
                SealedFile.open(sealed, out, recipient.key.read(shell()));
            }
        } catch (UnopenedFileException e) {
            shell().message(Shell.printable(sealed + ": " + e.getMessage() + "; nothing was written"));
            return e.reason() == UnopenedFileException.Reason.NOT_FOR_THIS_KEY
                    ? ExitCode.KEY_UNAVAILABLE
                    : ExitCode.FAILED;
        }
        if (json()) {
            print(Json.object().put("opened", out.toString()));
        } else {
            print(Text.wrap(Shell.printable("opened: " + out), "", 80));
        }
        return ExitCode.PASSED;
    }

    private static List<AgeIdentity> identities(Path file) throws IOException, KeyUnavailableException {
        String text = new String(KeyOption.small(file), StandardCharsets.UTF_8);
        List<AgeIdentity> identities = text.lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(line -> AgeIdentity.parse(line.strip()))
                .toList();
        if (identities.isEmpty()) {
            throw new KeyUnavailableException(file + ": expected a line AGE-SECRET-KEY-1..., found none");
        }
        return identities;
    }
}
