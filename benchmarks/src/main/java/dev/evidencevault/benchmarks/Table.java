package dev.evidencevault.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.benchmarks.targets.AppendTarget;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Measures whole runs of the vault and its peers and prints tables: {@code benchmarks/run steady}. Every measurement has
 * a JVM of its own, targets take turns within a round, and a table has the medians of all rounds.
 */
public final class Table {
    private static final String FAST =
            "vault,vault_no_index,raw_1000,raw_group,logback_immediate,logback_buffered,log4j2_async,chronicle_queue";

    /** These take long for each event. */
    private static final String INDEXED = "vault,rocksdb,sqlite,postgresql";

    private static final String VAULT_AND_RAW = "vault,vault_no_index,raw_1000,raw_group";
    private static final String VAULTS = "vault,vault_no_index";

    /** More than a writer appends before it is killed. */
    private static final long RECOVERY_EVENTS = 1L << 40;

    private static final long POLL_MILLIS = 50;

    /** A journal that is longer has events; a shorter one waits until all tenants are there. */
    private static final long JOURNAL_BEGUN_BYTES = 8 << 20;

    /** A journal that has not grown for this long is as large as it gets. */
    private static final long STANDSTILL_MILLIS = 3000;

    private final Rounds rounds;

    private Table(Rounds rounds) {
        this.rounds = rounds;
    }

    /** Runs a command. */
    public static void main(String[] args) throws Exception {
        if (args.length == 0 || args[0].equals("--help") || args[0].equals("help")) {
            usage();
            return;
        }
        try {
            Options given = Options.parse(Arrays.asList(args).subList(1, args.length));
            Options options = args[0].equals("quick")
                    ? given.orElse("rounds", "1").orElse("events", "100000").orElse("warmup", "50000")
                    : given;
            try (Rounds rounds = new Rounds(args[0], options)) {
                new Table(rounds).run(args[0], options);
                if (rounds.failures() > 0) {
                    System.err.println("benchmarks: " + rounds.failures() + " measurements failed");
                    System.exit(1);
                }
            }
        } catch (IllegalArgumentException e) {
            System.err.println("benchmarks: " + e.getMessage());
            System.exit(2);
        }
    }

    private static void usage() {
        System.out.println("""
                benchmarks/run COMMAND [--option value ...]

                  steady    events a second, everything sealed in the end
                  burst     events a second until the last one is done
                  latency   time until an event is done, at 25, 50 and 80 percent of the steady rate
                  recovery  time to open after a kill
                  idle      memory and open files of idle tenants
                  verify    events a second that are verified
                  proofs    sizes of proofs, and how long bundles take to verify
                  export    an export of all records of one tenant among many, beside a writer
                  backup    a backup of a directory and its restore, beside tar and zstd
                  search    questions about one tenant
                  tenants   a tenant's first question among many, and many at once
                  all       all of these, at the sizes that the documentation states; hours
                  quick     all of these, once and small: says that they work, not how fast; minutes
                  jmh       JMH, with its own options
                """);
        Options.NAMES.forEach((name, meaning) -> System.out.printf("  --%-14s %s%n", name, meaning));
    }

    private void run(String command, Options options) throws IOException, InterruptedException {
        switch (command) {
            case "steady" -> steady(options);
            case "burst" -> burst(options);
            case "latency" -> latency(options);
            case "recovery" -> recovery(options);
            case "idle" -> idle(options);
            case "verify" -> verify(options);
            case "proofs" -> proofs(options);
            case "export" -> export(options);
            case "backup" -> backup(options);
            case "search" -> search(options);
            case "tenants" -> tenants(options);
            case "all" -> all(options);
            case "quick" -> quick(options);
            default -> throw new IllegalArgumentException("there is no command " + command + "; try --help");
        }
    }

    private void all(Options options) throws IOException, InterruptedException {
        steady(options.orElse("targets", FAST));
        steady(options.orElse("targets", INDEXED).orElse("events", "500000"));
        Options vaultAndRaw = options.orElse("targets", VAULT_AND_RAW);
        steady(vaultAndRaw.with("tenants", "1,10000"));
        steady(vaultAndRaw.with("tenants", "100,10000").with("distribution", "zipf"));
        steady(vaultAndRaw.with("size", "200,2048,cloudtrail").orElse("events", "3000000"));
        steady(vaultAndRaw.with("producers", "2"));
        burst(options);
        latency(options);
        recovery(options);
        idle(options);
        verify(options);
        proofs(options);
        export(options.orElse("tenants", "100"));
        backup(options);
        search(options);
        tenants(options);
    }

    private void quick(Options options) throws IOException, InterruptedException {
        steady(options);
        Options raw = options.orElse("targets", "vault,raw_1000,raw_group");
        steady(raw.with("size", "200,cloudtrail").with("tenants", "1").with("producers", "2"));
        burst(raw.orElse("tenants", "1,1000").orElse("distribution", "zipf"));
        latency(raw.orElse("seconds", "2"));
        recovery(options.orElse("journal-bytes", Long.toString(64 << 20)).orElse("tenants", "100"));
        idle(options.orElse("tenants", "500"));
        verify(options);
        proofs(options);
        export(options.orElse("tenants", "3"));
        backup(options);
        search(options);
        tenants(options);
    }

    private void steady(Options options) throws IOException, InterruptedException {
        Series series = rounds.measure(Measurement.STEADY, options.settings("all", 6_000_000, 4_000_000));
        print(
                "Steady: events a second, sealed",
                series,
                scenarioAnd(
                        " events/s",
                        " least",
                        " most",
                        " × raw",
                        " × group",
                        " middle",
                        " CPU µs",
                        " heap B",
                        " GC ms",
                        " disk"),
                setting -> {
                    List<String> row = new ArrayList<>(scenario(series, setting));
                    row.addAll(rates(series, setting));
                    row.add(whole(series.median(setting, "middlePerSecond")));
                    row.add(fixed(series.median(setting, "cpuMicrosPerEvent")));
                    row.add(whole(series.median(setting, "allocatedBytesPerEvent")));
                    row.add(whole(series.median(setting, "collectingMillis")));
                    row.add(fixed(series.median(setting, "diskToPlain")));
                    return List.of(row);
                });
    }

    private void burst(Options options) throws IOException, InterruptedException {
        Series series = rounds.measure(
                Measurement.BURST,
                options.orElse("tenants", "1,100,10000").settings(VAULT_AND_RAW, 3_000_000, 1_000_000));
        print(
                "Burst: events a second, done",
                series,
                scenarioAnd(" events/s", " least", " most", " × raw", " × group", " CPU µs", " heap B"),
                setting -> {
                    List<String> row = new ArrayList<>(scenario(series, setting));
                    row.addAll(rates(series, setting));
                    row.add(fixed(series.median(setting, "cpuMicrosPerEvent")));
                    row.add(whole(series.median(setting, "allocatedBytesPerEvent")));
                    return List.of(row);
                });
    }

    private void latency(Options options) throws IOException, InterruptedException {
        Series series = rounds.measure(Measurement.LATENCY, options.settings(VAULT_AND_RAW, 2_000_000, 1_000_000));
        print(
                "Latency: microseconds until an event is done; fdatasync alone beside it (p50 / p99)",
                series,
                scenarioAnd(
                        " load %",
                        " events/s",
                        " p50",
                        " p99",
                        " p99.9",
                        " max",
                        " late p99",
                        " sync 4 KiB",
                        " sync 64 KiB",
                        " sync 1,000 lines"),
                setting -> {
                    List<List<String>> rows = new ArrayList<>();
                    for (int i = 0; i < Latency.LOADS.length; i++) {
                        rows.add(latencyRow(series, setting, i));
                    }
                    return rows;
                });
    }

    private static List<String> latencyRow(Series series, Setting setting, int load) {
        ToDoubleFunction<JsonNode> group = result -> result.path("groupBytes").asDouble();
        List<String> row = new ArrayList<>(scenario(series, setting));
        row.add(whole(Latency.LOADS[load]));
        for (String name :
                List.of("reachedPerSecond", "p50Micros", "p99Micros", "p999Micros", "maxMicros", "lateP99Micros")) {
            row.add(whole(ofLoad(series, setting, load, name)));
        }
        for (long bytes : new long[] {4096, 65536, (long) series.median(setting, group)}) {
            row.add(whole(ofLoad(series, setting, load, "fdatasync" + bytes + "P50Micros"))
                    + " / "
                    + whole(ofLoad(series, setting, load, "fdatasync" + bytes + "P99Micros")));
        }
        return row;
    }

    private static double ofLoad(Series series, Setting setting, int load, String name) {
        return series.median(
                setting, result -> result.path("loads").path(load).path(name).asDouble());
    }

    private void recovery(Options options) throws IOException, InterruptedException {
        List<Setting> settings = options.orElse("tenants", "1,100,10000").settings(VAULTS, 0, 0).stream()
                .map(setting -> setting.withEvents(RECOVERY_EVENTS))
                .toList();
        Series series = rounds.measure("RECOVERY", settings, setting -> {
            long journalBytes = writeUntilKilled(setting, options.journalBytes());
            ObjectNode result = (ObjectNode) rounds.inNewJvm(Measurement.RECOVERY_OPEN, setting);
            double plainBytes = result.path("recoveredRecords").asDouble()
                    * setting.samples().lineBytes(setting.sequence());
            return result.put("journalBytes", journalBytes)
                    .put("plainBytes", plainBytes)
                    .put(
                            "plainMegabytesPerSecond",
                            plainBytes / 1e6 / result.path("seconds").asDouble())
                    .put(
                            "warmMegabytesPerSecond",
                            (double) journalBytes
                                    / 1e6
                                    / result.path("warmSeconds").asDouble())
                    .put(
                            "megabytesPerSecond",
                            (double) journalBytes / 1e6 / result.path("seconds").asDouble());
        });
        print(
                "Recovery: opening after the writer was killed",
                series,
                List.of(
                        "target",
                        " tenants",
                        " journal MB",
                        " plain MB",
                        " records",
                        " s",
                        " CPU s",
                        " journal MB/s",
                        " plain MB/s",
                        " s warm",
                        " warm MB/s"),
                setting -> List.of(List.of(
                        setting.target().name(),
                        whole(setting.tenants()),
                        whole(series.median(setting, "journalBytes") / 1e6),
                        whole(series.median(setting, "plainBytes") / 1e6),
                        whole(series.median(setting, "recoveredRecords")),
                        fixed(series.median(setting, "seconds")),
                        fixed(series.median(setting, "cpuSeconds")),
                        fixed(series.median(setting, "megabytesPerSecond")),
                        fixed(series.median(setting, "plainMegabytesPerSecond")),
                        fixed(series.median(setting, "warmSeconds")),
                        fixed(series.median(setting, "warmMegabytesPerSecond")))));
    }

    /** Kills a writer when its journal has this size, or grows no more, and returns the size. */
    private long writeUntilKilled(Setting setting, long journalBytesMin) throws IOException, InterruptedException {
        try (MeasuringProcess writer = rounds.start(Measurement.RECOVERY_WRITE, setting)) {
            long bytes = 0;
            long grownAt = System.nanoTime();
            while (bytes < journalBytesMin && writer.isAlive()) {
                Thread.sleep(POLL_MILLIS);
                long now = FileTree.bytes(Recovery.journal(setting));
                if (now > bytes) {
                    bytes = now;
                    grownAt = System.nanoTime();
                } else if (bytes > JOURNAL_BEGUN_BYTES && System.nanoTime() - grownAt > STANDSTILL_MILLIS * 1_000_000) {
                    System.err.println(
                            "the journal stopped growing at " + bytes + " bytes, short of " + journalBytesMin);
                    break;
                }
            }
            if (!writer.isAlive()) {
                throw new IOException("the writer ended before it was killed");
            }
        }
        return FileTree.bytes(Recovery.journal(setting));
    }

    private void idle(Options options) throws IOException, InterruptedException {
        Series series = rounds.measure(
                Measurement.IDLE, options.orElse("tenants", "10000").settings(VAULTS, 0, 0));
        print(
                "Idle tenants, each with three sealed records",
                series,
                List.of(
                        "target",
                        " tenants",
                        " heap B/tenant in use",
                        " at rest",
                        " open files",
                        " disk B/tenant",
                        " s to create",
                        " s to fill and seal"),
                setting -> List.of(List.of(
                        setting.target().name(),
                        whole(setting.tenants()),
                        whole(series.median(setting, "heldHeapBytesPerTenant")),
                        whole(series.median(setting, "heapBytesPerTenant")),
                        whole(series.median(setting, "openFiles")),
                        whole(series.median(setting, "diskBytesPerTenant")),
                        fixed(series.median(setting, "createSeconds")),
                        fixed(series.median(setting, "fillSeconds")))));
    }

    private void proofs(Options options) throws IOException, InterruptedException {
        List<Setting> settings = options.settings("vault", 1_000_000, 0);
        Series series = rounds.measure(Measurement.PROOFS, settings);
        print(
                "Proofs: bytes, and seconds in one thread",
                series,
                List.of(
                        "asked for",
                        " events",
                        " records",
                        " completeness B",
                        " places B",
                        " headers B",
                        " export s",
                        " verify s"),
                setting -> Arrays.stream(ProofCosts.Question.values())
                        .map(question -> List.of(
                                question.text(),
                                whole((double) setting.events()),
                                proof(series, setting, question, "records"),
                                proof(series, setting, question, "completenessBytes"),
                                proof(series, setting, question, "runBytes"),
                                proof(series, setting, question, "headerBytes"),
                                fixed(series.median(
                                        setting,
                                        result -> result.path(question.name())
                                                .path("exportSeconds")
                                                .asDouble())),
                                fixed(series.median(
                                        setting,
                                        result -> result.path(question.name())
                                                .path("verifySeconds")
                                                .asDouble()))))
                        .toList());
        for (Setting setting : settings) {
            System.out.println("Evidence on disk: " + fixed(series.median(setting, "evidenceBytesPerEvent"))
                    + " bytes an event. 100,000 of 10,000,000 records in a row: at most "
                    + ProofCosts.contiguousHashes(10_000_000, 100_000) + " hashes of 32 bytes.");
        }
    }

    private void export(Options options) throws IOException, InterruptedException {
        Series series = rounds.measure(Measurement.EXPORT, options.settings("vault", 1_000_000, 0));
        List<String> names = List.of(
                "decompressSeconds",
                "withoutViewsSeconds",
                "withoutViews_READING",
                "withoutViews_PAPERS",
                "withoutViews_PACKING",
                "withoutViews_VERIFYING",
                "withViewsSeconds",
                "pacedBesidePerSecond",
                "pacedAlonePerSecond",
                "freeBesidePerSecond",
                "freeAlonePerSecond");
        print(
                "Exports: seconds, and events a second of a writer at a pace beside one and alone",
                series,
                names,
                setting -> List.of(names.stream()
                        .map(name -> fixed(series.median(setting, name)))
                        .toList()));
    }

    private void backup(Options options) throws IOException, InterruptedException {
        Series series =
                rounds.measure(Measurement.BACKUP, options.with("tenants", "1").settings("vault", 4_000_000, 0));
        List<String> names = new ArrayList<>(List.of(
                "dataBytes",
                "putSeconds",
                "putCpu",
                "tarZstdSeconds",
                "tarZstdCpu",
                "putToPeer",
                "putAgainSeconds",
                "restoreSeconds",
                "restoreCpu",
                "zstdTarSeconds",
                "zstdTarCpu",
                "restoreToPeer",
                "keptBytes",
                "peerBytes"));
        for (BackupProgram program : BackupProgram.values()) {
            if (series.settings().stream()
                    .flatMap(setting -> series.of(setting).stream())
                    .anyMatch(result -> result.has(program.label() + "Bytes"))) {
                for (String what : List.of("PutSeconds", "PutCpu", "PutAgainSeconds", "RestoreSeconds", "RestoreCpu")) {
                    names.add(program.label() + what);
                }
                names.add(program.label() + "Bytes");
            }
        }
        print(
                "Backups: seconds, and throughput divided by that of tar and zstd",
                series,
                names,
                setting -> List.of(names.stream()
                        .map(name -> precise(series.median(setting, name)))
                        .toList()));
    }

    private void search(Options options) throws IOException, InterruptedException {
        Series series = rounds.measure(
                Measurement.SEARCH, options.with("tenants", "1").settings("vault,lucene,postgresql", 10_000_000, 0));
        print(
                "Search: what it costs to write, once",
                series,
                List.of("target", " events", " line B", " events/s", " CPU µs", " disk", " index"),
                setting -> List.of(List.of(
                        setting.target().name(),
                        whole((double) setting.events()),
                        whole(series.median(setting, "lineBytes")),
                        whole(series.median(setting, "perSecond")),
                        fixed(series.median(setting, "cpuMicrosPerEvent")),
                        precise(series.median(setting, "diskToPlain")),
                        precise(series.median(setting, "indexToPlain")))));
        print(
                "Search: milliseconds until an answer is there as a whole",
                series,
                List.of("question", "target", " events", " first", " cold", " warm", " warm p99", " CPU"),
                setting -> Arrays.stream(Search.Question.values())
                        .map(question -> List.of(
                                question.text(),
                                setting.target().name(),
                                whole((double) setting.events()),
                                answer(series, setting, question, "firstMillis"),
                                answer(series, setting, question, "coldMillis"),
                                answer(series, setting, question, "warmMillis"),
                                answer(series, setting, question, "warmP99Millis"),
                                answer(series, setting, question, "warmCpuMillis")))
                        .toList());
        for (Setting setting : series.settings()) {
            if (setting.target().isVault()) {
                System.out.println("A block: " + encryption(series, setting, "encryptedMicros") + " µs, "
                        + encryption(series, setting, "plainMicros") + " µs out of a plain file, ratio "
                        + encryption(series, setting, "ratio") + ".");
            }
        }
    }

    private static String encryption(Series series, Setting setting, String name) {
        return fixed(series.median(
                setting, result -> result.path("encryption").path(name).asDouble()));
    }

    private void tenants(Options options) throws IOException, InterruptedException {
        Series tenants = rounds.measure(
                Measurement.SEARCH_TENANTS,
                options.with("targets", "vault").orElse("tenants", "10000").settings("vault", 1_000_000, 0));
        List<String> names = List.of(
                "veryFirstMillis",
                "firstMillis",
                "firstP99Millis",
                "atOncePerSecond",
                "cacheBytesMax",
                "cacheBytesHighest");
        print(
                "Search: a tenant's first question, and 200 at once",
                tenants,
                names,
                setting -> List.of(names.stream()
                        .map(name -> fixed(tenants.median(setting, name)))
                        .toList()));
    }

    private static String answer(Series series, Setting setting, Search.Question question, String name) {
        return fixed(series.median(
                setting, result -> result.path(question.name()).path(name).asDouble()));
    }

    private static String proof(Series series, Setting setting, ProofCosts.Question question, String name) {
        return whole(series.median(
                setting, result -> result.path(question.name()).path(name).asDouble()));
    }

    private void verify(Options options) throws IOException, InterruptedException {
        List<Setting> settings = options.settings("vault", 1_000_000, 0);
        Series series = rounds.measure("VERIFY", settings, setting -> {
            ObjectNode result = (ObjectNode) rounds.inNewJvm(Measurement.VERIFY_WRITE, setting);
            result.set("withoutKeys", rounds.inNewJvm(Measurement.VERIFY_WITHOUT_KEYS, setting));
            result.set("withKeys", rounds.inNewJvm(Measurement.VERIFY_WITH_KEYS, setting));
            return result;
        });
        print(
                "Verification: events a second",
                series,
                List.of("target", " tenants", " line B", " events", " without keys", " with keys"),
                setting -> List.of(List.of(
                        setting.target().name(),
                        whole(setting.tenants()),
                        setting.size(),
                        whole((double) setting.events()),
                        whole(series.median(
                                setting,
                                result -> result.path("withoutKeys")
                                        .path("perSecond")
                                        .asDouble())),
                        whole(series.median(
                                setting,
                                result -> result.path("withKeys")
                                        .path("perSecond")
                                        .asDouble())))));
    }

    /** The rows of one setting. */
    private interface Rows {
        List<List<String>> of(Setting setting);
    }

    /** Prints a table in Markdown. Columns whose name begins with a space are aligned to the right. */
    private static void print(String title, Series series, List<String> columns, Rows rows) {
        StringBuilder table = new StringBuilder("\n### " + title + "\n\n");
        line(table, columns);
        line(
                table,
                columns.stream()
                        .map(column -> column.startsWith(" ") ? "--:" : "---")
                        .toList());
        series.settings().forEach(setting -> rows.of(setting).forEach(row -> line(table, row)));
        System.out.println(table);
    }

    private static void line(StringBuilder table, List<String> cells) {
        table.append("| ");
        table.append(String.join(" | ", cells.stream().map(String::strip).toList()));
        table.append(" |\n");
    }

    private static List<String> scenarioAnd(String... columns) {
        List<String> all =
                new ArrayList<>(List.of("target", "durability", " tenants", "spread", " line B", " threads"));
        all.addAll(List.of(columns));
        return all;
    }

    private static List<String> scenario(Series series, Setting setting) {
        return List.of(
                setting.target().name(),
                lower(setting.target().durability()),
                whole(setting.tenants()),
                lower(setting.distribution()),
                whole(series.median(setting, "lineBytes")),
                whole(setting.producers()));
    }

    private static List<String> rates(Series series, Setting setting) {
        double[] rates = series.of(setting).stream()
                .mapToDouble(result -> result.path("perSecond").asDouble())
                .sorted()
                .toArray();
        return List.of(
                whole(Series.median(rates)),
                whole(rates[0]),
                whole(rates[rates.length - 1]),
                fixed(series.ratio(setting, setting.withTarget(AppendTarget.Kind.RAW_1000), "perSecond")),
                fixed(series.ratio(setting, setting.withTarget(AppendTarget.Kind.RAW_GROUP), "perSecond")));
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static String whole(double value) {
        return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%,.0f", value);
    }

    private static String precise(double value) {
        return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.4f", value);
    }

    private static String fixed(double value) {
        return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.2f", value);
    }
}
