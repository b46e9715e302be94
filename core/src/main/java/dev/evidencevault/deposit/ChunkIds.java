package dev.evidencevault.deposit;

import dev.evidencevault.crypto.merkle.Digest;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Gives chunks their ids: HMAC-SHA-256 (RFC 2104) under a key of the tenant's own. The same bytes have another id for another
 * tenant, and who does not hold the key cannot say whether a chunk is there. Not safe for use by several threads at once.
 */
final class ChunkIds {
    private static final String ALGORITHM = "HmacSHA256";

    private final Mac mac;

    ChunkIds(byte[] key) {
        try {
            mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every Java platform has HMAC-SHA-256", e);
        }
    }

    Digest of(byte[] bytes, int from, int length) {
        mac.update(bytes, from, length);
        return Digest.of(mac.doFinal());
    }
}
