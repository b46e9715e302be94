package dev.evidencevault.crypto.keys;

import dev.evidencevault.crypto.aead.DataKey;
import dev.evidencevault.crypto.aead.FileCipher;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.vrf.VrfKey;
import dev.evidencevault.crypto.vrf.VrfProof;
import dev.evidencevault.crypto.vrf.VrfPublicKey;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one tenant's log. Each purpose has a keyset of its own, so that one can be destroyed and another kept.
 *
 * <p>Immutable as far as anybody sees, and safe for use by several threads; the keys that it derives are not.
 */
public final class TenantKeys {
    /** What a keyset is for. The name stands in the file and in the associated data of the wrapping. */
    public enum Purpose {
        /** Blocks of sealed segments. */
        CONTENT("content"),
        /** Frames of the journal. */
        JOURNAL("journal"),
        /** Salts of commitments. */
        SALT("salt"),
        /** Pseudonyms of actors and services. */
        TAG("tag"),
        /** The search index. */
        INDEX("index"),
        /** What the tenant deposits as its backups; since epoch 1. */
        BACKUP("backup");

        private final String label;

        Purpose(String label) {
            this.label = label;
        }

        /** Returns the name that stands in files. */
        public String label() {
            return label;
        }

        /** Returns what the keys of an epoch are for, in the order of the file. */
        public static List<Purpose> of(int epoch) {
            List<Purpose> all = List.of(values());
            return epoch == FIRST_FORMAT ? all.subList(0, all.size() - 1) : all;
        }
    }

    /** The epoch of keys in the first version of their file, which has none for deposits. */
    public static final int FIRST_FORMAT = 0;

    /** The epoch of a new log's keys. */
    public static final int FIRST_EPOCH = 1;

    /** Length of a pseudonym in bytes. */
    public static final int TAG_BYTES = 16;

    /** Length of the salt of a commitment in bytes. */
    public static final int SALT_BYTES = 32;

    private static final String DEPOSIT = "deposit/v1";

    private static final int AES_BLOCK_BYTES = 16;

    /** Enough that the remainder modulo the order of P-256 is as good as uniform. */
    private static final int TAG_KEY_BYTES = 48;

    private final String owner;
    private final int epoch;
    private final Map<Purpose, DerivedKeys> keysets;
    private final SecretKeySpec saltKey;
    private final FileCipher cipher;

    /** Made when the first pseudonym is asked for: most of the time that opening a log takes would go into it. */
    private volatile @Nullable VrfKey vrfKey;

    private TenantKeys(String owner, int epoch, Map<Purpose, DerivedKeys> keysets, FileCipher cipher) {
        this.owner = owner;
        this.epoch = epoch;
        this.keysets = keysets;
        this.cipher = cipher;
        this.saltKey = new SecretKeySpec(keyset(Purpose.SALT).derive(32, "evidence-vault/salt-key/v1"), "AES");
    }

    /** Generates the keys of a new log. {@code owner} names vault and log and is bound into the wrapping. */
    public static TenantKeys generate(String owner) {
        Map<Purpose, DerivedKeys> keysets = new EnumMap<>(Purpose.class);
        for (Purpose purpose : Purpose.of(FIRST_EPOCH)) {
            keysets.put(purpose, DerivedKeys.generate());
        }
        return new TenantKeys(owner, FIRST_EPOCH, keysets, FileCipher.AES_256_GCM);
    }

    /**
     * Opens wrapped keysets.
     *
     * @param epoch how often the keys were rotated, from {@link #FIRST_EPOCH} on, or {@link #FIRST_FORMAT}
     * @throws WrongKeyException if the key does not open one of them, or they were wrapped for another owner or epoch
     */
    public static TenantKeys unwrap(String owner, int epoch, Map<Purpose, byte[]> wrapped, KeyEncryption kek)
            throws WrongKeyException {
        Map<Purpose, DerivedKeys> keysets = new EnumMap<>(Purpose.class);
        for (Purpose purpose : Purpose.of(epoch)) {
            byte[] bytes = wrapped.get(purpose);
            if (bytes == null) {
                throw new WrongKeyException("the keyset for " + purpose.label() + " is missing");
            }
            keysets.put(purpose, DerivedKeys.unwrap(bytes, kek, wrapping(owner, epoch, purpose)));
        }
        return new TenantKeys(owner, epoch, keysets, FileCipher.AES_256_GCM);
    }

    /** Returns the same keys, of which files are encrypted with this cipher. Without it, that is AES-256-GCM. */
    public TenantKeys with(FileCipher fileCipher) {
        return fileCipher == cipher ? this : new TenantKeys(owner, epoch, keysets, fileCipher);
    }

    /** Returns what files are encrypted with. */
    public FileCipher cipher() {
        return cipher;
    }

    /** Wraps each keyset with its own associated data. */
    public Map<Purpose, byte[]> wrap(KeyEncryption kek) {
        Map<Purpose, byte[]> wrapped = new EnumMap<>(Purpose.class);
        keysets.forEach((purpose, keyset) -> wrapped.put(purpose, keyset.wrap(kek, wrapping(owner, epoch, purpose))));
        return wrapped;
    }

    private static String wrapping(String owner, int epoch, Purpose purpose) {
        return epoch == FIRST_FORMAT
                ? "evidence-vault/keyset/v1/" + owner + "/" + purpose.label()
                : "evidence-vault/keyset/v2/" + owner + "/" + epoch + "/" + purpose.label();
    }

    /** Returns the epoch of these keys. */
    public int epoch() {
        return epoch;
    }

    private DerivedKeys keyset(Purpose purpose) {
        DerivedKeys keyset = keysets.get(purpose);
        if (keyset == null) {
            throw new IllegalStateException("no keyset for " + purpose.label());
        }
        return keyset;
    }

    /** Derives the key of a segment file from its number and its 32 random bytes. */
    public DataKey segmentKey(long segmentNumber, byte[] fileSalt) {
        return fileKey(Purpose.CONTENT, "segment/v1", bytes(segmentNumber), fileSalt);
    }

    /** Derives this tenant's key for the frames of a journal file from the file's 32 random bytes. */
    public DataKey journalKey(byte[] fileSalt) {
        return fileKey(Purpose.JOURNAL, "journal/v1", fileSalt);
    }

    /** Derives the key of an index fragment from its segment's number and its 32 random bytes. */
    public DataKey indexKey(long segmentNumber, byte[] fileSalt) {
        return fileKey(Purpose.INDEX, "index/v1", bytes(segmentNumber), fileSalt);
    }

    /** Derives the key of an index of several segments from their numbers and the file's 32 random bytes. */
    public DataKey mergedIndexKey(long firstSegment, long lastSegment, byte[] fileSalt) {
        return fileKey(Purpose.INDEX, "index-merged/v1", bytes(firstSegment), bytes(lastSegment), fileSalt);
    }

    private DataKey fileKey(Purpose purpose, String use, byte[]... parts) {
        return new DataKey(cipher, keyset(purpose).derive(64, cipher.label(use), parts));
    }

    /** Says whether the log has a key for deposits: those of the first format have none. */
    public boolean takesDeposits() {
        return keysets.containsKey(Purpose.BACKUP);
    }

    /**
     * Derives the key of a new file of deposits from its number and its 32 random bytes.
     *
     * @throws IllegalStateException if the log has no key for deposits
     */
    public DataKey depositKey(long pack, byte[] fileSalt) {
        return fileKey(Purpose.BACKUP, DEPOSIT, bytes(pack), fileSalt);
    }

    /** Finds the key of a file of deposits that has this commitment; empty if it is none of this log's. */
    public Optional<DataKey> depositKey(long pack, byte[] fileSalt, Digest commitment) {
        return Optional.of(depositKey(pack, fileSalt))
                .filter(key -> key.commitment().equals(commitment));
    }

    /**
     * Returns the 32 bytes of the key under which chunks of deposits get their ids. It encrypts nothing, and comes from the
     * keyset that is never rotated: an id has to stay what it is.
     */
    public byte[] chunkIdKey() {
        return keyset(Purpose.SALT).derive(32, "evidence-vault/chunk-id/v1");
    }

    /** Returns the 2,048 bytes by which this tenant's deposits are cut into chunks: a number of 8 bytes for each byte's value. */
    public byte[] chunkGear() {
        return keyset(Purpose.SALT).derive(256 * 8, "evidence-vault/chunk-gear/v1");
    }

    /** Returns the pseudonym of an actor in this log: 16 bytes that mean nothing elsewhere. */
    public byte[] actorTag(String actorId) {
        return tag(Pseudonym.ACTOR, actorId);
    }

    /** Returns the pseudonym of a service in this log. */
    public byte[] serviceTag(String service) {
        return tag(Pseudonym.SERVICE, service);
    }

    private VrfKey vrfKey() {
        VrfKey known = vrfKey;
        if (known == null) {
            known = VrfKey.of(keyset(Purpose.TAG).derive(TAG_KEY_BYTES, "evidence-vault/tag-key/v1"));
            vrfKey = known;
        }
        return known;
    }

    private byte[] tag(Pseudonym kind, String text) {
        return Arrays.copyOf(vrfKey().value(kind.input(text)), TAG_BYTES);
    }

    /** Proves that the pseudonym of an actor is what it is, and tells nothing of any other name. */
    public VrfProof actorProof(String actorId) {
        return vrfKey().prove(Pseudonym.ACTOR.input(actorId));
    }

    /** Proves that the pseudonym of a service is what it is, and tells nothing of any other name. */
    public VrfProof serviceProof(String service) {
        return vrfKey().prove(Pseudonym.SERVICE.input(service));
    }

    /** Returns the public key with which proofs of pseudonyms are verified. */
    public VrfPublicKey tagKey() {
        return vrfKey().publicKey();
    }

    /**
     * Returns the salts of {@code count} commitments from position {@code from} on, 32 bytes each, one after the other.
     *
     * <p>They are the AES-256-CTR key stream whose counter block is twice the position (NIST SP 800-38A): a
     * pseudo-random function of the position, so that a salt that is shown tells nothing of another.
     */
    public byte[] salts(long from, int count) {
        try {
            Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
            byte[] counter = ByteBuffer.allocate(AES_BLOCK_BYTES)
                    .putLong(from >>> 63)
                    .putLong(from << 1)
                    .array();
            cipher.init(Cipher.ENCRYPT_MODE, saltKey, new IvParameterSpec(counter));
            byte[] stream = new byte[Math.multiplyExact(count, SALT_BYTES)];
            cipher.doFinal(stream, 0, stream.length, stream, 0);
            return stream;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-CTR does not encrypt", e);
        }
    }

    /** Returns the salt of the commitment at a position. */
    public byte[] salt(long position) {
        return Arrays.copyOf(salts(position, 1), SALT_BYTES);
    }

    private static byte[] bytes(long value) {
        return ByteBuffer.allocate(8).putLong(value).array();
    }
}
