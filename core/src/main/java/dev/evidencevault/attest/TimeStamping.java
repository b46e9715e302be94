package dev.evidencevault.attest;

import java.time.Duration;
import java.util.List;

/**
 * Who stamps the checkpoints of a vault, and when one is stamped again. Each anchor covers all before it, so a time stamp
 * of the latest anchor covers the whole vault; while a vault is written, every anchor that is delivered gets its own.
 *
 * @param authorities the authorities, one or two, of which each is asked whatever becomes of the other; they keep their
 *     order for the life of a vault
 * @param renewBefore how long before the end of the certificate under the latest anchor's time stamp that anchor is stamped
 *     again, from nothing to ten years
 */
public record TimeStamping(List<TimeStamper> authorities, Duration renewBefore) {
    /** How long before the end of a certificate a time stamp is renewed, unless told otherwise. */
    public static final Duration RENEW_BEFORE = Duration.ofDays(90);

    private static final Duration RENEW_BEFORE_MAX = Duration.ofDays(3660);

    /** Checks the numbers. */
    public TimeStamping {
        authorities = List.copyOf(authorities);
        if (authorities.isEmpty() || authorities.size() > Attestations.AUTHORITIES_MAX) {
            throw new IllegalArgumentException("expected 1 to " + Attestations.AUTHORITIES_MAX
                    + " time stamp authorities, found " + authorities.size());
        }
        if (renewBefore.isNegative() || renewBefore.compareTo(RENEW_BEFORE_MAX) > 0) {
            throw new IllegalArgumentException("expected renewBefore from nothing to " + RENEW_BEFORE_MAX.toDays()
                    + " days, found " + renewBefore);
        }
    }

    /** Names the authorities; time stamps are renewed 90 days before a certificate ends. */
    public static TimeStamping by(TimeStamper... authorities) {
        return new TimeStamping(List.of(authorities), RENEW_BEFORE);
    }
}
