package dev.evidencevault.benchmarks;

import dev.evidencevault.benchmarks.targets.AppendTarget;
import dev.evidencevault.benchmarks.targets.SampleEvents;
import dev.evidencevault.benchmarks.targets.TenantSequence;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Appends the events of a setting as fast as the target takes them. */
final class Appending {
    /** The middle half of the run is called stationary. */
    private static final int QUARTERS = 4;

    /**
     * What it took.
     *
     * @param nanos until the last event was done
     * @param middlePerSecond the events that the producers got rid of in a second, in the middle half of each one's run;
     *     what is then not done yet is bounded by the target's queue
     */
    record Appended(long nanos, double middlePerSecond) {}

    private Appending() {}

    static Appended run(AppendTarget target, Setting setting) throws IOException, InterruptedException {
        SampleEvents samples = setting.samples();
        TenantSequence tenants = setting.sequence();
        int producers = setting.producers();
        CyclicBarrier start = new CyclicBarrier(producers + 1);
        try (ExecutorService threads = Executors.newFixedThreadPool(producers)) {
            List<Future<Double>> running = new ArrayList<>();
            for (int p = 0; p < producers; p++) {
                long from = setting.events() * p / producers;
                long to = setting.events() * (p + 1) / producers;
                Callable<Double> task = () -> {
                    try (AppendTarget.Producer producer = target.producer()) {
                        start.await();
                        return append(producer, samples, tenants, from, to);
                    }
                };
                running.add(threads.submit(task));
            }
            start.await();
            long begun = System.nanoTime();
            double middle = 0;
            for (Future<Double> one : running) {
                middle += one.get();
            }
            return new Appended(System.nanoTime() - begun, middle);
        } catch (ExecutionException e) {
            throw new IOException("a producer failed", e.getCause());
        } catch (BrokenBarrierException e) {
            throw new IOException("a producer did not start", e);
        }
    }

    /** Returns the events per second in the middle half. */
    private static double append(
            AppendTarget.Producer producer, SampleEvents samples, TenantSequence tenants, long from, long to)
            throws IOException {
        long quarter = (to - from) / QUARTERS;
        appendRange(producer, samples, tenants, from, quarter);
        long middleBegun = System.nanoTime();
        appendRange(producer, samples, tenants, from + quarter, 2 * quarter);
        long middleNanos = System.nanoTime() - middleBegun;
        appendRange(producer, samples, tenants, from + 3 * quarter, to - from - 3 * quarter);
        producer.awaitDone();
        return 2e9 * quarter / middleNanos;
    }

    private static void appendRange(
            AppendTarget.Producer producer, SampleEvents samples, TenantSequence tenants, long from, long count)
            throws IOException {
        for (long i = from; i < from + count; i++) {
            producer.append(tenants.at(i), samples.at(i));
        }
    }
}
