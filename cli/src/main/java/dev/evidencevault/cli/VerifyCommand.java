package dev.evidencevault.cli;

import dev.evidencevault.copy.FetchedCopy;
import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.crypto.note.CosignatureVerifier;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.ending.ReturnVerifier;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.Json;
import dev.evidencevault.place.ObjectStore;
import dev.evidencevault.place.ObjectStores;
import dev.evidencevault.proof.RecordProof;
import dev.evidencevault.storage.UnlockedVault;
import dev.evidencevault.verify.BundleVerifier;
import dev.evidencevault.verify.RecordProofVerifier;
import dev.evidencevault.verify.VaultVerifier;
import dev.evidencevault.verify.Verdict;
import dev.evidencevault.verify.VerificationReport;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Verifies a bundle, a record proof, a vault or what was returned to a tenant. */
@CommandLine.Command(
        name = "verify",
        description =
                "Verify a bundle, a record proof or a vault, offline. A vault needs no passphrase; with one, every record is"
                        + " decrypted and compared as well.")
final class VerifyCommand extends Command {

    @Parameters(
            paramLabel = "PATH",
            description = "a bundle (a file, or unpacked), a record proof, a vault's directory, a copy of its logs (a"
                    + " directory, or s3://…, which is fetched for it and removed again), or what evault return wrote")
    private String place = "";

    private Path path = Path.of("");

    @Mixin
    private KeyOption key = new KeyOption();

    @Option(
            names = "--checkpoint",
            paramLabel = "FILE",
            description = "a checkpoint of the vault that was kept elsewhere: finds that the vault was put back")
    private @Nullable Path checkpoint;

    @Mixin
    private WitnessOption witnessKeys = new WitnessOption();

    @Mixin
    private TsaRootOption timeRoots = new TsaRootOption();

    @Option(
            names = "--signer-root",
            paramLabel = "FILE",
            description =
                    "root certificates (PEM) under which people sign bundles that are trusted; signatures are judged under"
                            + " them (may be given several times)")
    private List<Path> signerRoots = List.of();

    @Mixin
    private SecretOptions secret = new SecretOptions();

    VerifyCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws IOException, KeyUnavailableException, WrongKeyException {
        if (!ObjectStores.hasScheme(place)) {
            path = Path.of(place);
            return verify();
        }
        try (ObjectStore store = ObjectStores.open(place, shell().environment());
                FetchedCopy fetched = FetchedCopy.whole(store)) {
            path = fetched.directory();
            return verify();
        }
    }

    private int verify() throws IOException, KeyUnavailableException, WrongKeyException {
        if (!Files.exists(path)) {
            throw new NoSuchFileException(path.toString());
        }
        List<CosignatureVerifier> witnesses = witnessKeys.keys();
        List<X509Certificate> roots = timeRoots.certificates();
        List<X509Certificate> signers = Certificates.read("--signer-root", signerRoots);
        boolean bundle =
                Files.isRegularFile(path) && !startsLikeJson(path) || isBag(path) || isBag(path.resolve("bag"));
        if (!signers.isEmpty() && !bundle) {
            throw new UsageException("--signer-root is for a bundle; " + path + " is none");
        }
        VerificationReport report;
        if (VaultVerifier.looksLikeVault(path)) {
            if (!witnesses.isEmpty()) {
                throw new UsageException("--witness is for a bundle; " + path + " is a vault");
            }
            report = verifyVault(roots);
        } else if (Files.isRegularFile(path) && startsLikeJson(path)) {
            if (!roots.isEmpty()) {
                throw new UsageException("--tsa-root is for a bundle or a vault; " + path + " is a record proof");
            }
            report = new RecordProofVerifier(key.pinned(), key.known()).verify(proofBytes());
        } else if (bundle) {
            if (checkpoint != null) {
                throw new UsageException("--checkpoint is for a vault; " + path + " is a bundle");
            }
            report = new BundleVerifier(key.pinned(), witnesses, roots, signers, key.known()).verify(path);
        } else if (ReturnVerifier.looksLikeReturn(path)) {
            report = new ReturnVerifier(new BundleVerifier(key.pinned(), witnesses, roots, List.of(), key.known()))
                    .verify(path);
        } else {
            throw new UsageException(path + " is neither a vault nor a bundle nor a record proof nor a return");
        }
        ReportText.print(this, report);
        return ExitCode.of(report.verdict());
    }

    private static boolean startsLikeJson(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.read() == '{';
        }
    }

    private byte[] proofBytes() throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            return in.readNBytes(RecordProof.BYTES_MAX + 1);
        }
    }

    private static boolean isBag(Path directory) {
        return Files.exists(directory.resolve("bagit.txt"));
    }

    private VerificationReport verifyVault(List<X509Certificate> roots)
            throws IOException, KeyUnavailableException, WrongKeyException {
        VaultVerifier verifier = new VaultVerifier(key.pinned(), kept(), roots);
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

    private @Nullable SignedNote kept() throws IOException {
        if (checkpoint == null) {
            return null;
        }
        try {
            return SignedNote.parse(KeyOption.small(checkpoint));
        } catch (IllegalArgumentException e) {
            throw new UsageException(checkpoint + ": " + Json.firstLine(e));
        }
    }
}
