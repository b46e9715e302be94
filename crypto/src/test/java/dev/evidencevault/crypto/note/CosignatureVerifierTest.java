package dev.evidencevault.crypto.note;

import static dev.evidencevault.crypto.SharedFiles.shared;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.crypto.tink.subtle.Ed25519Sign;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.note.CosignatureVerdict.Bad;
import dev.evidencevault.crypto.note.CosignatureVerdict.Good;
import dev.evidencevault.crypto.note.SignedNote.Signature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CosignatureVerifierTest {
    private static final String NAME = "witness.example.org/w1";
    private static final long TIME = 1_679_315_147L;
    private static final Checkpoint CHECKPOINT =
            new Checkpoint("example.org/log", 20_852_163, Digest.sha256(new byte[] {1}));

    private static CosignatureSigner signer(CosignatureAlgorithm algorithm, String name, int seed) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) seed);
        return switch (algorithm) {
            case ED25519 -> CosignatureSigner.ed25519(name, bytes);
            case ML_DSA_44 -> CosignatureSigner.mlDsa44(name, bytes, new SecureRandom());
        };
    }

    private static CosignatureSigner signer(CosignatureAlgorithm algorithm) {
        return signer(algorithm, NAME, 7);
    }

    private static byte[] bytes(Signature signature) {
        return Base64.getDecoder().decode(signature.bytes());
    }

    private static Signature with(Signature signature, byte[] bytes) {
        return new Signature(
                signature.name(), signature.keyId(), Base64.getEncoder().encodeToString(bytes));
    }

    /** Asserts that the signature is refused for a reason that has these words in it. */
    private static void assertBad(
            String words, CosignatureVerifier verifier, Checkpoint checkpoint, Signature signature) {
        Bad bad = assertInstanceOf(Bad.class, verifier.verify(checkpoint, signature));
        assertTrue(bad.reason().contains(words), bad.reason());
    }

    /** The witnesses of sunlight's test data: cosigned at the end of 2025. */
    @Test
    void cosignaturesOfSunlightVerify() throws IOException {
        Path folder = shared("vectors/tlog-witness-sunlight");
        String log = "000de184301123b9278c086a7d9f68c9577e83872224c197058fd90784ea9706/checkpoint";
        String other = "88ad7a28caeb0b2aa890fdf0304c2fcaf59fca2ee140134ff8c1300bac493482/checkpoint";
        assertSunlight(
                folder.resolve("witness/witness.v0.json"),
                folder.resolve("witness").resolve(log));
        assertSunlight(
                folder.resolve("witness/mirror/mirror.v0.json"),
                folder.resolve("witness/mirror").resolve(log));
        assertSunlight(
                folder.resolve("witness2/witness.v0.json"),
                folder.resolve("witness2").resolve(other));
    }

    private static void assertSunlight(Path description, Path checkpointFile) throws IOException {
        String key = new ObjectMapper()
                .readTree(description.toFile())
                .path("verifier_keys")
                .path(0)
                .textValue();
        CosignatureVerifier verifier = CosignatureVerifier.parse(key);
        assertEquals(key, verifier.format());
        assertEquals(CosignatureAlgorithm.ED25519, verifier.algorithm());
        byte[] bytes = Files.readAllBytes(checkpointFile);
        SignedNote note = SignedNote.parse(bytes);
        Checkpoint checkpoint = Checkpoint.parse(note.text());
        List<Signature> ours =
                note.signatures().stream().filter(verifier::isNamedBy).toList();
        assertEquals(1, ours.size());
        assertEquals(new Good(1_767_139_200L), verifier.verify(checkpoint, ours.get(0)));
        Checkpoint longer = new Checkpoint(checkpoint.origin(), 301, checkpoint.root());
        assertBad("did not sign size 301", verifier, longer, ours.get(0));
        note.signatures().stream()
                .filter(signature -> !verifier.isNamedBy(signature))
                .forEach(signature -> assertBad("expected a cosignature of", verifier, checkpoint, signature));
    }

    @ParameterizedTest
    @EnumSource
    void aVerifierKeyComesBackAsItIs(CosignatureAlgorithm algorithm) {
        CosignatureVerifier verifier = signer(algorithm).verifier();
        CosignatureVerifier parsed = CosignatureVerifier.parse(verifier.format());
        assertEquals(verifier, parsed);
        assertEquals(verifier.hashCode(), parsed.hashCode());
        assertEquals(NAME, parsed.name());
        assertEquals(algorithm, parsed.algorithm());
        assertEquals(algorithm.publicKeyBytes(), parsed.publicKey().length);
        byte[] typed = ByteBuffer.allocate(1 + algorithm.publicKeyBytes())
                .put((byte) (algorithm == CosignatureAlgorithm.ED25519 ? 4 : 6))
                .put(verifier.publicKey())
                .array();
        Digest id = Digest.sha256((NAME + "\n").getBytes(StandardCharsets.UTF_8), typed);
        assertEquals(
                NAME + "+" + id.hex().substring(0, 8) + "+"
                        + Base64.getEncoder().encodeToString(typed),
                verifier.format());
    }

    @ParameterizedTest
    @EnumSource
    void aKeyOfAnotherTypeLengthOrIdIsRefused(CosignatureAlgorithm algorithm) {
        byte[] key = signer(algorithm).verifier().publicKey();
        for (byte type = 0; type < 8; type++) {
            String text = new VerifierKey(NAME, type, key).format();
            if (type == algorithm.type()) {
                assertEquals(text, CosignatureVerifier.parse(text).format());
            } else {
                assertThrows(IllegalArgumentException.class, () -> CosignatureVerifier.parse(text), text);
            }
        }
        for (byte[] wrong : List.of(Arrays.copyOf(key, key.length - 1), Arrays.copyOf(key, key.length + 1))) {
            String text = new VerifierKey(NAME, algorithm.type(), wrong).format();
            assertThrows(IllegalArgumentException.class, () -> CosignatureVerifier.parse(text));
            assertThrows(IllegalArgumentException.class, () -> new CosignatureVerifier(NAME, algorithm, wrong));
        }
        String text = signer(algorithm).verifier().format();
        for (String wrong : List.of(
                "", "+", "++", NAME, text.substring(0, text.length() - 1), text + "\n", text + "=", "x" + text)) {
            assertThrows(IllegalArgumentException.class, () -> CosignatureVerifier.parse(wrong), wrong);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anotherNameIsRefused(CosignatureAlgorithm algorithm) {
        CosignatureSigner signer = signer(algorithm);
        CosignatureVerifier other = new CosignatureVerifier(
                "witness.example.org/w2", algorithm, signer.verifier().publicKey());
        Signature signature = signer.cosign(CHECKPOINT, TIME);
        assertFalse(other.isNamedBy(signature));
        assertBad("expected a cosignature of witness.example.org/w2", other, CHECKPOINT, signature);
        Signature renamed = new Signature(other.name(), signature.keyId(), signature.bytes());
        assertBad("expected a cosignature of witness.example.org/w2", other, CHECKPOINT, renamed);
    }

    /** The message of ML-DSA-44 holds the cosigner's name, that of Ed25519 does not, as its specification says. */
    @Test
    void anMlDsaCosignatureIsBoundToTheName() {
        CosignatureSigner signer = signer(CosignatureAlgorithm.ML_DSA_44);
        CosignatureVerifier other = new CosignatureVerifier(
                "witness.example.org/w2",
                CosignatureAlgorithm.ML_DSA_44,
                signer.verifier().publicKey());
        Signature relabelled = new Signature(
                other.name(), other.keyId(), signer.cosign(CHECKPOINT, TIME).bytes());
        assertTrue(other.isNamedBy(relabelled));
        assertBad("did not sign", other, CHECKPOINT, relabelled);
    }

    @ParameterizedTest
    @EnumSource
    void anotherOriginIsRefused(CosignatureAlgorithm algorithm) {
        Checkpoint other = new Checkpoint("example.org/log2", CHECKPOINT.size(), CHECKPOINT.root());
        CosignatureSigner signer = signer(algorithm);
        assertBad("did not sign", signer.verifier(), other, signer.cosign(CHECKPOINT, TIME));
    }

    @ParameterizedTest
    @EnumSource
    void anotherSizeIsRefused(CosignatureAlgorithm algorithm) {
        Checkpoint other = new Checkpoint(CHECKPOINT.origin(), CHECKPOINT.size() + 1, CHECKPOINT.root());
        CosignatureSigner signer = signer(algorithm);
        assertBad("did not sign", signer.verifier(), other, signer.cosign(CHECKPOINT, TIME));
    }

    @ParameterizedTest
    @EnumSource
    void anotherRootIsRefused(CosignatureAlgorithm algorithm) {
        Checkpoint other = new Checkpoint(CHECKPOINT.origin(), CHECKPOINT.size(), Digest.sha256(new byte[] {2}));
        CosignatureSigner signer = signer(algorithm);
        assertBad("did not sign", signer.verifier(), other, signer.cosign(CHECKPOINT, TIME));
    }

    @ParameterizedTest
    @EnumSource
    void anotherTimeIsRefused(CosignatureAlgorithm algorithm) {
        CosignatureSigner signer = signer(algorithm);
        Signature signature = signer.cosign(CHECKPOINT, TIME);
        byte[] later = bytes(signature);
        ByteBuffer.wrap(later).putLong(TIME + 1);
        assertBad("did not sign", signer.verifier(), CHECKPOINT, with(signature, later));
        byte[] negative = bytes(signature);
        ByteBuffer.wrap(negative).putLong(Long.MIN_VALUE);
        assertBad("found 9223372036854775808", signer.verifier(), CHECKPOINT, with(signature, negative));
    }

    @ParameterizedTest
    @EnumSource
    void aTruncatedOrExtendedCosignatureIsRefused(CosignatureAlgorithm algorithm) {
        CosignatureSigner signer = signer(algorithm);
        Signature signature = signer.cosign(CHECKPOINT, TIME);
        byte[] whole = bytes(signature);
        for (int length : List.of(0, 1, 8, whole.length - 8, whole.length - 1, whole.length + 1, whole.length + 8)) {
            assertBad(
                    "bytes, found " + length,
                    signer.verifier(),
                    CHECKPOINT,
                    with(signature, Arrays.copyOf(whole, length)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCosignatureHasOneSpelling(CosignatureAlgorithm algorithm) {
        CosignatureSigner signer = signer(algorithm);
        Signature signature = signer.cosign(CHECKPOINT, TIME);
        Signature garbage = new Signature(signature.name(), signature.keyId(), "*");
        assertBad("is not base64", signer.verifier(), CHECKPOINT, garbage);
        int length = bytes(signature).length;
        byte[] padded = Arrays.copyOf(bytes(signature), length % 3 == 0 ? length - 1 : length);
        String unpadded = Base64.getEncoder().withoutPadding().encodeToString(padded);
        Signature other = new Signature(signature.name(), signature.keyId(), unpadded);
        assertNotEquals(other, with(signature, padded));
        assertBad("one spelling", signer.verifier(), CHECKPOINT, other);
    }

    @ParameterizedTest
    @EnumSource
    void everyChangedByteOfACosignatureIsNoticed(CosignatureAlgorithm algorithm) {
        CosignatureSigner signer = signer(algorithm);
        Signature signature = signer.cosign(CHECKPOINT, TIME);
        int step = algorithm == CosignatureAlgorithm.ED25519 ? 1 : 37;
        for (int i = 0; i < bytes(signature).length; i += step) {
            byte[] changed = bytes(signature);
            changed[i] ^= 1;
            assertInstanceOf(Bad.class, signer.verifier().verify(CHECKPOINT, with(signature, changed)), "byte " + i);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSignatureOfAnotherKeyUnderTheSameNameAndIdIsRefused(CosignatureAlgorithm algorithm) {
        CosignatureVerifier verifier = signer(algorithm).verifier();
        Signature foreign = signer(algorithm, NAME, 8).cosign(CHECKPOINT, TIME);
        assertFalse(verifier.isNamedBy(foreign));
        Signature colliding = new Signature(NAME, verifier.keyId(), foreign.bytes());
        assertBad("did not sign", verifier, CHECKPOINT, colliding);
    }

    @Test
    void aCosignatureUnderTheOtherAlgorithmByteIsRefused() {
        CosignatureSigner ed25519 = signer(CosignatureAlgorithm.ED25519);
        CosignatureSigner mlDsa = signer(CosignatureAlgorithm.ML_DSA_44);
        Signature short72 = ed25519.cosign(CHECKPOINT, TIME);
        Signature long2428 = mlDsa.cosign(CHECKPOINT, TIME);
        assertBad("expected a cosignature of", mlDsa.verifier(), CHECKPOINT, short72);
        assertBad("expected a cosignature of", ed25519.verifier(), CHECKPOINT, long2428);
        Signature as6 = new Signature(NAME, mlDsa.verifier().keyId(), short72.bytes());
        Signature as4 = new Signature(NAME, ed25519.verifier().keyId(), long2428.bytes());
        assertBad("has 2428 bytes, found 72", mlDsa.verifier(), CHECKPOINT, as6);
        assertBad("has 72 bytes, found 2428", ed25519.verifier(), CHECKPOINT, as4);
    }

    /** One Ed25519 key under both types: neither takes what was signed for the other. */
    @Test
    void anEd25519KeyThatSignsNotesDoesNotCosign() throws Exception {
        byte[] seed = new byte[32];
        Arrays.fill(seed, (byte) 7);
        CosignatureSigner cosigner = signer(CosignatureAlgorithm.ED25519);
        NoteVerifier notes = new NoteVerifier(NAME, cosigner.verifier().publicKey());
        assertThrows(IllegalArgumentException.class, () -> CosignatureVerifier.parse(notes.format()));
        assertThrows(
                IllegalArgumentException.class,
                () -> NoteVerifier.parse(cosigner.verifier().format()));

        SignedNote note = new NoteSigner(notes, new Ed25519Sign(seed)::sign).sign(CHECKPOINT.format());
        assertTrue(notes.verifies(note));
        Signature plain = note.signatures().get(0);
        assertBad("expected a cosignature of", cosigner.verifier(), CHECKPOINT, plain);
        Signature relabelled = new Signature(NAME, cosigner.verifier().keyId(), plain.bytes());
        assertBad("has 72 bytes, found 64", cosigner.verifier(), CHECKPOINT, relabelled);
        byte[] timed = ByteBuffer.allocate(72).putLong(TIME).put(bytes(plain)).array();
        assertBad("did not sign", cosigner.verifier(), CHECKPOINT, with(relabelled, timed));

        Signature cosignature = cosigner.cosign(CHECKPOINT, TIME);
        byte[] bare = Arrays.copyOfRange(bytes(cosignature), 8, 72);
        Signature asNote = with(new Signature(NAME, plain.keyId(), ""), bare);
        assertFalse(notes.verifies(new SignedNote(CHECKPOINT.format(), List.of(cosignature))));
        assertFalse(notes.verifies(new SignedNote(CHECKPOINT.format(), List.of(asNote))));
    }

    @Test
    void namesAndOriginsOfMlDsaHaveAtMost255Bytes() {
        String fits = "n".repeat(253) + "\u00e9";
        CosignatureSigner signer = signer(CosignatureAlgorithm.ML_DSA_44, fits, 7);
        Checkpoint checkpoint = new Checkpoint(fits, 1, CHECKPOINT.root());
        Signature signature = signer.cosign(checkpoint, TIME);
        assertEquals(new Good(TIME), signer.verifier().verify(checkpoint, signature));
        String tooLong = fits + "n";
        assertThrows(IllegalArgumentException.class, () -> signer(CosignatureAlgorithm.ML_DSA_44, tooLong, 7));
        Checkpoint other = new Checkpoint(tooLong, 1, CHECKPOINT.root());
        assertThrows(IllegalArgumentException.class, () -> signer.cosign(other, TIME));
        assertBad("at most 255 bytes", signer.verifier(), other, signature);
        CosignatureSigner ed25519 = signer(CosignatureAlgorithm.ED25519, tooLong, 7);
        assertEquals(new Good(TIME), ed25519.verifier().verify(other, ed25519.cosign(other, TIME)));
    }
}
