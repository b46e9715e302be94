package dev.evidencevault.verify;

import dev.evidencevault.bundle.HiddenRun;
import dev.evidencevault.bundle.LeafLine;
import dev.evidencevault.bundle.Scope;
import dev.evidencevault.bundle.SegmentLine;
import dev.evidencevault.cases.Order;
import dev.evidencevault.format.LeafHeader;
import dev.evidencevault.format.Seal;
import java.io.IOException;

/**
 * A range of a log between two brackets: the last header that was recorded before the order's time and the first that was
 * recorded after it. Since times of recording never go back, what lies outside of the brackets is outside of the order's
 * time, and two runs of leaves stand for it. For one thread, once.
 */
final class RangeOfLog implements SegmentWalk {
    private final Scope scope;
    private final Order order;
    private final SealChain chain;
    private final LeafWalk leaves;
    private final Findings findings;

    /** Whether a run stands for the leaves before. */
    private boolean begunByRun;

    /** Whether the header of an event that was recorded after the order's time was shown. */
    private boolean bracketed;

    /** Whether nothing may follow. */
    private boolean ended;

    RangeOfLog(Scope scope, Order order, SealChain chain, LeafWalk leaves, Findings findings) {
        this.scope = scope;
        this.order = order;
        this.chain = chain;
        this.leaves = leaves;
        this.findings = findings;
    }

    @Override
    public void take(SegmentLine line, Seal seal, String where) throws IOException {
        if (line.subtrees() != null || line.actors() != null) {
            throw new IllegalArgumentException("what is not shown of a range stands among the leaves");
        }
        if (ended) {
            throw new IllegalArgumentException("a segment follows after the end of the range");
        }
        long end = line.seal().seq();
        SealedLeaves sealed = new SealedLeaves();
        boolean whole = true;
        while (leaves.size() < end) {
            LeafLine leaf = leaves.next(seal);
            HiddenRun run = leaf.run();
            if (run != null) {
                whole = false;
                hide(run, end);
            } else {
                show(leaf, sealed);
            }
        }
        if (!whole) {
            chain.requireLater(seal, line.seal());
        } else {
            chain.requireNext(seal, line.seal());
            sealed.requireSealedBy(seal);
        }
        ended = bracketed;
    }

    private void hide(HiddenRun run, long end) throws IOException {
        if (leaves.size() == 0) {
            // The header before the order's time has to follow in the same segment.
            leaves.hide(run, end - 1, true);
            leaves.skipped();
            // Before what was destroyed there is no header that could be shown.
            begunByRun = run.to() != scope.destroyed();
            return;
        }
        leaves.hide(run, end, run.to() == end);
        if (!bracketed) {
            findings.failed(
                    Claim.COMPLETENESS,
                    leaves.where(),
                    "leaves are hidden, and no header shows that they were recorded after the order's time");
        }
        bracketed = true;
    }

    private void show(LeafLine leaf, SealedLeaves sealed) throws IOException {
        LeafHeader header = leaf.header();
        boolean early = isEarly(header);
        if (leaves.shown() == 0 && begunByRun && !early) {
            findings.failed(
                    Claim.COMPLETENESS,
                    leaves.where(),
                    "leaves are hidden, and no header shows that they were recorded before the order's time");
        }
        if (leaves.shown() > 0 && early || bracketed) {
            findings.failed(
                    Claim.COMPLETENESS,
                    leaves.where(),
                    "the header of record " + header.seq() + " is shown and outside of the order's time");
        }
        sealed.add(header, leaves.take(leaf));
        bracketed = bracketed || isLate(header);
    }

    private boolean isEarly(LeafHeader header) {
        Long from = order.from();
        return from != null && header.recordedAt() < from;
    }

    private boolean isLate(LeafHeader header) {
        Long to = order.to();
        return to != null && header.recordedAt() >= to;
    }
}
