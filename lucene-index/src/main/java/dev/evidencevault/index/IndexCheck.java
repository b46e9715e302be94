package dev.evidencevault.index;

import dev.evidencevault.actorindex.ActorEntry;
import dev.evidencevault.format.LeafHeader.Tag;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.format.RecordKind;
import dev.evidencevault.index.SealedIndex.Blocks;
import dev.evidencevault.index.SealedIndex.Piece;
import dev.evidencevault.index.SealedIndex.Whole;
import dev.evidencevault.index.query.EventQuery;
import dev.evidencevault.index.query.QueryField;
import dev.evidencevault.segment.Pseudonyms;
import dev.evidencevault.segment.SealedLog;
import dev.evidencevault.segment.SegmentContent;
import dev.evidencevault.segment.SegmentFile;
import dev.evidencevault.segment.SegmentFile.BlockRef;
import dev.evidencevault.storage.Layout.SegmentRange;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Compares the index of a log with the log: that a fragment can be used, that none hides a record, and that what it leads to of
 * each actor is as many records as the seals have committed to. Reads all blocks. For one thread.
 */
final class IndexCheck {
    private final SealedLog log;
    private final SealedIndex index;
    private final Consumer<String> findings;
    private final Pseudonyms pseudonyms;
    private final FragmentMerger merger;

    /**
     * Creates the check of a log.
     *
     * @param findings takes a sentence for each fragment that cannot be used, and each that hides something
     */
    IndexCheck(SealedLog log, Consumer<String> findings) {
        this.log = log;
        this.findings = findings;
        this.index = new SealedIndex(log, FragmentCache.ofQuarterOfHeap(), warning -> {});
        this.merger = new FragmentMerger(log, findings);
        this.pseudonyms = new Pseudonyms(log.keys());
    }

    /** Checks all segments; returns how many events were looked at. */
    long run() throws IOException {
        long events = 0;
        for (Piece piece : index.pieces()) {
            events += piece(piece);
        }
        return events;
    }

    private long piece(Piece piece) throws IOException {
        long from = piece.range().from();
        long events = 0;
        boolean indexed = piece.merged() || index.places(from).seal().searchIndex() != null;
        boolean usable = indexed && compareTerms(piece);
        for (long number = from; number <= piece.range().last(); number++) {
            Piece alone = new Piece(new SegmentRange(number, number), false);
            // Where it cannot be used, a search takes those of the segments.
            events += piece.merged() && !usable ? piece(alone) : segment(piece, number);
        }
        return events;
    }

    private long segment(Piece piece, long number) throws IOException {
        long events = 0;
        Map<Tag, Long> counts = new HashMap<>();
        try (SegmentFile file = index.places(number).reopened()) {
            SegmentContent content = new SegmentContent(file, log.keys());
            Map<String, BitSet> ledTo = new HashMap<>();
            for (BlockRef block : file.blocks()) {
                if (!block.records()) {
                    continue;
                }
                for (LogRecord record : content.records(block)) {
                    // No query finds what is no event.
                    boolean searched = record.kind() == RecordKind.EVENT;
                    for (String actor : record.actorIds()) {
                        if (!searched || isLedTo(block, actor, ledTo, piece, file)) {
                            counts.merge(pseudonyms.actor(actor), 1L, Long::sum);
                        }
                    }
                    events += searched ? 1 : 0;
                }
            }
            compare(number, content.actors().entries(), counts);
        }
        return events;
    }

    /** Says whether a query for an actor reads a block. */
    private boolean isLedTo(BlockRef block, String actor, Map<String, BitSet> ledTo, Piece piece, SegmentFile file)
            throws IOException {
        BitSet known = ledTo.get(actor);
        if (known == null) {
            known = new BitSet();
            QueryPlan plan = new QueryPlan(EventQuery.exactly(QueryField.ACTOR, actor));
            for (Blocks blocks : index.candidates(piece, plan, file.firstSeq(), null)) {
                if (blocks.segment() == file.number() && blocks.ordinals() == null) {
                    known.set(0, file.blocks().size());
                } else if (blocks.segment() == file.number()) {
                    known.or(blocks.ordinals());
                }
            }
            ledTo.put(actor, known);
        }
        return known.get(block.ordinal());
    }

    /** Compares a fragment with one that is made of the records now; says whether it can be used at all. */
    private boolean compareTerms(Piece piece) throws IOException {
        Whole whole;
        try {
            whole = index.whole(piece);
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            findings.accept("the index of segments " + piece.range().from() + " to "
                    + piece.range().last() + " cannot be used: " + e.getMessage());
            return false;
        }
        BlockTable table = whole.fragment().blocks();
        for (int i = 0; i < table.segments(); i++) {
            long number = piece.range().from() + i;
            Whole made = merger.ofRecords(number);
            int first = table.firstBlock(i);
            int blocks = made.fragment().blocks().blocks();
            boolean same =
                    table.firstBlock(i + 1) - first == blocks && made.fragment().isWithin(whole.fragment(), first);
            for (int block = 0; same && block < blocks; block++) {
                same = table.row(first + block).equals(made.fragment().blocks().row(block))
                        && made.words().get(block).equals(whole.words().get(first + block));
            }
            if (!same) {
                findings.accept("the index of segment " + number + " is not that of its records");
            }
        }
        return true;
    }

    private void compare(long number, List<ActorEntry> committed, Map<Tag, Long> counts) {
        long hidden = 0;
        for (ActorEntry entry : committed) {
            if (!entry.tag().isReserved()) {
                hidden += entry.count() - counts.getOrDefault(entry.tag(), 0L);
            }
        }
        if (hidden != 0) {
            findings.accept("the index of segment " + number + " does not lead to " + hidden
                    + " records of actors whose number the seal has committed to");
        }
    }
}
