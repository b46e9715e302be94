package dev.evidencevault.crypto.keys;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.crypto.aead.DataKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KeysTest {
    private static final KeyDerivation QUICK = KeyDerivation.Argon2id.withMemory(64);

    private static KeyEncryption kek(String passphrase) throws WrongKeyException, KeySourceException {
        return KeyEncryption.derive(QUICK, VaultSecret.passphrase(passphrase));
    }

    @Test
    void tenantKeysComeBackWithTheRightPassphraseAndNoOther() throws Exception {
        TenantKeys keys = TenantKeys.generate("vault/a");
        Map<TenantKeys.Purpose, byte[]> wrapped = keys.wrap(kek("right"));
        TenantKeys again = TenantKeys.unwrap("vault/a", 1, wrapped, kek("right"));
        assertArrayEquals(keys.actorTag("alice"), again.actorTag("alice"));
        assertArrayEquals(keys.salt(5), again.salt(5));
        assertThrows(WrongKeyException.class, () -> TenantKeys.unwrap("vault/a", 1, wrapped, kek("wrong")));
        assertThrows(WrongKeyException.class, () -> TenantKeys.unwrap("vault/b", 1, wrapped, kek("right")));
        assertThrows(WrongKeyException.class, () -> TenantKeys.unwrap("vault/a", 2, wrapped, kek("right")));
    }

    @Test
    void aKeysetDoesNotStandInForAnother() throws Exception {
        Map<TenantKeys.Purpose, byte[]> wrapped = TenantKeys.generate("vault/a").wrap(kek("p"));
        byte[] salt = wrapped.get(TenantKeys.Purpose.SALT);
        wrapped.put(TenantKeys.Purpose.CONTENT, salt);
        assertThrows(WrongKeyException.class, () -> TenantKeys.unwrap("vault/a", 1, wrapped, kek("p")));
    }

    @Test
    void argon2idIsThatOfTheReferenceImplementation() throws Exception {
        // phc-winner-argon2 src/test.c: version 0x13, t = 2, m = 2^8 KiB, p = 1, "password", "somesalt"
        String salt = HexFormat.of().formatHex("somesalt".getBytes(StandardCharsets.UTF_8));
        KeyDerivation derivation = new KeyDerivation.Argon2id(256, 2, 1, salt);
        assertEquals(
                "9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe",
                HexFormat.of().formatHex(derivation.derive(VaultSecret.passphrase("password"))));
    }

    @Test
    void saltsAreOnePerPositionHoweverTheyAreAskedFor() {
        TenantKeys keys = TenantKeys.generate("vault/a");
        byte[] run = keys.salts(1000, 50);
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            byte[] salt = Arrays.copyOfRange(run, 32 * i, 32 * i + 32);
            assertArrayEquals(salt, keys.salt(1000 + i));
            seen.add(HexFormat.of().formatHex(salt));
        }
        assertEquals(50, seen.size());
    }

    @Test
    void aFileKeyOpensItsOwnNonceAndAssociatedDataOnly() throws Exception {
        TenantKeys keys = TenantKeys.generate("vault/a");
        DataKey key = keys.segmentKey(1, new byte[32]);
        byte[] aad = {1};
        byte[] first = key.seal(new byte[] {7}, aad);
        byte[] second = key.seal(new byte[] {7}, aad);
        assertFalse(Arrays.equals(first, second));
        DataKey reader = keys.segmentKey(1, new byte[32]);
        assertEquals(key.commitment(), reader.commitment());
        assertArrayEquals(new byte[] {7}, reader.open(0, first, aad));
        assertThrows(GeneralSecurityException.class, () -> reader.open(1, first, aad));
        assertThrows(GeneralSecurityException.class, () -> reader.open(0, first, new byte[] {2}));
        DataKey other = keys.segmentKey(2, new byte[32]);
        assertNotEquals(key.commitment(), other.commitment());
        assertThrows(GeneralSecurityException.class, () -> other.open(0, first, aad));
    }

    @Test
    void depositsHaveKeysOfTheirOwnAndKeysOfTheFirstFormatHaveNone() throws Exception {
        TenantKeys keys = TenantKeys.generate("vault/a");
        byte[] salt = {1};
        DataKey key = keys.depositKey(1, salt);
        byte[] sealed = key.seal(new byte[] {7}, new byte[0]);
        DataKey found = keys.depositKey(1, salt, key.commitment()).orElseThrow();
        assertArrayEquals(new byte[] {7}, found.open(0, sealed, new byte[0]));
        assertTrue(keys.depositKey(2, salt, key.commitment()).isEmpty());
        assertTrue(keys.depositKey(1, new byte[] {2}, key.commitment()).isEmpty());
        assertTrue(TenantKeys.generate("vault/a")
                .depositKey(1, salt, key.commitment())
                .isEmpty());
        assertNotEquals(keys.segmentKey(1, salt).commitment(), key.commitment());
        assertTrue(keys.takesDeposits());
    }

    @Test
    void secretsPrintNothing() {
        assertEquals("Passphrase", VaultSecret.passphrase("hunter2").toString());
        assertThrows(IllegalArgumentException.class, () -> VaultSecret.keyFile(new byte[31]));
        assertThrows(IllegalArgumentException.class, () -> VaultSecret.passphrase(""));
    }
}
