package dev.evidencevault.segment;

import dev.evidencevault.actorindex.ActorIndex;
import dev.evidencevault.format.LeafHeader.ActorCount;
import dev.evidencevault.format.LeafHeader.Tag;
import dev.evidencevault.format.LogRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gives each record of a log its counts: for every actor, how many of its records came before. Not safe for use by
 * several threads at once.
 */
public final class ActorCounters {
    private final Pseudonyms pseudonyms;
    private final Map<Tag, Long> counts = new HashMap<>();

    /** Creates counters that all stand at 0. */
    public ActorCounters(Pseudonyms pseudonyms) {
        this.pseudonyms = pseudonyms;
    }

    /** Sets the counters of a segment's actors to what they were after it. */
    void advance(ActorIndex table) {
        table.entries().forEach(entry -> counts.put(entry.tag(), entry.first() + entry.count()));
    }

    /** Sets the counters of a segment's actors to what they were before it. */
    void rewind(ActorIndex table) {
        table.entries().forEach(entry -> counts.put(entry.tag(), entry.first()));
    }

    /** Sets the counters of those of a segment's actors that were not seen before to what they were before it. */
    void begin(ActorIndex table) {
        table.entries().forEach(entry -> counts.putIfAbsent(entry.tag(), entry.first()));
    }

    /** Places a record that was read back. */
    public PlacedRecord place(LogRecord record) {
        @Nullable String service = record.service();
        return new PlacedRecord(
                new PlacedRecord.Line(record.line()),
                record.seq(),
                record.recordedAt(),
                record.occurredAt(),
                record.kind(),
                record.privileged(),
                pseudonyms.service(service),
                count(record.actorIds()));
    }

    private List<ActorCount> count(List<String> actorIds) {
        List<ActorCount> actors = new ArrayList<>(actorIds.size());
        for (String id : actorIds) {
            Tag tag = pseudonyms.actor(id);
            long seq = counts.getOrDefault(tag, 0L);
            counts.put(tag, seq + 1);
            actors.add(new ActorCount(tag, seq));
        }
        return actors;
    }
}
