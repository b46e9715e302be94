package dev.evidencevault.docs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.evidencevault.crypto.keys.KeyDerivation;
import dev.evidencevault.crypto.keys.KeyEncryption;
import dev.evidencevault.crypto.keys.TenantKeys;
import dev.evidencevault.crypto.keys.TenantKeys.Purpose;
import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.LogId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** The vectors of {@code docs/formats/vectors}, and the keys that they are under. */
public final class FormatVectors {
    private FormatVectors() {}

    /** Returns a file of the repository. */
    public static Path repository(String path) {
        return Path.of(System.getProperty("evidencevault.root", "..")).resolve(path);
    }

    /** Returns a file or directory of vectors. */
    public static Path path(String name) {
        return repository("docs/formats/vectors").resolve(name);
    }

    /** Reads a file of vectors. */
    public static JsonNode read(String name) throws IOException {
        return Json.mapper().readTree(Files.readAllBytes(path(name)));
    }

    /** Decodes a text of hexadecimal digits. */
    public static byte[] hex(JsonNode text) {
        return HexFormat.of().parseHex(text.textValue());
    }

    /** Returns a text in UTF-8. */
    public static byte[] utf8(JsonNode text) {
        return text.textValue().getBytes(StandardCharsets.UTF_8);
    }

    /** Returns an array of digests. */
    public static List<Digest> digests(JsonNode array) {
        List<Digest> digests = new ArrayList<>();
        array.forEach(digest -> digests.add(Digest.parseHex(digest.textValue())));
        return digests;
    }

    /** Returns the log that the vectors are of. */
    public static LogId logId() throws IOException {
        return LogId.parse(read("keys.json").path("logId").textValue());
    }

    /** Returns the secret of the vectors. */
    public static VaultSecret secret() throws IOException {
        return VaultSecret.keyFile(hex(read("keys.json").path("keyFile")));
    }

    /** Returns the key-encryption key of the vectors. */
    public static KeyEncryption kek() throws Exception {
        return KeyEncryption.derive(new KeyDerivation.KeyFileDigest(), secret());
    }

    /** Returns the keys of the log that the vectors are of. */
    public static TenantKeys tenantKeys() throws Exception {
        JsonNode vector = read("keys.json");
        Map<Purpose, byte[]> wrapped = new EnumMap<>(Purpose.class);
        for (Purpose purpose : Purpose.of(TenantKeys.FIRST_FORMAT)) {
            JsonNode text = vector.path("tenant").path(purpose.label()).path("wrapped");
            wrapped.put(purpose, Base64.getDecoder().decode(text.textValue()));
        }
        return TenantKeys.unwrap(vector.path("owner").textValue(), TenantKeys.FIRST_FORMAT, wrapped, kek());
    }

    /** Returns a source of what is to be random that gives these bytes, and these numbers, again and again. */
    public static SecureRandom fixed(byte[] bytes, int... numbers) {
        return new FixedRandom(bytes, numbers);
    }

    /** Random bytes that come from here, one after the other. */
    public static SecureRandom inOrder(byte[] bytes) {
        return new SecureRandom() {
            private static final long serialVersionUID = 1;

            private int at;

            @Override
            public void nextBytes(byte[] target) {
                System.arraycopy(bytes, at, target, 0, target.length);
                at += target.length;
            }
        };
    }

    private static final class FixedRandom extends SecureRandom {
        private static final long serialVersionUID = 1;

        private final byte[] bytes;
        private final int[] numbers;
        private int next;

        FixedRandom(byte[] bytes, int[] numbers) {
            this.bytes = bytes;
            this.numbers = numbers;
        }

        @Override
        public void nextBytes(byte[] target) {
            System.arraycopy(bytes, 0, target, 0, target.length);
        }

        @Override
        public int nextInt(int bound) {
            return numbers[next++ % numbers.length];
        }
    }
}
