package dev.evidencevault.crypto.keys;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.Parameters;
import com.google.crypto.tink.aead.ChaCha20Poly1305Parameters;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import dev.evidencevault.crypto.aead.FileCipher;
import dev.evidencevault.crypto.note.CosignatureSigner;
import dev.evidencevault.crypto.note.NoteSigner;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Map;

/**
 * The vault's own keys, which open no tenant's record: signing checkpoints, sealing the tenants' names and the
 * steps of cases, blinding the tree over all tenants. Immutable and safe for use by several threads.
 */
public final class NodeKeys {
    /** The names of the three keysets, as they stand in files. */
    public static final String SIGNING = "signing";

    /** See {@link #SIGNING}. */
    public static final String NAMES = "names";

    /** See {@link #SIGNING}. */
    public static final String BLINDING = "blinding";

    private final String owner;
    private final int successions;
    private final KeysetHandle signing;
    private final KeysetHandle names;
    private final DerivedKeys blinding;
    private final Aead namesAead;

    private NodeKeys(String owner, int successions, KeysetHandle signing, KeysetHandle names, DerivedKeys blinding) {
        this.owner = owner;
        this.successions = successions;
        this.signing = signing;
        this.names = names;
        this.blinding = blinding;
        try {
            this.namesAead = names.getPrimitive(TinkRegistry.configuration(), Aead.class);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the keyset for names does not encrypt", e);
        }
    }

    /** Generates the keys of a new vault of the default suite. {@code owner} names the vault and is bound into the wrapping. */
    public static NodeKeys generate(String owner) {
        return generate(owner, CryptoSuite.AES_ED25519);
    }

    /** Generates the keys of a new vault. {@code owner} names the vault and is bound into the wrapping. */
    public static NodeKeys generate(String owner, CryptoSuite suite) {
        return new NodeKeys(
                owner,
                0,
                SigningKeyset.generate(suite.signature()),
                DerivedKeys.newKeyset(namesParameters(suite.cipher())),
                DerivedKeys.generate());
    }

    private static Parameters namesParameters(FileCipher cipher) {
        return switch (cipher) {
            case AES_256_GCM -> PredefinedAeadParameters.AES256_GCM;
            case CHACHA20_POLY1305 -> ChaCha20Poly1305Parameters.create(ChaCha20Poly1305Parameters.Variant.TINK);
        };
    }

    /**
     * Opens wrapped keysets.
     *
     * @param successions how often the signing keys were handed over before
     * @throws WrongKeyException if the key does not open one of them
     */
    public static NodeKeys unwrap(String owner, Map<String, byte[]> wrapped, int successions, KeyEncryption kek)
            throws WrongKeyException {
        return new NodeKeys(
                owner,
                successions,
                kek.unwrap(wrapped(wrapped, SIGNING), signingWrapping(owner, successions)),
                kek.unwrap(wrapped(wrapped, NAMES), wrapping(owner, NAMES)),
                DerivedKeys.unwrap(wrapped(wrapped, BLINDING), kek, wrapping(owner, BLINDING)));
    }

    private static byte[] wrapped(Map<String, byte[]> wrapped, String name) throws WrongKeyException {
        byte[] bytes = wrapped.get(name);
        if (bytes == null) {
            throw new WrongKeyException("the keyset for " + name + " is missing");
        }
        return bytes;
    }

    /** Wraps each keyset with its own associated data. */
    public Map<String, byte[]> wrap(KeyEncryption kek) {
        return Map.of(
                SIGNING, wrapSigning(kek),
                NAMES, kek.wrap(names, wrapping(owner, NAMES)),
                BLINDING, blinding.wrap(kek, wrapping(owner, BLINDING)));
    }

    /** Wraps the keyset that signs. */
    public byte[] wrapSigning(KeyEncryption kek) {
        return kek.wrap(signing, signingWrapping(owner, successions));
    }

    /** Generates the keys that sign after these, which are the same in all else. */
    public NodeKeys successor(CryptoSuite suite) {
        return new NodeKeys(owner, successions + 1, SigningKeyset.generate(suite.signature()), names, blinding);
    }

    private static String signingWrapping(String owner, int successions) {
        String first = wrapping(owner, SIGNING);
        return successions == 0 ? first : first + "/" + successions;
    }

    private static String wrapping(String owner, String name) {
        return "evidence-vault/node-keyset/v1/" + owner + "/" + name;
    }

    /** Returns the signer of this vault's checkpoints under a key name. */
    public NoteSigner signer(String keyName) {
        return SigningKeyset.signer(signing, keyName);
    }

    /**
     * Returns the signer of this vault's checkpoints that holds when elliptic curves do not. Its ML-DSA-44 seed is derived
     * from the keyset for blinding, for each succession another.
     */
    public CosignatureSigner postQuantumSigner(String keyName) {
        return CosignatureSigner.mlDsa44(keyName, postQuantumSeed(), new SecureRandom());
    }

    private byte[] postQuantumSeed() {
        String label = "ml-dsa-44/v1";
        return successions == 0
                ? blinding.derive(32, label)
                : blinding.derive(
                        32, label, ByteBuffer.allocate(8).putLong(successions).array());
    }

    /** Encrypts a tenant's name for the file of the log with this id. */
    public byte[] sealName(String name, String logId) {
        try {
            return namesAead.encrypt(name.getBytes(StandardCharsets.UTF_8), logId.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the name does not encrypt", e);
        }
    }

    /**
     * Decrypts the name of the log with this id.
     *
     * @throws WrongKeyException if it is not this vault's, or not that log's
     */
    public String openName(byte[] sealed, String logId) throws WrongKeyException {
        try {
            byte[] name = namesAead.decrypt(sealed, logId.getBytes(StandardCharsets.UTF_8));
            return new String(name, StandardCharsets.UTF_8);
        } catch (GeneralSecurityException e) {
            throw new WrongKeyException("the name of log " + logId + " does not decrypt: it is not this vault's");
        }
    }

    /** Encrypts a step of a case for its place. */
    public byte[] sealStep(byte[] step, String place) {
        try {
            return namesAead.encrypt(step, stepPlace(place));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the step does not encrypt", e);
        }
    }

    /**
     * Decrypts the step of a case at a place.
     *
     * @throws WrongKeyException if it is not this vault's, or was written for another place
     */
    public byte[] openStep(byte[] sealed, String place) throws WrongKeyException {
        try {
            return namesAead.decrypt(sealed, stepPlace(place));
        } catch (GeneralSecurityException e) {
            throw new WrongKeyException("the step does not decrypt at " + place);
        }
    }

    private static byte[] stepPlace(String place) {
        return ("evidence-vault/case-step/v1/" + place).getBytes(StandardCharsets.UTF_8);
    }

    /** Returns the 32 bytes from which the blinding of one anchor comes; each anchor has its own. */
    public byte[] blinding(long anchor) {
        return blinding.derive(
                32, "anchor/v1", ByteBuffer.allocate(8).putLong(anchor).array());
    }

    /** Returns the 32 bytes by which a copy finds the log of a tenant without looking at another's. */
    public byte[] copyName(String tenant) {
        return blinding.derive(32, "copy-name/v1", tenant.getBytes(StandardCharsets.UTF_8));
    }
}
