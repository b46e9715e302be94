package dev.evidencevault.cli;

import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.crypto.note.NoteVerifier;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.Json;
import dev.evidencevault.storage.UnlockedVault;
import dev.evidencevault.verify.BundleVerifier;
import dev.evidencevault.verify.Finding;
import dev.evidencevault.verify.VaultVerifier;
import dev.evidencevault.verify.Verdict;
import dev.evidencevault.verify.VerificationReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Verifies a bundle or a vault. */
@CommandLine.Command(
        name = "verify",
        description = "Verify a bundle or a vault, offline. A vault needs no passphrase; with one, every record is"
                + " decrypted and compared as well.")
final class VerifyCommand extends Command {
    private static final int SMALL_FILE_BYTES_MAX = 1 << 20;

    @Parameters(paramLabel = "PATH", description = "a bundle (a file, or unpacked) or a vault's directory")
    private Path path = Path.of("");

    @Option(names = "--key", paramLabel = "KEY", description = "the vault's public key, or a file that holds it")
    private @Nullable String key;

    @Option(
            names = "--checkpoint",
            paramLabel = "FILE",
            description = "a checkpoint of the vault that was kept elsewhere: finds that the vault was put back")
    private @Nullable Path checkpoint;

    @Mixin
    private SecretOptions secret = new SecretOptions();

    VerifyCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws IOException, KeyUnavailableException, WrongKeyException {
        if (!Files.exists(path)) {
            throw new NoSuchFileException(path.toString());
        }
        VerificationReport report;
        if (VaultVerifier.looksLikeVault(path)) {
            report = verifyVault();
        } else if (Files.isRegularFile(path) || isBag(path) || isBag(path.resolve("bag"))) {
            if (checkpoint != null) {
                throw new UsageException("--checkpoint is for a vault; " + path + " is a bundle");
            }
            report = new BundleVerifier(pinned()).verify(path);
        } else {
            throw new UsageException(path + " is neither a vault nor a bundle");
        }
        if (json()) {
            print(report.toJson());
        } else {
            show(report);
        }
        return ExitCode.of(report.verdict());
    }

    private static boolean isBag(Path directory) {
        return Files.exists(directory.resolve("bagit.txt"));
    }

    private VerificationReport verifyVault() throws IOException, KeyUnavailableException, WrongKeyException {
        VaultVerifier verifier = new VaultVerifier(pinned(), kept());
        Optional<VaultSecret> given = secret.given(shell());
        if (given.isEmpty()) {
            return verifier.verify(path);
        }
        try {
            return verifier.verify(UnlockedVault.unlock(path, given.get()));
        } catch (CorruptFileException | NoSuchFileException e) {
            return verifier.verify(path);
        } catch (WrongKeyException e) {
            VerificationReport report = verifier.verify(path);
            if (report.verdict() == Verdict.FAILED) {
                return report;
            }
            throw e;
        }
    }

    private @Nullable NoteVerifier pinned() throws IOException {
        if (key == null) {
            return null;
        }
        String text = key;
        try {
            if (!text.contains("+") && Files.isRegularFile(Path.of(text))) {
                text = new String(small(Path.of(text)), StandardCharsets.UTF_8).strip();
            }
            return NoteVerifier.parse(text);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--key: expected a key as evault init printed it, or a file that holds one, found "
                    + Shell.printable(key));
        }
    }

    private @Nullable SignedNote kept() throws IOException {
        if (checkpoint == null) {
            return null;
        }
        try {
            return SignedNote.parse(small(checkpoint));
        } catch (IllegalArgumentException e) {
            throw new UsageException(checkpoint + ": " + Json.firstLine(e));
        }
    }

    private static byte[] small(Path file) throws IOException {
        if (Files.size(file) > SMALL_FILE_BYTES_MAX) {
            throw new UsageException(file + " has more than 1 MiB");
        }
        return Files.readAllBytes(file);
    }

    private void show(VerificationReport report) {
        for (Finding finding : report.findings()) {
            print(String.format(
                    "%-13s  %-12s  %s",
                    finding.verdict().label(), finding.claim().label(), Shell.printable(finding.where())));
            print(Text.wrap(Shell.printable(finding.reason()), "               ", 80));
        }
        print(report.verdict().label().toUpperCase(Locale.ROOT));
    }
}
