package dev.evidencevault.crypto.cms;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * Whom a verifier trusts, and when he verifies. Immutable.
 *
 * @param signers certificates that certificates of signers have to chain up to; if there are none, no signature passes
 * @param timeStampAuthorities certificates that those of time stamp authorities have to chain up to. If there are any, a
 *     signature has to have a time stamp under them, and the signer's certificates are judged at its time; if there are
 *     none, they are judged at {@code now}, and a time stamp only has to be in order
 * @param now the time of verification
 */
public record SignatureTrust(List<X509Certificate> signers, List<X509Certificate> timeStampAuthorities, Instant now) {
    /** Copies the lists. */
    public SignatureTrust {
        signers = List.copyOf(signers);
        timeStampAuthorities = List.copyOf(timeStampAuthorities);
    }
}
