package dev.evidencevault.benchmarks;

import dev.evidencevault.benchmarks.Appending.Appended;
import dev.evidencevault.benchmarks.targets.AppendTarget;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** How many events a second a target takes: until the last one is done, and until all are in their final form. */
final class Throughput {
    private Throughput() {}

    /** Appends the setting's events after a warm-up; also waits for the final form if this is asked for. */
    static Map<String, Object> measure(Setting setting, boolean settled) throws IOException, InterruptedException {
        warmUp(setting);
        Map<String, Object> result = new LinkedHashMap<>();
        double lineBytes = setting.samples().lineBytes(setting.sequence());
        try (AppendTarget target = setting.open("measured")) {
            System.gc();
            Cost before = Cost.now();
            long begun = System.nanoTime();
            Appended appended = Appending.run(target, setting);
            if (settled) {
                target.settle();
            }
            long nanos = settled ? System.nanoTime() - begun : appended.nanos();
            Cost cost = Cost.now().since(before);
            double events = setting.events();
            result.put("perSecond", 1e9 * events / nanos);
            result.put("donePerSecond", 1e9 * events / appended.nanos());
            result.put("middlePerSecond", appended.middlePerSecond());
            result.put("seconds", nanos / 1e9);
            result.put("lineBytes", lineBytes);
            result.put("cpuMicrosPerEvent", cost.cpuNanos() / 1e3 / events);
            result.put("allocatedBytesPerEvent", cost.allocatedBytes() / events);
            result.put("collectingMillis", cost.collectingMillis());
        }
        if (settled) {
            long bytes = FileTree.bytes(setting.path("measured"));
            result.put("diskBytes", bytes);
            result.put("diskToPlain", bytes / (lineBytes * setting.events()));
        }
        return result;
    }

    /** Does the same in a directory of its own, which it removes. */
    static void warmUp(Setting setting) throws IOException, InterruptedException {
        Setting warmup = setting.warmup();
        if (warmup.events() == 0) {
            return;
        }
        try (AppendTarget target = warmup.open("warm-up")) {
            Appending.run(target, warmup);
            target.settle();
        }
        FileTree.remove(warmup.path("warm-up"));
    }
}
