package dev.evidencevault.segment;

import dev.evidencevault.actorindex.ActorEntry;
import dev.evidencevault.actorindex.ActorIndex;
import dev.evidencevault.crypto.merkle.CompactRange;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.merkle.Rfc6962;
import dev.evidencevault.format.LeafHeader;
import dev.evidencevault.format.LeafHeader.Tag;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Builds the index of actors of records that wait to be sealed: gives each actor a number, sorts the records by these
 * numbers, and hashes each actor's leaves one after the other. A few arrays, no object for a record. For one thread, once.
 */
public final class SegmentActors {
    private static final int FIRST_ROOM = 64;

    /** How many leaves are hashed at a time. */
    private static final int RUN = 256;

    private final MessageDigest digest = Digest.computation();
    private final byte[] gathered = new byte[Digest.BYTES * RUN];

    private final TagCounts numbers = new TagCounts();
    private final List<Tag> tags = new ArrayList<>();
    private final List<Long> firsts = new ArrayList<>();

    /** For each actor how many records it has. */
    private int[] counts = new int[FIRST_ROOM];

    /** For each time that a record counts for an actor: the actor's number, and where the record is. */
    private int[] actors = new int[FIRST_ROOM];

    private int[] places = new int[FIRST_ROOM];
    private int used;

    private SegmentActors() {}

    /**
     * Returns the index of the records of these blocks.
     *
     * @param leaves the leaf hashes of each block's records
     */
    public static ActorIndex index(List<RecordBlock> blocks, List<byte[]> leaves) {
        SegmentActors actors = new SegmentActors();
        for (int i = 0; i < blocks.size(); i++) {
            actors.add(blocks.get(i), i);
            Courtesy.endTurn();
        }
        return actors.hash(leaves);
    }

    private void add(RecordBlock block, int ordinal) {
        for (int i = 0; i < block.count(); i++) {
            // A block has at most 65,536 records, so that block and record have room in 32 bits.
            int place = ordinal << 16 | i;
            if (block.isNotice(i)) {
                add(ActorEntry.NOTICES, 0, place);
            }
            if (block.privileged(i)) {
                add(ActorEntry.PRIVILEGED, 0, place);
            }
            for (int actor = 0; actor < LeafHeader.ACTORS_MAX; actor++) {
                Tag tag = block.actorTag(i, actor);
                if (tag != null) {
                    add(tag, block.actorSeq(i, actor), place);
                }
            }
        }
    }

    private void add(Tag tag, long count, int place) {
        int number = (int) numbers.get(tag) - 1;
        if (number < 0) {
            number = tags.size();
            numbers.set(tag, number + 1L);
            tags.add(tag);
            firsts.add(count);
            if (number == counts.length) {
                counts = Arrays.copyOf(counts, 2 * number);
            }
        }
        if (used == actors.length) {
            actors = Arrays.copyOf(actors, 2 * used);
            places = Arrays.copyOf(places, 2 * used);
        }
        actors[used] = number;
        places[used++] = place;
        counts[number]++;
    }

    private ActorIndex hash(List<byte[]> leaves) {
        int[] ends = new int[tags.size()];
        int sum = 0;
        for (int i = 0; i < ends.length; i++) {
            ends[i] = sum;
            sum += counts[i];
        }
        int[] sorted = new int[used];
        for (int i = 0; i < used; i++) {
            sorted[ends[actors[i]]++] = places[i];
        }
        List<ActorEntry> entries = new ArrayList<>(ends.length);
        for (int i = 0; i < ends.length; i++) {
            Digest root = root(leaves, sorted, ends[i] - counts[i], counts[i]);
            entries.add(new ActorEntry(tags.get(i), firsts.get(i), counts[i], root));
            Courtesy.after(i + 1);
        }
        entries.sort(Comparator.comparing(ActorEntry::tag));
        return new ActorIndex(entries);
    }

    /** Returns the root over an actor's leaves, hashed in runs after each of which a turn ends. */
    private Digest root(List<byte[]> leaves, int[] sorted, int from, int count) {
        if (count <= RUN) {
            gather(leaves, sorted, from, count);
            return Rfc6962.rootInPlace(digest, gathered, count);
        }
        CompactRange tree = new CompactRange();
        for (int done = 0; done < count; done += RUN) {
            int run = Math.min(RUN, count - done);
            gather(leaves, sorted, from + done, run);
            tree.appendAll(gathered, run);
            Courtesy.endTurn();
        }
        return tree.root();
    }

    private void gather(List<byte[]> leaves, int[] sorted, int from, int count) {
        for (int i = 0; i < count; i++) {
            int place = sorted[from + i];
            System.arraycopy(
                    leaves.get(place >>> 16),
                    Digest.BYTES * (place & 0xFFFF),
                    gathered,
                    Digest.BYTES * i,
                    Digest.BYTES);
        }
    }
}
