package dev.evidencevault.retention;

import dev.evidencevault.cases.Hold;
import dev.evidencevault.cases.Holds;
import dev.evidencevault.crypto.keys.TenantKeys;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.format.RecordKind;
import dev.evidencevault.segment.SealedLog;
import dev.evidencevault.segment.SegmentContent;
import dev.evidencevault.segment.SegmentFile;
import dev.evidencevault.segment.SegmentFile.BlockRef;
import dev.evidencevault.storage.Layout;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Finds what of a log is over: its first segments, as far as every event in them has been kept as long as it has to be, and as
 * far as no later segment is under the same key. Only segments that are old enough are decrypted. Changes nothing; for one
 * thread.
 */
public final class RetentionPlanner {
    /** So many keys a period is divided among: what is over goes at most so much later. */
    private static final int KEYS_PER_SHORTEST = 12;

    /** With so many keys for the longest period, a log never has all that it can have. */
    private static final int KEYS_PER_LONGEST = 64;

    private final RetentionRules rules;
    private final Holds holds;
    private final long now;

    /**
     * Creates a planner.
     *
     * @param now in nanoseconds since 1970
     */
    public RetentionPlanner(RetentionRules rules, Holds holds, long now) {
        this.rules = rules;
        this.holds = holds;
        this.now = now;
    }

    /** What is over of a log: what goes, and what waits for the rest of what is under its key. */
    private static final class Over {
        private final TreeMap<String, RetentionPlan.OfService> services = new TreeMap<>();
        private long last;
        private long leaves;
        private long bytes;
        private int keyAge;

        void add(String service, LogRecord record, @Nullable RetentionRule rule) {
            services.merge(
                    service,
                    new RetentionPlan.OfService(1, record.recordedAt(), record.recordedAt(), rule),
                    (before, one) -> new RetentionPlan.OfService(
                            before.records() + 1,
                            before.oldest(),
                            one.newest(),
                            before.rule() == null ? one.rule() : before.rule()));
        }

        void add(Over other) {
            other.services.forEach((service, more) -> services.merge(
                    service,
                    more,
                    (before, after) -> new RetentionPlan.OfService(
                            before.records() + after.records(),
                            before.oldest(),
                            after.newest(),
                            before.rule() == null ? after.rule() : before.rule())));
            last = other.last;
            leaves = other.leaves;
            bytes += other.bytes;
            keyAge = other.keyAge;
        }
    }

    /**
     * Plans for one log.
     *
     * @throws CorruptFileException if a segment is damaged
     */
    public RetentionPlan plan(String tenant, SealedLog log) throws IOException {
        List<RetentionPeriod> periods = rules.concerning(log.logId()).stream()
                .map(RetentionRule::period)
                .filter(period -> !period.isForEver())
                .sorted()
                .toList();
        long first = log.keys().firstSegment();
        List<Long> numbers = Layout.numbers(log.directory().segments(), Layout.SEGMENT_SUFFIX).stream()
                .filter(number -> number >= first)
                .toList();
        Over gone = new Over();
        if (periods.isEmpty()) {
            return plan(tenant, first, gone, 0, 0, false);
        }
        RetentionPeriod shortest = periods.getFirst();
        RetentionPeriod longest = periods.getLast();
        Over waiting = new Over();
        long waitingSegments = 0;
        boolean all = true;
        for (long number : numbers) {
            try (SegmentFile file = new SegmentFile(log.directory().segment(number))) {
                int age = keyAge(file, log.keys());
                if (waitingSegments > 0 && age != waiting.keyAge) {
                    gone.add(waiting);
                    waiting = new Over();
                    waitingSegments = 0;
                }
                Over over = shortest.isOver(file.sealRecord().recordedAt(), now) ? over(log, file, longest) : null;
                if (over == null) {
                    all = false;
                    break;
                }
                over.keyAge = age;
                waiting.add(over);
                waitingSegments++;
            }
        }
        if (all && waitingSegments > 0 && waiting.keyAge > 0) {
            gone.add(waiting);
            waitingSegments = 0;
        }
        int keys = log.keys().count(TenantKeys.Purpose.CONTENT);
        int oldestKeys = gone.last == 0 ? 0 : keys - gone.keyAge;
        return plan(tenant, first, gone, oldestKeys, waitingSegments, isRotationDue(log, numbers, shortest, longest));
    }

    private RetentionPlan plan(
            String tenant, long first, Over gone, int oldestKeys, long waitingSegments, boolean rotationDue) {
        long oldest = gone.services.values().stream()
                .mapToLong(RetentionPlan.OfService::oldest)
                .min()
                .orElse(Long.MAX_VALUE);
        List<Hold> keeping = holds.active(tenant, now).stream()
                .filter(hold -> oldest < hold.asOf())
                .toList();
        return new RetentionPlan(
                tenant,
                first,
                gone.last,
                gone.leaves,
                oldestKeys,
                gone.bytes,
                gone.services,
                waitingSegments,
                keeping,
                rotationDue);
    }

    /** Returns what a segment holds if all of it is over; null if something is not. */
    private @Nullable Over over(SealedLog log, SegmentFile file, RetentionPeriod longest) throws IOException {
        Over over = new Over();
        long newest = file.sealRecord().recordedAt();
        boolean events = false;
        SegmentContent content = new SegmentContent(file, log.keys());
        for (BlockRef block : file.blocks()) {
            if (!block.records()) {
                continue;
            }
            for (LogRecord record : content.records(block)) {
                // What tells of the log is kept as long as what stands beside it.
                if (record.kind() != RecordKind.EVENT) {
                    over.add("", record, null);
                    continue;
                }
                String service = record.service();
                Optional<RetentionRule> rule = rules.of(log.logId(), service);
                if (rule.isEmpty() || !rule.get().period().isOver(newest, now)) {
                    return null;
                }
                over.add(service == null ? "" : service, record, rule.get());
                events = true;
            }
        }
        if (!events && !longest.isOver(newest, now)) {
            return null;
        }
        over.last = file.number();
        over.leaves = file.sealRecord().seq() + 1;
        over.bytes = Files.size(file.path());
        return over;
    }

    private static int keyAge(SegmentFile file, TenantKeys keys) throws CorruptFileException {
        return file.keyAge(keys)
                .orElseThrow(() -> new CorruptFileException(file.path(), 0, "the segment is under none of these keys"));
    }

    /** Says whether events are under the newest keys for so long that others are to follow. */
    private boolean isRotationDue(SealedLog log, List<Long> numbers, RetentionPeriod shortest, RetentionPeriod longest)
            throws IOException {
        long step = Math.max(
                TimeUnit.DAYS.toNanos(1),
                Math.max(shortest.nanos() / KEYS_PER_SHORTEST, longest.nanos() / KEYS_PER_LONGEST));
        if (log.keys().count(TenantKeys.Purpose.CONTENT) > TenantKeys.KEYS_MAX - KEYS_PER_LONGEST / 2) {
            return false;
        }
        boolean events = false;
        long sealedAt = Long.MAX_VALUE;
        for (int i = numbers.size() - 1; i >= 0; i--) {
            try (SegmentFile file = new SegmentFile(log.directory().segment(numbers.get(i)))) {
                if (file.keyAge(log.keys()).orElse(0) > 0) {
                    break;
                }
                sealedAt = file.sealRecord().recordedAt();
                events |=
                        file.sealRecord().seq() - file.firstSeq() > file.seal().notices();
            }
        }
        return events && sealedAt <= now - step;
    }
}
