package dev.evidencevault.evidence;

import dev.evidencevault.actorindex.ActorIndex;
import dev.evidencevault.actorindex.ActorIndexBuilder;
import dev.evidencevault.actorindex.ActorIndexProof;
import dev.evidencevault.bundle.Completeness;
import dev.evidencevault.bundle.Scope;
import dev.evidencevault.bundle.SegmentLine;
import dev.evidencevault.cases.Order;
import dev.evidencevault.crypto.merkle.CompactRange;
import dev.evidencevault.format.LeafHeader.Tag;
import dev.evidencevault.reader.TenantReader;
import dev.evidencevault.segment.SegmentContent;
import dev.evidencevault.segment.SegmentFile;
import java.io.IOException;
import java.util.Collections;
import java.util.SortedSet;

/** Every segment of a log, with leaves of those that have something in the order's time. For one thread, once. */
final class WholeExtract implements SegmentExtract {
    private final TenantReader tenant;
    private final Order order;
    private final Scope scope;
    private final BundledLog out;
    private final LeafReader reader;

    WholeExtract(TenantReader tenant, Order order, Scope scope, BundledLog out) {
        this.tenant = tenant;
        this.order = order;
        this.scope = scope;
        this.out = out;
        this.reader = new LeafReader(tenant);
    }

    @Override
    public void segment(SegmentFile file, boolean last) throws IOException {
        out.segment(leaves(file), file.sealHeader().leafHash());
    }

    private SegmentLine leaves(SegmentFile file) throws IOException {
        if (file.number() < tenant.firstSegment()
                || !order.coversAnyOf(file.seal().occurredFrom(), file.seal().occurredTo())) {
            CompactRange run = new CompactRange(out.size());
            LeafReader.hashes(file, run::append);
            out.cover(run);
            return SegmentLine.outside(file.sealSalt(), run.hashes(), file.sealRecord());
        }
        SegmentContent content = new SegmentContent(file, tenant.keys());
        if (scope.completeness() == Completeness.HEADERS) {
            reader.read(file, content, out::show);
            return SegmentLine.shown(file.sealSalt(), file.sealRecord());
        }
        return SegmentLine.indexed(file.sealSalt(), necessary(file, content), file.sealRecord());
    }

    /** Shows the leaf headers that the index of actors has under the tags in question; returns what it says of these. */
    private ActorIndexProof necessary(SegmentFile file, SegmentContent content) throws IOException {
        ActorIndex actors = content.actors();
        SortedSet<Tag> asked = scope.indexed(file.seal());
        if (actors.entries().stream().noneMatch(entry -> asked.contains(entry.tag()))) {
            LeafReader.hashes(file, out::hide);
        } else {
            reader.read(file, content, leaf -> {
                if (Collections.disjoint(ActorIndexBuilder.tags(leaf.header()), asked)) {
                    out.hide(leaf.hash());
                } else {
                    out.show(leaf);
                }
            });
        }
        return actors.prove(asked);
    }
}
