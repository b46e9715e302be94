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
import java.util.OptionalInt;
import java.util.function.Function;
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

    /** The most keys for a purpose: each may be tried for a file. */
    public static final int KEYS_MAX = DerivedKeys.KEYS_MAX;

    /** Length of a pseudonym in bytes. */
    public static final int TAG_BYTES = 16;

    /** Length of the salt of a commitment in bytes. */
    public static final int SALT_BYTES = 32;

    private static final int FILE_KEY_BYTES = 64;

    private static final String SEGMENT = "segment/v1";
    private static final String JOURNAL_FILE = "journal/v1";
    private static final String INDEX_FILE = "index/v1";
    private static final String MERGED_INDEX = "index-merged/v1";
    private static final String DEPOSIT = "deposit/v1";
    private static final String COUNTS = "counts/v1";

    private static final int AES_BLOCK_BYTES = 16;

    /** Enough that the remainder modulo the order of P-256 is as good as uniform. */
    private static final int TAG_KEY_BYTES = 48;

    /** Looks for newer keys of the same log. */
    @FunctionalInterface
    public interface Newer {
        /** Returns the log's keys if they are of a later epoch now. */
        Optional<TenantKeys> than(int epoch);
    }

    private final String owner;
    private final int epoch;
    private final long firstSegment;
    private final Newer newerKeys;
    private final Map<Purpose, DerivedKeys> keysets;
    private final SecretKeySpec saltKey;
    private final FileCipher cipher;

    /** Made when the first pseudonym is asked for: most of the time that opening a log takes would go into it. */
    private volatile @Nullable VrfKey vrfKey;

    private TenantKeys(
            String owner,
            int epoch,
            long firstSegment,
            Map<Purpose, DerivedKeys> keysets,
            FileCipher cipher,
            Newer newerKeys) {
        this.owner = owner;
        this.epoch = epoch;
        this.firstSegment = firstSegment;
        this.newerKeys = newerKeys;
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
        return new TenantKeys(owner, FIRST_EPOCH, 1, keysets, FileCipher.AES_256_GCM, epoch -> Optional.empty());
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
        return new TenantKeys(owner, epoch, 1, keysets, FileCipher.AES_256_GCM, than -> Optional.empty());
    }

    /** Returns the same keys, of which files are encrypted with this cipher. Without it, that is AES-256-GCM. */
    public TenantKeys with(FileCipher fileCipher) {
        return fileCipher == cipher ? this : new TenantKeys(owner, epoch, firstSegment, keysets, fileCipher, newerKeys);
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

    /**
     * Returns the keys of the next epoch: these, and newer ones under which is written from now on. Keys for salts and
     * pseudonyms stay: they encrypt nothing, and proofs that were handed out depend on them.
     *
     * @throws IllegalStateException if they were rotated as often as they can be
     */
    public TenantKeys rotated() {
        DerivedKeys deposits = keysets.get(Purpose.BACKUP);
        return rotated(deposits == null ? DerivedKeys.generate() : deposits.rotated());
    }

    /** As {@link #rotated}, for records only: keys for deposits stay, or are made if there are none. */
    public TenantKeys rotatedForRecords() {
        DerivedKeys deposits = keysets.get(Purpose.BACKUP);
        return rotated(deposits == null ? DerivedKeys.generate() : deposits);
    }

    private TenantKeys rotated(DerivedKeys deposits) {
        Map<Purpose, DerivedKeys> next = new EnumMap<>(keysets);
        for (Purpose purpose : List.of(Purpose.CONTENT, Purpose.JOURNAL, Purpose.INDEX)) {
            next.put(purpose, keyset(purpose).rotated());
        }
        next.put(Purpose.BACKUP, deposits);
        return new TenantKeys(owner, epoch + 1, firstSegment, next, cipher, newerKeys);
    }

    /**
     * Returns the same keys without the oldest ones of content, journal and index: what is under those is destroyed when no
     * other copy of them is left.
     *
     * @param oldest how many go of each, fewer than there are
     * @param first the number of the first segment whose records are kept
     */
    public TenantKeys without(int oldest, long first) {
        Map<Purpose, DerivedKeys> left = new EnumMap<>(keysets);
        for (Purpose purpose : List.of(Purpose.CONTENT, Purpose.JOURNAL, Purpose.INDEX)) {
            left.put(purpose, keyset(purpose).withoutOldest(oldest));
        }
        return new TenantKeys(owner, epoch, firstSegment, left, cipher, newerKeys).from(first);
    }

    /** Returns the same keys, of which is known that no segment before this one has to open. */
    public TenantKeys from(long first) {
        if (first < firstSegment) {
            throw new IllegalArgumentException("destroyed records do not come back");
        }
        return new TenantKeys(owner, epoch, first, keysets, cipher, newerKeys);
    }

    /** Returns the number of the first segment whose records were not destroyed; 1 if none were. */
    public long firstSegment() {
        return firstSegment;
    }

    /** Returns how many keys there are for a purpose, from the first epoch to this one; 0 if none. */
    public int count(Purpose purpose) {
        DerivedKeys keyset = keysets.get(purpose);
        return keyset == null ? 0 : keyset.size();
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

    /** Derives the key of a new segment file from its number and its 32 random bytes. */
    public DataKey segmentKey(long segmentNumber, byte[] fileSalt) {
        return key(Purpose.CONTENT, SEGMENT, bytes(segmentNumber), fileSalt);
    }

    /** Finds the key of a segment file that has this commitment; empty if it is none of this log's. */
    public Optional<DataKey> segmentKey(long segmentNumber, byte[] fileSalt, Digest commitment) {
        return find(keys -> keys.keys(Purpose.CONTENT, SEGMENT, bytes(segmentNumber), fileSalt), commitment);
    }

    /**
     * Returns how many keys of these are newer than the one that a segment file is under; empty if it is none of these. The
     * segment's index is under the index key of the same age.
     */
    public OptionalInt segmentKeyAge(long segmentNumber, byte[] fileSalt, Digest commitment) {
        List<DataKey> keys = keys(Purpose.CONTENT, SEGMENT, bytes(segmentNumber), fileSalt);
        for (int age = 0; age < keys.size(); age++) {
            if (keys.get(age).commitment().equals(commitment)) {
                return OptionalInt.of(age);
            }
        }
        return OptionalInt.empty();
    }

    /** Derives the key of a new file of counts from the last segment that they count and the file's 32 random bytes. */
    public DataKey countsKey(long segment, byte[] fileSalt) {
        return key(Purpose.CONTENT, COUNTS, bytes(segment), fileSalt);
    }

    /** Finds the key of a file of counts that has this commitment; empty if it is none of this log's. */
    public Optional<DataKey> countsKey(long segment, byte[] fileSalt, Digest commitment) {
        return find(keys -> keys.keys(Purpose.CONTENT, COUNTS, bytes(segment), fileSalt), commitment);
    }

    /** Derives this tenant's key for the frames of a new journal file from the file's 32 random bytes. */
    public DataKey journalKey(byte[] fileSalt) {
        return key(Purpose.JOURNAL, JOURNAL_FILE, fileSalt);
    }

    /** Derives this tenant's keys for the frames of a journal file, the newest first: frames do not say which is theirs. */
    public List<DataKey> journalKeys(byte[] fileSalt) {
        return keys(Purpose.JOURNAL, JOURNAL_FILE, fileSalt);
    }

    /** Derives the key of a new index fragment from its segment's number and its 32 random bytes. */
    public DataKey indexKey(long segmentNumber, byte[] fileSalt) {
        return key(Purpose.INDEX, INDEX_FILE, bytes(segmentNumber), fileSalt);
    }

    /** Finds the key of an index fragment that has this commitment; empty if it is none of this log's. */
    public Optional<DataKey> indexKey(long segmentNumber, byte[] fileSalt, Digest commitment) {
        return find(keys -> keys.keys(Purpose.INDEX, INDEX_FILE, bytes(segmentNumber), fileSalt), commitment);
    }

    /**
     * Derives the key of a new index of several segments from their numbers and the file's 32 random bytes.
     *
     * @param age how many keys are newer than that of the segments: with those, the index has to be destroyed, too
     */
    public DataKey mergedIndexKey(int age, long first, long last, byte[] fileSalt) {
        return new DataKey(
                cipher,
                keyset(Purpose.INDEX)
                        .deriveOlder(
                                age, FILE_KEY_BYTES, cipher.label(MERGED_INDEX), bytes(first), bytes(last), fileSalt));
    }

    /** Finds the key of an index of several segments that has this commitment; empty if it is none of this log's. */
    public Optional<DataKey> mergedIndexKey(long first, long last, byte[] fileSalt, Digest commitment) {
        return find(keys -> keys.keys(Purpose.INDEX, MERGED_INDEX, bytes(first), bytes(last), fileSalt), commitment);
    }

    private DataKey key(Purpose purpose, String label, byte[]... parts) {
        return new DataKey(cipher, keyset(purpose).derive(FILE_KEY_BYTES, cipher.label(label), parts));
    }

    private List<DataKey> keys(Purpose purpose, String label, byte[]... parts) {
        return keyset(purpose).deriveAll(FILE_KEY_BYTES, cipher.label(label), parts).stream()
                .map(derived -> new DataKey(cipher, derived))
                .toList();
    }

    /** Finds the key with a commitment among these and, if it is none of them, among newer ones. */
    private Optional<DataKey> find(Function<TenantKeys, List<DataKey>> keys, Digest commitment) {
        Optional<DataKey> found = keys.apply(this).stream()
                .filter(key -> key.commitment().equals(commitment))
                .findFirst();
        return found.isPresent() ? found : newer().flatMap(newer -> newer.find(keys, commitment));
    }

    /**
     * Returns newer keys of the same log, which were made after these were read; empty if there are none. What is not under a
     * key of these may be under one of those.
     */
    public Optional<TenantKeys> newer() {
        return newerKeys.than(epoch);
    }

    /** Returns the same keys, with where newer ones are looked for when these do not open something. */
    public TenantKeys withNewer(Newer source) {
        return new TenantKeys(owner, epoch, firstSegment, keysets, cipher, source);
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
        return key(Purpose.BACKUP, DEPOSIT, bytes(pack), fileSalt);
    }

    /** Finds the key of a file of deposits that has this commitment; empty if it is none of this log's. */
    public Optional<DataKey> depositKey(long pack, byte[] fileSalt, Digest commitment) {
        return find(keys -> keys.keys(Purpose.BACKUP, DEPOSIT, bytes(pack), fileSalt), commitment);
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
