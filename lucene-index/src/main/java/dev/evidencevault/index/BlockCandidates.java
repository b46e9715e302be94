package dev.evidencevault.index;

import dev.evidencevault.index.query.EventQuery;
import dev.evidencevault.index.query.EventQuery.All;
import dev.evidencevault.index.query.EventQuery.And;
import dev.evidencevault.index.query.EventQuery.Not;
import dev.evidencevault.index.query.EventQuery.Or;
import dev.evidencevault.index.query.EventQuery.Privileged;
import dev.evidencevault.index.query.FieldQuery;
import dev.evidencevault.index.query.PartQuery;
import dev.evidencevault.index.query.SourceQuery;
import dev.evidencevault.index.query.TimeQuery;
import dev.evidencevault.index.query.WordsQuery;
import dev.evidencevault.index.text.Folding;
import dev.evidencevault.index.text.Words;
import java.io.IOException;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import org.apache.lucene.search.Query;
import org.jspecify.annotations.Nullable;

/**
 * Finds the blocks that can hold a match of a query: every block that holds one, and as few others as terms, filters and times
 * of blocks can tell. Conditions that are joined narrow each other's blocks; a filter is looked into only for blocks that are
 * still in question. For one thread.
 */
final class BlockCandidates {
    private final Blocks blocks;

    /** What is known of the blocks of one or more segments, numbered from 0. */
    interface Blocks {
        /** Returns which of some blocks have the terms that a query of {@link IndexFields} asks for. */
        BitSet withTerms(Query terms, BitSet among) throws IOException;

        /** Says whether a block's {@link WordFilter} may hold all of some hashes. */
        boolean mayHold(int block, long[] hashes) throws IOException;

        /** Says when the first event of a block happened, or a time before that, in nanoseconds since 1970. */
        long first(int block) throws IOException;

        /** Says when the last one did, or a time behind that. */
        long last(int block) throws IOException;
    }

    /** Says whether a block can hold a match. */
    @FunctionalInterface
    private interface Possible {
        boolean test(int block) throws IOException;
    }

    private BlockCandidates(Blocks blocks) {
        this.blocks = blocks;
    }

    /** Returns the candidates out of some blocks, which are not changed. */
    static BitSet of(EventQuery query, Blocks blocks, BitSet among) throws IOException {
        return new BlockCandidates(blocks).candidates(query, true, among);
    }

    /**
     * The blocks that can hold an event for which a query's answer is the wanted one.
     *
     * @param wanted false for the blocks with an event that does not match
     * @param among the blocks in question; not changed
     */
    private BitSet candidates(EventQuery query, boolean wanted, BitSet among) throws IOException {
        return switch (query) {
            case All all -> wanted ? among : new BitSet();
            case And and -> wanted ? inAll(and.parts(), true, among) : inAny(and.parts(), false, among);
            case Or or -> wanted ? inAny(or.parts(), true, among) : inAll(or.parts(), false, among);
            case Not not -> candidates(not.part(), !wanted, among);
            case TimeQuery time -> {
                EventQuery asked = wanted ? time : time.not();
                yield narrowed(among, block -> asked.coversAnyOf(blocks.first(block), blocks.last(block)));
            }
            case Privileged privileged -> wanted ? withTerms(IndexFields.privileged(), among) : among;
            case FieldQuery field -> wanted ? withValue(field, among) : withOther(field, among);
            case SourceQuery source -> {
                Long key = AddressKeys.required(source.network());
                yield wanted && key != null ? holding(new long[] {key}, among) : among;
            }
            case WordsQuery words -> wanted ? holding(words.required(), among) : among;
            case PartQuery part -> wanted ? holding(part.required(), among) : among;
        };
    }

    private BitSet inAll(List<EventQuery> parts, boolean wanted, BitSet among) throws IOException {
        BitSet left = among;
        for (EventQuery part : parts) {
            left = candidates(part, wanted, left);
        }
        return left;
    }

    private BitSet inAny(List<EventQuery> parts, boolean wanted, BitSet among) throws IOException {
        BitSet found = new BitSet();
        for (EventQuery part : parts) {
            found.or(candidates(part, wanted, among));
        }
        return found;
    }

    private BitSet withValue(FieldQuery query, BitSet among) throws IOException {
        Query terms = IndexFields.withValue(query);
        if (terms != null) {
            return withTerms(terms, among);
        }
        String folded = Folding.fold(query.value());
        return holding(
                query.match() == FieldQuery.Match.PREFIX ? Words.ofBeginning(folded) : Words.ofWhole(folded), among);
    }

    private BitSet withOther(FieldQuery query, BitSet among) throws IOException {
        return withTerms(IndexFields.withOther(query), among);
    }

    private BitSet withTerms(@Nullable Query terms, BitSet among) throws IOException {
        return terms == null || among.isEmpty() ? among : blocks.withTerms(terms, among);
    }

    private BitSet holding(Set<String> words, BitSet among) throws IOException {
        return holding(words.stream().mapToLong(WordFilter::hash).toArray(), among);
    }

    private BitSet holding(long[] hashes, BitSet among) throws IOException {
        return hashes.length == 0 ? among : narrowed(among, block -> blocks.mayHold(block, hashes));
    }

    private static BitSet narrowed(BitSet among, Possible possible) throws IOException {
        BitSet left = new BitSet();
        for (int block = among.nextSetBit(0); block >= 0; block = among.nextSetBit(block + 1)) {
            left.set(block, possible.test(block));
        }
        return left;
    }
}
