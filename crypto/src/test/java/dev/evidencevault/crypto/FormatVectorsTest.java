package dev.evidencevault.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.evidencevault.crypto.aead.DataKey;
import dev.evidencevault.crypto.aead.FileCipher;
import dev.evidencevault.crypto.keys.KeyDerivation;
import dev.evidencevault.crypto.keys.KeyEncryption;
import dev.evidencevault.crypto.keys.TenantKeys;
import dev.evidencevault.crypto.keys.TenantKeys.Purpose;
import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.crypto.merkle.CompactRange;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.merkle.HashTree;
import dev.evidencevault.crypto.merkle.Rfc6962;
import dev.evidencevault.crypto.merkle.TreeProofs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The vectors of {@code docs/formats/vectors} that are about keys and trees. */
class FormatVectorsTest {
    private static JsonNode read(String name) throws IOException {
        Path root = Path.of(System.getProperty("evidencevault.root", ".."));
        return new ObjectMapper()
                .readTree(root.resolve("docs/formats/vectors").resolve(name).toFile());
    }

    private static byte[] hex(JsonNode text) {
        return HexFormat.of().parseHex(text.asText());
    }

    private static List<Digest> digests(JsonNode array) {
        List<Digest> digests = new ArrayList<>();
        array.forEach(digest -> digests.add(Digest.parseHex(digest.asText())));
        return digests;
    }

    private static Map<Purpose, byte[]> wrapped(JsonNode keysets, int epoch) {
        Map<Purpose, byte[]> wrapped = new EnumMap<>(Purpose.class);
        for (Purpose purpose : Purpose.of(epoch)) {
            JsonNode text = keysets.path(purpose.label()).path("wrapped");
            wrapped.put(purpose, Base64.getDecoder().decode(text.asText()));
        }
        return wrapped;
    }

    @Test
    void secretsGiveTheirKeys() throws Exception {
        JsonNode vector = read("keys.json");
        VaultSecret file = VaultSecret.keyFile(hex(vector.path("keyFile")));
        assertArrayEquals(hex(vector.path("kek")), new KeyDerivation.KeyFileDigest().derive(file));
        JsonNode argon = vector.path("argon2id");
        KeyDerivation derivation = new KeyDerivation.Argon2id(
                argon.path("memoryKib").asInt(),
                argon.path("iterations").asInt(),
                argon.path("lanes").asInt(),
                argon.path("salt").asText());
        VaultSecret passphrase = VaultSecret.passphrase(argon.path("passphrase").asText());
        assertArrayEquals(hex(argon.path("kek")), derivation.derive(passphrase));
    }

    @Test
    void wrappedKeysetsGiveTheirSaltsPseudonymsAndFileKeys() throws Exception {
        JsonNode vector = read("keys.json");
        KeyEncryption kek = KeyEncryption.derive(
                new KeyDerivation.KeyFileDigest(), VaultSecret.keyFile(hex(vector.path("keyFile"))));
        String owner = vector.path("owner").asText();
        TenantKeys keys = TenantKeys.unwrap(owner, 0, wrapped(vector.path("tenant"), 0), kek);
        assertThrows(
                WrongKeyException.class,
                () -> TenantKeys.unwrap(owner + "x", 0, wrapped(vector.path("tenant"), 0), kek));
        for (JsonNode salt : vector.path("salts")) {
            assertArrayEquals(hex(salt.path("salt")), keys.salt(salt.path("seq").asLong()), salt.toString());
        }
        vector.path("actorTags")
                .properties()
                .forEach(tag -> assertArrayEquals(hex(tag.getValue()), keys.actorTag(tag.getKey())));
        vector.path("actorProofs")
                .properties()
                .forEach(proof -> assertEquals(
                        proof.getValue().asText(),
                        keys.actorProof(proof.getKey()).hex()));
        assertEquals(vector.path("tagKey").asText(), keys.tagKey().hex());
        vector.path("serviceTags")
                .properties()
                .forEach(tag -> assertArrayEquals(hex(tag.getValue()), keys.serviceTag(tag.getKey())));
        byte[] fileSalt = hex(vector.path("fileSalt"));
        long number = vector.path("segmentNumber").asLong();
        assertSameKey(hex(vector.path("segmentKey")), keys.segmentKey(number, fileSalt));
        assertSameKey(hex(vector.path("journalKey")), keys.journalKey(fileSalt));
        assertSameKey(hex(vector.path("indexKey")), keys.indexKey(number, fileSalt));
        assertFalse(keys.takesDeposits());
        assertThrows(IllegalStateException.class, () -> keys.depositKey(1, fileSalt));

        JsonNode second = vector.path("tenantVersion2");
        int epoch = second.path("epoch").asInt();
        Map<Purpose, byte[]> keysets = wrapped(second.path("keysets"), epoch);
        TenantKeys newer = TenantKeys.unwrap(owner, epoch, keysets, kek);
        assertThrows(WrongKeyException.class, () -> TenantKeys.unwrap(owner, epoch + 1, keysets, kek));
        assertSameKey(hex(vector.path("segmentKey")), newer.segmentKey(number, fileSalt));
        assertSameKey(
                hex(second.path("depositKey")),
                newer.depositKey(second.path("pack").asLong(), fileSalt));
    }

    private static void assertSameKey(byte[] derived, DataKey key) {
        DataKey expected = new DataKey(FileCipher.AES_256_GCM, derived);
        assertEquals(expected.commitment(), key.commitment());
        byte[] text = "text".getBytes(StandardCharsets.UTF_8);
        assertArrayEquals(expected.seal(text, text), key.seal(text, text));
    }

    @Test
    void treesHaveTheirRootsRangesAndPaths() throws Exception {
        JsonNode vector = read("tree.json");
        HashTree tree = new HashTree();
        CompactRange range = new CompactRange();
        List<Digest> hashes = digests(vector.path("leafHashes"));
        List<Digest> roots = digests(vector.path("roots"));
        assertEquals(roots.get(0), range.root());
        for (int i = 0; i < hashes.size(); i++) {
            String data = vector.path("leaves").path(i).asText();
            assertEquals(hashes.get(i), Rfc6962.leaf(data.getBytes(StandardCharsets.UTF_8)));
            tree.append(hashes.get(i));
            range.append(hashes.get(i));
            assertEquals(roots.get(i + 1), range.root());
        }
        for (JsonNode part : vector.path("ranges")) {
            long from = part.path("from").asLong();
            long to = part.path("to").asLong();
            assertEquals(digests(part.path("hashes")), tree.range(from, to).hashes());
        }
        for (JsonNode proof : vector.path("inclusion")) {
            int index = proof.path("index").asInt();
            int size = proof.path("size").asInt();
            List<Digest> path = digests(proof.path("path"));
            assertEquals(path, tree.inclusionProof(index, size));
            assertTrue(TreeProofs.checkInclusion(hashes.get(index), index, size, path, roots.get(size)));
        }
    }
}
