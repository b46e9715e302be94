package dev.evidencevault.verify;

import dev.evidencevault.actorindex.ActorIndexProof;
import dev.evidencevault.bundle.Completeness;
import dev.evidencevault.bundle.HiddenRun;
import dev.evidencevault.bundle.LeafLine;
import dev.evidencevault.bundle.Scope;
import dev.evidencevault.bundle.SegmentLine;
import dev.evidencevault.cases.Order;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.Seal;
import dev.evidencevault.format.Timestamps;
import java.io.IOException;
import java.util.List;

/** Every segment of a log; leaves are shown of those that have something in the order's time. For one thread, once. */
final class WholeLog implements SegmentWalk {
    private final Scope scope;
    private final Order order;
    private final SealChain chain;
    private final LeafWalk leaves;
    private final Findings findings;

    WholeLog(Scope scope, Order order, SealChain chain, LeafWalk leaves, Findings findings) {
        this.scope = scope;
        this.order = order;
        this.chain = chain;
        this.leaves = leaves;
        this.findings = findings;
    }

    @Override
    public void take(SegmentLine line, Seal seal, String where) throws IOException {
        chain.requireNext(seal, line.seal());
        requireShown(seal, line);
        long end = line.seal().seq();
        List<Digest> subtrees = line.subtrees();
        ActorIndexProof proof = line.actors();
        if (subtrees != null) {
            leaves.skip(end, subtrees);
        } else if (proof != null) {
            takeNecessary(seal, end, proof, where);
        } else {
            takeAll(seal, end, where);
        }
    }

    /** What a line has to show depends on the seal's times and on how the bundle shows that nothing is left out. */
    private void requireShown(Seal seal, SegmentLine segment) {
        boolean inTime =
                segment.seal().seq() >= scope.destroyed() && order.coversAnyOf(seal.occurredFrom(), seal.occurredTo());
        if (inTime != (segment.subtrees() == null)) {
            throw new IllegalArgumentException("segment " + seal.segment() + " has times from "
                    + Timestamps.format(seal.occurredFrom()) + " to " + Timestamps.format(seal.occurredTo())
                    + ": its leaves are " + (inTime ? "not shown and should be" : "shown and should not be"));
        }
        boolean indexed = inTime && scope.completeness() == Completeness.INDEX;
        if (indexed != (segment.actors() != null)) {
            throw new IllegalArgumentException("the index of actors of segment " + seal.segment() + " is "
                    + (indexed ? "not shown and should be" : "shown and should not be"));
        }
    }

    private void takeAll(Seal seal, long end, String where) throws IOException {
        SealedLeaves sealed = new SealedLeaves();
        while (leaves.size() < end) {
            LeafLine leaf = leaves.next(seal);
            HiddenRun run = leaf.run();
            if (run != null) {
                leaves.hide(run, end, false);
            } else {
                sealed.add(leaf.header(), leaves.take(leaf));
            }
        }
        try {
            sealed.requireSealedBy(seal);
        } catch (IllegalArgumentException e) {
            findings.failed(Claim.SEGMENTS, where, e);
        }
    }

    private void takeNecessary(Seal seal, long end, ActorIndexProof proof, String where) throws IOException {
        IndexedSegment index = new IndexedSegment(seal, scope.indexed(seal));
        boolean afterRun = false;
        while (leaves.size() < end) {
            LeafLine leaf = leaves.next(seal);
            HiddenRun run = leaf.run();
            if (run != null) {
                leaves.hide(run, end, !afterRun);
                afterRun = true;
                continue;
            }
            afterRun = false;
            Digest leafHash = leaves.take(leaf);
            try {
                index.add(leaf.header(), leafHash);
            } catch (IllegalArgumentException e) {
                findings.failed(Claim.COMPLETENESS, leaves.where(), e);
            }
        }
        try {
            index.requireAll(proof);
        } catch (IllegalArgumentException e) {
            findings.failed(Claim.COMPLETENESS, where, e);
        }
    }
}
