package dev.evidencevault.crypto.cms;

import dev.evidencevault.crypto.merkle.Digest;
import java.io.IOException;

/**
 * Where time stamps over signatures come from. With a client: {@code digest -> client.stamp(authority, digest)}.
 */
@FunctionalInterface
public interface SignatureStamping {
    /**
     * Has a digest stamped.
     *
     * @param digest the SHA-256 digest of a signature value
     * @return the whole answer of an authority in DER ({@code TimeStampResp}, RFC 3161 section 2.4.2)
     * @throws IOException if the authority cannot be reached or refuses
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    byte[] stamp(Digest digest) throws IOException, InterruptedException;
}
