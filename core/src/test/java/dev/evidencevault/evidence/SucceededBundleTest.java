package dev.evidencevault.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.Event;
import dev.evidencevault.SmallVault;
import dev.evidencevault.Vault;
import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.cases.Case;
import dev.evidencevault.cases.CaseFile;
import dev.evidencevault.cases.CaseOffice;
import dev.evidencevault.cases.CaseState;
import dev.evidencevault.cases.Role;
import dev.evidencevault.crypto.keys.CryptoSuite;
import dev.evidencevault.crypto.note.Checkpoint;
import dev.evidencevault.crypto.note.CheckpointSigner;
import dev.evidencevault.crypto.note.NoteVerifier;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.format.KeyHistory;
import dev.evidencevault.format.Succession;
import dev.evidencevault.reader.VaultReader;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Settings;
import dev.evidencevault.storage.UnlockedVault;
import dev.evidencevault.verify.BundleVerifier;
import dev.evidencevault.verify.RecordProofVerifier;
import dev.evidencevault.verify.Verdict;
import dev.evidencevault.verify.VerificationReport;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bundles of a vault that handed its signing over, made before and after, verified twice with each of its keys. */
class SucceededBundleTest {
    @TempDir
    private Path directory;

    private Path vault;
    private Path before;
    private Path after;
    private UnlockedVault old;
    private UnlockedVault now;
    private byte[] oldProof;
    private byte[] newProof;

    @BeforeEach
    void handOver() throws Exception {
        vault = directory.resolve("vault");
        SmallVault.write(vault);
        old = UnlockedVault.unlock(vault, SmallVault.SECRET);
        before = export(directory.resolve("before.zip"));
        oldProof = proof();
        Vault.succeedSigningKeys(vault, SmallVault.SECRET, SmallVault.options(), "planned");
        try (Vault open = Vault.open(vault, SmallVault.SECRET, SmallVault.options())) {
            open.tenant("acme").appendAndWait(Event.of("later").build());
        }
        now = UnlockedVault.unlock(vault, SmallVault.SECRET);
        after = export(directory.resolve("after.zip"));
        newProof = proof();
    }

    private Path export(Path bundle) throws Exception {
        new EvidenceExport(SmallVault.open(vault), Clock.systemUTC())
                .export(EvidenceExportTest.order("'actors':['alice']"), bundle);
        return bundle;
    }

    private byte[] proof() throws Exception {
        VaultReader reader = SmallVault.open(vault);
        return new RecordProofs(reader)
                .of(reader.tenant("acme").orElseThrow(), 4)
                .orElseThrow()
                .format();
    }

    private List<Succession> successions() {
        return now.settings().keys().successions();
    }

    private Verdict verify(Path bundle, @Nullable NoteVerifier key, List<Succession> known) throws Exception {
        VerificationReport report = new BundleVerifier(key, List.of(), List.of(), List.of(), known).verify(bundle);
        SecondVerifier.requireAgreement(bundle, report, key, known);
        return report.verdict();
    }

    @Test
    void bundlesOfBothKeysVerifyWithEither() throws Exception {
        NoteVerifier first = old.settings().verifier();
        NoteVerifier second = now.settings().verifier();
        assertEquals(Verdict.PASSED, verify(after, null, List.of()));
        assertEquals(Verdict.PASSED, verify(after, first, List.of()));
        assertEquals(Verdict.PASSED, verify(after, second, List.of()));
        assertEquals(Verdict.PASSED, verify(after, first, successions()));
        assertEquals(Verdict.PASSED, verify(before, first, List.of()));
        assertEquals(Verdict.PASSED, verify(before, first, successions()));
        assertEquals(Verdict.PASSED, verify(before, second, successions()));
        // Without the succession nobody knows what the second key has to do with this bundle.
        assertEquals(Verdict.FAILED, verify(before, second, List.of()));
        for (NoteVerifier key : List.of(first, second)) {
            for (byte[] proof : List.of(oldProof, newProof)) {
                assertEquals(
                        Verdict.PASSED,
                        new RecordProofVerifier(key, successions())
                                .verify(proof)
                                .verdict());
            }
            assertEquals(
                    Verdict.PASSED,
                    new RecordProofVerifier(key).verify(newProof).verdict());
        }
        assertEquals(
                Verdict.FAILED, new RecordProofVerifier(second).verify(oldProof).verdict());
        // Of the scripts, verify.sh checks what the bundle's own key signed.
        if (VerifyScript.hasOpenssl()) {
            ForgedBundle whole = ForgedBundle.of(after, now.checkpointSigner());
            Path bag = VerifyScript.unpack(whole.files(), directory.resolve("bag"));
            assertEquals(
                    0,
                    VerifyScript.run(bag.resolve("verify.sh"), bag, directory).code());
        }
    }

    private Path forged(ForgedBundle bundle) throws Exception {
        Path zip = directory.resolve("forged.zip");
        Files.deleteIfExists(zip);
        bundle.writeSigned(zip);
        return zip;
    }

    /** The checkpoint of a bundle, signed by somebody else. */
    private static void resign(ForgedBundle bundle, CheckpointSigner signer) {
        SignedNote note = SignedNote.parse(Objects.requireNonNull(bundle.files().get(BundleLayout.NODE_CHECKPOINT)));
        bundle.put(
                BundleLayout.NODE_CHECKPOINT,
                new String(signer.sign(Checkpoint.parse(note.text())).format(), StandardCharsets.UTF_8));
    }

    @Test
    void aKeySignsWhereItMayOnly() throws Exception {
        NoteVerifier first = old.settings().verifier();
        // The old key goes on after the hand-over, in a bundle that shows it.
        ForgedBundle shown = ForgedBundle.of(after, now.checkpointSigner());
        resign(shown, old.checkpointSigner());
        assertEquals(Verdict.FAILED, verify(forged(shown), null, List.of()));
        // And in one that does not: who knows of the hand-over finds it.
        ForgedBundle hidden = ForgedBundle.of(after, old.checkpointSigner());
        resign(hidden, old.checkpointSigner());
        String scope = hidden.text(BundleLayout.SCOPE);
        int members = scope.indexOf(",\"verifierKey\"");
        String oldScope = ForgedBundle.of(before, old.checkpointSigner()).text(BundleLayout.SCOPE);
        hidden.put(
                BundleLayout.SCOPE,
                scope.substring(0, members) + oldScope.substring(oldScope.indexOf(",\"verifierKey\"")));
        assertEquals(Verdict.PASSED, verify(forged(hidden), first, List.of()));
        assertEquals(Verdict.FAILED, verify(forged(hidden), first, successions()));
        // The new key signs a checkpoint from before.
        ForgedBundle early = ForgedBundle.of(before, now.checkpointSigner());
        resign(early, now.checkpointSigner());
        String newScope = ForgedBundle.of(after, now.checkpointSigner()).text(BundleLayout.SCOPE);
        String earlyScope = early.text(BundleLayout.SCOPE);
        early.put(
                BundleLayout.SCOPE,
                earlyScope.substring(0, earlyScope.indexOf(",\"verifierKey\""))
                        + newScope.substring(newScope.indexOf(",\"verifierKey\"")));
        assertEquals(Verdict.FAILED, verify(forged(early), null, List.of()));
    }

    private Verdict with(List<Succession> successions, KeyHistory keys) throws Exception {
        ForgedBundle bundle = ForgedBundle.of(after, now.checkpointSigner());
        String scope = bundle.text(BundleLayout.SCOPE);
        StringBuilder notes = new StringBuilder();
        for (Succession succession : successions) {
            notes.append(notes.isEmpty() ? "" : ",")
                    .append('"')
                    .append(new String(succession.note().format(), StandardCharsets.UTF_8).replace("\n", "\\n"))
                    .append('"');
        }
        bundle.put(
                BundleLayout.SCOPE,
                scope.substring(0, scope.indexOf(",\"successions\"")) + ",\"successions\":[" + notes + "]}");
        return verify(forged(bundle), keys.first().verifier(), List.of());
    }

    @Test
    void aForgedChainIsRefused() throws Exception {
        Succession good = successions().get(0);
        KeyHistory keys = now.settings().keys();
        CheckpointSigner one = old.checkpointSigner();
        CheckpointSigner two = now.checkpointSigner();
        CheckpointSigner three = now.checkpointSigner(now.nodeKeys().successor(CryptoSuite.AES_ED25519));
        assertEquals(Verdict.PASSED, with(List.of(good), keys));
        assertEquals(Verdict.FAILED, with(List.of(), keys));
        assertEquals(Verdict.FAILED, with(List.of(good, good), keys));
        assertEquals(Verdict.FAILED, with(List.of(Succession.sign(2, good.head(), one, two)), keys));
        // It does not end with the key of the bundle.
        assertEquals(Verdict.FAILED, with(List.of(Succession.sign(1, good.head(), one, three)), keys));
        // By who holds a new key only: it does not begin with the key that was given.
        assertEquals(Verdict.FAILED, with(List.of(Succession.sign(1, good.head(), three, two)), keys));
        // Back to a key that had ended, or to a size.
        Checkpoint later = new Checkpoint(
                good.head().origin(), good.head().size() + 1, good.head().root());
        assertEquals(
                Verdict.FAILED,
                with(List.of(Succession.sign(1, good.head(), two, one), Succession.sign(2, later, one, two)), keys));
        assertEquals(
                Verdict.FAILED,
                with(
                        List.of(
                                Succession.sign(1, good.head(), one, three),
                                Succession.sign(2, good.head(), three, two)),
                        keys));
        // A size that the checkpoint of the bundle is not above: it would be the old key's.
        Checkpoint far = new Checkpoint(good.head().origin(), 1000, good.head().root());
        assertEquals(Verdict.FAILED, with(List.of(Succession.sign(1, far, one, two)), keys));
        // Every signature of both sides counts, in both verifiers.
        for (int line = 0; line < 4; line++) {
            ForgedBundle bundle = ForgedBundle.of(after, now.checkpointSigner());
            SignedNote.Signature signature = good.note().signatures().get(line);
            String bytes = signature.bytes();
            String changed = bytes.substring(0, 40) + (bytes.charAt(40) == 'A' ? 'B' : 'A') + bytes.substring(41);
            String text = new String(good.note().format(), StandardCharsets.UTF_8);
            SignedNote forgedNote =
                    new SignedNote(good.note().text(), replaced(good.note().signatures(), line, changed));
            String scope = bundle.text(BundleLayout.SCOPE);
            bundle.put(
                    BundleLayout.SCOPE,
                    scope.replace(
                            text.replace("\n", "\\n"),
                            new String(forgedNote.format(), StandardCharsets.UTF_8).replace("\n", "\\n")));
            assertTrue(!bundle.text(BundleLayout.SCOPE).equals(scope));
            assertEquals(Verdict.FAILED, verify(forged(bundle), null, List.of()), "line " + line);
        }
    }

    private static List<SignedNote.Signature> replaced(List<SignedNote.Signature> lines, int at, String bytes) {
        List<SignedNote.Signature> changed = new ArrayList<>(lines);
        changed.set(
                at, new SignedNote.Signature(lines.get(at).name(), lines.get(at).keyId(), bytes));
        return changed;
    }

    @ParameterizedTest
    @EnumSource(names = {"AES_ED25519", "CHACHA_P384"})
    void aCaseGoesOnUnderTheNewKey(CryptoSuite suite) throws Exception {
        Path path = directory.resolve("office");
        SmallVault.write(path, CaseOffice.options().withSuite(suite));
        CaseOffice office = CaseOffice.of(path);
        Case approved = office.reach(CaseState.APPROVED);
        Vault.succeedSigningKeys(path, SmallVault.SECRET, CaseOffice.options(), "planned");
        // The desk still holds the old key.
        assertThrows(IllegalStateException.class, () -> office.register("new", "N. New", Role.OPERATOR));
        CaseOffice again = office.reopened();
        again.register("new", "N. New", Role.OPERATOR);
        Path bundle = directory.resolve("case.zip");
        new CaseExport(again.unlocked, again.desk, again.clock)
                .export(approved.id(), again.signer("hayashi"), bundle, false);
        Settings settings = Settings.read(new Layout(path));
        for (NoteVerifier key : List.of(
                settings.keys().first().verifier(), settings.keys().current().verifier())) {
            assertEquals(Verdict.PASSED, verify(bundle, key, List.of()));
        }
        byte[] file = CaseFile.format(
                settings.vaultId(), settings.keys(), again.desk.register(), again.desk.read(approved.id()));
        assertEquals(
                settings.keys().first().verifier(),
                CaseFile.verify(file).vaultKeys().first().verifier());
    }
}
