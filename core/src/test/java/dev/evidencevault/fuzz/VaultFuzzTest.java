package dev.evidencevault.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.Actor;
import dev.evidencevault.Event;
import dev.evidencevault.SmallVault;
import dev.evidencevault.Vault;
import dev.evidencevault.attest.Attestations;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.note.Checkpoint;
import dev.evidencevault.crypto.note.CosignatureSigner;
import dev.evidencevault.crypto.note.NoteSigner;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.docs.FormatVectors;
import dev.evidencevault.storage.UnlockedVault;
import dev.evidencevault.verify.Finding;
import dev.evidencevault.verify.VaultVerifier;
import dev.evidencevault.verify.Verdict;
import dev.evidencevault.verify.VerificationReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The files of a vault, changed at random by who holds no key, and settings that are signed anew. With keys and without there
 * is a verdict, or an exception that says which file cannot be used, in bounded memory; what proves something is not
 * changed unnoticed.
 */
@Timeout(3600)
class VaultFuzzTest {
    private static final int CHANGED = 300;
    private static final int UNLOCKED = 150;
    private static final int SIGNED = 80;
    private static final int JOURNALS = 120;
    private static final long BYTES_MAX = 64 << 20;
    private static final int CHARS_MAX = 4_000;
    private static final String NOTE = "attestations/00000003.note";

    @TempDir
    private static Path directory;

    /** A closed vault with attestations: the same in every run. */
    private static final Map<String, byte[]> CLOSED = new TreeMap<>();

    /** A vault whose writer was killed, with a journal: its keys and files are others in every run. */
    private static final Map<String, byte[]> KILLED = new TreeMap<>();

    private static final TimeStamps STAMPS = TimeStamps.of(3);
    private static NoteSigner signer;

    @BeforeAll
    static void write() throws Exception {
        Path small = FormatVectors.path("small-vault");
        CLOSED.putAll(SmallVault.contents(small));
        signer = SmallVault.open(small).signer();
        SignedNote note = SignedNote.parse(content("anchors/checkpoint"));
        List<SignedNote.Signature> lines = new ArrayList<>(note.signatures());
        lines.add(CosignatureSigner.ed25519("witness.example/w1", new byte[32])
                .cosign(Checkpoint.parse(note.text()), 1_800_000_000));
        CLOSED.put(NOTE, new SignedNote(note.text(), lines).format());
        CLOSED.put("attestations/00000003.1.tsr", STAMPS.stamp(Attestations.imprint(note)));
        Path killed = directory.resolve("killed");
        SmallVault.write(killed);
        try (Vault open = Vault.open(killed, SmallVault.SECRET, SmallVault.options())) {
            for (int i = 0; i < 5; i++) {
                open.tenant("acme")
                        .appendAndWait(Event.of("document.read")
                                .actor(Actor.tenant("alice"))
                                .build());
            }
            KILLED.putAll(SmallVault.contents(killed));
        }
        assertTrue(KILLED.keySet().stream().anyMatch(name -> name.startsWith("journal/")));
        for (boolean unlocked : new boolean[] {false, true}) {
            assertEquals(Verdict.PASSED, passes(CLOSED, unlocked), "untouched it passes");
            assertNotEquals(Verdict.FAILED, passes(KILLED, unlocked), "untouched it does not fail");
        }
    }

    private static byte[] content(String name) {
        byte[] content = CLOSED.get(name);
        assertNotNull(content, name);
        return content;
    }

    private static Verdict passes(Map<String, byte[]> files, boolean unlocked) throws Exception {
        return verify(copy(files, files), unlocked).orElseThrow().verdict();
    }

    /** Writes those files that are not as they were. */
    private static Path copy(Map<String, byte[]> files, Map<String, byte[]> base) throws IOException {
        Path copy = directory.resolve(base == CLOSED ? "closed-copy" : "killed-copy");
        for (String name : base.keySet()) {
            if (!files.containsKey(name)) {
                Files.deleteIfExists(copy.resolve(name));
            }
        }
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path path = copy.resolve(file.getKey());
            if (!Files.exists(path) || !Arrays.equals(Files.readAllBytes(path), file.getValue())) {
                Files.createDirectories(path.getParent());
                Files.write(path, file.getValue());
            }
        }
        Files.createDirectories(copy.resolve("journal"));
        return copy;
    }

    private static void restore(Path copy, Map<String, byte[]> files, Map<String, byte[]> base) throws IOException {
        for (String name : files.keySet()) {
            if (!base.containsKey(name)) {
                Files.deleteIfExists(copy.resolve(name));
            }
        }
        copy(base, base);
    }

    /** Returns nothing where the files cannot be used and an exception says which. */
    private static Optional<VerificationReport> verify(Path copy, boolean unlocked) throws Exception {
        try {
            VaultVerifier verifier = new VaultVerifier(null, null, List.of(STAMPS.root()));
            VerificationReport report = Fuzz.within(
                    BYTES_MAX,
                    () -> unlocked
                            ? verifier.verify(UnlockedVault.unlock(copy, SmallVault.SECRET))
                            : verifier.verify(copy));
            for (Finding finding : report.findings()) {
                assertTrue(
                        finding.reason().length() <= CHARS_MAX
                                && !finding.where().isEmpty(),
                        report::toString);
            }
            return Optional.of(report);
        } catch (IOException | WrongKeyException e) {
            assertNotNull(e.getMessage());
            return Optional.empty();
        }
    }

    /** What was changed has to be missed, but for what counts for nothing or need not be there. */
    private static boolean isProof(String name, Map<String, byte[]> files) {
        byte[] now = files.get(name);
        if (name.equals("lock") || name.startsWith("attestations/") && now == null) {
            return false;
        }
        return !name.equals(NOTE) || now == null || !onlyOthersLinesChanged(now);
    }

    /** No key of a witness is given, so that its lines are not judged. */
    private static boolean onlyOthersLinesChanged(byte[] now) {
        try {
            SignedNote note = SignedNote.parse(now);
            SignedNote was = SignedNote.parse(content(NOTE));
            int own = was.signatures().size() - 1;
            return note.text().equals(was.text())
                    && note.signatures().size() >= own
                    && note.signatures().subList(0, own).equals(was.signatures().subList(0, own));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static Map<String, byte[]> mutated(Random random, Map<String, byte[]> base) {
        Map<String, byte[]> files = new TreeMap<>(base);
        List<String> names = List.copyOf(base.keySet());
        for (int i = random.nextInt(8) == 0 ? 2 : 1; i > 0; i--) {
            String name = names.get(random.nextInt(names.size()));
            byte[] content = base.getOrDefault(name, new byte[0]);
            byte[] other = base.getOrDefault(names.get(random.nextInt(names.size())), new byte[0]);
            switch (random.nextInt(10)) {
                case 0 -> files.remove(name);
                case 1 -> files.put(name, other);
                case 2 -> files.put(name.replaceFirst("0000000[0-9]", "0000000" + random.nextInt(10)), content);
                case 3 -> files.put(name + Fuzz.one(random, "x", ".tmp", "~"), content);
                case 4 -> files.put(name, new byte[0]);
                default -> files.put(name, changed(random, name, content, other));
            }
        }
        return files;
    }

    private static byte[] changed(Random random, String name, byte[] content, byte[] other) {
        if (name.endsWith(".json")) {
            return JsonMutation.mutate(random, content);
        }
        if (name.endsWith(".evs") || name.endsWith(".evj") || name.endsWith(".eva")) {
            return random.nextInt(3) == 0
                    ? ByteMutation.number(random, content)
                    : ByteMutation.mutate(random, content, other);
        }
        return random.nextBoolean()
                ? ByteMutation.mutate(random, content, other)
                : LineMutation.one(random, content, line -> BundleMutation.words(random, line));
    }

    private static boolean same(Map<String, byte[]> files, Map<String, byte[]> base) {
        return base.entrySet().stream()
                        .allMatch(file -> Arrays.equals(file.getValue(), files.get(file.getKey()))
                                || !isProof(file.getKey(), files))
                && files.keySet().stream().allMatch(name -> base.containsKey(name) || isUnfinished(name));
    }

    private static List<String> differences(Map<String, byte[]> files) {
        Set<String> names = new TreeSet<>(CLOSED.keySet());
        names.addAll(files.keySet());
        return names.stream()
                .filter(name -> !Arrays.equals(CLOSED.get(name), files.get(name)))
                .map(name -> name + (files.containsKey(name) ? "" : " is missing"))
                .toList();
    }

    /** What was to become an attestation is passed over at any time. */
    private static boolean isUnfinished(String name) {
        return name.startsWith("attestations/")
                && Attestations.isUnfinishedName(name.substring("attestations/".length()));
    }

    private static void change(Random random, boolean unlocked) throws Exception {
        Map<String, byte[]> files = mutated(random, CLOSED);
        Path copy = copy(files, CLOSED);
        try {
            Optional<VerificationReport> report = verify(copy, unlocked);
            if (!same(files, CLOSED)) {
                assertNotEquals(
                        Verdict.PASSED,
                        report.map(VerificationReport::verdict).orElse(Verdict.FAILED),
                        () -> "another vault passed: " + differences(files));
            }
        } finally {
            restore(copy, files, CLOSED);
        }
    }

    @Test
    void whatIsChangedIsFoundWithoutAKey() {
        Fuzz.run("vault", CHANGED, (random, number) -> change(random, false));
    }

    @Test
    void whatIsChangedIsFoundWithKeys() {
        Fuzz.run("vault.unlocked", UNLOCKED, (random, number) -> change(random, true));
    }

    @Test
    void settingsThatAreSignedAnewAreReadOrRefused() {
        Fuzz.run("vault.signed", SIGNED, (random, number) -> {
            Map<String, byte[]> files = new TreeMap<>(CLOSED);
            byte[] settings = JsonMutation.mutate(random, content("vault.json"));
            files.put("vault.json", settings);
            files.put(
                    "vault.sig",
                    signer.sign("evidence-vault/settings/v1\n"
                                    + Digest.sha256(settings).hex() + "\n")
                            .format());
            Path copy = copy(files, CLOSED);
            try {
                verify(copy, false);
            } finally {
                restore(copy, files, CLOSED);
            }
        });
    }

    /** What a torn tail may look like is not told from a cut journal; nothing else that was there goes unnoticed. */
    @Test
    void aJournalThatIsChangedIsReadAsFarAsItIsWhole() {
        Fuzz.run("vault.journal", JOURNALS, (random, number) -> {
            Map<String, byte[]> files = random.nextInt(4) == 0 ? mutated(random, KILLED) : new TreeMap<>(KILLED);
            for (String name : KILLED.keySet()) {
                if (name.startsWith("journal/")) {
                    byte[] content = KILLED.getOrDefault(name, new byte[0]);
                    files.put(name, changed(random, name, content, content));
                }
            }
            Path copy = copy(files, KILLED);
            try {
                verify(copy, random.nextBoolean());
            } finally {
                restore(copy, files, KILLED);
            }
        });
    }
}
