package dev.evidencevault.crypto.aead;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.evidencevault.crypto.keys.TenantKeys;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DataKeyTest {
    private static final byte[] AD = {1};

    @Test
    void chaChaIsThatOfTheRfc() throws Exception {
        // RFC 8439 section 2.8.2
        byte[] derived = new byte[64];
        for (int i = 0; i < 32; i++) {
            derived[i] = (byte) (0x80 + i);
        }
        byte[] nonce = HexFormat.of().parseHex("070000004041424344454647");
        byte[] ad = HexFormat.of().parseHex("50515253c0c1c2c3c4c5c6c7");
        byte[] plain =
                "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it."
                        .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        byte[] target = new byte[plain.length + DataKey.OVERHEAD_BYTES];
        DataKey key = new DataKey(FileCipher.CHACHA20_POLY1305, derived);
        assertEquals(target.length, key.sealAt(nonce, ad, ByteBuffer.wrap(plain), target, 0));
        assertEquals("d31a8d34648e60db7b86afbc53ef7ec2", HexFormat.of().formatHex(target, 0, 16));
        assertEquals("1ae10b594f09e26a7e902ecbd0600691", HexFormat.of().formatHex(target, plain.length, target.length));
        assertArrayEquals(plain, key.openAt(nonce, ad, target, 0, target.length));
    }

    @ParameterizedTest
    @EnumSource
    void noNonceComesTwiceAndWhatWasSealedOpensAsOftenAsAsked(FileCipher cipher) throws Exception {
        byte[] derived = new byte[64];
        DataKey key = new DataKey(cipher, derived);
        byte[] first = key.seal(new byte[] {7}, AD);
        byte[] second = key.seal(new byte[] {7}, AD);
        assertNotEquals(HexFormat.of().formatHex(first), HexFormat.of().formatHex(second));
        assertThrows(IllegalArgumentException.class, () -> key.sealAt(1, new byte[1], AD));
        byte[] later = key.sealAt(9, new byte[] {8}, AD);
        assertThrows(IllegalArgumentException.class, () -> key.sealAt(9, new byte[1], AD));
        DataKey reader = new DataKey(cipher, derived);
        for (int again = 0; again < 3; again++) {
            assertArrayEquals(new byte[] {7}, reader.open(0, first, AD));
            assertThrows(GeneralSecurityException.class, () -> reader.open(1, first, AD));
            assertArrayEquals(new byte[] {7}, reader.open(1, second, AD));
            assertArrayEquals(new byte[] {8}, reader.open(9, later, AD));
            byte[] changed = first.clone();
            changed[0] ^= 1;
            assertThrows(GeneralSecurityException.class, () -> reader.open(0, changed, AD));
        }
    }

    @Test
    void theKeysOfAFileAndTheirCommitmentsAreOfOneCipher() throws Exception {
        TenantKeys aes = TenantKeys.generate("vault/a");
        TenantKeys chaCha = aes.with(FileCipher.CHACHA20_POLY1305);
        byte[] salt = new byte[32];
        assertNotEquals(
                aes.segmentKey(1, salt).commitment(), chaCha.segmentKey(1, salt).commitment());
        assertNotEquals(
                aes.journalKey(salt).commitment(), chaCha.journalKey(salt).commitment());
        assertNotEquals(
                aes.indexKey(1, salt).commitment(), chaCha.indexKey(1, salt).commitment());
        assertNotEquals(
                aes.mergedIndexKey(0, 1, 2, salt).commitment(),
                chaCha.mergedIndexKey(0, 1, 2, salt).commitment());
        assertArrayEquals(aes.salt(3), chaCha.salt(3));
        assertArrayEquals(aes.actorTag("alice"), chaCha.actorTag("alice"));
        byte[] sealed = chaCha.segmentKey(1, salt).seal(new byte[] {7}, AD);
        assertThrows(
                GeneralSecurityException.class, () -> aes.segmentKey(1, salt).open(0, sealed, AD));
    }

    @Test
    void codesAreThoseOfTheFormat() {
        assertEquals(Optional.of(FileCipher.AES_256_GCM), FileCipher.of((byte) 0));
        assertEquals(Optional.of(FileCipher.CHACHA20_POLY1305), FileCipher.of((byte) 1));
        assertEquals(2, Arrays.stream(FileCipher.values()).count());
        assertEquals(Optional.empty(), FileCipher.of((byte) 2));
    }
}
