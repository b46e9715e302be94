package dev.evidencevault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.attest.Attestations;
import dev.evidencevault.cases.Order;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.note.Checkpoint;
import dev.evidencevault.crypto.note.CosignatureVerifier;
import dev.evidencevault.crypto.note.NoteVerifier;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.evidence.EvidenceExport;
import dev.evidencevault.evidence.SecondVerifier;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Settings;
import dev.evidencevault.storage.UnlockedVault;
import dev.evidencevault.verify.BundleVerifier;
import dev.evidencevault.verify.VaultVerifier;
import dev.evidencevault.verify.Verdict;
import dev.evidencevault.verify.VerificationReport;
import dev.evidencevault.witness.TestWitness;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A witness cosigns what a vault shows it, its lines go into the bundle, and it sees a vault that was put back. */
class WitnessedVaultTest {
    private static final String ORDER = """
            {"order":"1","issuer":"court","legalBasis":"law","tenant":"acme","from":"2026-05-01T00:00:00Z",\
            "to":"2026-06-01T00:00:00Z","requestedBy":"Mori","approvedBy":"Sato"}""";

    @TempDir
    private Path directory;

    private Path vault;
    private final AtomicInteger failures = new AtomicInteger();

    @BeforeEach
    void write() throws IOException {
        vault = directory.resolve("vault");
        SmallVault.write(vault);
    }

    private VaultOptions watched(TestWitness witness) {
        return SmallVault.options().withWitnesses(List.of(witness.witness())).withObserver(new VaultObserver() {
            @Override
            public void deliveryFailed(String sink) {
                failures.incrementAndGet();
            }
        });
    }

    private static void append(Path to, VaultOptions options, String action) throws Exception {
        try (Vault open = Vault.open(to, SmallVault.SECRET, options)) {
            open.tenant("acme").appendAndWait(Event.of(action).build());
        }
    }

    private Path export(String name) throws Exception {
        Path bundle = directory.resolve(name);
        new EvidenceExport(SmallVault.open(vault), Clock.systemUTC())
                .export(Order.parse(ORDER.getBytes(StandardCharsets.UTF_8)), bundle);
        return bundle;
    }

    private static Verdict verify(Path bundle, List<CosignatureVerifier> witnesses) throws IOException {
        VerificationReport report = new BundleVerifier(null, witnesses).verify(bundle);
        SecondVerifier.requireAgreement(bundle, report, witnesses);
        return report.verdict();
    }

    @Test
    void itsLinesAreInTheBundleAndCount() throws Exception {
        try (TestWitness witness = TestWitness.start("witness.example/w1");
                TestWitness stranger = TestWitness.start("witness.example/w2")) {
            witness.trust(Settings.read(new Layout(vault)).verifier());
            append(vault, watched(witness), "one");
            append(vault, watched(witness), "two");
            assertEquals(0, failures.get());
            Path bundle = export("bundle.zip");
            List<CosignatureVerifier> keys = witness.witness().keys();
            assertEquals(Verdict.PASSED, verify(bundle, List.of()));
            assertEquals(Verdict.PASSED, verify(bundle, keys));
            assertEquals(
                    Verdict.INDETERMINATE, verify(bundle, stranger.witness().keys()));
            VerificationReport report =
                    new VaultVerifier(null, null).verify(UnlockedVault.unlock(vault, SmallVault.SECRET));
            assertEquals(Verdict.PASSED, report.verdict(), report.toString());
        }
    }

    /** It knows the log by its key: it is told the next one, and what it had seen before goes on. */
    @Test
    void aWitnessIsToldTheKeyThatSucceeds() throws Exception {
        try (TestWitness witness = TestWitness.start("witness.example/w1")) {
            witness.trust(Settings.read(new Layout(vault)).verifier());
            append(vault, watched(witness), "one");
            Checkpoint seen = witness.latest(
                            Settings.read(new Layout(vault)).keys().name())
                    .orElseThrow();
            NoteVerifier next = Vault.succeedSigningKeys(vault, SmallVault.SECRET, watched(witness), "planned");
            append(vault, watched(witness), "two");
            assertTrue(failures.get() > 0);
            assertEquals(seen, witness.latest(next.name()).orElseThrow());
            List<CosignatureVerifier> keys = witness.witness().keys();
            assertEquals(Verdict.INDETERMINATE, verify(export("untold.zip"), keys));
            failures.set(0);
            witness.trust(next);
            append(vault, watched(witness), "three");
            assertEquals(0, failures.get());
            assertTrue(witness.latest(next.name()).orElseThrow().size() > seen.size());
            assertEquals(Verdict.PASSED, verify(export("told.zip"), keys));
        }
    }

    @Test
    void aBundleWithoutAWitnessIsUndecidedForWhomWantsOne() throws Exception {
        try (TestWitness witness = TestWitness.start("witness.example/w1")) {
            assertEquals(
                    Verdict.INDETERMINATE,
                    verify(export("bundle.zip"), witness.witness().keys()));
        }
    }

    /** Lines of a witness that are good under another checkpoint: of another root, or of another vault's size. */
    @Test
    void aLineThatIsNotOverTheCheckpointIsFoundByWhomKnowsTheWitness() throws Exception {
        try (TestWitness witness = TestWitness.start("witness.example/w1");
                TestWitness stranger = TestWitness.start("witness.example/w2")) {
            witness.trust(Settings.read(new Layout(vault)).verifier());
            append(vault, watched(witness), "one");
            Layout layout = new Layout(vault);
            long number = new Attestations(layout).witnessed().getLast();
            SignedNote note = new Attestations(layout).witnessedNote(number).orElseThrow();
            Checkpoint own = Checkpoint.parse(note.text());
            List<CosignatureVerifier> keys = witness.witness().keys();
            assertEquals(Verdict.PASSED, verify(export("good.zip"), keys));
            int n = 0;
            for (Checkpoint other : List.of(
                    new Checkpoint(own.origin(), own.size(), Digest.sha256(new byte[] {1})),
                    new Checkpoint(own.origin(), own.size() + 1, own.root()))) {
                List<SignedNote.Signature> lines = new ArrayList<>(note.signatures());
                lines.removeIf(line -> line.name().equals(witness.witness().name()));
                lines.addAll(witness.cosign(other));
                Files.write(
                        layout.attestations().resolve(Layout.numbered(number, ".note")),
                        new SignedNote(note.text(), lines).format());
                Path bundle = export("bad-" + n++ + ".zip");
                assertEquals(Verdict.FAILED, verify(bundle, keys));
                for (CosignatureVerifier key : keys) {
                    assertEquals(Verdict.FAILED, verify(bundle, List.of(key)), key.format());
                }
                assertEquals(Verdict.PASSED, verify(bundle, List.of()));
                assertEquals(
                        Verdict.INDETERMINATE, verify(bundle, stranger.witness().keys()));
            }
        }
    }

    /** Attestations are written beside everything else: a kill can leave one unfinished in a vault that is closed. */
    @Test
    void anAttestationThatWasNotFinishedIsPassedOverAndRemoved() throws Exception {
        try (TestWitness witness = TestWitness.start("witness.example/w1")) {
            witness.trust(Settings.read(new Layout(vault)).verifier());
            append(vault, watched(witness), "one");
            Path unfinished = Files.writeString(vault.resolve("attestations/00000003.note.tmp"), "unfinished");
            VerificationReport report = new VaultVerifier(null, null).verify(vault);
            assertEquals(Verdict.PASSED, report.verdict(), report.toString());
            append(vault, watched(witness), "two");
            assertFalse(Files.exists(unfinished));
            assertEquals(
                    Verdict.PASSED, new VaultVerifier(null, null).verify(vault).verdict());
            Files.writeString(vault.resolve("attestations/notes.tmp"), "mine");
            assertEquals(
                    Verdict.FAILED, new VaultVerifier(null, null).verify(vault).verdict());
        }
    }

    @Test
    void aVaultThatWasPutBackGetsNoLineAndSaysSo() throws Exception {
        try (TestWitness witness = TestWitness.start("witness.example/w1")) {
            witness.trust(Settings.read(new Layout(vault)).verifier());
            append(vault, watched(witness), "one");
            Path old = directory.resolve("old");
            CopiedVault.copy(vault, old);
            append(vault, watched(witness), "two");
            append(vault, watched(witness), "three");
            assertEquals(0, failures.get());
            append(old, watched(witness), "another two");
            assertTrue(failures.get() > 0, "the witness has seen more");
        }
    }

    @Test
    void aCosignedCheckpointOfAnotherHistoryIsFoundInTheVault() throws Exception {
        try (TestWitness witness = TestWitness.start("witness.example/w1")) {
            witness.trust(Settings.read(new Layout(vault)).verifier());
            Path fork = directory.resolve("fork");
            CopiedVault.copy(vault, fork);
            append(vault, watched(witness), "one");
            append(fork, SmallVault.options(), "another");
            long number = new Attestations(new Layout(vault)).witnessed().getLast(); // the first is one that both have
            SignedNote note =
                    new Attestations(new Layout(vault)).witnessedNote(number).orElseThrow();
            Files.createDirectory(fork.resolve("attestations"));
            Files.write(fork.resolve("attestations").resolve(Layout.numbered(number, ".note")), note.format());
            assertEquals(
                    Verdict.FAILED, new VaultVerifier(null, null).verify(fork).verdict());
            Files.writeString(vault.resolve("attestations/notes.txt"), "mine");
            assertEquals(
                    Verdict.FAILED, new VaultVerifier(null, null).verify(vault).verdict());
        }
    }
}
