package dev.evidencevault.actorindex;

import dev.evidencevault.crypto.merkle.CompactRange;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.LeafHeader;
import dev.evidencevault.format.LeafHeader.ActorCount;
import dev.evidencevault.format.LeafHeader.Tag;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Builds the index of records that come one after the other. Not safe for use by several threads at once. */
public final class ActorIndexBuilder {
    private final Map<Tag, Actor> actors = new HashMap<>();

    private static final class Actor {
        private final long first;
        private final CompactRange leaves = new CompactRange();

        Actor(long first) {
            this.first = first;
        }
    }

    /** Creates an index without records. */
    public ActorIndexBuilder() {}

    /** Returns the tags under which a record stands in an index. */
    public static List<Tag> tags(LeafHeader header) {
        List<Tag> tags = new ArrayList<>(4);
        if (header.kind().isNotice()) {
            tags.add(ActorEntry.NOTICES);
        }
        if (header.privileged()) {
            tags.add(ActorEntry.PRIVILEGED);
        }
        header.actors().forEach(actor -> tags.add(actor.tag()));
        return tags;
    }

    /** Adds the next record. */
    public void add(LeafHeader header, Digest leafHash) {
        for (Tag tag : tags(header)) {
            actors.computeIfAbsent(tag, none -> new Actor(first(header, none)))
                    .leaves
                    .append(leafHash);
        }
    }

    private static long first(LeafHeader header, Tag tag) {
        for (ActorCount actor : header.actors()) {
            if (actor.tag().equals(tag)) {
                return actor.seq();
            }
        }
        return 0;
    }

    /** Returns the index of what was added. */
    public ActorIndex build() {
        List<ActorEntry> entries = new ArrayList<>(actors.size());
        new TreeMap<>(actors)
                .forEach((tag, actor) ->
                        entries.add(new ActorEntry(tag, actor.first, actor.leaves.to(), actor.leaves.root())));
        return new ActorIndex(entries);
    }
}
