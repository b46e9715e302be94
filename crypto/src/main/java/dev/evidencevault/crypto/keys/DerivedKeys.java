package dev.evidencevault.crypto.keys;

import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.Parameters;
import com.google.crypto.tink.prf.PredefinedPrfParameters;
import com.google.crypto.tink.prf.Prf;
import com.google.crypto.tink.prf.PrfSet;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A Tink keyset of HKDF-SHA-256 pseudo-random functions (RFC 5869), used to derive keys and pseudonyms. The newest derives
 * what is to be written; what was written before is found with the older ones.
 */
final class DerivedKeys {
    /** The most keys of a keyset: each is tried for a file that is none of theirs. */
    static final int KEYS_MAX = 128;

    private final KeysetHandle handle;

    /** The newest first. */
    private final List<Prf> prfs = new ArrayList<>();

    private DerivedKeys(KeysetHandle handle) {
        this.handle = handle;
        try {
            PrfSet set = handle.getPrimitive(TinkRegistry.configuration(), PrfSet.class);
            for (int i = handle.size() - 1; i >= 0; i--) {
                Prf prf =
                        Objects.requireNonNull(set.getPrfs().get(handle.getAt(i).getId()), "a key of the keyset");
                prfs.add(handle.getAt(i).isPrimary() ? 0 : prfs.size(), prf);
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the keyset holds no pseudo-random functions", e);
        }
    }

    static DerivedKeys generate() {
        return new DerivedKeys(newKeyset(PredefinedPrfParameters.HKDF_SHA256));
    }

    static KeysetHandle newKeyset(Parameters parameters) {
        try {
            return KeysetHandle.generateNew(parameters, TinkRegistry.configuration());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no key can be generated for " + parameters, e);
        }
    }

    /**
     * Returns these keys and a newer one.
     *
     * @throws IllegalStateException if there are as many as there can be
     */
    DerivedKeys rotated() {
        if (prfs.size() >= KEYS_MAX) {
            throw new IllegalStateException("a keyset has at most " + KEYS_MAX + " keys");
        }
        return new DerivedKeys(withNewest(handle, PredefinedPrfParameters.HKDF_SHA256));
    }

    /**
     * Returns these keys without the oldest ones.
     *
     * @param count how many go, fewer than there are
     */
    DerivedKeys withoutOldest(int count) {
        if (count < 0 || count >= prfs.size()) {
            throw new IllegalArgumentException("of " + prfs.size() + " keys, " + count + " cannot go");
        }
        try {
            KeysetHandle.Builder kept = KeysetHandle.newBuilder(handle);
            for (int i = 0; i < count; i++) {
                kept.deleteAt(0);
            }
            return count == 0 ? this : new DerivedKeys(kept.build());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the oldest keys cannot be taken out of a keyset", e);
        }
    }

    static KeysetHandle withNewest(KeysetHandle handle, Parameters parameters) {
        try {
            return KeysetHandle.newBuilder(handle)
                    .addEntry(KeysetHandle.generateEntryFromParameters(parameters)
                            .withRandomId()
                            .makePrimary())
                    .build();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no key can be generated for " + parameters, e);
        }
    }

    /** Returns how many keys there are. */
    int size() {
        return prfs.size();
    }

    static DerivedKeys unwrap(byte[] wrapped, KeyEncryption kek, String purpose) throws WrongKeyException {
        return new DerivedKeys(kek.unwrap(wrapped, purpose));
    }

    byte[] wrap(KeyEncryption kek, String purpose) {
        return kek.wrap(handle, purpose);
    }

    /** Derives bytes for a label and parts, each with its length before it so that no two inputs run together. */
    byte[] derive(int bytes, String label, byte[]... parts) {
        return derive(prfs.get(0), bytes, input(label, parts));
    }

    /**
     * Derives bytes as {@link #derive} does, with an older key.
     *
     * @param age how many keys are newer
     */
    byte[] deriveOlder(int age, int bytes, String label, byte[]... parts) {
        return derive(prfs.get(age), bytes, input(label, parts));
    }

    /** Derives what {@link #derive} did with each key, the newest first. */
    List<byte[]> deriveAll(int bytes, String label, byte[]... parts) {
        byte[] input = input(label, parts);
        return prfs.stream().map(prf -> derive(prf, bytes, input)).toList();
    }

    private static byte[] derive(Prf prf, int bytes, byte[] input) {
        try {
            return prf.compute(input, bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HKDF does not derive " + bytes + " bytes", e);
        }
    }

    private static byte[] input(String label, byte[]... parts) {
        ByteArrayOutputStream input = new ByteArrayOutputStream();
        add(input, label.getBytes(StandardCharsets.UTF_8));
        for (byte[] part : parts) {
            add(input, part);
        }
        return input.toByteArray();
    }

    private static void add(ByteArrayOutputStream input, byte[] part) {
        input.writeBytes(ByteBuffer.allocate(4).putInt(part.length).array());
        input.writeBytes(part);
    }
}
