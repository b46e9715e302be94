package dev.evidencevault.campaign;

import dev.evidencevault.Event;
import dev.evidencevault.Receipt;
import dev.evidencevault.TenantLog;
import dev.evidencevault.Vault;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** One thread of a writer: appends in every way that there is, for its tenants in turn, and reports what it got receipts for. */
final class AppendingThread {
    private static final int AT_ONCE = 5;

    private final Vault vault;
    private final WriterPlan plan;
    private final Progress progress;
    private final int thread;
    private final long[] appended;
    private final Deque<Waiting> waiting = new ArrayDeque<>();

    private record Waiting(int tenant, long number, CompletableFuture<Receipt> receipt) {}

    AppendingThread(Vault vault, WriterPlan plan, Progress progress, int thread) {
        this.vault = vault;
        this.plan = plan;
        this.progress = progress;
        this.thread = thread;
        this.appended = new long[plan.tenants()];
    }

    /** Appends until there are enough events. Fails as the vault does; what has receipts by then is reported. */
    void run() throws IOException {
        try {
            long sum = 0;
            for (long step = 0; plan.events() == 0 || sum < plan.events(); step++) {
                int tenant = (int) ((thread + step) % plan.tenants());
                TenantLog log = vault.tenant(WriterPlan.tenant(tenant));
                // Streams for the most part; with a small window, one way after the other.
                int way = (int) (step % Math.max(3, plan.window()));
                int count = way == 1 ? AT_ONCE : 1;
                switch (way) {
                    case 0 -> appendAndWait(log, tenant);
                    case 1 -> appendAllAndWait(log, tenant);
                    default -> append(log, tenant);
                }
                if (plan.sealEvery() > 0 && (sum + count) / plan.sealEvery() > sum / plan.sealEvery()) {
                    vault.seal();
                }
                sum += count;
            }
        } finally {
            report(Integer.MAX_VALUE);
        }
    }

    private Event next(int tenant) {
        NumberedEvent event = new NumberedEvent(plan.round(), thread, appended[tenant]);
        progress.append(thread, tenant, ++appended[tenant]);
        return event.event(plan.eventBytes());
    }

    private void appendAndWait(TenantLog log, int tenant) {
        Event event = next(tenant);
        log.appendAndWait(event);
        report(Integer.MAX_VALUE);
        progress.acknowledge(thread, tenant, appended[tenant]);
    }

    private void appendAllAndWait(TenantLog log, int tenant) {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            events.add(next(tenant));
        }
        log.appendAllAndWait(events);
        report(Integer.MAX_VALUE);
        progress.acknowledge(thread, tenant, appended[tenant]);
    }

    private void append(TenantLog log, int tenant) {
        Event event = next(tenant);
        CompletableFuture<Receipt> receipt = log.append(event);
        if (plan.flaw() == Flaw.RECEIPT_NOT_AWAITED) {
            progress.acknowledge(thread, tenant, appended[tenant]);
            return;
        }
        waiting.add(new Waiting(tenant, appended[tenant], receipt));
        report(Math.max(0, waiting.size() - plan.window()));
    }

    /** Reports what has its receipt, in order; waits for that many of them. */
    private void report(int least) {
        for (int reported = 0; ; reported++) {
            Waiting oldest = waiting.peek();
            if (oldest == null || reported >= least && !oldest.receipt().isDone()) {
                return;
            }
            // Throws what the vault failed with; whatever comes after it has no receipt that counts.
            oldest.receipt().join();
            progress.acknowledge(thread, oldest.tenant(), oldest.number());
            waiting.remove();
        }
    }
}
