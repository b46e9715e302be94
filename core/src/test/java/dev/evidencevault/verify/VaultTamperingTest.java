package dev.evidencevault.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.SmallVault;
import dev.evidencevault.Vault;
import dev.evidencevault.campaign.Campaign;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.storage.UnlockedVault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every byte and every file of a small vault, changed in turn. All of it without a key but where it says so. */
class VaultTamperingTest {
    private static final Set<String> UNSEALED = Set.of("lock");

    @TempDir
    private static Path directory;

    private static Path vault;
    private static Map<String, byte[]> files;

    @BeforeAll
    static void writeVault() throws IOException {
        vault = directory.resolve("vault");
        SmallVault.write(vault);
        files = SmallVault.contents(vault);
    }

    private static VerificationReport verify(Path path) throws IOException {
        return new VaultVerifier(null, null).verify(path);
    }

    private static Path copy(String name) throws IOException {
        Path copy = directory.resolve(name);
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path path = copy.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue());
        }
        Files.createDirectories(copy.resolve("journal"));
        return copy;
    }

    @Test
    void untouchedItPassesWithAndWithoutKeys() throws Exception {
        VerificationReport report = verify(vault);
        assertEquals(Verdict.PASSED, report.verdict(), report.toString());
        report = new VaultVerifier(null, null).verify(UnlockedVault.unlock(vault, SmallVault.SECRET));
        assertEquals(Verdict.PASSED, report.verdict(), report.toString());
        assertEquals(files.keySet(), SmallVault.contents(vault).keySet(), "verifying writes nothing");
    }

    @Test
    void everyByteOfEverySealedFileCounts() throws Exception {
        Path[] copies = {copy("flip-0"), copy("flip-1")};
        IntStream.range(0, 2).parallel().forEach(half -> flipEach(copies[half], half));
    }

    private static void flipEach(Path copy, int half) {
        try {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                if (UNSEALED.contains(file.getKey())) {
                    continue;
                }
                Path path = copy.resolve(file.getKey());
                for (int i = half; i < file.getValue().length; i += 2) {
                    if (!Campaign.looksAt(i)) {
                        continue;
                    }
                    byte[] changed = file.getValue().clone();
                    changed[i] ^= (byte) (1 << i % 8);
                    Files.write(path, changed);
                    VerificationReport report = verify(copy);
                    assertEquals(Verdict.FAILED, report.verdict(), file.getKey() + " byte " + i + ": " + report);
                    assertTrue(names(report, file.getKey()), file.getKey() + " byte " + i + " is not named: " + report);
                }
                Files.write(path, file.getValue());
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Says whether a failure names the file, or its other half where two files vouch for each other. */
    private static boolean names(VerificationReport report, String file) {
        Set<String> accepted = new HashSet<>(Set.of(file));
        if (file.startsWith("vault.")) {
            accepted.addAll(List.of("vault.json", "vault.sig"));
        }
        return report.with(Verdict.FAILED).stream().anyMatch(f -> accepted.contains(f.where()));
    }

    @Test
    void everyFileIsMissedDoubledOrOutOfPlace() throws Exception {
        Path copy = copy("moved");
        for (String name : files.keySet()) {
            if (UNSEALED.contains(name)) {
                continue;
            }
            Path path = copy.resolve(name);
            Files.delete(path);
            assertEquals(Verdict.FAILED, verify(copy).verdict(), "without " + name);
            Files.write(path, files.get(name));
            for (String other : doubles(name)) {
                if (!files.containsKey(other)) {
                    Files.write(copy.resolve(other), files.get(name));
                    assertEquals(Verdict.FAILED, verify(copy).verdict(), name + " copied to " + other);
                    Files.delete(copy.resolve(other));
                }
            }
            for (String other : files.keySet()) {
                if (!UNSEALED.contains(other) && !Arrays.equals(files.get(name), files.get(other))) {
                    Files.write(path, files.get(other));
                    Files.write(copy.resolve(other), files.get(name));
                    assertEquals(Verdict.FAILED, verify(copy).verdict(), name + " swapped with " + other);
                    Files.write(copy.resolve(other), files.get(other));
                    Files.write(path, files.get(name));
                }
            }
        }
        assertEquals(Verdict.PASSED, verify(copy).verdict());
    }

    private static List<String> doubles(String name) {
        return List.of(
                name + "x",
                name.replaceFirst("0000000[0-9]", "00000004"),
                name.replaceFirst("0000000[0-9]", "00000009"),
                "copy",
                "anchors/copy",
                "service/copy");
    }

    @Test
    void anEndThatIsCutOffAfterACheckpointIsFound() throws Exception {
        Path copy = copy("cut");
        String tenant = files.keySet().stream()
                .filter(name -> name.startsWith("tenants/") && name.endsWith("00000003.evs"))
                .findFirst()
                .orElseThrow();
        Files.delete(copy.resolve(tenant));
        VerificationReport report = verify(copy);
        assertEquals(Verdict.FAILED, report.verdict());
        assertTrue(report.findings().get(0).reason().contains("cut off"), report.toString());
    }

    @Test
    void anOlderStateOfTheWholeVaultIsFoundWithACheckpointThatWasKept() throws Exception {
        Path older = copy("older");
        try (Vault open = Vault.open(vault(), SmallVault.SECRET, SmallVault.options())) {
            open.tenant("acme")
                    .appendAndWait(dev.evidencevault.Event.of("later").build());
        }
        SignedNote kept = SignedNote.parse(Files.readAllBytes(vault().resolve("anchors/checkpoint")));
        assertEquals(Verdict.PASSED, verify(older).verdict(), "by itself it is in order");
        VerificationReport report = new VaultVerifier(null, kept).verify(older);
        assertEquals(Verdict.FAILED, report.verdict());
        assertEquals("the kept checkpoint", report.findings().get(0).where());
        assertEquals(
                Verdict.PASSED, new VaultVerifier(null, kept).verify(vault()).verdict());
        SignedNote before = SignedNote.parse(files.get("anchors/checkpoint"));
        assertEquals(
                Verdict.PASSED, new VaultVerifier(null, before).verify(vault()).verdict());
    }

    /** A vault of its own for tests that write: a copy of the small one. */
    private static Path vault() throws IOException {
        Path path = directory.resolve("written");
        return Files.exists(path) ? path : copy("written");
    }

    @Test
    void noNameAndNoContentOfATenantLiesInTheOpen() {
        for (String canary : List.of(
                "acme",
                "alice",
                "\"bob\"",
                "operator",
                SmallVault.OTHER_TENANT,
                "wesker",
                "virus",
                "document",
                "billing",
                "event-",
                "sample.ship")) {
            files.forEach((name, content) -> {
                assertFalse(name.contains(canary), name);
                assertFalse(new String(content, StandardCharsets.ISO_8859_1).contains(canary), canary + " in " + name);
            });
        }
    }
}
