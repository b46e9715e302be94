package dev.evidencevault.crypto.note;

/** What {@link CosignatureVerifier#verify} found. */
public sealed interface CosignatureVerdict {
    /**
     * The key signed this checkpoint.
     *
     * @param timeSeconds when, by the cosigner's clock: seconds since 1970 (POSIX), 0 to 2^63-1. A witness says that the
     *     checkpoint was the largest it had seen of the log at that time. 0 says nothing about time: so logs sign their
     *     own checkpoints with ML-DSA-44
     */
    record Good(long timeSeconds) implements CosignatureVerdict {}

    /**
     * This is not that key's cosignature of this checkpoint.
     *
     * @param reason what was expected and what was found
     */
    record Bad(String reason) implements CosignatureVerdict {}
}
