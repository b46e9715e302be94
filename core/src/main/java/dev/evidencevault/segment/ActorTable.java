package dev.evidencevault.segment;

import dev.evidencevault.format.LeafHeader;
import dev.evidencevault.format.LeafHeader.ActorCount;
import dev.evidencevault.format.LeafHeader.Tag;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/**
 * The actors of a segment, by pseudonym, with their counts. Ascending by pseudonym, as unsigned bytes.
 *
 * @param entries one for each actor
 */
record ActorTable(List<Entry> entries) {
    private static final int ENTRY_BYTES = Tag.BYTES + 16;
    private static final Comparator<Tag> UNSIGNED = (a, b) -> {
        int high = Long.compareUnsigned(a.high(), b.high());
        return high != 0 ? high : Long.compareUnsigned(a.low(), b.low());
    };

    /** An actor: the count of its first record in the segment, and how many it has there. */
    record Entry(Tag tag, long first, long count) {}

    static ActorTable of(List<PlacedRecord> records) {
        TreeMap<Tag, Entry> entries = new TreeMap<>(UNSIGNED);
        for (PlacedRecord record : records) {
            for (ActorCount actor : record.actors()) {
                entries.merge(
                        actor.tag(),
                        new Entry(actor.tag(), actor.seq(), 1),
                        (first, next) -> new Entry(first.tag(), first.first(), first.count() + 1));
            }
        }
        return new ActorTable(List.copyOf(entries.values()));
    }

    /** The actors of records that wait to be sealed. */
    static ActorTable ofBlocks(List<RecordBlock> blocks) {
        TagCounts counts = new TagCounts();
        List<ActorCount> firsts = new ArrayList<>();
        for (RecordBlock block : blocks) {
            for (int i = 0; i < block.count(); i++) {
                for (int actor = 0; actor < LeafHeader.ACTORS_MAX; actor++) {
                    Tag tag = block.actorTag(i, actor);
                    if (tag != null && counts.next(tag) == 0) {
                        firsts.add(new ActorCount(tag, block.actorSeq(i, actor)));
                    }
                }
            }
        }
        return new ActorTable(firsts.stream()
                .map(first -> new Entry(first.tag(), first.seq(), counts.get(first.tag())))
                .sorted(Comparator.comparing(Entry::tag, UNSIGNED))
                .toList());
    }

    byte[] encode() {
        ByteBuffer buffer = ByteBuffer.allocate(ENTRY_BYTES * entries.size());
        for (Entry entry : entries) {
            buffer.putLong(entry.tag().high())
                    .putLong(entry.tag().low())
                    .putLong(entry.first())
                    .putLong(entry.count());
        }
        return buffer.array();
    }

    static ActorTable decode(byte[] bytes) {
        if (bytes.length % ENTRY_BYTES != 0) {
            throw new IllegalArgumentException("an actor table has entries of 32 bytes, found " + bytes.length);
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        List<Entry> entries = new ArrayList<>();
        while (buffer.hasRemaining()) {
            Entry entry = new Entry(Tag.read(buffer), buffer.getLong(), buffer.getLong());
            if (entry.first() < 0
                    || entry.count() < 1
                    || !entries.isEmpty()
                            && UNSIGNED.compare(entries.get(entries.size() - 1).tag(), entry.tag()) >= 0) {
                throw new IllegalArgumentException("the entries of an actor table do not ascend");
            }
            entries.add(entry);
        }
        return new ActorTable(entries);
    }
}
