package dev.evidencevault.benchmarks;

import java.util.ArrayDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** What one thread has in flight: at most so many appends. Belongs to that thread. */
final class Window {
    private final int events;
    private final ArrayDeque<Future<?>> inFlight;

    Window(int events) {
        this.events = events;
        this.inFlight = new ArrayDeque<>(events);
    }

    /** Appends events to one target, tenant after tenant, and returns when all of them are done. */
    void append(AppendTarget target, SampleEvents samples, int tenants, long from, int count)
            throws ExecutionException, InterruptedException {
        for (long position = from; position < from + count; position++) {
            if (inFlight.size() == events) {
                inFlight.remove().get();
            }
            inFlight.add(target.append((int) (position % tenants), samples.at(position)));
        }
        while (!inFlight.isEmpty()) {
            inFlight.remove().get();
        }
    }
}
