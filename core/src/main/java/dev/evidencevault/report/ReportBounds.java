package dev.evidencevault.report;

/**
 * How much of a bundle a page carries. Beyond any of these bounds it carries the first records only, each with its leaf,
 * and says so.
 *
 * @param recordsMax how many records
 * @param recordBytesMax how many bytes of records
 * @param proofBytesMax how many bytes of {@code proofs/leaves.jsonl} and of {@code proofs/segments.jsonl}
 */
public record ReportBounds(long recordsMax, long recordBytesMax, long proofBytesMax) {
    /** What browsers show smoothly on an ordinary computer. */
    public static final ReportBounds DEFAULT = new ReportBounds(100_000, 128 << 20, 128 << 20);

    /** Checks the bounds. */
    public ReportBounds {
        if (recordsMax < 1 || recordBytesMax < 1 || proofBytesMax < 1) {
            throw new IllegalArgumentException("a report has room for something");
        }
    }
}
