package dev.evidencevault.benchmarks.targets;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A producer that commits its events by the thousand, in the calling thread. */
abstract class BatchProducer implements AppendTarget.Producer {
    /** How many events one commit has. */
    static final int EVENTS = 1000;

    private final List<Runnable> waiting = new ArrayList<>(EVENTS);
    private int events;

    /** Adds an event to the batch. */
    abstract void add(int tenant, Sample sample) throws IOException;

    /** Makes the batch durable. */
    abstract void commit() throws IOException;

    @Override
    public final void append(int tenant, Sample sample) throws IOException {
        add(tenant, sample);
        if (++events == EVENTS) {
            awaitDone();
        }
    }

    @Override
    public final void append(int tenant, Sample sample, Runnable done) throws IOException {
        waiting.add(done);
        append(tenant, sample);
    }

    @Override
    public final void awaitDone() throws IOException {
        if (events > 0) {
            commit();
            events = 0;
            waiting.forEach(Runnable::run);
            waiting.clear();
        }
    }
}
