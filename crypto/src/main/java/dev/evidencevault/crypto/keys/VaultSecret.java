package dev.evidencevault.crypto.keys;

import dev.evidencevault.crypto.merkle.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * What opens a vault: a passphrase, the content of a key file, or a key that is kept elsewhere. Prints nothing of itself.
 */
public sealed interface VaultSecret {
    /** The fewest bytes that a key file holds. */
    int KEY_FILE_BYTES_MIN = 32;

    /** Returns a passphrase, which is stretched with Argon2id. Requires at least one character. */
    static VaultSecret passphrase(String passphrase) {
        if (passphrase.isEmpty()) {
            throw new IllegalArgumentException("a passphrase has at least one character");
        }
        return new Passphrase(passphrase.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns the content of a key file: at least 32 bytes from a random source, which are not stretched. */
    static VaultSecret keyFile(byte[] content) {
        if (content.length < KEY_FILE_BYTES_MIN) {
            throw new IllegalArgumentException(
                    "a key file holds at least " + KEY_FILE_BYTES_MIN + " random bytes, found " + content.length);
        }
        return new KeyFile(Digest.sha256(content).bytes());
    }

    /** Returns a key that is kept elsewhere and under which the vault's key is wrapped. */
    static VaultSecret keySource(KeySource source) {
        return new ExternalKey(source);
    }

    /** Returns this secret together with the sources of keys of tenants that bring their own. */
    default VaultSecret withTenants(TenantKeySources tenants) {
        return new KeyRing(ofVault(), tenants);
    }

    /** Returns what opens the vault itself. */
    default VaultSecret ofVault() {
        return this;
    }

    /** Returns the sources of a tenant's own keys; none if it brings none. */
    default TenantKeySources ofTenants() {
        return tenant -> List.of();
    }

    /**
     * A secret, and the sources of tenants' own keys.
     *
     * @param ofVault what opens the vault
     * @param ofTenants what opens the logs of tenants that bring their own
     */
    record KeyRing(VaultSecret ofVault, TenantKeySources ofTenants) implements VaultSecret {
        @Override
        public String toString() {
            return ofVault.toString();
        }
    }

    /** A passphrase in UTF-8. */
    final class Passphrase implements VaultSecret {
        private final byte[] utf8;

        private Passphrase(byte[] utf8) {
            this.utf8 = utf8;
        }

        byte[] utf8() {
            return utf8.clone();
        }

        @Override
        public String toString() {
            return "Passphrase";
        }
    }

    /** The digest of a key file. */
    final class KeyFile implements VaultSecret {
        private final byte[] key;

        private KeyFile(byte[] key) {
            this.key = key;
        }

        byte[] key() {
            return Arrays.copyOf(key, key.length);
        }

        @Override
        public String toString() {
            return "KeyFile";
        }
    }

    /**
     * A key that is kept elsewhere.
     *
     * @param source what wraps and unwraps with it
     */
    record ExternalKey(KeySource source) implements VaultSecret {
        @Override
        public String toString() {
            return "ExternalKey " + source.uri();
        }
    }
}
