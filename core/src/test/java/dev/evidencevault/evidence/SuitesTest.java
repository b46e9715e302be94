package dev.evidencevault.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.CopiedVault;
import dev.evidencevault.Event;
import dev.evidencevault.SmallVault;
import dev.evidencevault.Vault;
import dev.evidencevault.VaultOptions;
import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.bundle.Completeness;
import dev.evidencevault.cases.CaseOffice;
import dev.evidencevault.cases.CaseState;
import dev.evidencevault.crypto.keys.CryptoSuite;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.reader.VaultReader;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Settings;
import dev.evidencevault.storage.UnlockedVault;
import dev.evidencevault.verify.BundleVerifier;
import dev.evidencevault.verify.HistoryComparison;
import dev.evidencevault.verify.RecordProofVerifier;
import dev.evidencevault.verify.VaultVerifier;
import dev.evidencevault.verify.Verdict;
import dev.evidencevault.verify.VerificationReport;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Everything that a vault does, with each suite: written, killed, recovered, handed over, verified, tampered with. */
class SuitesTest {
    private static final int CIPHER_AT = 6;

    @TempDir
    private Path directory;

    private static VaultOptions options(CryptoSuite suite) {
        return SmallVault.options().withSuite(suite);
    }

    private Path write(CryptoSuite suite) throws Exception {
        Path vault = directory.resolve(suite.name());
        SmallVault.write(vault, options(suite));
        return vault;
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

    private static List<Path> files(Path vault, String suffix) throws Exception {
        List<Path> files = new ArrayList<>();
        for (String name : SmallVault.contents(vault).keySet()) {
            if (name.endsWith(suffix)) {
                files.add(vault.resolve(name));
            }
        }
        assertFalse(files.isEmpty(), suffix);
        return files;
    }

    @ParameterizedTest
    @EnumSource
    void whatIsWrittenIsRecoveredAndVerified(CryptoSuite suite) throws Exception {
        Path vault = write(suite);
        Path killed = directory.resolve("killed");
        try (Vault open = Vault.open(vault, SmallVault.SECRET, SmallVault.options())) {
            open.tenant("acme").appendAndWait(Event.of("later").build());
            CopiedVault.copy(vault, killed);
        }
        for (String suffix : List.of(".evs", ".evj")) {
            for (Path file : files(killed, suffix)) {
                assertEquals(suite.cipher().code(), Files.readAllBytes(file)[CIPHER_AT], file::toString);
            }
        }
        try (Vault open = Vault.open(killed, SmallVault.SECRET, SmallVault.options())) {
            assertTrue(open.recoveredRecords() > 0);
            assertEquals(suite.signature(), open.verifier().algorithm());
        }
        assertEquals(suite, Settings.read(new Layout(killed)).suite());
        SignedNote kept = SignedNote.parse(Files.readAllBytes(vault.resolve("anchors/checkpoint")));
        List<String> actions = new ArrayList<>();
        SmallVault.open(killed)
                .tenant("acme")
                .orElseThrow()
                .events(record -> actions.add(String.valueOf(record.seq())));
        assertEquals(10, actions.size());
        assertPassed(new VaultVerifier(Settings.read(new Layout(vault)).verifier(), kept).verify(vault));
        for (Path each : List.of(vault, killed)) {
            assertPassed(new VaultVerifier(null, null).verify(each));
            assertPassed(new VaultVerifier(null, null).verify(UnlockedVault.unlock(each, SmallVault.SECRET)));
        }
        // The copy was continued apart from the vault, with the same keys.
        HistoryComparison.Result fork = new HistoryComparison(null).compare(vault, killed);
        assertEquals(Verdict.FAILED, fork.verdict(), fork.reason());
        assertTrue(fork.proof().isPresent());
    }

    @ParameterizedTest
    @EnumSource
    void whatIsHandedOverVerifiesTwice(CryptoSuite suite) throws Exception {
        Path vault = write(suite);
        VaultReader reader = SmallVault.open(vault);
        EvidenceExport export = new EvidenceExport(reader, Clock.systemUTC());
        for (Completeness completeness : List.of(Completeness.INDEX, Completeness.HEADERS)) {
            Path bundle = directory.resolve(completeness + ".zip");
            export.export(EvidenceExportTest.order("'actors':['alice']"), bundle, completeness);
            VerificationReport report = new BundleVerifier(reader.signer().verifier()).verify(bundle);
            assertPassed(report);
            SecondVerifier.requireAgreement(bundle, report);
        }
        Path bundle = directory.resolve(Completeness.INDEX + ".zip");
        ForgedBundle whole = ForgedBundle.of(bundle, reader.unlocked().checkpointSigner());
        byte[] note = Objects.requireNonNull(whole.files().get(BundleLayout.SIGNATURE));
        Path forged = directory.resolve("forged.zip");
        for (int at = 3; at < note.length; at += 17) {
            byte[] changed = note.clone();
            changed[at] ^= 1;
            ForgedBundle copy = whole.copy();
            copy.files().put(BundleLayout.SIGNATURE, changed);
            Files.deleteIfExists(forged);
            copy.write(forged);
            VerificationReport report = new BundleVerifier(null).verify(forged);
            assertEquals(Verdict.FAILED, report.verdict(), "byte " + at);
            SecondVerifier.requireAgreement(forged, report);
        }
        if (VerifyScript.hasOpenssl()) {
            Path bag = VerifyScript.unpack(whole.files(), directory.resolve("bag"));
            VerifyScript.Run run = VerifyScript.run(bag.resolve("verify.sh"), bag, directory);
            assertEquals(0, run.code(), run::toString);
            String readme = whole.text(BundleLayout.README);
            String steps = readme.substring(readme.indexOf("\n1. "), readme.indexOf("   If proofs/scope.json has"));
            List<String> commands = new ArrayList<>(List.of("set -e"));
            steps.lines().filter(line -> line.startsWith("     ")).forEach(commands::add);
            run = VerifyScript.run(Files.write(directory.resolve("typed.sh"), commands), bag, directory);
            assertTrue(run.out().endsWith("Signature Verified Successfully\n"), run::toString);
            for (int at = 130; at < note.length; at += 29) {
                byte[] changed = note.clone();
                changed[at] ^= 1;
                Files.write(bag.resolve(BundleLayout.SIGNATURE), changed);
                assertEquals(
                        3,
                        VerifyScript.run(bag.resolve("verify.sh"), bag, directory)
                                .code());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRecordIsProven(CryptoSuite suite) throws Exception {
        VaultReader reader = SmallVault.open(write(suite));
        byte[] proof = new RecordProofs(reader)
                .of(reader.tenant("acme").orElseThrow(), 4)
                .orElseThrow()
                .format();
        assertPassed(new RecordProofVerifier(reader.signer().verifier()).verify(proof));
        byte[] changed = new String(proof, StandardCharsets.UTF_8)
                .replace("\"note\":\"", "\"note\":\"x")
                .getBytes(StandardCharsets.UTF_8);
        assertEquals(
                Verdict.FAILED, new RecordProofVerifier(null).verify(changed).verdict());
    }

    private CaseOffice office(CryptoSuite suite) throws Exception {
        Path vault = directory.resolve("office");
        SmallVault.write(vault, CaseOffice.options().withSuite(suite));
        return CaseOffice.of(vault);
    }

    @ParameterizedTest
    @EnumSource
    void aCaseIsDecidedAndItsBundleVerifiesTwice(CryptoSuite suite) throws Exception {
        CaseOffice office = office(suite);
        Path bundle = directory.resolve("case.zip");
        new CaseExport(office.unlocked, office.desk, office.clock)
                .export(office.reach(CaseState.APPROVED).id(), office.signer("hayashi"), bundle, false);
        VerificationReport report = new BundleVerifier(null).verify(bundle);
        assertPassed(report);
        SecondVerifier.requireAgreement(bundle, report);
    }

    @ParameterizedTest
    @EnumSource
    void aChangedByteOfAnyFileIsFound(CryptoSuite suite) throws Exception {
        Path vault = write(suite);
        UnlockedVault unlocked = UnlockedVault.unlock(vault, SmallVault.SECRET);
        for (Map.Entry<String, byte[]> file : SmallVault.contents(vault).entrySet()) {
            if (file.getKey().equals("lock")) {
                continue;
            }
            byte[] changed = file.getValue().clone();
            changed[changed.length * 2 / 3] ^= 1;
            Path path = vault.resolve(file.getKey());
            Files.write(path, changed);
            assertEquals(
                    Verdict.FAILED,
                    new VaultVerifier(null, null).verify(unlocked).verdict(),
                    file.getKey());
            Files.write(path, file.getValue());
        }
        assertPassed(new VaultVerifier(null, null).verify(unlocked));
    }

    @ParameterizedTest
    @EnumSource
    void aFileThatNamesAnotherCipherIsRefused(CryptoSuite suite) throws Exception {
        Path vault = directory.resolve("vault");
        Path killed = directory.resolve("killed");
        SmallVault.write(vault, options(suite));
        try (Vault open = Vault.open(vault, SmallVault.SECRET, SmallVault.options())) {
            open.tenant("acme").appendAndWait(Event.of("later").build());
            CopiedVault.copy(vault, killed);
        }
        for (Path segment : files(vault, ".evs")) {
            byte[] bytes = Files.readAllBytes(segment);
            for (byte code : new byte[] {(byte) (1 - bytes[CIPHER_AT]), 2}) {
                byte[] changed = bytes.clone();
                changed[CIPHER_AT] = code;
                Files.write(segment, changed);
                assertFailed(
                        new VaultVerifier(null, null).verify(vault),
                        code == 2 ? "found other first bytes" : "expected a segment that is encrypted with");
            }
            Files.write(segment, bytes);
        }
        assertPassed(new VaultVerifier(null, null).verify(vault));
        for (Path journal : files(killed, ".evj")) {
            byte[] bytes = Files.readAllBytes(journal);
            bytes[CIPHER_AT] = (byte) (1 - bytes[CIPHER_AT]);
            // The checksum of the header, as whoever changes a file would mend it.
            CRC32C crc = new CRC32C();
            crc.update(bytes, 0, 64);
            ByteBuffer.wrap(bytes).putInt(64, (int) crc.getValue());
            Files.write(journal, bytes);
        }
        CorruptFileException refused = assertThrows(
                CorruptFileException.class,
                () -> Vault.open(killed, SmallVault.SECRET, SmallVault.options())
                        .close());
        assertTrue(String.valueOf(refused.getMessage()).contains("is encrypted with"), refused.getMessage());
    }

    @Test
    void settingsNameTheSuiteThatTheKeysAreOf() throws Exception {
        Path vault = write(CryptoSuite.AES_P384);
        Path settings = vault.resolve("vault.json");
        String text = Files.readString(settings);
        for (String label : List.of(
                "AES-256-GCM+SHA-256+Ed25519", "AES-128-GCM+SHA-256+Ed25519", "ChaCha20-Poly1305+SHA-256+ECDSA-P384")) {
            Files.writeString(settings, text.replace("AES-256-GCM+SHA-256+ECDSA-P384", label));
            assertThrows(CorruptFileException.class, () -> UnlockedVault.unlock(vault, SmallVault.SECRET));
        }
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> CryptoSuite.ofLabel("none"));
        assertTrue(String.valueOf(refused.getMessage()).contains("expected a suite (AES-256-GCM+SHA-256+Ed25519, "));
    }
}
