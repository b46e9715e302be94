package dev.evidencevault.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.evidencevault.SmallVault;
import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.docs.FormatVectors;
import dev.evidencevault.evidence.VerifyScript.Run;
import dev.evidencevault.verify.BundleVerifier;
import dev.evidencevault.verify.Claim;
import dev.evidencevault.verify.Finding;
import dev.evidencevault.verify.Verdict;
import dev.evidencevault.verify.VerificationReport;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The file of the ML-DSA-44 signature with one byte changed, and nothing signed anew: every verifier finds it, also the
 * script, which cannot verify such a signature.
 */
class PostQuantumSignatureTamperingTest {
    private static final String NOTE = BundleLayout.POST_QUANTUM_SIGNATURE;

    @TempDir
    private Path directory;

    private final ForgedBundle whole;
    private final byte[] note;

    PostQuantumSignatureTamperingTest() throws Exception {
        this.whole = ForgedBundle.of(
                FormatVectors.path(SmallBundleVectors.INDEX),
                SmallVault.open(FormatVectors.path("small-vault")).unlocked().checkpointSigner());
        this.note = Objects.requireNonNull(whole.files().get(NOTE));
    }

    private ForgedBundle changed(int at, int bits) {
        byte[] other = note.clone();
        other[at] ^= (byte) bits;
        ForgedBundle bundle = whole.copy();
        bundle.files().put(NOTE, other);
        return bundle;
    }

    private static VerificationReport verify(Path zip) throws Exception {
        return new BundleVerifier(null).verify(zip);
    }

    /** Every byte of the text, and of the signature every fifth and the last ones. */
    @Test
    void everyByteCounts() throws Exception {
        Path zip = directory.resolve("changed.zip");
        for (int at = 0; at < note.length; at += at < 200 || at > note.length - 10 ? 1 : 5) {
            changed(at, 1 << at % 8).write(zip);
            List<Finding> failed = verify(zip).with(Verdict.FAILED);
            assertEquals(
                    List.of(Claim.SIGNATURE),
                    failed.stream().map(Finding::claim).distinct().toList(),
                    "byte " + at + ": " + failed);
        }
    }

    /** One position of each part of the file, and of each field of what is in base64; the bits that no field has, too. */
    private Map<String, Integer> parts() {
        String text = new String(note, StandardCharsets.ISO_8859_1);
        int digest = text.indexOf('\n') + 1;
        int line = text.indexOf("\n\n") + 2;
        int name = line + 4;
        int base64 = text.indexOf(' ', name) + 1;
        Map<String, Integer> parts = new LinkedHashMap<>();
        parts.put("label", 0);
        parts.put("line feed of the label", digest - 1);
        parts.put("digest of the tag manifest, first", digest);
        parts.put("digest of the tag manifest, last", digest + 63);
        parts.put("line feed of the digest", line - 2);
        parts.put("empty line", line - 1);
        parts.put("dash", line);
        parts.put("space after the dash", line + 3);
        parts.put("name", name);
        parts.put("space after the name", base64 - 1);
        parts.put("key id", base64);
        parts.put("time", base64 + 8);
        parts.put("signature, first", base64 + 16);
        parts.put("signature, middle", (base64 + note.length) / 2);
        parts.put("signature, last, and bits that mean nothing", note.length - 3);
        parts.put("padding", note.length - 2);
        parts.put("line feed at the end", note.length - 1);
        return parts;
    }

    @Test
    void theScriptAndTheSecondVerifierFindEveryPart() throws Exception {
        assumeTrue(VerifyScript.hasOpenssl(), "skipped: OpenSSL 3.0 or later is not there");
        Path bag = directory.resolve("bag");
        VerifyScript.unpack(whole.files(), bag);
        Path script = directory.resolve("verify.sh");
        try (InputStream in = EvidenceExport.class.getResourceAsStream("verify.sh")) {
            Files.copy(in, script);
        }
        assertEquals(0, VerifyScript.run(script, bag, directory, ".").code());
        Path zip = directory.resolve("part.zip");
        for (Map.Entry<String, Integer> part : parts().entrySet()) {
            ForgedBundle bundle = changed(part.getValue(), 1);
            bundle.write(zip);
            VerificationReport report = verify(zip);
            assertEquals(Verdict.FAILED, report.verdict(), part.toString());
            SecondVerifier.requireAgreement(zip, report);
            Files.write(bag.resolve(NOTE), Objects.requireNonNull(bundle.files().get(NOTE)));
            Run run = VerifyScript.run(script, bag, directory, ".");
            assertEquals(3, run.code(), () -> part + ": " + run);
        }
    }
}
