package dev.evidencevault.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;

/**
 * What this process has used so far.
 *
 * @param cpuNanos processor time, user and system, of all threads
 * @param allocatedBytes heap that all threads have allocated
 * @param collectingMillis time in garbage collections
 */
record Cost(long cpuNanos, long allocatedBytes, long collectingMillis) {
    static Cost now() {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
        long collecting = ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                .sum();
        return new Cost(system.getProcessCpuTime(), threads.getTotalThreadAllocatedBytes(), collecting);
    }

    Cost since(Cost before) {
        return new Cost(
                cpuNanos - before.cpuNanos,
                allocatedBytes - before.allocatedBytes,
                collectingMillis - before.collectingMillis);
    }
}
