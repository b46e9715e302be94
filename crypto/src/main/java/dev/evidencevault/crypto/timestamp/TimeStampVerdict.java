package dev.evidencevault.crypto.timestamp;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What {@link TimeStamp#verify} found. */
public sealed interface TimeStampVerdict {
    /**
     * The authority signed that the digest existed at this time.
     *
     * @param time when, by the authority's clock ({@code genTime} of RFC 3161 section 2.4.2)
     * @param accuracy how far that clock may be off to either side, as the token says, to the microsecond; empty if it
     *     says nothing
     * @param serial the number that the authority gave the token
     * @param policy the authority's policy: an object identifier in dotted form
     * @param authority the subject of the signing certificate, as RFC 2253 writes it
     * @param certificateNotAfter the last second of validity of the signing certificate
     * @param chainNotAfter the last second at which all certificates are valid, from the signing one to the trust anchor.
     *     A verifier that goes by today's date refuses the token after it: renew it before, with a time stamp over it
     */
    record Good(
            Instant time,
            Optional<Duration> accuracy,
            BigInteger serial,
            String policy,
            String authority,
            Instant certificateNotAfter,
            Instant chainNotAfter)
            implements TimeStampVerdict {}

    /**
     * This is no time stamp of that digest that the trust anchors vouch for.
     *
     * @param reason what was expected and what was found
     */
    record Bad(String reason) implements TimeStampVerdict {}
}
