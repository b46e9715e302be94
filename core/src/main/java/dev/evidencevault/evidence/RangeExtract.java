package dev.evidencevault.evidence;

import dev.evidencevault.bundle.SegmentLine;
import dev.evidencevault.cases.Order;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.reader.TenantReader;
import dev.evidencevault.segment.SegmentContent;
import dev.evidencevault.segment.SegmentFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The leaves from the last that was recorded before the order's time to the first that was recorded after it. Opens the
 * segments that hold these, and at most one before them. For one thread, once.
 */
final class RangeExtract implements SegmentExtract {
    private final TenantReader tenant;
    private final Order order;
    private final BundledLog out;
    private final LeafReader reader;

    /** The last header that was recorded before the order's time. */
    private @Nullable ReadLeaf bracket;

    /** The seals since the bracket. */
    private final List<Sealed> seals = new ArrayList<>();

    private boolean begun;

    /** Whether the first header after the range was shown. */
    private boolean ended;

    /** The number of the segment before, if nothing of it was taken yet; else 0. */
    private long unopened;

    /** The line of a seal and the hash of its leaf. */
    private record Sealed(SegmentLine line, Digest hash) {
        static Sealed of(SegmentFile file) throws IOException {
            return new Sealed(
                    SegmentLine.shown(file.sealSalt(), file.sealRecord()),
                    file.sealHeader().leafHash());
        }
    }

    RangeExtract(TenantReader tenant, Order order, BundledLog out) {
        this.tenant = tenant;
        this.order = order;
        this.out = out;
        this.reader = new LeafReader(tenant);
    }

    @Override
    public void segment(SegmentFile file, boolean last) throws IOException {
        if (file.number() < tenant.firstSegment()) {
            LeafReader.hashes(file, out::hide);
            out.hide(file.sealHeader().leafHash());
            return;
        }
        Long from = order.from();
        if (!last && from != null && file.sealRecord().recordedAt() < from) {
            passUnopened();
            unopened = file.number();
            return;
        }
        openIfBracket(file, from);
        take(file);
        Sealed sealed = Sealed.of(file);
        if (last) {
            begin();
            out.segment(sealed.line(), sealed.hash());
        } else {
            add(sealed);
        }
    }

    /** The segment before holds the bracket if this one begins in the order's time. */
    private void openIfBracket(SegmentFile file, @Nullable Long from) throws IOException {
        if (unopened == 0) {
            return;
        }
        if (from != null && firstRecordedAt(file) < from) {
            passUnopened();
            return;
        }
        try (SegmentFile previous = tenant.segment(unopened)) {
            unopened = 0;
            take(previous);
            add(Sealed.of(previous));
        }
    }

    private long firstRecordedAt(SegmentFile file) throws IOException {
        return new SegmentContent(file, tenant.keys())
                .records(file.blocks().get(0))
                .get(0)
                .recordedAt();
    }

    /** Nothing of the segment before is shown. */
    private void passUnopened() throws IOException {
        if (unopened == 0) {
            return;
        }
        try (SegmentFile previous = tenant.segment(unopened)) {
            unopened = 0;
            LeafReader.hashes(previous, out::hide);
            out.hide(previous.sealHeader().leafHash());
        }
    }

    private void take(SegmentFile file) throws IOException {
        if (ended) {
            LeafReader.hashes(file, out::hide);
        } else {
            reader.read(file, new SegmentContent(file, tenant.keys()), this::leaf);
        }
    }

    private void add(Sealed sealed) throws IOException {
        if (ended) {
            out.hide(sealed.hash());
        } else if (begun) {
            out.segment(sealed.line(), sealed.hash());
        } else {
            seals.add(sealed);
        }
    }

    private void leaf(ReadLeaf leaf) throws IOException {
        if (ended) {
            out.hide(leaf.hash());
            return;
        }
        long recordedAt = leaf.record().recordedAt();
        Long from = order.from();
        if (!begun && from != null && recordedAt < from) {
            passBracket();
            bracket = leaf;
            return;
        }
        begin();
        out.show(leaf);
        Long to = order.to();
        ended = to != null && recordedAt >= to;
    }

    /** Another header was recorded before the order's time: the last one, and the seals since, need not be shown. */
    private void passBracket() {
        if (bracket != null) {
            out.hide(bracket.hash());
            seals.forEach(seal -> out.hide(seal.hash()));
            seals.clear();
        }
    }

    private void begin() throws IOException {
        if (begun) {
            return;
        }
        begun = true;
        if (bracket != null) {
            out.show(bracket);
        }
        for (Sealed seal : seals) {
            out.segment(seal.line(), seal.hash());
        }
    }
}
