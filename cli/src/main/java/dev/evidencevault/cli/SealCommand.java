package dev.evidencevault.cli;

import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Seals a file to recipients. */
@CommandLine.Command(
        name = "seal",
        description =
                "Seal a file, so that only its recipients read it: to certificates (CMS AuthEnvelopedData, which openssl cms"
                        + " -decrypt opens), or to age keys. Read the fingerprints back with the recipient before you hand it over.")
final class SealCommand extends Command {
    @Parameters(paramLabel = "FILE", description = "what is sealed, mostly a bundle")
    private Path file = Path.of("");

    @Mixin
    private RecipientOption to = new RecipientOption();

    @Option(names = "--out", paramLabel = "FILE", required = true, description = "the sealed file (.p7m or .age)")
    private Path out = Path.of("");

    SealCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws IOException {
        List<String> recipients =
                to.seal(file, out).stream().map(Object::toString).toList();
        show(recipients, Digest.sha256(out));
        return ExitCode.PASSED;
    }

    private void show(List<String> recipients, Digest digest) {
        if (json()) {
            var object = Json.object().put("sealed", out.toString()).put("sha256", digest.hex());
            recipients.forEach(object.putArray("recipients")::add);
            print(object);
            return;
        }
        for (String recipient : recipients) {
            print(Text.wrap(Shell.printable("sealed to " + recipient), "  ", 80));
        }
        print(Text.wrap("SHA-256 of the sealed file " + digest.hex(), "  ", 80));
    }
}
