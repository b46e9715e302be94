package dev.evidencevault.verify;

import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.format.Json;
import dev.evidencevault.papers.DestructionFiles;
import dev.evidencevault.segment.SealedChanges;
import dev.evidencevault.shred.DestructionCertificate;
import dev.evidencevault.shred.ShredRecord;
import dev.evidencevault.shred.ShredRequest;
import dev.evidencevault.storage.Destruction;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Layout.LogDirectory;
import dev.evidencevault.storage.Settings;
import dev.evidencevault.storage.Tombstone;
import dev.evidencevault.storage.UnlockedVault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Verifies a certificate of destruction against the vault that it is about: the vault's signature, the two persons' and the
 * tombstone, and that what was destroyed is not there. With the vault's keys also that the vault's own log tells of the
 * certificate. Immutable and safe for use by several threads.
 */
public final class DestructionVerifier {
    private static final int FILE_BYTES_MAX = 1 << 20;

    private final Layout layout;
    private final @Nullable UnlockedVault vault;

    /** Creates a verifier without keys. */
    public DestructionVerifier(Path vault) {
        this.layout = new Layout(vault);
        this.vault = null;
    }

    /** Creates a verifier that reads the vault's own log as well. */
    public DestructionVerifier(UnlockedVault vault) {
        this.layout = vault.layout();
        this.vault = vault;
    }

    /** Verifies the directory of a certificate. */
    public VerificationReport verify(Path directory) throws IOException {
        Findings findings = new Findings();
        Settings settings = Settings.read(layout);
        DestructionCertificate certificate;
        try {
            certificate = DestructionCertificate.parse(read(directory, DestructionFiles.JSON));
        } catch (IllegalArgumentException e) {
            findings.failed(Claim.SIGNATURE, DestructionFiles.JSON, e);
            return findings.report();
        }
        signature(directory, certificate, settings, findings);
        request(directory, certificate, findings);
        pages(directory, certificate, findings);
        tombstone(directory, certificate, settings, findings);
        if (!certificate.trial().passed()) {
            findings.failed(
                    Claim.FILES,
                    DestructionFiles.JSON,
                    "it says itself that something of the log was left or could be opened");
        }
        UnlockedVault unlocked = vault;
        if (unlocked != null) {
            recorded(unlocked, certificate, findings);
        }
        return findings.report();
    }

    private static void signature(
            Path directory, DestructionCertificate certificate, Settings settings, Findings findings)
            throws IOException {
        try {
            SignedNote note = SignedNote.parse(read(directory, DestructionFiles.SIGNATURE));
            if (!note.text().equals(certificate.signedText()) || !Tombstone.isSigned(note, settings.keys())) {
                throw new IllegalArgumentException("this is not this vault's signature over the certificate");
            }
            findings.passed(
                    Claim.SIGNATURE,
                    DestructionFiles.SIGNATURE,
                    "the vault " + settings.vaultId() + " signed the certificate");
        } catch (IllegalArgumentException e) {
            findings.failed(Claim.SIGNATURE, DestructionFiles.SIGNATURE, e);
        }
    }

    private static void request(Path directory, DestructionCertificate certificate, Findings findings)
            throws IOException {
        try {
            ShredRequest request = ShredRequest.parse(read(directory, DestructionFiles.REQUEST));
            certificate.refusal(request).ifPresent(reason -> {
                throw new IllegalArgumentException(reason);
            });
            findings.passed(
                    Claim.SIGNERS,
                    DestructionFiles.REQUEST,
                    certificate.requester().name() + " asked for it and "
                            + certificate.approver().name()
                            + " approved it, each with a key that the certificate names");
        } catch (IllegalArgumentException e) {
            findings.failed(Claim.SIGNERS, DestructionFiles.REQUEST, e);
        }
    }

    private static void pages(Path directory, DestructionCertificate certificate, Findings findings)
            throws IOException {
        for (Map.Entry<String, byte[]> page :
                DestructionFiles.pages(certificate).entrySet()) {
            try {
                if (!Arrays.equals(read(directory, page.getKey()), page.getValue())) {
                    findings.failed(Claim.MANIFEST, page.getKey(), "the page is not that of the certificate");
                }
            } catch (IllegalArgumentException e) {
                findings.failed(Claim.MANIFEST, page.getKey(), e);
            }
        }
        findings.passedIfClean(Claim.MANIFEST, "certificate.md", "the pages say what the certificate does");
    }

    private void tombstone(Path directory, DestructionCertificate certificate, Settings settings, Findings findings)
            throws IOException {
        LogDirectory log = layout.tenant(certificate.tombstone().logId());
        String where = Findings.relative(layout.root(), log.tombstone());
        try {
            byte[] file = read(directory, DestructionFiles.TOMBSTONE);
            if (!Digest.sha256(file).equals(certificate.tombstoneFile())
                    || !Tombstone.parse(file, settings.keys()).equals(certificate.tombstone())) {
                throw new IllegalArgumentException("it is not the tombstone that the certificate names");
            }
            if (!certificate.tombstone().vaultId().equals(settings.vaultId())
                    || !Tombstone.isAt(log)
                    || !Digest.sha256(log.tombstone()).equals(certificate.tombstoneFile())) {
                findings.failed(Claim.FILES, where, "the vault has not this tombstone");
                return;
            }
        } catch (IllegalArgumentException e) {
            findings.failed(Claim.FILES, DestructionFiles.TOMBSTONE, e);
            return;
        }
        List<Path> left = layout.isCopy() ? Destruction.keyFiles(log) : Destruction.left(log);
        if (left.isEmpty()) {
            findings.passed(Claim.FILES, where, "the tombstone is there, and nothing that was destroyed is");
        } else {
            findings.indeterminate(
                    Claim.FILES,
                    Findings.relative(layout.root(), left.get(0)),
                    "this is there, or there again; whoever opens the vault for writing deletes it");
        }
    }

    private static void recorded(UnlockedVault vault, DestructionCertificate certificate, Findings findings)
            throws IOException {
        Digest digest = Digest.sha256(certificate.format());
        try {
            for (SealedChanges.Recorded<ShredRecord> each : ShredRecord.read(vault, Long.MIN_VALUE)) {
                if (each.value() instanceof ShredRecord.Done done
                        && done.certificate().equals(digest)
                        && done.tombstone().equals(certificate.tombstoneFile())) {
                    findings.passed(
                            Claim.RECORDS,
                            "service",
                            "record " + each.seq() + " of the vault's own log tells of this certificate");
                    return;
                }
            }
            findings.indeterminate(
                    Claim.RECORDS, "service", "the vault's own log does not tell of this certificate, or not yet");
        } catch (WrongKeyException e) {
            findings.indeterminate(Claim.RECORDS, "service", Json.firstLine(e));
        }
    }

    private static byte[] read(Path directory, String name) throws IOException {
        Path file = directory.resolve(name);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new IllegalArgumentException("the file is missing");
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(FILE_BYTES_MAX + 1);
            if (bytes.length > FILE_BYTES_MAX) {
                throw new IllegalArgumentException("the file has more than " + FILE_BYTES_MAX + " bytes");
            }
            return bytes;
        }
    }
}
