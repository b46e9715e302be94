package dev.evidencevault.cli;

import dev.evidencevault.crypto.age.AgeFile;
import dev.evidencevault.crypto.age.AgeRecipient;
import dev.evidencevault.crypto.cms.RecipientCertificate;
import dev.evidencevault.crypto.cms.SealedFile;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
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

    @Option(
            names = "--to",
            paramLabel = "FILE",
            description = "a recipient's certificate (PEM; may be given several times)")
    private List<Path> certificates = List.of();

    @Option(
            names = "--to-age",
            paramLabel = "age1...",
            description = "a recipient's age key (may be given several times)")
    private List<String> ageKeys = List.of();

    @Option(names = "--out", paramLabel = "FILE", required = true, description = "the sealed file (.p7m or .age)")
    private Path out = Path.of("");

    SealCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws IOException {
        if (certificates.isEmpty() == ageKeys.isEmpty()) {
            throw new UsageException("expected recipients of one kind: --to FILE, or --to-age KEY");
        }
        List<String> recipients = new ArrayList<>();
        if (ageKeys.isEmpty()) {
            List<RecipientCertificate> to = new ArrayList<>();
            for (var certificate : Certificates.read("--to", certificates)) {
                RecipientCertificate recipient = RecipientCertificate.check(certificate, Instant.now());
                to.add(recipient);
                recipients.add(
                        certificate.getSubjectX500Principal().getName() + ", certificate " + recipient.fingerprint());
            }
            SealedFile.seal(file, out, to, new SecureRandom());
        } else {
            List<AgeRecipient> to = new ArrayList<>();
            for (String key : ageKeys) {
                AgeRecipient recipient = AgeRecipient.parse(key);
                to.add(recipient);
                recipients.add(recipient.toString());
            }
            AgeFile.encrypt(file, out, to, new SecureRandom());
        }
        show(recipients, digest(out));
        return ExitCode.PASSED;
    }

    private static Digest digest(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            return Digest.sha256(in);
        }
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
