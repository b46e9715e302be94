package dev.evidencevault.papers;

import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.bundle.LeafLine;
import dev.evidencevault.format.LeafHeader;
import dev.evidencevault.format.LogRecord;

/**
 * Checks that what a bundle shows is of the order's tenant and of the scope's log, and counts what was looked at. Not safe
 * for use by several threads at once.
 *
 * <p>A record counts as the tenant's if its line names the tenant of the order and is the line to which a leaf header of the
 * scope's log commits. That the leaf is in the log's tree is for the verifier to prove.
 */
final class NonExposure {
    private final Holdings holdings;
    private long headers;
    private long runs;
    private long seals;
    private long records;

    NonExposure(Holdings holdings) {
        this.holdings = holdings;
    }

    /** Checks the small files against each other. */
    void files() throws ForeignRecordException {
        if (!holdings.statement().tenant().equals(holdings.order().tenant())) {
            throw new ForeignRecordException(BundleLayout.EXPORT, "expected the tenant of the order");
        }
        if (!holdings.statement().logId().equals(holdings.scope().logId())) {
            throw new ForeignRecordException(BundleLayout.EXPORT, "expected the log of the scope");
        }
        if (!holdings.head().origin().equals(holdings.scope().logId().origin())) {
            throw new ForeignRecordException(BundleLayout.CHECKPOINT, "expected the head of the scope's log");
        }
    }

    /** Checks a leaf header, whether its record is shown or not. */
    void header(LeafHeader header, String where) throws ForeignRecordException {
        headers++;
        if (!header.logId().equals(holdings.scope().logId())) {
            throw new ForeignRecordException(where, "expected a leaf header of the scope's log");
        }
    }

    /** Checks a record against the leaf beside which it stands. */
    void record(LogRecord record, LeafLine leaf, String where) throws ForeignRecordException {
        LeafHeader header = leaf.header();
        records++;
        if (!record.tenant().equals(holdings.order().tenant())) {
            throw new ForeignRecordException(where, "expected a record that names the order's tenant");
        }
        if (record.seq() != header.seq() || record.kind() != header.kind() || !leaf.opens(record.line())) {
            throw new ForeignRecordException(where, "expected the record to which leaf " + header.seq() + " commits");
        }
    }

    /** Counts a seal: its line names no tenant, and its leaf is computed with the scope's log id. */
    void seal() {
        seals++;
    }

    /** Counts a run of leaves of which nothing but hashes is shown. */
    void run() {
        runs++;
    }

    /** Says whether the statement counts as many records as there are. */
    boolean countsAll() {
        return holdings.statement().records() == records;
    }

    /** Returns the numbers of headers, records, seals and runs that were looked at. */
    Counted counted() {
        return new Counted(headers, records, seals, runs);
    }

    /**
     * How much was looked at.
     *
     * @param headers leaf headers, of records that are shown and of those that are not
     * @param records records that are shown
     * @param seals seals
     * @param runs runs of leaves that are shown as hashes
     */
    record Counted(long headers, long records, long seals, long runs) {}
}
