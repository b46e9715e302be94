package dev.evidencevault.cli;

import dev.evidencevault.deposit.DepositProgress;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Tells on standard error how far a backup or a restore is, every few seconds. For one thread. */
final class DepositReport implements DepositProgress {
    private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final double MIB = 1 << 20;

    private final Shell shell;
    private long next = System.nanoTime() + EVERY_NANOS;

    DepositReport(Shell shell) {
        this.shell = shell;
    }

    @Override
    public void at(long done, long total) {
        if (System.nanoTime() - next >= 0) {
            next = System.nanoTime() + EVERY_NANOS;
            String of = total < 0 ? "" : String.format(Locale.ROOT, " of %,.0f", total / MIB);
            shell.message(String.format(Locale.ROOT, "%,.0f%s MiB", done / MIB, of));
        }
    }
}
