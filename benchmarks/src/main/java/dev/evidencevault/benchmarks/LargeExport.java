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

/**
 * All records of one tenant among many, exported: how long each phase takes, beside the decompression of the same records
 * from one file, and what a writer of the same vault appends meanwhile and after.
 */
final class LargeExport {
    private static final int ACTORS = 1000;
    private static final int BATCH = 1024;
    private static final long OTHERS_SHARE = 1000;
    private static final long PACE_EVENTS = 20_000;

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

    /** A writer at a fixed pace keeps it or not while the export runs, and goes as fast as it can without one. */
    private void beside(Path vault, Path bundle, Map<String, Object> result) throws Exception {
        try (Vault open = Vault.open(vault, VaultTarget.SECRET, VaultOptions.defaults())) {
            AtomicBoolean stop = new AtomicBoolean();
            long[] appended = new long[1];
            Thread writer = Thread.ofPlatform().start(() -> {
                try {
                    TenantLog log = open.tenant("other-1");
                    long begun = System.nanoTime();
                    while (!stop.get()) {
                        append(log, BATCH);
                        appended[0] += BATCH;
                        long due = begun + (long) (1e9 * appended[0] / PACE_EVENTS);
                        long wait = due - System.nanoTime();
                        if (wait > 0) {
                            Thread.sleep(wait / 1_000_000, (int) (wait % 1_000_000));
                        }
                    }
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            Thread.sleep(2000);
            long before = appended[0];
            long begun = System.nanoTime();
            export(vault, bundle, false, new LinkedHashMap<>(), "beside");
            double seconds = (System.nanoTime() - begun) / 1e9;
            result.put("besideSeconds", seconds);
            result.put("besidePerSecond", (appended[0] - before) / seconds);
            before = appended[0];
            begun = System.nanoTime();
            Thread.sleep(10_000);
            result.put("alonePerSecond", (appended[0] - before) / ((System.nanoTime() - begun) / 1e9));
            stop.set(true);
            writer.join();
        }
    }
}
