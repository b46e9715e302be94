package dev.evidencevault.segment;

import dev.evidencevault.format.LeafHeader.Tag;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How many records each pseudonym has, in one array: 24 bytes for a place, at most half of them taken. Pseudonyms are
 * pseudo-random, so that their bits are their hash. Not safe for use by several threads at once.
 */
public final class TagCounts {
    private static final int PLACES_MIN = 4;

    /** For each place the pseudonym's halves and the count and 1; 0 if it is free. */
    private long[] places = new long[3 * PLACES_MIN];

    private int taken;

    /** Creates counts that all stand at 0. */
    public TagCounts() {}

    /** Returns how many records a pseudonym has, and counts one more. */
    public long next(Tag tag) {
        int at = place(tag.high(), tag.low());
        if (places[at + 2] == 0) {
            put(at, tag, 1);
            return 0;
        }
        return places[at + 2]++ - 1;
    }

    /** Returns how many records a pseudonym has. */
    public long get(Tag tag) {
        return Math.max(0, places[place(tag.high(), tag.low()) + 2] - 1);
    }

    /** Sets how many records a pseudonym has. */
    public void set(Tag tag, long count) {
        int at = place(tag.high(), tag.low());
        if (places[at + 2] == 0) {
            put(at, tag, count);
        } else {
            places[at + 2] = count + 1;
        }
    }

    /** Returns the pseudonyms that have a record, ascending. */
    SortedMap<Tag, Long> asMap() {
        SortedMap<Tag, Long> all = new TreeMap<>();
        for (int at = 0; at < places.length; at += 3) {
            if (places[at + 2] != 0) {
                all.put(new Tag(places[at], places[at + 1]), places[at + 2] - 1);
            }
        }
        return all;
    }

    private void put(int at, Tag tag, long count) {
        places[at] = tag.high();
        places[at + 1] = tag.low();
        places[at + 2] = count + 1;
        taken++;
        if (6 * taken > places.length) {
            grow();
        }
    }

    private int place(long high, long low) {
        int mask = places.length / 3 - 1;
        int index = (int) low & mask;
        while (places[3 * index + 2] != 0 && (places[3 * index] != high || places[3 * index + 1] != low)) {
            index = index + 1 & mask;
        }
        return 3 * index;
    }

    private void grow() {
        long[] before = places;
        places = new long[2 * before.length];
        for (int at = 0; at < before.length; at += 3) {
            if (before[at + 2] != 0) {
                int to = place(before[at], before[at + 1]);
                System.arraycopy(before, at, places, to, 3);
            }
        }
    }
}
