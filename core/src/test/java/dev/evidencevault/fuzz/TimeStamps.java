package dev.evidencevault.fuzz;

import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.timestamp.LocalTimeStampAuthority;
import dev.evidencevault.crypto.timestamp.LocalTimeStampAuthority.KeyType;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Random;

/** Time stamps that are the same in every run, of an authority of whose keys everybody knows. */
final class TimeStamps {
    private static final Instant TIME = Instant.parse("2026-12-01T00:00:00Z");

    private final LocalTimeStampAuthority authority;

    private TimeStamps(LocalTimeStampAuthority authority) {
        this.authority = authority;
    }

    static TimeStamps of(long seed) {
        return new TimeStamps(LocalTimeStampAuthority.create(
                "fuzz", KeyType.RSA_2048, Clock.fixed(TIME, ZoneOffset.UTC), new Known(seed)));
    }

    byte[] stamp(Digest digest) {
        return authority.stamp(digest).bytes();
    }

    X509Certificate root() {
        return authority.root();
    }

    /** Random numbers that follow from a seed. */
    private static final class Known extends SecureRandom {
        private static final long serialVersionUID = 1;

        private final Random random;

        Known(long seed) {
            this.random = new Random(seed);
        }

        @Override
        public void nextBytes(byte[] bytes) {
            random.nextBytes(bytes);
        }
    }
}
