package dev.evidencevault.crypto.age;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.crypto.SharedFiles;
import dev.evidencevault.crypto.file.UnopenedFileException;
import dev.evidencevault.crypto.file.UnopenedFileException.Reason;
import dev.evidencevault.crypto.merkle.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The test files of C2SP: each one thing that a reader has to accept or to refuse. */
class AgeVectorsTest {
    private static final AgeIdentity NOBODY = AgeIdentity.generate(new SecureRandom());

    @TestFactory
    List<DynamicTest> vectors() throws Exception {
        Path folder = SharedFiles.shared("vectors/cctv-age/testdata");
        List<DynamicTest> tests = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                tests.add(
                        DynamicTest.dynamicTest(file.getFileName().toString(), () -> check(Files.readAllBytes(file))));
            }
        }
        assertTrue(tests.size() > 100, "vectors: " + tests.size());
        return tests;
    }

    private static void check(byte[] vector) throws Exception {
        Map<String, String> fields = new HashMap<>();
        List<AgeIdentity> identities = new ArrayList<>();
        boolean foreign = false;
        int at = 0;
        while (vector[at] != '\n') {
            int to = at;
            while (vector[to] != '\n') {
                to++;
            }
            String[] field = new String(vector, at, to - at, StandardCharsets.UTF_8).split(": ", 2);
            if (field[0].equals("identity") && !field[1].startsWith("AGE-SECRET-KEY-PQ-")) {
                identities.add(AgeIdentity.parse(field[1]));
            } else {
                foreign |= field[0].equals("identity") || field[0].equals("passphrase");
                fields.put(field[0], field[1]);
            }
            at = to + 1;
        }
        byte[] file = Arrays.copyOfRange(vector, at + 1, vector.length);
        if ("zlib".equals(fields.get("compressed"))) {
            file = new InflaterInputStream(new ByteArrayInputStream(file)).readAllBytes();
        }
        if (identities.isEmpty()) {
            identities.add(NOBODY);
        }
        judge(fields, foreign, file, identities);
    }

    private static void judge(Map<String, String> fields, boolean foreign, byte[] file, List<AgeIdentity> identities)
            throws Exception {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        String expected = String.valueOf(fields.get("expect"));
        if (fields.containsKey("armored")) {
            assertEquals(Reason.MALFORMED, reason(file, content, identities), "armor is not read here");
        } else if (foreign && !expected.equals("header failure")) {
            assertEquals(Reason.NOT_FOR_THIS_KEY, reason(file, content, identities));
        } else if (foreign && !fields.getOrDefault("comment", "").contains("alone")) {
            reason(file, content, identities);
        } else {
            switch (expected) {
                case "success" -> AgeFile.decryptUnfinished(new ByteArrayInputStream(file), content, identities);
                case "header failure" -> assertEquals(Reason.MALFORMED, reason(file, content, identities));
                case "no match" -> assertEquals(Reason.NOT_FOR_THIS_KEY, reason(file, content, identities));
                case "HMAC failure" -> assertEquals(Reason.CHANGED, reason(file, content, identities));
                case "payload failure" -> reason(file, content, identities);
                default -> throw new AssertionError("expect: " + expected);
            }
        }
        if (expected.equals("success") && !foreign && !fields.containsKey("armored")) {
            assertEquals(
                    fields.get("payload"), Digest.sha256(content.toByteArray()).hex());
        } else if (!expected.equals("payload failure")) {
            // Of a payload that fails, chunks before the wrong one were written; AgeFile deletes them.
            assertEquals(0, content.size());
        }
        if (expected.equals("success") && !fields.containsKey("armored")) {
            AgeHeader header = AgeHeader.read(new ByteArrayInputStream(file));
            byte[] bytes = header.bytes();
            assertArrayEquals(Arrays.copyOf(file, bytes.length), bytes);
        }
    }

    private static Reason reason(byte[] file, ByteArrayOutputStream content, List<AgeIdentity> identities) {
        return assertThrows(
                        UnopenedFileException.class,
                        () -> AgeFile.decryptUnfinished(new ByteArrayInputStream(file), content, identities))
                .reason();
    }
}
