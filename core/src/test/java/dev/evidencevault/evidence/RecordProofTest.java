package dev.evidencevault.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.evidencevault.SmallVault;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.docs.FormatVectors;
import dev.evidencevault.proof.RecordProof;
import dev.evidencevault.reader.TenantReader;
import dev.evidencevault.reader.VaultReader;
import dev.evidencevault.verify.RecordProofVerifier;
import dev.evidencevault.verify.Verdict;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordProofTest {
    @TempDir
    private static Path directory;

    private static VaultReader vault;
    private static TenantReader acme;
    private static TenantReader other;

    @BeforeAll
    static void write() throws Exception {
        SmallVault.write(directory.resolve("vault"));
        vault = SmallVault.open(directory.resolve("vault"));
        acme = vault.tenant("acme").orElseThrow();
        other = vault.tenant(SmallVault.OTHER_TENANT).orElseThrow();
    }

    private static Verdict verify(byte[] file) {
        return new RecordProofVerifier(vault.signer().verifier()).verify(file).verdict();
    }

    private static RecordProof proof(TenantReader tenant, long seq) throws Exception {
        return new RecordProofs(vault).of(tenant, seq).orElseThrow();
    }

    @Test
    void everyRecordCanBeProvenAndSealsCannot() throws Exception {
        int proven = 0;
        for (TenantReader tenant : List.of(acme, other)) {
            List<String> lines = new ArrayList<>();
            tenant.events(record -> lines.add(new String(record.line(), StandardCharsets.UTF_8)));
            List<String> shown = new ArrayList<>();
            for (long seq = 0; seq < 20; seq++) {
                Optional<RecordProof> proof = new RecordProofs(vault).of(tenant, seq);
                if (proof.isPresent()) {
                    shown.add(proof.get().line());
                    byte[] file = proof.get().format();
                    assertEquals(Verdict.PASSED, verify(file));
                    assertEquals(
                            Verdict.PASSED,
                            new RecordProofVerifier(null).verify(file).verdict());
                    assertEquals(proof.get().line(), RecordProof.parse(file).line());
                    proven++;
                }
            }
            assertEquals(lines, shown);
        }
        assertEquals(18, proven);
        assertTrue(new RecordProofs(vault).of(acme, -1).isEmpty());
    }

    @Test
    void everyByteCounts() throws Exception {
        byte[] file = proof(acme, 4).format();
        for (int i = 0; i < file.length; i++) {
            for (int flip : new int[] {1, 0x20}) {
                file[i] ^= (byte) flip;
                int at = i;
                assertNotEquals(Verdict.PASSED, verify(file), () -> "byte " + at);
                assertNotEquals(
                        Verdict.PASSED,
                        new RecordProofVerifier(null).verify(file).verdict(),
                        () -> "byte " + at);
                file[i] ^= (byte) flip;
            }
        }
        assertEquals(Verdict.PASSED, verify(file));
        for (int length = 0; length < file.length; length += 7) {
            assertNotEquals(Verdict.PASSED, verify(java.util.Arrays.copyOf(file, length)));
        }
    }

    @Test
    void partsOfOneProofDoNotFitAnother() throws Exception {
        RecordProof a = proof(acme, 4);
        RecordProof b = proof(acme, 5);
        RecordProof c = proof(other, 4);
        for (RecordProof from : List.of(b, c)) {
            for (RecordProof mixed : List.of(
                    new RecordProof(from.line(), a.leaf(), a.path(), a.head(), a.anchor(), a.keys()),
                    new RecordProof(a.line(), from.leaf(), a.path(), a.head(), a.anchor(), a.keys()),
                    new RecordProof(from.line(), from.leaf(), a.path(), a.head(), a.anchor(), a.keys()),
                    new RecordProof(a.line(), a.leaf(), from.path(), a.head(), a.anchor(), a.keys()))) {
                assertEquals(Verdict.FAILED, verify(mixed.format()));
            }
        }
        assertEquals(
                Verdict.FAILED,
                verify(new RecordProof(a.line(), a.leaf(), a.path(), c.head(), a.anchor(), a.keys()).format()));
        assertEquals(
                Verdict.FAILED,
                verify(new RecordProof(a.line(), a.leaf(), a.path(), a.head(), c.anchor(), a.keys()).format()));
    }

    @Test
    void everyHashOfThePathIsNeededAndNoneMore() throws Exception {
        RecordProof a = proof(acme, 4);
        for (int i = 0; i < a.path().size(); i++) {
            List<Digest> shorter = new ArrayList<>(a.path());
            shorter.remove(i);
            assertEquals(
                    Verdict.FAILED,
                    verify(new RecordProof(a.line(), a.leaf(), shorter, a.head(), a.anchor(), a.keys()).format()));
        }
        List<Digest> longer = new ArrayList<>(a.path());
        longer.add(Digest.sha256());
        assertEquals(
                Verdict.FAILED,
                verify(new RecordProof(a.line(), a.leaf(), longer, a.head(), a.anchor(), a.keys()).format()));
    }

    @Test
    void theVectorIsAProofAndWhatIsRefusedIsNone() throws Exception {
        JsonNode vector = FormatVectors.read("record-proof.json");
        byte[] proof = vector.path("proof").textValue().getBytes(StandardCharsets.UTF_8);
        assertEquals(Verdict.PASSED, new RecordProofVerifier(null).verify(proof).verdict());
        assertEquals(8, vector.path("refused").size());
        for (JsonNode refused : vector.path("refused")) {
            byte[] bytes = refused.textValue().getBytes(StandardCharsets.UTF_8);
            assertEquals(
                    Verdict.FAILED, new RecordProofVerifier(null).verify(bytes).verdict(), refused::toString);
        }
    }

    @Test
    void nothingOfAnotherTenantIsInIt() throws Exception {
        for (long seq = 0; seq < 3; seq++) {
            String text = new String(proof(acme, seq).format(), StandardCharsets.UTF_8);
            assertTrue(!text.contains(SmallVault.OTHER_TENANT) && !text.contains(SmallVault.OTHER_ACTOR));
            assertTrue(!text.contains(other.logId().toString()));
        }
    }
}
