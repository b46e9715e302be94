package dev.evidencevault.cli;

import dev.evidencevault.evidence.ExportProgress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Tells the user, on standard error, how far an export is and how long its phase will take: nothing of short ones. */
final class ExportReport implements ExportProgress {
    private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final int PERCENT = 100;

    private final Shell shell;
    private final long started = System.nanoTime();
    private @Nullable Phase phase;
    private long begun;
    private long doneBefore;
    private long next = started + EVERY_NANOS;

    ExportReport(Shell shell) {
        this.shell = shell;
    }

    @Override
    public void at(Phase now, long done, long total) {
        long time = System.nanoTime();
        boolean first = now != phase;
        if (first) {
            phase = now;
            begun = time;
            doneBefore = done;
        }
        if (time < next && !(first && time - started > EVERY_NANOS)) {
            return;
        }
        next = time + EVERY_NANOS;
        shell.message(now.label() + text(time - begun, done, total));
    }

    private String text(long nanos, long done, long total) {
        if (total <= 0) {
            return "";
        }
        String percent = ": " + PERCENT * done / total + " %";
        long since = done - doneBefore;
        if (since <= 0 || nanos < EVERY_NANOS / 2 || done >= total) {
            return percent;
        }
        return percent + ", about " + TimeUnit.NANOSECONDS.toSeconds((long) ((double) nanos / since * (total - done)))
                + " s left";
    }
}
