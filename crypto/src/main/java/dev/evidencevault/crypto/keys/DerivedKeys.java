package dev.evidencevault.crypto.keys;

import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.Parameters;
import com.google.crypto.tink.prf.PredefinedPrfParameters;
import com.google.crypto.tink.prf.PrfSet;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;

/** A Tink keyset of HKDF-SHA-256 pseudo-random functions (RFC 5869), used to derive keys and pseudonyms. */
final class DerivedKeys {
    private final KeysetHandle handle;
    private final PrfSet prf;

    private DerivedKeys(KeysetHandle handle) {
        this.handle = handle;
        try {
            this.prf = handle.getPrimitive(TinkRegistry.configuration(), PrfSet.class);
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

    static DerivedKeys unwrap(byte[] wrapped, KeyEncryption kek, String purpose) throws WrongKeyException {
        return new DerivedKeys(kek.unwrap(wrapped, purpose));
    }

    byte[] wrap(KeyEncryption kek, String purpose) {
        return kek.wrap(handle, purpose);
    }

    /** Derives bytes for a label and parts, each with its length before it so that no two inputs run together. */
    byte[] derive(int bytes, String label, byte[]... parts) {
        ByteArrayOutputStream input = new ByteArrayOutputStream();
        add(input, label.getBytes(StandardCharsets.UTF_8));
        for (byte[] part : parts) {
            add(input, part);
        }
        try {
            return prf.computePrimary(input.toByteArray(), bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HKDF does not derive " + bytes + " bytes", e);
        }
    }

    private static void add(ByteArrayOutputStream input, byte[] part) {
        input.writeBytes(ByteBuffer.allocate(4).putInt(part.length).array());
        input.writeBytes(part);
    }
}
