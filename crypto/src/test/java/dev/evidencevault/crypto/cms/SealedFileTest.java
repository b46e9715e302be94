package dev.evidencevault.crypto.cms;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.evidencevault.crypto.file.UnopenedFileException;
import dev.evidencevault.crypto.file.UnopenedFileException.Reason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SealedFileTest {
    private static final TestPki PKI = new TestPki("test");
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Whom files are sealed to. */
    enum Holder {
        RSA,
        P256,
        P384;

        CertifiedKey key() {
            return switch (this) {
                case RSA -> issue(TestPki.rsa(2048), KeyUsage.keyEncipherment);
                case P256 -> issue(TestPki.ec("secp256r1"), KeyUsage.keyAgreement);
                case P384 -> issue(TestPki.ec("secp384r1"), KeyUsage.keyAgreement);
            };
        }

        private static CertifiedKey issue(KeyPair keys, int usage) {
            return PKI.issue("Court", keys, usage);
        }
    }

    @TempDir
    private Path folder;

    private static RecipientCertificate recipient(CertifiedKey key) {
        return RecipientCertificate.check(key.certificate(), TestPki.NOW);
    }

    private Path content(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("content"), bytes);
    }

    /** Asserts that a file does not open, for this reason, and that nothing of it is left. */
    private void assertUnopened(Reason reason, byte[] sealed, CertifiedKey key, String what) throws IOException {
        Path file = Files.write(folder.resolve("changed.p7m"), sealed);
        List<Path> before = files();
        UnopenedFileException e = assertThrows(
                UnopenedFileException.class, () -> SealedFile.open(file, folder.resolve("opened"), key), what);
        assertEquals(before, files());
        assertEquals(reason, e.reason(), what + ": " + e.getMessage());
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @EnumSource(Holder.class)
    void whatIsSealedOpensAgain(Holder holder) throws Exception {
        CertifiedKey key = holder.key();
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int bytes : new int[] {0, 1, 15, 16, 17, 127, 128, 255, 256, 65535, 65536, 65537, 200_000}) {
            byte[] content = new byte[bytes];
            random.nextBytes(content);
            Path sealed = folder.resolve("sealed-" + bytes + ".p7m");
            Path opened = folder.resolve("opened-" + bytes);
            SealedFile.seal(content(content), sealed, List.of(recipient(key)), RANDOM);
            SealedFile.open(sealed, opened, key);
            assertArrayEquals(content, Files.readAllBytes(opened));
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(opened)));
        }
    }

    @Test
    void eachRecipientOpensAlone() throws Exception {
        List<CertifiedKey> keys = Stream.of(Holder.values()).map(Holder::key).toList();
        byte[] text = "canary".getBytes(StandardCharsets.UTF_8);
        Path sealed = folder.resolve("sealed.p7m");
        SealedFile.seal(
                content(text),
                sealed,
                keys.stream().map(SealedFileTest::recipient).toList(),
                RANDOM);
        byte[] bytes = Files.readAllBytes(sealed);
        for (CertifiedKey key : keys) {
            Path opened = folder.resolve("opened");
            SealedFile.open(sealed, opened, key);
            assertArrayEquals(text, Files.readAllBytes(opened));
            Files.delete(opened);
        }
        assertUnopened(Reason.NOT_FOR_THIS_KEY, bytes, Holder.P256.key(), "another holder");
        assertFalse(new String(bytes, StandardCharsets.ISO_8859_1).contains("canary"));
        CertifiedKey wrongKey = CertifiedKey.of(
                new DeviceProvider().keep(TestPki.ec("secp256r1").getPrivate()),
                keys.get(1).chain());
        assertUnopened(Reason.CHANGED, bytes, wrongKey, "a key of another provider");
    }

    @ParameterizedTest
    @EnumSource(Holder.class)
    void noChangedByteOpens(Holder holder) throws Exception {
        CertifiedKey key = holder.key();
        Path sealed = folder.resolve("sealed.p7m");
        SealedFile.seal(
                content("something to hide".getBytes(StandardCharsets.UTF_8)), sealed, List.of(recipient(key)), RANDOM);
        byte[] bytes = Files.readAllBytes(sealed);
        int tagFrom = bytes.length - SealedHeader.TAG_BYTES;
        for (int at = 0; at < bytes.length; at++) {
            for (int bits : new int[] {1 << at % 8, 0xff}) {
                byte[] changed = bytes.clone();
                changed[at] ^= (byte) bits;
                Path file = Files.write(folder.resolve("changed.p7m"), changed);
                Path opened = folder.resolve("opened");
                UnopenedFileException e = assertThrows(
                        UnopenedFileException.class,
                        () -> SealedFile.open(file, opened, key),
                        "byte " + at + " by " + bits);
                assertEquals(3, files().size(), "byte " + at);
                if (at >= tagFrom) {
                    assertEquals(Reason.CHANGED, e.reason());
                }
            }
        }
    }

    @Test
    void noCutOrLongerFileOpens() throws Exception {
        CertifiedKey key = Holder.P256.key();
        Path sealed = folder.resolve("sealed.p7m");
        SealedFile.seal(content(new byte[300]), sealed, List.of(recipient(key)), RANDOM);
        byte[] bytes = Files.readAllBytes(sealed);
        for (int length = 0; length < bytes.length; length++) {
            assertUnopened(Reason.MALFORMED, Arrays.copyOf(bytes, length), key, "cut to " + length);
        }
        assertUnopened(Reason.MALFORMED, Arrays.copyOf(bytes, bytes.length + 1), key, "longer");
    }

    /** Long lengths are written as lengths of long files are, though nothing so long is read. */
    @ParameterizedTest
    @ValueSource(longs = {0, 127, 128, 255, 256, 65536, 1L << 24, 1L << 31, 1L << 32, 1L << 35})
    void headersHaveOneSpelling(long contentBytes) throws Exception {
        byte[] recipients = RecipientKeys.wrap(List.of(recipient(Holder.P256.key())), new byte[32], RANDOM);
        byte[] nonce = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
        byte[] bytes = new SealedHeader(recipients, nonce, contentBytes).format();
        SealedHeader read = SealedHeader.read(new ByteArrayInputStream(bytes));
        assertEquals(contentBytes, read.contentBytes());
        assertArrayEquals(nonce, read.nonce());
        assertArrayEquals(recipients, read.recipients());
    }

    @Test
    void nothingIsReplaced() throws Exception {
        CertifiedKey key = Holder.P256.key();
        Path sealed = folder.resolve("sealed.p7m");
        Path content = content(new byte[10]);
        SealedFile.seal(content, sealed, List.of(recipient(key)), RANDOM);
        assertThrows(
                FileAlreadyExistsException.class,
                () -> SealedFile.seal(content, sealed, List.of(recipient(key)), RANDOM));
        assertThrows(FileAlreadyExistsException.class, () -> SealedFile.open(sealed, content, key));
        assertThrows(
                IllegalArgumentException.class,
                () -> SealedFile.seal(content, folder.resolve("none"), List.of(), RANDOM));
        assertThrows(
                IllegalArgumentException.class,
                () -> SealedFile.seal(
                        content, folder.resolve("twice"), List.of(recipient(key), recipient(key)), RANDOM));
        assertEquals(List.of(content, sealed), files());
    }
}
