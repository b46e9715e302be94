package dev.evidencevault.deposit;

/**
 * How long a file is made, so that its length says little of what is in it: Padmé (K. Nikitin and others, "Reducing Metadata
 * Leakage from Encrypted Files and Communication with PURBs", 2019, section 4.3). At most 12 per cent are added, and of
 * lengths up to n there are as many as the logarithm of n has values.
 */
final class Padding {
    private Padding() {}

    /** Returns the length that this one is padded to, in bytes. */
    static long padded(long length) {
        if (length < 2) {
            return length;
        }
        int exponent = Long.SIZE - 1 - Long.numberOfLeadingZeros(length);
        int kept = Integer.SIZE - Integer.numberOfLeadingZeros(exponent);
        long mask = (1L << (exponent - kept)) - 1;
        return (length + mask) & ~mask;
    }
}
