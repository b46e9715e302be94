package dev.evidencevault;

import dev.evidencevault.AppendRefusedException.Reason;
import dev.evidencevault.format.Gap;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is left of one tenant's quota, and what was refused and is not in its log yet. Safe for use by several threads. */
final class Allowance {
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final String tenant;
    private final TenantQuota quota;
    private final boolean limited;

    // Guarded by this.
    private double events;
    private double bytes;
    private long filledAt;
    private long refusedFrom;
    private long refusedTo;
    private final Map<Reason, Long> refused = new EnumMap<>(Reason.class);
    private boolean told = true;

    /** Creates a full allowance at a time in nanoseconds since 1970. */
    Allowance(String tenant, TenantQuota quota, long now) {
        this.tenant = tenant;
        this.quota = quota;
        this.limited = !quota.equals(TenantQuota.UNLIMITED);
        this.events = (double) quota.eventsPerSecond();
        this.bytes = (double) quota.bytesPerSecond();
        this.filledAt = now;
    }

    boolean isLimited() {
        return limited;
    }

    TenantQuota quota() {
        return quota;
    }

    /** Takes of the allowance; returns why that is not possible, or null. More than a second's allowance never is. */
    synchronized @Nullable Reason take(long now, long moreEvents, long moreBytes) {
        double seconds = Math.max(0, now - filledAt) / (double) NANOS_PER_SECOND;
        filledAt = now;
        events = Math.min((double) quota.eventsPerSecond(), events + seconds * quota.eventsPerSecond());
        bytes = Math.min((double) quota.bytesPerSecond(), bytes + seconds * quota.bytesPerSecond());
        if (events < moreEvents) {
            return Reason.RATE;
        }
        if (bytes < moreBytes) {
            return Reason.BYTES;
        }
        events -= moreEvents;
        bytes -= moreBytes;
        return null;
    }

    /** Notes a refusal; says whether it is the first since the last was told. */
    synchronized boolean refuse(Reason reason, long now, long moreEvents) {
        boolean first = told;
        if (first) {
            refusedFrom = now;
            refusedTo = now;
            told = false;
        }
        refusedTo = Math.max(refusedTo, now);
        refused.merge(reason, moreEvents, Long::sum);
        return first;
    }

    /** Takes what was refused since the last time; null if that is nothing. */
    synchronized @Nullable Gap tell() {
        if (told) {
            return null;
        }
        told = true;
        Gap gap = new Gap(
                tenant,
                refusedFrom,
                refusedTo,
                refused.getOrDefault(Reason.RATE, 0L),
                refused.getOrDefault(Reason.BYTES, 0L),
                refused.getOrDefault(Reason.QUEUE, 0L));
        refused.clear();
        return gap;
    }

    synchronized boolean hasTold() {
        return told;
    }
}
