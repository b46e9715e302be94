package dev.evidencevault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.anchor.Anchor;
import dev.evidencevault.crypto.keys.CryptoSuite;
import dev.evidencevault.crypto.keys.NodeKeys;
import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.note.Checkpoint;
import dev.evidencevault.crypto.note.CheckpointSigner;
import dev.evidencevault.crypto.note.NoteVerifier;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.format.Change;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.KeyHistory;
import dev.evidencevault.format.RecordKind;
import dev.evidencevault.format.Succession;
import dev.evidencevault.segment.SegmentContent;
import dev.evidencevault.segment.SegmentFile;
import dev.evidencevault.sink.DirectorySink;
import dev.evidencevault.storage.FailingStorage;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Settings;
import dev.evidencevault.storage.UnlockedVault;
import dev.evidencevault.verify.HistoryComparison;
import dev.evidencevault.verify.VaultVerifier;
import dev.evidencevault.verify.Verdict;
import dev.evidencevault.verify.VerificationReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A vault hands its signing over to new keys, and the whole of its history verifies with any of them. */
class SuccessionTest {
    @TempDir
    private Path directory;

    private Path vault;
    private Layout layout;

    @BeforeEach
    void write() throws Exception {
        vault = directory.resolve("vault");
        layout = new Layout(vault);
        SmallVault.write(vault);
    }

    private NoteVerifier succeed() throws Exception {
        return Vault.succeedSigningKeys(vault, SmallVault.SECRET, SmallVault.options(), "it is three years old");
    }

    private void append() throws Exception {
        try (Vault open = Vault.open(vault, SmallVault.SECRET, SmallVault.options())) {
            open.tenant("acme").appendAndWait(Event.of("later").build());
        }
    }

    private static void assertPassed(VerificationReport report) {
        assertEquals(Verdict.PASSED, report.verdict(), report::toString);
    }

    private static void assertFailed(VerificationReport report, String reason) {
        assertTrue(
                report.with(Verdict.FAILED).stream()
                        .anyMatch(finding -> finding.reason().contains(reason)),
                () -> "expected: " + reason + ", found: " + report);
    }

    private void assertVerifies(NoteVerifier pinned) throws Exception {
        assertPassed(new VaultVerifier(pinned, null).verify(vault));
        assertPassed(new VaultVerifier(pinned, null).verify(UnlockedVault.unlock(vault, SmallVault.SECRET)));
    }

    private List<Change> rotations() throws Exception {
        List<Change> changes = new ArrayList<>();
        UnlockedVault unlocked = UnlockedVault.unlock(vault, SmallVault.SECRET);
        for (long number : Layout.numbers(layout.service().segments(), Layout.SEGMENT_SUFFIX)) {
            try (SegmentFile file = new SegmentFile(layout.service().segment(number))) {
                SegmentContent content = new SegmentContent(file, unlocked.keys(layout.service()));
                for (SegmentFile.BlockRef block : file.blocks()) {
                    if (block.records()) {
                        content.records(block).stream()
                                .filter(record -> record.kind() == RecordKind.CHANGE)
                                .map(Change::of)
                                .filter(change -> change.what() == Change.What.ROTATION)
                                .forEach(changes::add);
                    }
                }
            }
        }
        return changes;
    }

    @ParameterizedTest
    @EnumSource
    void theWholeHistoryVerifiesWithAnyOfItsKeys(CryptoSuite suite) throws Exception {
        vault = directory.resolve(suite.name());
        layout = new Layout(vault);
        SmallVault.write(vault, SmallVault.options().withSuite(suite));
        List<NoteVerifier> keys = new ArrayList<>(List.of(Settings.read(layout).verifier()));
        byte[] settings = Files.readAllBytes(layout.settings());
        SignedNote kept = SignedNote.parse(Files.readAllBytes(layout.checkpoint()));
        for (int round = 0; round < 3; round++) {
            keys.add(succeed());
            append();
        }
        for (NoteVerifier key : keys) {
            assertEquals(suite.signature(), key.algorithm());
            assertVerifies(key);
            assertPassed(new VaultVerifier(key, kept).verify(vault));
        }
        assertEquals(4, keys.stream().distinct().count());
        assertEquals(1, keys.stream().map(NoteVerifier::name).distinct().count());
        KeyHistory history = Settings.read(layout).keys();
        assertEquals(keys.get(3), history.current().verifier());
        List<Long> anchors = Layout.numbers(layout.anchors(), Layout.ANCHOR_SUFFIX);
        for (long number : anchors) {
            SignedNote note = Anchor.read(layout, number, history).note();
            assertTrue(history.at(number).verifies(note));
        }
        assertTrue(history.at(anchors.size()).equals(history.current()));
        assertEquals(
                List.of(keys.get(1).format(), keys.get(2).format(), keys.get(3).format()),
                rotations().stream().map(Change::after).toList());
        assertEquals("it is three years old", rotations().get(0).reason());
        assertEquals(new String(settings, StandardCharsets.UTF_8), Files.readString(layout.settings()));
        SmallVault.write(directory.resolve("other"));
        NoteVerifier other =
                Settings.read(new Layout(directory.resolve("other"))).verifier();
        assertFailed(new VaultVerifier(other, null).verify(vault), "expected the key");
    }

    @Test
    void aSinkThatHasSeenTheOldKeyTakesTheNewOne() throws Exception {
        Path kept = Files.createDirectory(directory.resolve("sink"));
        VaultOptions options = SmallVault.options().withSinks(List.of(new DirectorySink(kept)));
        Vault.open(vault, SmallVault.SECRET, options).close();
        Path before = directory.resolve("before");
        CopiedVault.copy(vault, before);
        String origin = Settings.read(layout).keys().name();
        NoteVerifier first = Settings.read(layout).verifier();
        assertTrue(first.verifies(new DirectorySink(kept).latest(origin).orElseThrow()));
        NoteVerifier next = Vault.succeedSigningKeys(vault, SmallVault.SECRET, options, "why");
        assertTrue(next.verifies(new DirectorySink(kept).latest(origin).orElseThrow()));
        append();
        Vault.open(vault, SmallVault.SECRET, options).close();
        // The copy from before is older than what the sink has seen, under a key that the copy does not know.
        assertThrows(
                IOException.class,
                () -> Vault.open(before, SmallVault.SECRET, options).close());
    }

    /** Every call to the storage fails in turn: there are the old keys or the new ones, and it can be done again. */
    @ParameterizedTest
    @EnumSource(names = {"NOT_DONE", "DONE"})
    void aHandOverThatIsCutShortCanBeRepeated(FailingStorage.Failure failure) throws Exception {
        Path whole = directory.resolve("whole");
        CopiedVault.copy(vault, whole);
        NoteVerifier first = Settings.read(layout).verifier();
        boolean done = false;
        int old = 0;
        int taken = 0;
        for (int call = 0; !done; call++) {
            vault = directory.resolve("vault-" + call);
            layout = new Layout(vault);
            CopiedVault.copy(whole, vault);
            FailingStorage storage = new FailingStorage(call, failure);
            try {
                Vault.succeedSigningKeys(
                        vault, SmallVault.SECRET, SmallVault.options().withStorage(storage), "why");
                done = storage.calls() <= call;
            } catch (IOException | RuntimeException e) {
                assertTrue(storage.calls() > call, () -> "call: " + e);
            }
            String context = "call " + call;
            VerificationReport cut = new VaultVerifier(first, null).verify(vault);
            assertFalse(cut.verdict() == Verdict.FAILED, () -> context + ": " + cut);
            Vault.open(vault, SmallVault.SECRET, SmallVault.options()).close();
            int successions = Settings.read(layout).successions().size();
            old += successions == 0 ? 1 : 0;
            taken += successions;
            assertEquals(successions, rotations().stream().distinct().count(), context);
            assertTrue(Settings.read(layout).isHandedOver(layout), context);
            assertEquals(
                    List.of(),
                    SmallVault.contents(vault).keySet().stream()
                            .filter(name -> name.endsWith(".tmp"))
                            .toList(),
                    context);
            assertVerifies(first);
            succeed();
            assertEquals(successions + 1, Settings.read(layout).successions().size(), context);
            assertVerifies(first);
        }
        assertTrue(old > 3 && taken > 3, old + " " + taken);
    }

    private static CheckpointSigner signer(UnlockedVault unlocked, NodeKeys keys) {
        return unlocked.checkpointSigner(keys);
    }

    private void replace(Succession succession) throws Exception {
        Path file = layout.succession(1);
        String json = Files.readString(file);
        int note = json.indexOf("\"note\":\"");
        String text = new String(succession.note().format(), StandardCharsets.UTF_8).replace("\n", "\\n");
        Files.writeString(file, json.substring(0, note + 8) + text + "\"}");
    }

    @Test
    void whatOneSideDidNotSignIsNone() throws Exception {
        UnlockedVault old = UnlockedVault.unlock(vault, SmallVault.SECRET);
        succeed();
        Succession good = Settings.read(layout).successions().get(0).succession();
        List<SignedNote.Signature> lines = good.note().signatures();
        assertEquals(4, lines.size());
        assertEquals(good, Succession.parse(good.note()));
        CheckpointSigner other = signer(old, old.nodeKeys().successor(CryptoSuite.AES_ED25519));
        for (int i = 0; i < lines.size(); i++) {
            List<SignedNote.Signature> without = new ArrayList<>(lines);
            without.remove(i);
            refused(good.note().text(), without);
            List<SignedNote.Signature> twice = new ArrayList<>(lines);
            twice.add(lines.get(i));
            refused(good.note().text(), twice);
            byte[] bytes = Base64.getDecoder().decode(lines.get(i).bytes());
            bytes[bytes.length / 2] ^= 1;
            List<SignedNote.Signature> changed = new ArrayList<>(lines);
            changed.set(
                    i,
                    new SignedNote.Signature(
                            lines.get(i).name(),
                            lines.get(i).keyId(),
                            Base64.getEncoder().encodeToString(bytes)));
            refused(good.note().text(), changed);
            List<SignedNote.Signature> foreign = new ArrayList<>(lines);
            foreign.set(i, other.signText(good.note().text()).signatures().get(0));
            refused(good.note().text(), foreign);
        }
        refused(good.note().text(), List.of(lines.get(2), lines.get(3), lines.get(0), lines.get(1)));
        refused(good.note().text().replace("/v1\n1\n", "/v1\n2\n"), lines);
    }

    private static void refused(String text, List<SignedNote.Signature> lines) {
        assertThrows(IllegalArgumentException.class, () -> Succession.parse(new SignedNote(text, lines)));
    }

    @Test
    void aForgedSuccessionIsFound() throws Exception {
        UnlockedVault old = UnlockedVault.unlock(vault, SmallVault.SECRET);
        succeed();
        append();
        UnlockedVault now = UnlockedVault.unlock(vault, SmallVault.SECRET);
        Succession good = now.settings().successions().get(0).succession();
        byte[] whole = Files.readAllBytes(layout.succession(1));
        CheckpointSigner before = old.checkpointSigner();
        CheckpointSigner after = now.checkpointSigner();
        Checkpoint head = good.head();
        // By who holds both keys, at other positions.
        replace(Succession.sign(1, new Checkpoint(head.origin(), head.size(), Digest.sha256()), before, after));
        assertFailed(new VaultVerifier(null, null).verify(vault), "which these");
        replace(Succession.sign(1, new Checkpoint(head.origin(), head.size() + 1, head.root()), before, after));
        assertFailed(new VaultVerifier(null, null).verify(vault), "is not signed with");
        replace(Succession.sign(1, new Checkpoint(head.origin(), head.size() - 1, head.root()), before, after));
        assertFailed(new VaultVerifier(null, null).verify(vault), "is not signed with");
        replace(Succession.sign(1, new Checkpoint(head.origin(), 1000, head.root()), before, after));
        assertFailed(new VaultVerifier(null, null).verify(vault), "not signed with");
        replace(Succession.sign(2, head, before, after));
        assertFailed(new VaultVerifier(null, null).verify(vault), "expected succession 1");
        // By who holds the new keys only, or those of another vault.
        CheckpointSigner third = signer(now, now.nodeKeys().successor(CryptoSuite.AES_ED25519));
        replace(Succession.sign(1, head, after, third));
        assertFailed(new VaultVerifier(null, null).verify(vault), "does not begin with the vault's first keys");
        assertThrows(IllegalArgumentException.class, () -> {
            SmallVault.write(directory.resolve("other"));
            UnlockedVault other = UnlockedVault.unlock(directory.resolve("other"), SmallVault.SECRET);
            Succession.sign(1, head, before, other.checkpointSigner());
        });
        Files.write(layout.succession(1), whole);
        assertPassed(new VaultVerifier(null, null).verify(vault));
        // Taken away, it is missing: what the new key signed has no meaning then.
        Files.delete(layout.succession(1));
        assertEquals(Verdict.FAILED, new VaultVerifier(null, null).verify(vault).verdict());
        Files.write(layout.succession(2), whole);
        assertFailed(new VaultVerifier(null, null).verify(vault), "the succession of keys is missing");
    }

    @Test
    void aCheckpointOfTheOldKeyAfterTheHandOverIsRefusedAndOfTheNewOneBefore() throws Exception {
        UnlockedVault old = UnlockedVault.unlock(vault, SmallVault.SECRET);
        succeed();
        append();
        UnlockedVault now = UnlockedVault.unlock(vault, SmallVault.SECRET);
        KeyHistory history = now.settings().keys();
        long size = history.successions().get(0).head().size();
        long last = Layout.numbers(layout.anchors(), Layout.ANCHOR_SUFFIX).size();
        assertTrue(last > size + 1);
        byte[] checkpoint = Files.readAllBytes(layout.checkpoint());
        for (long number : List.of(size, size + 1)) {
            Path file = layout.anchor(number);
            byte[] whole = Files.readAllBytes(file);
            SignedNote note = Anchor.read(layout, number, history).note();
            CheckpointSigner wrong = number > size ? old.checkpointSigner() : now.checkpointSigner();
            byte[] forged = wrong.sign(Checkpoint.parse(note.text())).format();
            byte[] changed = whole.clone();
            assertEquals(note.format().length, forged.length);
            System.arraycopy(forged, 0, changed, changed.length - forged.length, forged.length);
            Files.write(file, changed);
            assertFailed(new VaultVerifier(null, null).verify(vault), "the checkpoint is not signed with");
            Files.write(file, whole);
        }
        Files.write(
                layout.checkpoint(),
                old.checkpointSigner()
                        .sign(Checkpoint.parse(SignedNote.parse(checkpoint).text()))
                        .format());
        assertFailed(new VaultVerifier(null, null).verify(vault), "no checkpoint that the vault's keys signed");
        assertThrows(
                CorruptFileException.class,
                () -> Vault.open(vault, SmallVault.SECRET, SmallVault.options()).close());
        Files.write(layout.checkpoint(), checkpoint);
        SignedNote keptByOld = old.checkpointSigner()
                .sign(Checkpoint.parse(SignedNote.parse(checkpoint).text()));
        assertFailed(new VaultVerifier(null, keptByOld).verify(vault), "this is no checkpoint that");
    }

    @Test
    void twoSuccessorsOfOneKeyAreTwoHistories() throws Exception {
        Path copy = directory.resolve("copy");
        CopiedVault.copy(vault, copy);
        succeed();
        Vault.succeedSigningKeys(copy, SmallVault.SECRET, SmallVault.options(), "another");
        HistoryComparison.Result result = new HistoryComparison(null).compare(vault, copy);
        assertEquals(Verdict.FAILED, result.verdict());
        assertTrue(result.reason().contains("was succeeded by"), result.reason());
        HistoryComparison.ForkProof proof = result.proof().orElseThrow();
        for (SignedNote note : List.of(proof.first(), proof.second())) {
            assertTrue(proof.key()
                    .verifies(new SignedNote(note.text(), note.signatures().subList(0, 1))));
        }
        // With itself, and with what it was before.
        Path before = directory.resolve("before");
        CopiedVault.copy(vault, before);
        succeed();
        assertEquals(
                Verdict.PASSED,
                new HistoryComparison(null).compare(vault, before).verdict());
        assertEquals(
                Verdict.PASSED,
                new HistoryComparison(Settings.read(layout).verifier())
                        .compare(layout.checkpoint(), vault)
                        .verdict());
    }

    /** The signature of the settings says that the log has to tell of the hand-over yet: another secret must not write over that. */
    @Test
    void anotherSecretFinishesAHandOverThatWasCutShort() throws Exception {
        Vault.open(vault, SmallVault.SECRET, SmallVault.options()).close();
        Path before = directory.resolve("before");
        CopiedVault.copy(vault, before);
        NoteVerifier next = succeed();
        Files.createDirectory(new Layout(before).successions());
        Files.copy(layout.succession(1), new Layout(before).succession(1));
        vault = before;
        layout = new Layout(before);
        assertFalse(Settings.read(layout).isHandedOver(layout));
        VaultSecret other = VaultSecret.passphrase("another");
        Vault.changeSecret(vault, SmallVault.SECRET, other, SmallVault.options());
        assertTrue(Settings.read(layout).isHandedOver(layout));
        Vault.changeSecret(vault, other, SmallVault.SECRET, SmallVault.options());
        assertEquals(
                List.of(next.format()), rotations().stream().map(Change::after).toList());
        assertVerifies(next);
    }

    @Test
    void theSecretThatOpensTheVaultOpensTheNewKeyAndNoOtherDoes() throws Exception {
        succeed();
        // The wrapped keyset of the first key in the place of the second's: it is bound to its place.
        String settings = Files.readString(layout.settings());
        int at = settings.indexOf("\"signing\":\"") + 11;
        String first = settings.substring(at, settings.indexOf('"', at));
        Path file = layout.succession(1);
        String json = Files.readString(file);
        int from = json.indexOf("\"signing\":\"") + 11;
        Files.writeString(file, json.substring(0, from) + first + json.substring(json.indexOf('"', from)));
        assertThrows(Exception.class, () -> UnlockedVault.unlock(vault, SmallVault.SECRET));
    }
}
