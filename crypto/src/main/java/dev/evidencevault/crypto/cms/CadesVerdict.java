package dev.evidencevault.crypto.cms;

import dev.evidencevault.crypto.timestamp.TimeStampVerdict;
import java.time.Instant;
import java.util.Optional;

/** What {@link CadesSignature#verify} found: three outcomes, as ETSI EN 319 102-1 has them. */
public sealed interface CadesVerdict {
    /**
     * The key of this certificate signed this content, and a trust anchor vouches for the certificate.
     *
     * @param signer who
     * @param stamp when the signature existed at the latest, as a trusted authority says; empty if no authorities are
     *     trusted
     * @param chainNotAfter the last second at which all certificates from the signer's to the trust anchor are valid
     */
    record Passed(Signer signer, Optional<TimeStampVerdict.Good> stamp, Instant chainNotAfter)
            implements CadesVerdict {}

    /**
     * Nothing is wrong with the signature itself, but it is not known whether to believe it.
     *
     * @param signer who, by his own word
     * @param reason what was expected and what was found
     */
    record Indeterminate(Signer signer, String reason) implements CadesVerdict {}

    /**
     * The content, the signature or its time stamp was changed, or they never belonged together.
     *
     * @param reason what was expected and what was found
     */
    record Failed(String reason) implements CadesVerdict {}

    /**
     * Who signed, as the signature names him.
     *
     * @param subject of the certificate, as RFC 2253 writes it
     * @param fingerprint of the certificate
     * @param claimedTime when, by the signer's own clock, to the second
     */
    record Signer(String subject, Fingerprint fingerprint, Instant claimedTime) {}
}
