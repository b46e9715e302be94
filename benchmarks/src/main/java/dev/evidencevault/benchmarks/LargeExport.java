package dev.evidencevault.benchmarks;

import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import dev.evidencevault.Actor;
import dev.evidencevault.Event;
import dev.evidencevault.TenantLog;
import dev.evidencevault.Vault;
import dev.evidencevault.VaultOptions;
import dev.evidencevault.benchmarks.targets.VaultTarget;
import dev.evidencevault.bundle.BundleFiles;
import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.cases.Order;
import dev.evidencevault.evidence.EvidenceExport;
import dev.evidencevault.evidence.ExportOptions;
import dev.evidencevault.evidence.ExportProgress.Phase;
import dev.evidencevault.reader.VaultReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * All records of one tenant among many, exported: how long each phase takes, beside the decompression of the same records
 * from one file, and what a writer of the same vault appends meanwhile and after.
 */
final class LargeExport {
    private static final int ACTORS = 1000;
    private static final int BATCH = 1024;
    private static final long OTHERS_SHARE = 1000;
    private static final long PACE_EVENTS = 20_000;
    private static final long WARM_UP_MILLIS = 5_000;
    private static final long ALONE_MILLIS = 10_000;

    private final Path directory;
    private final Setting setting;

    private LargeExport(Setting setting) {
        this.setting = setting;
        this.directory = setting.path("export");
    }

    static Map<String, Object> measure(Setting setting) throws Exception {
        return new LargeExport(setting).run();
    }

    private Map<String, Object> run() throws Exception {
        Files.createDirectory(directory);
        Path vault = directory.resolve("vault");
        Map<String, Object> result = new LinkedHashMap<>();
        try (Vault open = Vault.create(vault, VaultTarget.SECRET, VaultOptions.defaults())) {
            append(open.tenant("acme"), setting.events());
            for (int other = 1; other < setting.tenants(); other++) {
                append(open.tenant("other-" + other), setting.events() / OTHERS_SHARE);
            }
            open.seal();
        }
        Path bundle = directory.resolve("evidence.zip");
        for (boolean views : new boolean[] {false, true}) {
            String name = views ? "withViews" : "withoutViews";
            result.put(name + "Seconds", export(vault, bundle, views, result, name));
            result.put(name + "Bytes", Files.size(bundle));
            if (!views) {
                decompress(bundle, result);
            }
            Files.delete(bundle);
        }
        beside(vault, bundle, result);
        return result;
    }

    private static void append(TenantLog log, long events) throws IOException {
        Random random = new Random(20260101);
        List<Event> batch = new ArrayList<>();
        for (long i = 1; i <= events; i++) {
            batch.add(Event.of("document.read")
                    .service("documents")
                    .actor(Actor.tenant("user-" + random.nextInt(ACTORS)))
                    .target("document", "document-" + random.nextInt(10_000))
                    .build());
            if (batch.size() == BATCH || i == events) {
                log.appendAll(batch).join();
                batch = new ArrayList<>();
            }
        }
    }

    private static Order order() throws Exception {
        return Order.parse(("{\"order\":\"1\",\"issuer\":\"Court\",\"legalBasis\":\"Art. 1\",\"tenant\":\"acme\","
                        + "\"requestedBy\":\"Mori\",\"approvedBy\":\"Sato\"}")
                .getBytes(StandardCharsets.UTF_8));
    }

    private double export(Path vault, Path bundle, boolean views, Map<String, Object> result, String name)
            throws Exception {
        Map<Phase, Long> begun = new EnumMap<>(Phase.class);
        long start = System.nanoTime();
        ExportOptions options = ExportOptions.defaults().withViews(views).withProgress((phase, done, total) -> {
            begun.putIfAbsent(phase, System.nanoTime());
        });
        EvidenceExport.Result exported = new EvidenceExport(
                        VaultReader.open(vault, VaultTarget.SECRET), Clock.systemUTC(), options)
                .export(order(), bundle);
        long end = System.nanoTime();
        if (exported.records() < setting.events()) {
            throw new IOException("expected " + setting.events() + " records, found " + exported.records());
        }
        begun.put(Phase.READING, start);
        Phase[] phases = Phase.values();
        for (int i = 0; i < phases.length; i++) {
            long until = i + 1 < phases.length ? begun.getOrDefault(phases[i + 1], end) : end;
            result.put(name + "_" + phases[i], (until - begun.getOrDefault(phases[i], until)) / 1e9);
        }
        return (end - start) / 1e9;
    }

    /** What an export is compared with: the same lines out of one compressed file, into another. */
    private void decompress(Path bundle, Map<String, Object> result) throws IOException {
        Path compressed = directory.resolve("records.zst");
        try (BundleFiles files = BundleFiles.open(bundle);
                InputStream in = files.open(BundleLayout.RECORDS);
                OutputStream out = new ZstdOutputStream(Files.newOutputStream(compressed))) {
            result.put("recordBytes", in.transferTo(out));
        }
        long begun = System.nanoTime();
        try (InputStream in = new ZstdInputStream(Files.newInputStream(compressed));
                OutputStream out = Files.newOutputStream(directory.resolve("records.jsonl"))) {
            in.transferTo(out);
        }
        result.put("decompressSeconds", (System.nanoTime() - begun) / 1e9);
    }

    /** What a writer appends while the export runs and without one: at a pace, and as fast as it can. */
    private void beside(Path vault, Path bundle, Map<String, Object> result) throws Exception {
        try (Vault open = Vault.open(vault, VaultTarget.SECRET, VaultOptions.defaults())) {
            beside(open, bundle, PACE_EVENTS, "paced", result);
            beside(open, bundle, Long.MAX_VALUE, "free", result);
        }
    }

    private void beside(Vault vault, Path bundle, long pace, String name, Map<String, Object> result) throws Exception {
        TenantLog log = vault.tenant("other-1");
        AtomicBoolean stop = new AtomicBoolean();
        AtomicLong appended = new AtomicLong();
        Thread writer = Thread.ofPlatform().start(() -> appendUntil(stop, log, pace, appended));
        Thread.sleep(WARM_UP_MILLIS);
        long before = appended.get();
        long begun = System.nanoTime();
        export(directory.resolve("vault"), bundle, false, new LinkedHashMap<>(), name);
        result.put(name + "BesideSeconds", (System.nanoTime() - begun) / 1e9);
        result.put(name + "BesidePerSecond", rate(appended.get() - before, begun));
        Files.delete(bundle);
        before = appended.get();
        begun = System.nanoTime();
        Thread.sleep(ALONE_MILLIS);
        result.put(name + "AlonePerSecond", rate(appended.get() - before, begun));
        stop.set(true);
        writer.join();
    }

    private static double rate(long events, long begun) {
        return events / ((System.nanoTime() - begun) / 1e9);
    }

    private static void appendUntil(AtomicBoolean stop, TenantLog log, long pace, AtomicLong appended) {
        try {
            long begun = System.nanoTime();
            while (!stop.get()) {
                append(log, BATCH);
                long due = begun + (long) (1e9 * appended.addAndGet(BATCH) / pace);
                long wait = due - System.nanoTime();
                if (wait > 0) {
                    Thread.sleep(wait / 1_000_000, (int) (wait % 1_000_000));
                }
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
