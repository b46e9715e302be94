package dev.evidencevault;

import dev.evidencevault.format.Change;
import dev.evidencevault.format.Change.What;
import dev.evidencevault.format.Timestamps;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Notices when the clock is set back, which records do not show: theirs never runs backwards. For one thread. */
final class ClockWatch {
    /** What the correction of a clock that is kept right may take back. */
    private static final long TOLERANCE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private long latest = Long.MIN_VALUE;

    /** Takes the time; returns the change if it is more than a second before the latest that was seen. */
    @Nullable
    Change see(long now) {
        long before = latest;
        if (before == Long.MIN_VALUE || now >= before - TOLERANCE_NANOS) {
            latest = Math.max(before, now);
            return null;
        }
        latest = now;
        return new Change(
                What.CLOCK, Timestamps.format(before), Timestamps.format(now), "the clock of the machine was set back");
    }
}
