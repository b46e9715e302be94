package dev.evidencevault.benchmarks;

import dev.evidencevault.VaultOptions;
import dev.evidencevault.benchmarks.targets.AppendTarget;
import dev.evidencevault.benchmarks.targets.SampleEvents;
import dev.evidencevault.benchmarks.targets.VaultTarget;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/** What a tenant costs that does nothing: memory and open files. */
final class Idle {
    private static final int EVENTS_EACH = 3;
    private static final int COLLECTIONS = 3;
    private static final Duration IDLE_AFTER = Duration.ofSeconds(5);

    private Idle() {}

    /** Compares an open vault with one tenant with another that has all tenants, each with a few sealed records. */
    static Map<String, Object> measure(Setting setting) throws IOException, InterruptedException {
        Map<String, Object> result = new LinkedHashMap<>();
        long filesBefore = openFiles();
        try (AppendTarget one = open(setting, "one", 1)) {
            fill(one, setting.samples(), 1);
            long heapOne = heapAfterCollection();
            long filesOne = openFiles();
            long begun = System.nanoTime();
            try (AppendTarget all = open(setting, "all", setting.tenants())) {
                result.put("createSeconds", (System.nanoTime() - begun) / 1e9);
                begun = System.nanoTime();
                fill(all, setting.samples(), setting.tenants());
                result.put("fillSeconds", (System.nanoTime() - begun) / 1e9);
                result.put("heldHeapBytesPerTenant", (double) (heapAfterCollection() - heapOne) / setting.tenants());
                // Logs are looked at once in that time, so that the last are at rest after twice as long.
                Thread.sleep(IDLE_AFTER.multipliedBy(3).toMillis());
                long heapAll = heapAfterCollection();
                long filesAll = openFiles();
                result.put("heapBytesPerTenant", (double) (heapAll - heapOne) / setting.tenants());
                result.put("heapBytesOfVaultWithOne", heapOne);
                result.put("openFilesOfVaultWithOne", filesOne - filesBefore);
                result.put("openFiles", filesAll - filesOne);
            }
            result.put("diskBytesPerTenant", (double) FileTree.bytes(setting.path("all")) / setting.tenants());
        }
        return result;
    }

    private static AppendTarget open(Setting setting, String name, int tenants) throws IOException {
        VaultOptions options =
                setting.target() == AppendTarget.Kind.VAULT ? VaultTarget.indexed() : VaultTarget.plain();
        return new VaultTarget(setting.path(name), tenants, options.withIdleAfter(IDLE_AFTER));
    }

    private static void fill(AppendTarget target, SampleEvents samples, int tenants) throws IOException {
        try (AppendTarget.Producer producer = target.producer()) {
            for (int i = 0; i < EVENTS_EACH * tenants; i++) {
                producer.append(i % tenants, samples.at(i));
            }
            producer.awaitDone();
        }
        target.settle();
    }

    private static long heapAfterCollection() throws InterruptedException {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
            Thread.sleep(200);
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** Returns the number of files that this process has open; 0 where the system does not tell. */
    private static long openFiles() throws IOException {
        Path descriptors = Path.of("/proc/self/fd");
        if (!Files.isDirectory(descriptors)) {
            return 0;
        }
        try (Stream<Path> open = Files.list(descriptors)) {
            return open.count();
        }
    }
}
