package dev.evidencevault.attest;

import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.timestamp.TimeStamp;
import java.io.IOException;

/**
 * A time stamp authority (RFC 3161) as a vault asks it. Implementations are used by one thread at a time and answer within
 * bounded time. {@link HttpTimeStamper} is the usual one.
 */
public interface TimeStamper {
    /** Returns what messages call it. */
    String name();

    /**
     * Asks for a time stamp over a digest.
     *
     * @throws IOException if there is none to be had now
     */
    TimeStamp stamp(Digest digest) throws IOException;
}
