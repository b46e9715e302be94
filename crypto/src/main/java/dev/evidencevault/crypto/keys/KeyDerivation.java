package dev.evidencevault.crypto.keys;

import java.security.SecureRandom;
import java.util.HexFormat;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/** How a vault's key-encryption key comes from its secret. Stored in the vault, in the clear. */
public sealed interface KeyDerivation {
    /**
     * Derives 32 bytes of key.
     *
     * @throws WrongKeyException if the secret is of another kind, or the source of keys says that it is not its
     * @throws KeySourceException if the source of keys cannot be reached or refuses
     */
    byte[] derive(VaultSecret secret) throws WrongKeyException, KeySourceException;

    /** Returns what the secret is, for people: {@code passphrase}, {@code keyFile}, or the name of a key that is kept elsewhere. */
    default String kind() {
        return switch (this) {
            case Argon2id passphrase -> "passphrase";
            case KeyFileDigest file -> "keyFile";
            case ExternalKey external -> external.key().uri();
        };
    }

    /** Returns how a new vault's key comes from a secret; {@code owner} is the vault. */
    static KeyDerivation forNew(VaultSecret secret, String owner, int argon2MemoryKib) throws KeySourceException {
        return switch (secret) {
            case VaultSecret.Passphrase passphrase -> Argon2id.withMemory(argon2MemoryKib);
            case VaultSecret.KeyFile file -> new KeyFileDigest();
            case VaultSecret.KeyRing ring -> forNew(ring.ofVault(), owner, argon2MemoryKib);
            case VaultSecret.ExternalKey external ->
                new ExternalKey(WrappedKey.generate(external.source(), ExternalKey.purpose(owner)), owner);
        };
    }

    /**
     * Argon2id, version 1.3 (RFC 9106).
     *
     * @param memoryKib memory in KiB, 8 to 4,194,304
     * @param iterations passes over it, 1 to 64
     * @param lanes lanes, 1 to 16
     * @param saltHex random bytes in lower-case hexadecimal, 8 to 64 of them; new ones have 16
     */
    record Argon2id(int memoryKib, int iterations, int lanes, String saltHex) implements KeyDerivation {
        /** Checks the bounds, which also keep a hostile vault from exhausting the reader. */
        public Argon2id {
            requireWithin("memoryKib", memoryKib, 8, 4 << 20);
            requireWithin("iterations", iterations, 1, 64);
            requireWithin("lanes", lanes, 1, 16);
            if (!saltHex.matches("([0-9a-f]{2})+")) {
                throw new IllegalArgumentException("a salt is written in lower-case hexadecimal");
            }
            requireWithin("salt bytes", HexFormat.of().parseHex(saltHex).length, 8, 64);
        }

        /** Returns RFC 9106's second recommended choice, 64 MiB and three passes, with one lane and a fresh salt. */
        public static Argon2id recommended() {
            return withMemory(64 << 10);
        }

        /** Returns three passes over this much memory with one lane and a fresh salt. */
        public static Argon2id withMemory(int memoryKib) {
            byte[] salt = new byte[16];
            new SecureRandom().nextBytes(salt);
            return new Argon2id(memoryKib, 3, 1, HexFormat.of().formatHex(salt));
        }

        @Override
        public byte[] derive(VaultSecret secret) throws WrongKeyException {
            if (!(secret instanceof VaultSecret.Passphrase passphrase)) {
                throw new WrongKeyException("the vault is opened with a passphrase, found " + secret);
            }
            Argon2BytesGenerator generator = new Argon2BytesGenerator();
            generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                    .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                    .withMemoryAsKB(memoryKib)
                    .withIterations(iterations)
                    .withParallelism(lanes)
                    .withSalt(HexFormat.of().parseHex(saltHex))
                    .build());
            byte[] key = new byte[32];
            generator.generateBytes(passphrase.utf8(), key);
            return key;
        }

        private static void requireWithin(String what, int value, int min, int max) {
            if (value < min || value > max) {
                throw new IllegalArgumentException(
                        "expected " + what + " from " + min + " to " + max + ", found " + value);
            }
        }
    }

    /** The SHA-256 digest of a key file, as it is. */
    record KeyFileDigest() implements KeyDerivation {
        @Override
        public byte[] derive(VaultSecret secret) throws WrongKeyException {
            if (!(secret instanceof VaultSecret.KeyFile file)) {
                throw new WrongKeyException("the vault is opened with a key file, found " + secret);
            }
            return file.key();
        }
    }

    /**
     * A random key that is wrapped under one that is kept elsewhere.
     *
     * @param key the wrapped key
     * @param owner the vault that the wrapping is bound to
     */
    record ExternalKey(WrappedKey key, String owner) implements KeyDerivation {
        private static String purpose(String owner) {
            return "evidence-vault/kek/v1/" + owner;
        }

        @Override
        public byte[] derive(VaultSecret secret) throws WrongKeyException, KeySourceException {
            if (!(secret instanceof VaultSecret.ExternalKey external)
                    || !external.source().uri().equals(key.uri())) {
                throw new WrongKeyException("the vault is opened with the key " + key.uri() + ", found " + secret);
            }
            return key.unwrap(external.source(), purpose(owner));
        }
    }
}
