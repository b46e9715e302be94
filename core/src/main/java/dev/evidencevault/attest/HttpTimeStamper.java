package dev.evidencevault.attest;

import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.timestamp.TimeStamp;
import dev.evidencevault.crypto.timestamp.TimeStampAuthority;
import dev.evidencevault.crypto.timestamp.TimeStampClient;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.security.SecureRandom;
import java.time.Duration;

/** A time stamp authority that is asked over HTTP or HTTPS. It learns a digest and the address of the machine. */
public final class HttpTimeStamper implements TimeStamper {
    private static final Duration TIMEOUT = Duration.ofSeconds(15);

    private final TimeStampAuthority authority;
    private final Duration timeout;
    private final SecureRandom random = new SecureRandom();

    /**
     * Describes an authority.
     *
     * @param timeout how long the whole answer may take, connection included; more than nothing
     */
    public HttpTimeStamper(TimeStampAuthority authority, Duration timeout) {
        if (timeout.isZero() || timeout.isNegative()) {
            throw new IllegalArgumentException("a timeout is more than nothing, found " + timeout);
        }
        this.authority = authority;
        this.timeout = timeout;
    }

    /** Describes an authority that may take 15 seconds. */
    public HttpTimeStamper(TimeStampAuthority authority) {
        this(authority, TIMEOUT);
    }

    @Override
    public String name() {
        return authority.name();
    }

    @Override
    public TimeStamp stamp(Digest digest) throws IOException {
        try (TimeStampClient client = new TimeStampClient(random, timeout, timeout)) {
            return TimeStamp.parse(client.stamp(authority, digest));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a time stamp was asked for");
        }
    }
}
