package dev.evidencevault.crypto.age;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.evidencevault.crypto.file.UnopenedFileException;
import dev.evidencevault.crypto.file.UnopenedFileException.Reason;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgeFileTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final AgeIdentity ALICE = AgeIdentity.generate(RANDOM);
    private static final AgeIdentity BOB = AgeIdentity.generate(RANDOM);
    private static final AgeIdentity EVE = AgeIdentity.generate(RANDOM);

    private static byte[] encrypted(byte[] content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        AgeFile.encrypt(new ByteArrayInputStream(content), out, List.of(ALICE.recipient(), BOB.recipient()), RANDOM);
        return out.toByteArray();
    }

    private static byte[] decrypted(byte[] file, AgeIdentity... identities) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        AgeFile.decryptUnfinished(new ByteArrayInputStream(file), out, List.of(identities));
        return out.toByteArray();
    }

    private static Reason reason(byte[] file, AgeIdentity... identities) {
        return assertThrows(UnopenedFileException.class, () -> decrypted(file, identities))
                .reason();
    }

    private static byte[] pattern(int bytes) {
        byte[] content = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            content[i] = (byte) (i * 31 + i / 251);
        }
        return content;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65535, 65536, 65537, 131072, 131073})
    void chunksMeet(int bytes) throws Exception {
        byte[] file = encrypted(pattern(bytes));
        assertArrayEquals(pattern(bytes), decrypted(file, ALICE));
        assertArrayEquals(pattern(bytes), decrypted(file, EVE, BOB));
        assertEquals(Reason.NOT_FOR_THIS_KEY, reason(file, EVE));
    }

    @Property(tries = 50)
    void whatIsEncryptedDecryptsAgain(@ForAll @IntRange(max = 200_000) int bytes) throws Exception {
        assertArrayEquals(pattern(bytes), decrypted(encrypted(pattern(bytes)), BOB));
    }

    @Test
    void noChangedByteDecrypts() throws Exception {
        byte[] file = encrypted("something to hide".getBytes(StandardCharsets.UTF_8));
        for (int at = 0; at < file.length; at++) {
            for (int bits : new int[] {1 << at % 8, 0x20, 0xff}) {
                byte[] changed = file.clone();
                changed[at] ^= (byte) bits;
                assertThrows(
                        UnopenedFileException.class, () -> decrypted(changed, ALICE), "byte " + at + " by " + bits);
            }
        }
        assertEquals(Reason.CHANGED, reason(Arrays.copyOf(file, file.length + 1), ALICE));
    }

    @Test
    void noCutFileDecryptsAndNothingIsLeft(@TempDir Path folder) throws Exception {
        byte[] file = encrypted(pattern(100));
        Path cut = folder.resolve("cut.age");
        for (int length = 0; length < file.length; length++) {
            Files.write(cut, Arrays.copyOf(file, length));
            assertThrows(
                    UnopenedFileException.class, () -> AgeFile.decrypt(cut, folder.resolve("out"), List.of(ALICE)));
            assertEquals(List.of(cut), files(folder));
        }
        byte[] chunks = encrypted(pattern(3 * Payload.CHUNK_BYTES));
        int header = chunks.length - 3 * (Payload.CHUNK_BYTES + AgeKeys.TAG_BYTES);
        for (int count = 0; count < 3; count++) {
            Files.write(cut, Arrays.copyOf(chunks, header + count * (Payload.CHUNK_BYTES + AgeKeys.TAG_BYTES)));
            UnopenedFileException e = assertThrows(
                    UnopenedFileException.class, () -> AgeFile.decrypt(cut, folder.resolve("out"), List.of(ALICE)));
            assertEquals(Reason.CHANGED, e.reason());
            assertEquals(List.of(cut), files(folder));
        }
    }

    @Test
    void nothingIsReplaced(@TempDir Path folder) throws Exception {
        Path content = Files.write(folder.resolve("content"), pattern(10));
        Path file = folder.resolve("content.age");
        AgeFile.encrypt(content, file, List.of(ALICE.recipient()), RANDOM);
        assertThrows(
                FileAlreadyExistsException.class,
                () -> AgeFile.encrypt(content, file, List.of(ALICE.recipient()), RANDOM));
        assertThrows(FileAlreadyExistsException.class, () -> AgeFile.decrypt(file, content, List.of(ALICE)));
        Path again = folder.resolve("again");
        AgeFile.decrypt(file, again, List.of(ALICE));
        assertArrayEquals(pattern(10), Files.readAllBytes(again));
        List<AgeRecipient> twice =
                List.of(ALICE.recipient(), AgeRecipient.parse(ALICE.recipient().toString()));
        for (List<AgeRecipient> recipients : List.of(twice, List.<AgeRecipient>of())) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> AgeFile.encrypt(content, folder.resolve("x"), recipients, RANDOM));
        }
        assertThrows(IllegalArgumentException.class, () -> AgeFile.decrypt(file, folder.resolve("x"), List.of()));
        assertEquals(List.of(again, content, file), files(folder));
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }
}
