package dev.evidencevault.papers;

import dev.evidencevault.format.Gap;
import dev.evidencevault.format.LeafHeader.Tag;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.format.RecordKind;
import dev.evidencevault.format.Timestamps;
import java.util.HashSet;
import java.util.Set;

/** Counts what a bundle shows. For one thread. */
final class Totals implements StreamedPaper {
    /** From how many on actors are not counted any more: their pseudonyms are held in memory. */
    static final int ACTORS_MAX = 100_000;

    private final Set<Tag> actors = new HashSet<>();
    private long records;
    private long privileged;
    private long gaps;
    private long refused;
    private long changes;
    private long segments;
    private long locations;
    private long firstSeq = -1;
    private long lastSeq = -1;
    private long recordedFrom;
    private long recordedTo;
    private long occurredFrom = Long.MAX_VALUE;
    private long occurredTo = Long.MIN_VALUE;
    private long sealedAt = Long.MIN_VALUE;

    @Override
    public void record(ShownRecord shown) {
        LogRecord record = shown.record();
        if (records == 0) {
            firstSeq = record.seq();
            recordedFrom = record.recordedAt();
        }
        records++;
        lastSeq = record.seq();
        recordedTo = record.recordedAt();
        occurredFrom = Math.min(occurredFrom, record.occurredAt());
        occurredTo = Math.max(occurredTo, record.occurredAt());
        if (record.privileged()) {
            privileged++;
        }
        if (record.kind() == RecordKind.GAP) {
            gaps++;
            refused += Gap.of(record).events();
        }
        if (record.kind() == RecordKind.CHANGE) {
            changes++;
        }
        if (actors.size() <= ACTORS_MAX) {
            shown.header().actors().forEach(actor -> actors.add(actor.tag()));
        }
    }

    @Override
    public void location(Location location) {
        segments++;
        if (location.records() > 0) {
            locations++;
        }
        Location.End end = location.end();
        if (end != null) {
            sealedAt = end.record().recordedAt();
        }
    }

    long records() {
        return records;
    }

    long events() {
        return records - gaps - changes;
    }

    long privileged() {
        return privileged;
    }

    long gaps() {
        return gaps;
    }

    /** Returns how many events the gaps say were refused. */
    long refused() {
        return refused;
    }

    long changes() {
        return changes;
    }

    /** Returns how many segments the bundle names, or shows something of. */
    long segments() {
        return segments;
    }

    /** Returns in how many of these the records lay. */
    long locations() {
        return locations;
    }

    /** Returns when the last seal was made that the bundle shows, or the earliest time if it shows none. */
    long sealedAt() {
        return sealedAt;
    }

    /** Returns how many actors the records have, as a text: beyond the bound they are not counted. */
    String actors() {
        return actors.size() > ACTORS_MAX ? "more than " + ACTORS_MAX : String.valueOf(actors.size());
    }

    String firstSeq() {
        return records == 0 ? "" : String.valueOf(firstSeq);
    }

    String lastSeq() {
        return records == 0 ? "" : String.valueOf(lastSeq);
    }

    String recordedFrom() {
        return time(recordedFrom);
    }

    String recordedTo() {
        return time(recordedTo);
    }

    String occurredFrom() {
        return time(occurredFrom);
    }

    String occurredTo() {
        return time(occurredTo);
    }

    private String time(long nanos) {
        return records == 0 ? "" : Timestamps.format(nanos);
    }
}
