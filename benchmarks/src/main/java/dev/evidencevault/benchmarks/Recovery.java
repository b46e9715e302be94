package dev.evidencevault.benchmarks;

import dev.evidencevault.Vault;
import dev.evidencevault.VaultOptions;
import dev.evidencevault.benchmarks.targets.AppendTarget;
import dev.evidencevault.benchmarks.targets.SampleEvents;
import dev.evidencevault.benchmarks.targets.TenantSequence;
import dev.evidencevault.benchmarks.targets.VaultTarget;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.format.LogId;
import dev.evidencevault.segment.SegmentIndexer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** How long opening takes after a writer was killed that had sealed nothing. */
final class Recovery {
    private static final String VAULT = "vault";

    private Recovery() {}

    /** Returns where the writer's journal is. */
    static Path journal(Setting setting) {
        return setting.path(VAULT).resolve("journal");
    }

    /**
     * Appends until it is killed. Sealing is held off: what is to be sealed waits for an index that never comes. The
     * vault stops taking events when too much waits for that, so the journal does not grow any further then.
     */
    static Map<String, Object> write(Setting setting) throws IOException {
        SampleEvents samples = setting.samples();
        TenantSequence tenants = setting.sequence();
        VaultOptions options = VaultTarget.plain()
                .withUnsealedBytesMax(3L << 30)
                .withSealAfter(Duration.ofDays(1))
                .withIndexer(new NoIndexYet());
        try (AppendTarget target = new VaultTarget(setting.path(VAULT), setting.tenants(), options);
                AppendTarget.Producer producer = target.producer()) {
            for (long i = 0; i < setting.events(); i++) {
                producer.append(tenants.at(i), samples.at(i));
            }
            producer.awaitDone();
        }
        throw new IOException("all " + setting.events() + " events were sealed before the writer was killed");
    }

    /** Waits for ever, as if sealing had stopped. */
    private static final class NoIndexYet implements SegmentIndexer {
        @Override
        public Builder begin(LogId log, long segment, int blocks) throws IOException {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new IOException("interrupted before there was an index");
        }
    }

    /** Opens what the writer left, in a JVM that has just started, and a copy of it in the JVM that is warm then. */
    static Map<String, Object> open(Setting setting) throws IOException, WrongKeyException {
        FileTree.copyDirectly(setting.path(VAULT), setting.path("copy"));
        Map<String, Object> result = new LinkedHashMap<>();
        Cost before = Cost.now();
        result.put("seconds", open(setting, VAULT));
        Cost cost = Cost.now().since(before);
        result.put("cpuSeconds", cost.cpuNanos() / 1e9);
        result.put("collectingMillis", cost.collectingMillis());
        System.gc();
        result.put("warmSeconds", open(setting, "copy"));
        FileTree.remove(setting.path("copy"));
        result.put("recoveredRecords", recovered);
        return result;
    }

    private static long recovered;

    private static double open(Setting setting, String name) throws IOException, WrongKeyException {
        VaultOptions options =
                setting.target() == AppendTarget.Kind.VAULT ? VaultTarget.indexed() : VaultTarget.plain();
        long begun = System.nanoTime();
        Vault vault = Vault.open(setting.path(name), VaultTarget.SECRET, options);
        double seconds = (System.nanoTime() - begun) / 1e9;
        recovered = vault.recoveredRecords();
        vault.close();
        return seconds;
    }
}
