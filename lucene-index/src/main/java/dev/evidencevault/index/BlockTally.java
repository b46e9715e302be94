package dev.evidencevault.index;

import java.util.Arrays;
import org.apache.lucene.util.BytesRef;

/**
 * In how many records of a block each actor, action and outcome stands, and how many used a privilege: so that counting them
 * decrypts no block. For one thread.
 */
final class BlockTally {
    private static final byte[] ACTION = BlockFacts.ascii("action");
    private static final byte[] OUTCOME = BlockFacts.ascii("outcome");
    private static final byte[] ID = BlockFacts.ascii("id");
    private static final byte[] ON_BEHALF_OF = BlockFacts.ascii("onBehalfOf");
    private static final byte[] PRIVILEGED = BlockFacts.ascii("privileged");

    private final ByteSet actors = new ByteSet();
    private final ByteSet actions = new ByteSet();
    private final ByteSet outcomes = new ByteSet();
    private int privileged;

    // The members that are being read.
    private byte[] source = new byte[0];
    private int idFrom;
    private int idTo;

    /** Counts what is known of a block, and nothing of any before. */
    void count(BlockFacts facts) {
        actors.clear();
        actions.clear();
        outcomes.clear();
        privileged = 0;
        facts.forEachHead((head, times) -> add(head, times, false));
        facts.forEachActor((members, times) -> add(members, times, true));
    }

    /** Adds members as {@link BlockFacts} gives them: texts without escapes, and literals. */
    private void add(BytesRef members, int times, boolean inActor) {
        source = members.bytes;
        idFrom = -1;
        int end = members.offset + members.length;
        int at = members.offset;
        while (at < end) {
            if (source[at] != '"') {
                at++;
                continue;
            }
            int nameFrom = at + 1;
            int nameTo = AsciiChunk.textEnd(source, nameFrom, end);
            at = nameTo + 2;
            if (at >= end) {
                return;
            }
            if (source[at] == '"') {
                int to = AsciiChunk.textEnd(source, at + 1, end);
                text(nameFrom, nameTo, at + 1, to, inActor, times);
                at = to + 1;
            } else if (inActor && is(PRIVILEGED, nameFrom, nameTo) && source[at] == 't') {
                privileged += times;
            }
        }
    }

    private void text(int nameFrom, int nameTo, int from, int to, boolean inActor, int times) {
        if (!inActor) {
            if (is(ACTION, nameFrom, nameTo)) {
                actions.add(source, from, to, times);
            } else if (is(OUTCOME, nameFrom, nameTo)) {
                outcomes.add(source, from, to, times);
            }
        } else if (is(ID, nameFrom, nameTo)) {
            idFrom = from;
            idTo = to;
            actors.add(source, from, to, times);
        } else if (is(ON_BEHALF_OF, nameFrom, nameTo)
                && !(idFrom >= 0 && Arrays.equals(source, idFrom, idTo, source, from, to))) {
            actors.add(source, from, to, times);
        }
    }

    private boolean is(byte[] name, int from, int to) {
        return Arrays.equals(name, 0, name.length, source, from, to);
    }

    /** Returns in how many records a term of a field is; 0 if that is not counted. */
    int times(String field, BytesRef term) {
        return switch (field) {
            case IndexFields.ACTOR -> times(actors, term);
            case IndexFields.ACTION -> times(actions, term);
            case IndexFields.OUTCOME -> times(outcomes, term);
            case IndexFields.PRIVILEGED -> privileged;
            default -> 0;
        };
    }

    private static int times(ByteSet set, BytesRef term) {
        return set.times(term.bytes, term.offset, term.offset + term.length);
    }
}
