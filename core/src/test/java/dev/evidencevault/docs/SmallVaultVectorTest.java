package dev.evidencevault.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.evidencevault.Actor;
import dev.evidencevault.Event;
import dev.evidencevault.SmallVault;
import dev.evidencevault.Vault;
import dev.evidencevault.bundle.BundleFiles;
import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.crypto.note.NoteVerifier;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.reader.VaultReader;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Settings;
import dev.evidencevault.storage.UnlockedVault;
import dev.evidencevault.verify.BundleVerifier;
import dev.evidencevault.verify.VaultVerifier;
import dev.evidencevault.verify.Verdict;
import dev.evidencevault.verify.VerificationReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A vault and a bundle that version 1 wrote: whatever the code becomes, it reads and verifies them. */
class SmallVaultVectorTest {
    private static final Path VAULT = FormatVectors.path("small-vault");
    private static final List<Path> BUNDLES = List.of(
            FormatVectors.path("small-bundle.zip"),
            FormatVectors.path("small-bundle-headers.zip"),
            FormatVectors.path("small-bundle-range.zip"));

    @TempDir
    private Path directory;

    private static void assertPassed(VerificationReport report) {
        assertEquals(Verdict.PASSED, report.verdict(), report.toString());
    }

    private static NoteVerifier verifier() throws IOException {
        return Settings.read(new Layout(VAULT)).verifier();
    }

    private static List<String> events(Path vault, String tenant) throws Exception {
        List<String> events = new ArrayList<>();
        VaultReader.open(vault, SmallVault.SECRET)
                .tenant(tenant)
                .orElseThrow()
                .events(record -> events.add(record.seq() + " " + record.id() + " " + record.actorIds()));
        return events;
    }

    @Test
    void theVaultVerifiesWithoutAndWithItsKeys() throws Exception {
        SignedNote kept = SignedNote.parse(Files.readAllBytes(VAULT.resolve("anchors/checkpoint")));
        assertPassed(new VaultVerifier(verifier(), kept).verify(VAULT));
        assertPassed(new VaultVerifier(verifier(), kept).verify(UnlockedVault.unlock(VAULT, SmallVault.SECRET)));
        assertThrows(WrongKeyException.class, () -> UnlockedVault.unlock(VAULT, VaultSecret.passphrase("other")));
    }

    @Test
    void theVaultGivesItsRecords() throws Exception {
        assertEquals(
                List.of(
                        "0 event-1 [bob]",
                        "1 event-2 [alice]",
                        "2 event-3 [bob]",
                        "4 event-4 [alice]",
                        "5 event-5 [operator, alice]",
                        "6 event-6 [alice]",
                        "8 event-7 [bob]",
                        "9 event-8 [alice]",
                        "10 event-9 [bob]"),
                events(VAULT, "acme"));
        List<String> other = new ArrayList<>();
        for (int day = 1; day <= 9; day++) {
            int seals = (day - 1) / 3;
            other.add((day - 1 + seals) + " other-" + day + " [" + SmallVault.OTHER_ACTOR + "]");
        }
        assertEquals(other, events(VAULT, SmallVault.OTHER_TENANT));
    }

    @Test
    void theVaultCanBeContinued() throws Exception {
        Path copy = directory.resolve("vault");
        for (Map.Entry<String, byte[]> file : SmallVault.contents(VAULT).entrySet()) {
            Path path = copy.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue());
        }
        // Version control keeps no empty directories.
        Files.createDirectory(copy.resolve("journal"));
        try (Vault vault = Vault.open(copy, SmallVault.SECRET, SmallVault.options())) {
            vault.tenant("acme")
                    .appendAndWait(Event.of("x")
                            .id("event-10")
                            .actor(Actor.tenant("alice"))
                            .build());
        }
        List<String> events = events(copy, "acme");
        assertEquals("12 event-10 [alice]", events.get(events.size() - 1));
        SignedNote kept = SignedNote.parse(Files.readAllBytes(VAULT.resolve("anchors/checkpoint")));
        assertPassed(new VaultVerifier(verifier(), kept).verify(UnlockedVault.unlock(copy, SmallVault.SECRET)));
    }

    @Test
    void theBundlesVerifyAndGiveTheirRecords() throws Exception {
        for (Path bundle : BUNDLES) {
            assertPassed(new BundleVerifier(verifier()).verify(bundle));
            try (BundleFiles files = BundleFiles.open(bundle)) {
                List<String> ids = new String(files.read(BundleLayout.RECORDS, 1 << 20), StandardCharsets.UTF_8)
                        .lines()
                        .map(line -> LogRecord.parse(line.getBytes(StandardCharsets.UTF_8)))
                        .map(LogRecord::id)
                        .toList();
                assertEquals(List.of("event-4", "event-5", "event-6", "event-8"), ids);
            }
        }
    }
}
