package dev.evidencevault.crypto.note;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.evidencevault.crypto.keys.NodeKeys;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.note.CosignatureVerdict.Good;
import dev.evidencevault.crypto.note.SignedNote.Signature;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Security;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class CosignatureSignerTest {
    private static final String NAME = "witness.example.org/w1";
    private static final byte[] SEED = Digest.sha256(new byte[] {42}).bytes();
    private static final Checkpoint CHECKPOINT =
            new Checkpoint("example.org/log", 20_852_163, Digest.sha256(new byte[] {1}));

    private static List<CosignatureSigner> signers() {
        return List.of(
                CosignatureSigner.ed25519(NAME, SEED), CosignatureSigner.mlDsa44(NAME, SEED, new SecureRandom()));
    }

    @Test
    void cosignaturesComeBackWithTheirTime() {
        for (CosignatureSigner signer : signers()) {
            for (long time : List.of(0L, 1L, 1_679_315_147L, Long.MAX_VALUE)) {
                Signature signature = signer.cosign(CHECKPOINT, time);
                assertTrue(signer.verifier().isNamedBy(signature));
                assertEquals(new Good(time), signer.verifier().verify(CHECKPOINT, signature));
            }
            assertThrows(IllegalArgumentException.class, () -> signer.cosign(CHECKPOINT, -1));
        }
    }

    @Test
    void aTextIsSignedAsTheOnlyLeafOfALogThatItsFirstLineNames() {
        CosignatureSigner second = CosignatureSigner.mlDsa44(NAME, SEED, new SecureRandom());
        CheckpointSigner signer = new CheckpointSigner(NodeKeys.generate("test").signer(NAME), second);
        String text = "example/v1\nabc\n";
        SignedNote note =
                SignedNote.parse(signer.signTextPostQuantum(text).orElseThrow().format());
        assertTrue(signer.keys().verifiesText(note));
        Checkpoint tree =
                new Checkpoint("example/v1", 1, Digest.sha256(new byte[1], text.getBytes(StandardCharsets.UTF_8)));
        assertEquals(
                new Good(0), second.verifier().verify(tree, note.signatures().get(0)));
        Signature timed = second.cosign(tree, 1);
        Signature first = signer.signText(text).signatures().get(0);
        for (SignedNote other : List.of(
                new SignedNote("example/v2\nabc\n", note.signatures()),
                new SignedNote("example/v1\nabd\n", note.signatures()),
                new SignedNote(tree.format(), note.signatures()),
                new SignedNote(text, List.of(timed)),
                new SignedNote(text, List.of(first)),
                new SignedNote(text, List.of(note.signatures().get(0), first)))) {
            assertFalse(signer.keys().verifiesText(other), other::toString);
        }
        assertFalse(CheckpointKeys.of(signer.keys().verifier()).verifiesText(note));
        assertFalse(signer.keys().verifies(new SignedNote(tree.format(), note.signatures())));
    }

    @Test
    void cosignaturesStandUnderTheNoteOfTheLog() {
        NoteSigner log = NodeKeys.generate("test").signer("example.org/log");
        SignedNote note = log.sign(CHECKPOINT.format());
        List<Signature> lines = new ArrayList<>(note.signatures());
        signers().forEach(signer -> lines.add(signer.cosign(CHECKPOINT, 7)));
        SignedNote cosigned = SignedNote.parse(new SignedNote(note.text(), lines).format());
        assertTrue(log.verifier().verifies(cosigned));
        for (CosignatureSigner signer : signers()) {
            List<Signature> ours = cosigned.signatures().stream()
                    .filter(signer.verifier()::isNamedBy)
                    .toList();
            assertEquals(1, ours.size());
            assertEquals(new Good(7), signer.verifier().verify(Checkpoint.parse(cosigned.text()), ours.get(0)));
        }
    }

    /** The example of tlog-cosignature, "Ed25519 signed message". */
    @Test
    void theMessageOfEd25519IsThatOfTheSpecification() {
        Checkpoint checkpoint = Checkpoint.parse(
                "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n");
        assertEquals(
                """
                cosignature/v1
                time 1679315147
                example.com/behind-the-sofa
                20852163
                CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
                """,
                new String(
                        CosignatureAlgorithm.ED25519.message(NAME, checkpoint, 1_679_315_147L),
                        StandardCharsets.UTF_8));
    }

    /** The structure of tlog-cosignature, "ML-DSA-44 signed message", written out. */
    @Test
    void theMessageOfMlDsaIsThatOfTheSpecification() {
        Checkpoint checkpoint = new Checkpoint("log", 0x0102_0304_0506_0708L, Digest.sha256());
        String expected = "737562747265652f76310a00" // subtree/v1, newline, 0
                + "02" + "7731" // w1
                + "000000006418504b"
                + "03" + "6c6f67" // log
                + "0000000000000000"
                + "0102030405060708"
                + "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assertArrayEquals(
                HexFormat.of().parseHex(expected),
                CosignatureAlgorithm.ML_DSA_44.message("w1", checkpoint, 0x6418_504BL));
    }

    @Test
    void mlDsaSignaturesAreHedged() {
        CosignatureSigner signer = CosignatureSigner.mlDsa44(NAME, SEED, new SecureRandom());
        assertNotEquals(signer.cosign(CHECKPOINT, 1), signer.cosign(CHECKPOINT, 1));
    }

    @Test
    void aSeedHas32Bytes() {
        for (int length : List.of(0, 31, 33, 64)) {
            byte[] seed = new byte[length];
            assertThrows(IllegalArgumentException.class, () -> CosignatureSigner.ed25519(NAME, seed));
            assertThrows(
                    IllegalArgumentException.class, () -> CosignatureSigner.mlDsa44(NAME, seed, new SecureRandom()));
        }
    }

    @Test
    void aKeyThatSignsWithAnotherLengthIsNoticed() {
        CosignatureVerifier verifier = CosignatureSigner.ed25519(NAME, SEED).verifier();
        CosignatureSigner signer = new CosignatureSigner(verifier, message -> new byte[63]);
        assertThrows(IllegalStateException.class, () -> signer.cosign(CHECKPOINT, 1));
    }

    /** The platform has its own ML-DSA from Java 24 on (JEP 497): another implementation than Bouncy Castle's. */
    @Test
    void thePlatformVerifiesMlDsaCosignatures() throws Exception {
        assumeTrue(Security.getAlgorithms("Signature").contains("ML-DSA-44"), "skipped: this Java has no ML-DSA");
        CosignatureSigner signer = CosignatureSigner.mlDsa44(NAME, SEED, new SecureRandom());
        ByteArrayOutputStream encoded = new ByteArrayOutputStream();
        encoded.writeBytes(HexFormat.of().parseHex("30820532300b06096086480165030403110382052100"));
        encoded.writeBytes(signer.verifier().publicKey());
        PublicKey key =
                KeyFactory.getInstance("ML-DSA-44").generatePublic(new X509EncodedKeySpec(encoded.toByteArray()));
        byte[] timed = Base64.getDecoder().decode(signer.cosign(CHECKPOINT, 5).bytes());
        assertEquals(5, ByteBuffer.wrap(timed).getLong());
        java.security.Signature check = java.security.Signature.getInstance("ML-DSA-44");
        check.initVerify(key);
        check.update(CosignatureAlgorithm.ML_DSA_44.message(NAME, CHECKPOINT, 5));
        assertTrue(check.verify(Arrays.copyOfRange(timed, 8, timed.length)));
    }
}
