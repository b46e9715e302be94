package dev.evidencevault.cli;

import dev.evidencevault.crypto.age.AgeFile;
import dev.evidencevault.crypto.age.AgeRecipient;
import dev.evidencevault.crypto.cms.RecipientCertificate;
import dev.evidencevault.crypto.cms.SealedFile;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** To whom a file is sealed. */
final class RecipientOption {
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

    /**
     * Somebody who can open a file.
     *
     * @param name the subject of the certificate; empty with an age key
     * @param key what has to be compared over another channel: the fingerprint of the certificate, or the age key
     */
    record Recipient(String name, String key) {
        @Override
        public String toString() {
            return name.isEmpty() ? key : name + ", certificate " + key;
        }
    }

    /** Says whether there is any. */
    boolean isGiven() {
        return !certificates.isEmpty() || !ageKeys.isEmpty();
    }

    /**
     * Seals a file, to certificates as CMS AuthEnvelopedData, to age keys as an age file.
     *
     * @param out appears under its name when it is whole
     * @return to whom
     */
    List<Recipient> seal(Path file, Path out) throws IOException {
        if (certificates.isEmpty() == ageKeys.isEmpty()) {
            throw new UsageException("expected recipients of one kind: --to FILE, or --to-age KEY");
        }
        List<Recipient> recipients = new ArrayList<>();
        if (ageKeys.isEmpty()) {
            List<RecipientCertificate> to = new ArrayList<>();
            for (var certificate : Certificates.read("--to", certificates)) {
                RecipientCertificate recipient = RecipientCertificate.check(certificate, Instant.now());
                to.add(recipient);
                recipients.add(new Recipient(
                        certificate.getSubjectX500Principal().getName(),
                        recipient.fingerprint().toString()));
            }
            SealedFile.seal(file, out, to, new SecureRandom());
        } else {
            List<AgeRecipient> to = new ArrayList<>();
            for (String key : ageKeys) {
                AgeRecipient recipient = AgeRecipient.parse(key);
                to.add(recipient);
                recipients.add(new Recipient("", recipient.toString()));
            }
            AgeFile.encrypt(file, out, to, new SecureRandom());
        }
        return recipients;
    }
}
