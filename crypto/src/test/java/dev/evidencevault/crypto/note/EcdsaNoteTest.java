package dev.evidencevault.crypto.note;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.crypto.Openssl;
import dev.evidencevault.crypto.keys.CryptoSuite;
import dev.evidencevault.crypto.keys.NodeKeys;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERSequence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EcdsaNoteTest {
    private static final String TEXT = "example.org/log\n7\nAAAA\n";
    private static final BigInteger ORDER = new BigInteger(
            "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973", 16);

    private final NoteSigner signer =
            NodeKeys.generate("test", CryptoSuite.AES_P384).signer("example.org/log");

    private static SignedNote with(SignedNote note, byte[] signature) {
        SignedNote.Signature line = note.signatures().get(0);
        return new SignedNote(
                note.text(),
                List.of(new SignedNote.Signature(
                        line.name(), line.keyId(), Base64.getEncoder().encodeToString(signature))));
    }

    private static byte[] signature(SignedNote note) {
        return Base64.getDecoder().decode(note.signatures().get(0).bytes());
    }

    @Test
    void theKeyHasTheFormOfTypeTwo() {
        NoteVerifier verifier = signer.verifier();
        assertEquals(NoteAlgorithm.ECDSA_P384, verifier.algorithm());
        assertEquals(verifier, NoteVerifier.parse(verifier.format()));
        byte[] typed = Base64.getDecoder().decode(verifier.format().split("\\+", 3)[2]);
        assertEquals(121, typed.length);
        assertEquals(2, typed[0]);
        byte[] spki = Arrays.copyOfRange(typed, 1, typed.length);
        assertArrayEquals(verifier.publicKey(), spki);
        // The id of this type is over the key alone (c2sp.org/signed-note, "Signature types").
        assertEquals(
                dev.evidencevault.crypto.merkle.Digest.sha256(spki).hex().substring(0, 8),
                verifier.format().split("\\+", 3)[1]);
    }

    @Test
    void everyChangedByteOfANoteIsNoticed() {
        byte[] note = signer.sign(TEXT).format();
        assertTrue(signer.verifier().verifies(SignedNote.parse(note)));
        for (int i = 0; i < note.length; i++) {
            byte[] changed = note.clone();
            changed[i] ^= 1;
            boolean good;
            try {
                good = signer.verifier().verifies(SignedNote.parse(changed));
            } catch (IllegalArgumentException e) {
                good = false;
            }
            assertFalse(good, "byte " + i);
        }
    }

    @Test
    void aSignatureHasOneSpelling() throws Exception {
        for (int round = 0; round < 20; round++) {
            SignedNote note = signer.sign(TEXT);
            byte[] good = signature(note);
            assertTrue(signer.verifier().verifies(note));
            ASN1Sequence values = ASN1Sequence.getInstance(good);
            BigInteger r = ASN1Integer.getInstance(values.getObjectAt(0)).getValue();
            BigInteger s = ASN1Integer.getInstance(values.getObjectAt(1)).getValue();
            assertTrue(s.shiftLeft(1).compareTo(ORDER) < 0);
            for (BigInteger[] other : new BigInteger[][] {
                {r, ORDER.subtract(s)}, {r, s.add(ORDER)}, {r.negate(), s}, {r, BigInteger.ZERO}, {BigInteger.ZERO, s}
            }) {
                byte[] spelled = new DERSequence(
                                new ASN1Integer[] {new ASN1Integer(other[0]), new ASN1Integer(other[1])})
                        .getEncoded("DER");
                assertFalse(signer.verifier().verifies(with(note, spelled)));
            }
            byte[] longer = Arrays.copyOf(good, good.length + 1);
            assertFalse(signer.verifier().verifies(with(note, longer)));
            byte[] wide = new byte[good.length + 1];
            wide[0] = good[0];
            wide[1] = (byte) 0x81;
            System.arraycopy(good, 1, wide, 2, good.length - 1);
            assertFalse(signer.verifier().verifies(with(note, wide)));
        }
    }

    @Test
    void keysOfAnotherFormAreRefused() {
        byte[] spki = signer.verifier().publicKey();
        for (int i = 0; i < spki.length; i++) {
            byte[] changed = spki.clone();
            changed[i] ^= 1;
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new NoteVerifier("n", NoteAlgorithm.ECDSA_P384, changed),
                    "byte " + i);
        }
        byte[] shorter = Arrays.copyOf(spki, spki.length - 1);
        assertThrows(IllegalArgumentException.class, () -> new NoteVerifier("n", NoteAlgorithm.ECDSA_P384, shorter));
        String hashedAsOthers = new VerifierKey("n", (byte) 3, spki).format();
        String typed = Base64.getEncoder().encodeToString(join((byte) 2, spki));
        assertThrows(
                IllegalArgumentException.class,
                () -> NoteVerifier.parse("n+" + hashedAsOthers.split("\\+", 3)[1] + "+" + typed));
    }

    private static byte[] join(byte first, byte[] rest) {
        byte[] all = new byte[1 + rest.length];
        all[0] = first;
        System.arraycopy(rest, 0, all, 1, rest.length);
        return all;
    }

    @Test
    void opensslVerifiesANote(@TempDir Path directory) throws Exception {
        Files.write(directory.resolve("key.der"), signer.verifier().publicKey());
        SignedNote note = signer.sign(TEXT);
        Files.write(directory.resolve("sig"), signature(note));
        Files.write(directory.resolve("text"), TEXT.getBytes(StandardCharsets.UTF_8));
        Openssl.Result result = Openssl.run(
                directory,
                "pkeyutl",
                "-verify",
                "-pubin",
                "-inkey",
                "key.der",
                "-keyform",
                "DER",
                "-rawin",
                "-digest",
                "sha256",
                "-in",
                "text",
                "-sigfile",
                "sig");
        assertEquals(0, result.exit(), result.text());
    }
}
