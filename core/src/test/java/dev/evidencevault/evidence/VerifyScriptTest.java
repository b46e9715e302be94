package dev.evidencevault.evidence;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.evidencevault.Event;
import dev.evidencevault.SmallVault;
import dev.evidencevault.Vault;
import dev.evidencevault.attest.TestAuthority;
import dev.evidencevault.attest.TimeStamping;
import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.bundle.PaperFiles;
import dev.evidencevault.crypto.note.NoteSigner;
import dev.evidencevault.evidence.VerifyScript.Run;
import dev.evidencevault.reader.VaultReader;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script of a bundle, as who gets the bundle runs it: whatever is changed, added or taken away is found. */
class VerifyScriptTest {
    @TempDir
    private static Path shared;

    private static NoteSigner signer;
    private static ForgedBundle whole;
    private static Path firstRoot;
    private static Path bothRoots;
    private static Path script;

    @TempDir
    private Path directory;

    private Path bag;

    @BeforeAll
    static void export() throws Exception {
        assumeTrue(VerifyScript.hasOpenssl(), "skipped: OpenSSL 3.0 or later is not there");
        Path vault = shared.resolve("vault");
        SmallVault.write(vault);
        try (TestAuthority one = TestAuthority.start("one", Clock.systemUTC());
                TestAuthority two = TestAuthority.start("two", Clock.systemUTC())) {
            try (Vault open = Vault.open(
                    vault,
                    SmallVault.SECRET,
                    SmallVault.options().withTimeStamping(TimeStamping.by(one.stamper(), two.stamper())))) {
                open.tenant("acme").appendAndWait(Event.of("document.read").build());
            }
            firstRoot = Files.writeString(shared.resolve("one.pem"), pem(one.root()));
            bothRoots = Files.writeString(shared.resolve("both.pem"), pem(one.root()) + pem(two.root()));
        }
        VaultReader reader = SmallVault.open(vault);
        signer = reader.signer();
        Path bundle = shared.resolve("bundle.zip");
        new EvidenceExport(reader, Clock.systemUTC()).export(EvidenceExportTest.order("'actors':['alice']"), bundle);
        whole = ForgedBundle.of(bundle, reader.unlocked().checkpointSigner());
        script = Files.write(shared.resolve("own.sh"), whole.files().get(BundleLayout.VERIFY_SCRIPT));
    }

    private static String pem(X509Certificate certificate) throws Exception {
        return "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded())
                + "\n-----END CERTIFICATE-----\n";
    }

    @BeforeEach
    void unpack() throws Exception {
        bag = VerifyScript.unpack(whole.files(), directory.resolve("bag"));
    }

    /** Runs a script in the directory of the bag. */
    private Run run(Path which, Object... arguments) throws Exception {
        return VerifyScript.run(which, bag, directory, arguments);
    }

    private static void requireFailed(Run run, String reason) {
        assertEquals(3, run.code(), run::toString);
        assertTrue(run.out().endsWith("\nFAILED\n"), run::toString);
        assertTrue(
                run.lines("failed: ").stream().anyMatch(line -> line.contains(reason)),
                () -> "expected: " + reason + ", found: " + run);
    }

    @Test
    void whatWasExportedPasses() throws Exception {
        Map<String, byte[]> before = SmallVault.contents(bag);
        Run run = run(Path.of("verify.sh"));
        assertEquals(0, run.code(), run::toString);
        assertEquals("", run.err());
        assertEquals(List.of(), run.lines("failed: "));
        assertEquals(5, run.lines("passed: ").size(), run::toString);
        assertTrue(run.out().endsWith("\nPASSED\n"), run::toString);
        assertEquals(3, run.lines("not checked: ").size(), run::toString);
        Map<String, byte[]> after = SmallVault.contents(bag);
        assertEquals(before.keySet(), after.keySet());
        before.forEach((name, content) -> assertArrayEquals(content, after.get(name), name));
    }

    @Test
    void aBundleWithoutCompanionsPasses() throws Exception {
        ForgedBundle bare = whole.copy().withoutCompanions();
        bare.sign(BundleLayout.payload(bare.files()::containsKey), BundleLayout.tags(bare.files()::containsKey));
        bag = VerifyScript.unpack(bare.files(), directory.resolve("bare"));
        assertEquals(0, run(script, ".").code());
    }

    @Test
    void theKeyThatIsGivenHasToHaveSigned() throws Exception {
        String key = signer.verifier().format();
        Run run = run(script, "--key", key, bag);
        assertEquals(0, run.code(), run::toString);
        assertFalse(run.out().contains("whose key"), run::toString);
        requireFailed(run(script, "--key", key.replace('a', 'b'), bag), "expected the key");
    }

    @Test
    void timeStampsAreJudgedUnderTheRootsThatAreGiven() throws Exception {
        Run run = run(script, "--tsa-root", bothRoots, bag);
        assertEquals(0, run.code(), run::toString);
        assertEquals(2, run.lines("passed: proofs/timestamp-").size(), run::toString);
        assertFalse(run.out().contains("not checked: time stamps"), run::toString);
        requireFailed(run(script, "--tsa-root", firstRoot, bag), "proofs/timestamp-2.tsr");
        ForgedBundle without = whole.copy();
        without.files().keySet().removeAll(BundleLayout.timeStamps());
        without.sign(
                BundleLayout.payload(without.files()::containsKey), BundleLayout.tags(without.files()::containsKey));
        bag = VerifyScript.unpack(without.files(), directory.resolve("without"));
        assertEquals(0, run(script, bag).code());
        requireFailed(run(script, "--tsa-root", bothRoots, bag), "there is no time stamp");
    }

    @Test
    void oneByteOfAnyFileCounts() throws Exception {
        for (Map.Entry<String, byte[]> file : whole.files().entrySet()) {
            Path path = bag.resolve(file.getKey());
            byte[] content = file.getValue();
            byte[] changed = content.clone();
            changed[content.length / 2] ^= 1;
            Files.write(path, changed);
            requireFailed(run(script, bag), "");
            Files.write(path, Arrays.copyOf(content, content.length - 1));
            requireFailed(run(script, bag), "");
            Files.write(path, content);
        }
        assertEquals(0, run(script, bag).code());
    }

    /** The script that lies in the bag finds that it was changed, as far as it still runs. */
    @Test
    void aCommentInTheScriptItselfCounts() throws Exception {
        Path own = bag.resolve(BundleLayout.VERIFY_SCRIPT);
        Files.writeString(own, Files.readString(own) + "# mine\n");
        requireFailed(run(own), "was changed: verify.sh");
    }

    @Test
    void everyByteOfTheSignatureCounts() throws Exception {
        byte[] note = Objects.requireNonNull(whole.files().get(BundleLayout.SIGNATURE));
        for (int at = 0; at < note.length; at += 5) {
            byte[] changed = note.clone();
            changed[at] ^= 1;
            Files.write(bag.resolve(BundleLayout.SIGNATURE), changed);
            requireFailed(run(script, bag), "signature");
        }
        Files.writeString(bag.resolve(BundleLayout.SIGNATURE), new String(note, StandardCharsets.UTF_8) + "\n");
        requireFailed(run(script, bag), "signature.note");
    }

    /** Steps 1 to 3 of README.txt, but for ML-DSA-44, as they stand there. */
    @Test
    void theCommandsInTheReadmeVerifyTheSignature() throws Exception {
        String readme = whole.text(BundleLayout.README);
        String steps = readme.substring(readme.indexOf("\n1. "), readme.indexOf("   If proofs/scope.json has"));
        List<String> commands = new ArrayList<>(List.of("set -e"));
        steps.lines().filter(line -> line.startsWith("     ")).forEach(commands::add);
        Path typed = Files.write(directory.resolve("typed.sh"), commands);
        Run good = run(typed);
        assertEquals(0, good.code(), good::toString);
        assertTrue(good.out().endsWith("Signature Verified Successfully\n"), good::toString);
        List<String> note = whole.lines(BundleLayout.SIGNATURE);
        assertTrue(good.out().contains(note.get(1) + "\n" + note.get(2) + "\n"), good::toString);
        Files.writeString(bag.resolve(BundleLayout.POST_QUANTUM_SIGNATURE), "mine\n");
        assertFalse(run(typed).out().contains(note.get(2)), "the third line is not what is printed");
    }

    @Test
    void whoHasAnotherKeyCannotSign() throws Exception {
        Path other = directory.resolve("other");
        SmallVault.write(other);
        ForgedBundle forged = whole.copy();
        String text = BundleLayout.signedText(
                forged.digest(BundleLayout.TAG_MANIFEST), forged.digest(BundleLayout.POST_QUANTUM_SIGNATURE));
        byte[] note = SmallVault.open(other).signer().sign(text).format();
        Files.write(bag.resolve(BundleLayout.SIGNATURE), note);
        requireFailed(run(script, bag), "signature.note");
        // The name and the hash of the right key, the signature of another.
        String own = forged.lines(BundleLayout.SIGNATURE).get(4);
        String theirs =
                new String(note, StandardCharsets.UTF_8).lines().toList().get(4);
        byte[] hash = Base64.getDecoder().decode(own.substring(own.lastIndexOf(' ') + 1));
        byte[] signature = Base64.getDecoder().decode(theirs.substring(theirs.lastIndexOf(' ') + 1));
        System.arraycopy(hash, 0, signature, 0, 4);
        String line =
                own.substring(0, own.lastIndexOf(' ') + 1) + Base64.getEncoder().encodeToString(signature);
        Files.writeString(bag.resolve(BundleLayout.SIGNATURE), text + "\n" + line + "\n");
        requireFailed(run(script, bag), "is not good under the key");
    }

    @Test
    void filesThatAreAddedOrTakenAwayAreFound() throws Exception {
        for (String name : whole.files().keySet()) {
            Path path = bag.resolve(name);
            Path away = directory.resolve("away");
            Files.move(path, away);
            requireFailed(run(script, bag), name);
            Files.move(away, path);
        }
        for (String name : List.of("x", ".x", "custody/x.csv", "data/x", "new/x", "a b", "README.txt\nx")) {
            Path path = bag.resolve(name);
            Files.createDirectories(path.getParent());
            Files.writeString(path, "mine");
            requireFailed(run(script, bag), "is in no manifest");
            Files.delete(path);
            if (name.startsWith("new/")) {
                requireFailed(run(script, bag), "empty directory");
                Files.delete(path.getParent());
            }
        }
        Path link = Files.createSymbolicLink(bag.resolve("custody/link"), bag.resolve("bagit.txt"));
        requireFailed(run(script, bag), "no regular file");
        Files.delete(link);
        Path readme = bag.resolve(BundleLayout.README);
        Path moved = Files.move(readme, directory.resolve("README.txt"));
        Files.createSymbolicLink(readme, moved);
        requireFailed(run(script, bag), "no regular file");
        Files.delete(readme);
        Files.move(moved, readme);
        assertEquals(0, run(script, bag).code());
    }

    @Test
    void manifestsAreReadAsTheFormatSays() throws Exception {
        ForgedBundle misplaced = whole.copy();
        List<String> payload = new ArrayList<>(BundleLayout.payload(whole.files()::containsKey));
        List<String> tags = new ArrayList<>(BundleLayout.tags(whole.files()::containsKey));
        payload.remove(PaperFiles.RECORDS_VIEW);
        tags.add(PaperFiles.RECORDS_VIEW);
        misplaced.sign(payload, tags);
        bag = VerifyScript.unpack(misplaced.files(), directory.resolve("misplaced"));
        requireFailed(run(script, bag), "wrong manifest");
        for (String line : List.of("../x", "/etc/hostname", "a/./b", "\\x", " x", "a\tb", "")) {
            ForgedBundle odd = whole.copy();
            String listed = odd.text(BundleLayout.MANIFEST);
            odd.put(BundleLayout.MANIFEST, listed + "0".repeat(64) + "  " + line + "\n");
            bag = VerifyScript.unpack(odd.files(), directory.resolve("odd"));
            requireFailed(run(script, bag), "manifest-sha256.txt has a line");
        }
        ForgedBundle twice = whole.copy();
        String first = twice.lines(BundleLayout.MANIFEST).get(0) + "\n";
        twice.put(BundleLayout.MANIFEST, first + twice.text(BundleLayout.MANIFEST));
        bag = VerifyScript.unpack(twice.files(), directory.resolve("twice"));
        requireFailed(run(script, bag), "listed twice");
    }

    @Test
    void itSaysHowItIsUsed() throws Exception {
        for (Object[] arguments : new Object[][] {
            {"--key"},
            {"--key", ""},
            {"--tsa-root", "nothing.pem"},
            {"--other"},
            {bag, bag},
            {directory.resolve("nothing")},
        }) {
            Run run = run(script, arguments);
            assertEquals(2, run.code(), run::toString);
            assertTrue(run.err().contains("Usage: sh verify.sh"), run::toString);
            assertEquals("", run.out());
        }
        Run help = run(script, "--help");
        assertEquals(0, help.code());
        assertTrue(help.out().startsWith("Usage: sh verify.sh"), help::toString);
    }

    /** What it is run by may be a small shell: nothing in it is of one shell only. */
    @Test
    void itIsShortAndPlain() throws Exception {
        String text = Files.readString(script);
        assertTrue(text.startsWith("#!/bin/sh\n"));
        assertTrue(text.lines().count() < 270);
        for (String other : List.of("[[", "function ", "local ", "<<<", "<(", "echo -", "mapfile", "\t")) {
            assertFalse(text.contains(other), other);
        }
        assertTrue(text.chars().allMatch(c -> c == '\n' || c >= ' ' && c < 0x7F));
        try (InputStream in = EvidenceExport.class.getResourceAsStream("verify.sh")) {
            assertEquals(text, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
        assertEquals(
                new TreeMap<>(whole.files()).keySet(), SmallVault.contents(bag).keySet());
    }
}
