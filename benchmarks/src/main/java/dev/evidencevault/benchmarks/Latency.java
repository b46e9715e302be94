package dev.evidencevault.benchmarks;

import dev.evidencevault.benchmarks.targets.AppendTarget;
import dev.evidencevault.benchmarks.targets.SampleEvents;
import dev.evidencevault.benchmarks.targets.TenantSequence;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * How long an event takes until it is done, at a share of the rate that the target has kept up just before. Events are
 * due at fixed times, whatever became of those before them, and their time counts from when they were due: a target that
 * stops for a while makes all of them late (no coordinated omission).
 *
 * <p>The one thread that appends sleeps when nothing is due, since spinning would take a processor from the target. What
 * it wakes too late is part of the time, and is told apart as well.
 */
final class Latency {
    /** The shares of the steady rate, in percent. */
    static final int[] LOADS = {25, 50, 80};

    private static final int GROUP_LINES = 1000;
    /** At the beginning of each load, while code that is new to the JVM is compiled. */
    private static final int UNRECORDED_SECONDS = 10;

    private static final long SLEEP_NANOS = 20_000;

    private Latency() {}

    static Map<String, Object> measure(Setting setting) throws IOException, InterruptedException {
        Map<String, Object> result = new LinkedHashMap<>(Throughput.measure(setting, true));
        FileTree.remove(setting.path("measured"));
        double rate = (double) result.getOrDefault("perSecond", 0.0);
        double lineBytes = (double) result.getOrDefault("lineBytes", 0.0);
        int groupBytes = (int) (GROUP_LINES * lineBytes);
        result.put("groupBytes", groupBytes);
        List<Map<String, Object>> loads = new ArrayList<>();
        for (int percent : LOADS) {
            Map<String, Object> load = new LinkedHashMap<>();
            load.put("percent", percent);
            load.putAll(DiskProbe.measure(setting.path("."), 4096, 65536, groupBytes));
            load.putAll(atRate(setting, rate * percent / 100));
            loads.add(load);
        }
        result.put("loads", loads);
        return result;
    }

    private static Map<String, Object> atRate(Setting setting, double perSecond) throws IOException {
        SampleEvents samples = setting.samples();
        TenantSequence tenants = setting.sequence();
        Histogram done = new ConcurrentHistogram(3);
        Histogram ignored = new ConcurrentHistogram(3);
        Histogram appended = new Histogram(3);
        double nanosEach = 1e9 / perSecond;
        long unrecorded = (long) (perSecond * UNRECORDED_SECONDS);
        long events = (long) (perSecond * setting.seconds());
        long nanos;
        try (AppendTarget target = setting.open("latency");
                AppendTarget.Producer producer = target.producer()) {
            System.gc();
            long begun = System.nanoTime();
            for (long i = 0; i < unrecorded + events; i++) {
                long due = begun + (long) (i * nanosEach);
                while (System.nanoTime() < due) {
                    LockSupport.parkNanos(SLEEP_NANOS);
                }
                if (i < unrecorded) {
                    producer.append(tenants.at(i), samples.at(i), () -> ignored.recordValue(System.nanoTime() - due));
                } else {
                    appended.recordValue(System.nanoTime() - due);
                    producer.append(tenants.at(i), samples.at(i), () -> done.recordValue(System.nanoTime() - due));
                }
            }
            producer.awaitDone();
            nanos = System.nanoTime() - begun;
        }
        FileTree.remove(setting.path("latency"));
        if (done.getTotalCount() != events) {
            throw new IOException("expected " + events + " events to be done, found " + done.getTotalCount());
        }
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("events", events);
        result.put("wantedPerSecond", perSecond);
        result.put("reachedPerSecond", 1e9 * (events + unrecorded) / nanos);
        result.put("p50Micros", done.getValueAtPercentile(50) / 1e3);
        result.put("p99Micros", done.getValueAtPercentile(99) / 1e3);
        result.put("p999Micros", done.getValueAtPercentile(99.9) / 1e3);
        result.put("maxMicros", done.getMaxValue() / 1e3);
        result.put("lateP50Micros", appended.getValueAtPercentile(50) / 1e3);
        result.put("lateP99Micros", appended.getValueAtPercentile(99) / 1e3);
        return result;
    }
}
