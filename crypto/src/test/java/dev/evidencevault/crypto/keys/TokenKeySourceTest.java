package dev.evidencevault.crypto.keys;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.crypto.SoftToken;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.Map;
import javax.crypto.KeyGenerator;
import javax.crypto.SecretKey;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TokenKeySourceTest {
    private static final char[] PIN = SoftToken.PIN.toCharArray();

    private Path configuration = Path.of("");

    @BeforeEach
    void generateKey() throws Exception {
        configuration = SoftToken.configuration();
        KeyStore store = Tokens.open(configuration, PIN);
        for (String label : new String[] {"first", "the second"}) {
            KeyGenerator generator = KeyGenerator.getInstance("AES", store.getProvider());
            generator.init(256);
            SecretKey key = generator.generateKey();
            assertNull(key.getEncoded(), "the key must not leave the token");
            store.setKeyEntry(label, key, null, null);
        }
    }

    private KeySource source(String label) throws Exception {
        return TokenKeySource.open(configuration, PIN, label);
    }

    private static KeyEncryption kek(KeyDerivation derivation, KeySource source) throws Exception {
        return KeyEncryption.derive(derivation, VaultSecret.keySource(source));
    }

    @Test
    void keysAreOpenedByTheTokenThatWrappedThem() throws Exception {
        KeyDerivation derivation = KeyDerivation.forNew(VaultSecret.keySource(source("first")), "vault", 64);
        TenantKeys keys = TenantKeys.generate("vault/a");
        Map<TenantKeys.Purpose, byte[]> wrapped = keys.wrap(kek(derivation, source("first")));
        TenantKeys again = TenantKeys.unwrap("vault/a", 1, wrapped, kek(derivation, source("first")));
        assertArrayEquals(keys.salt(7), again.salt(7));
    }

    @Test
    void noOtherKeyOpensThem() throws Exception {
        KeyDerivation.ExternalKey derivation = assertInstanceOf(
                KeyDerivation.ExternalKey.class,
                KeyDerivation.forNew(VaultSecret.keySource(source("first")), "vault", 64));
        assertEquals("pkcs11:object=first;type=secret-key", derivation.key().uri());
        WrongKeyException otherName =
                assertThrows(WrongKeyException.class, () -> kek(derivation, source("the second")));
        assertTrue(
                String.valueOf(otherName.getMessage()).contains("pkcs11:object=the%20second"), otherName.getMessage());
        KeyDerivation renamed = new KeyDerivation.ExternalKey(
                new WrappedKey(source("the second").uri(), derivation.key().wrappedBase64()), derivation.owner());
        assertThrows(WrongKeyException.class, () -> kek(renamed, source("the second")));
        KeyDerivation otherVault = new KeyDerivation.ExternalKey(derivation.key(), "other vault");
        assertThrows(WrongKeyException.class, () -> kek(otherVault, source("first")));
        assertThrows(
                WrongKeyException.class,
                () -> kek(derivation, passing(derivation.key().uri(), 16)));
        assertThrows(
                WrongKeyException.class, () -> KeyEncryption.derive(derivation, VaultSecret.passphrase("passphrase")));
    }

    @Test
    void everyChangedByteIsFound() throws Exception {
        KeySource source = source("first");
        byte[] purpose = {1, 2, 3};
        byte[] wrapped = source.wrap(new byte[32], purpose);
        assertArrayEquals(new byte[32], source.unwrap(wrapped, purpose));
        assertFalse(Arrays.equals(wrapped, source.wrap(new byte[32], purpose)));
        for (int i = 0; i < wrapped.length; i++) {
            byte[] changed = wrapped.clone();
            changed[i] ^= 1;
            assertThrows(WrongKeyException.class, () -> source.unwrap(changed, purpose));
        }
        for (int length = 0; length < wrapped.length; length++) {
            byte[] cut = Arrays.copyOf(wrapped, length);
            assertThrows(WrongKeyException.class, () -> source.unwrap(cut, purpose));
        }
    }

    @Test
    void whatIsWrongWithATokenIsSaid() throws Exception {
        KeySourceException none = assertThrows(KeySourceException.class, () -> source("none"));
        assertTrue(String.valueOf(none.getMessage()).contains("expected an AES key with the label \"none\""));
        Path broken = Files.writeString(configuration.resolveSibling("broken.cfg"), "library=/none\n");
        assertThrows(KeySourceException.class, () -> TokenKeySource.open(broken, PIN, "first"));
    }

    private static KeySource passing(String uri, int bytes) {
        return new KeySource() {
            @Override
            public String uri() {
                return uri;
            }

            @Override
            public byte[] wrap(byte[] key, byte[] associatedData) {
                return key;
            }

            @Override
            public byte[] unwrap(byte[] wrapped, byte[] associatedData) {
                return new byte[bytes];
            }
        };
    }
}
