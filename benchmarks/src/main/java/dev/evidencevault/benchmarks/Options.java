package dev.evidencevault.benchmarks;

import dev.evidencevault.benchmarks.targets.AppendTarget;
import dev.evidencevault.benchmarks.targets.SampleEvents;
import dev.evidencevault.benchmarks.targets.TenantSequence.Distribution;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** What the command line says, {@code --name value}; a value may be a list with commas. Immutable. */
final class Options {
    /** The options that there are, with what they mean. */
    static final Map<String, String> NAMES = new TreeMap<>(Map.ofEntries(
            Map.entry("targets", "which targets, or all; a list"),
            Map.entry("tenants", "how many tenants; a list"),
            Map.entry("distribution", "uniform, zipf; a list"),
            Map.entry("size", "bytes of a line, or cloudtrail; a list"),
            Map.entry("producers", "how many threads append; a list"),
            Map.entry("events", "how many events are measured"),
            Map.entry("warmup", "how many events are appended before"),
            Map.entry("seconds", "how long each load of a latency measurement lasts"),
            Map.entry("journal-bytes", "at which size of the journal the writer is killed"),
            Map.entry("rounds", "how many rounds"),
            Map.entry("gc", "the garbage collector: parallel, g1, serial, z"),
            Map.entry("heap", "the heap of each measuring JVM"),
            Map.entry("directory", "where the measured data is written: a disk, not memory"),
            Map.entry("results", "the file that all results are appended to, as JSON lines"),
            Map.entry("cloudtrail", "the file of real records, one on a line")));

    private final Map<String, String> given;

    private Options(Map<String, String> given) {
        this.given = given;
    }

    /** Reads options; throws IllegalArgumentException if one is not known or has no value. */
    static Options parse(List<String> arguments) {
        Map<String, String> given = new TreeMap<>();
        for (int i = 0; i < arguments.size(); i += 2) {
            String name = arguments.get(i);
            if (!name.startsWith("--") || !NAMES.containsKey(name.substring(2))) {
                throw new IllegalArgumentException(
                        "expected an option, one of --" + String.join(", --", NAMES.keySet()) + ", found " + name);
            }
            if (i + 1 == arguments.size()) {
                throw new IllegalArgumentException("expected a value after " + name);
            }
            given.put(name.substring(2), arguments.get(i + 1));
        }
        return new Options(given);
    }

    /** Returns these options with a value where none was given. */
    Options orElse(String name, String value) {
        Map<String, String> with = new TreeMap<>(given);
        with.putIfAbsent(name, value);
        return new Options(with);
    }

    /** Returns these options with another value. */
    Options with(String name, String value) {
        Map<String, String> with = new TreeMap<>(given);
        with.put(name, value);
        return new Options(with);
    }

    String text(String name, String otherwise) {
        return given.getOrDefault(name, otherwise);
    }

    long number(String name, long otherwise) {
        return Long.parseLong(text(name, Long.toString(otherwise)).replace("_", ""));
    }

    int rounds() {
        return (int) number("rounds", 5);
    }

    Path directory() {
        return Path.of(text("directory", "benchmark-data")).toAbsolutePath();
    }

    long journalBytes() {
        return number("journal-bytes", 1L << 30);
    }

    List<String> jvmOptions() {
        String gc = text("gc", "parallel");
        String flag = switch (gc) {
            case "parallel" -> "-XX:+UseParallelGC";
            case "g1" -> "-XX:+UseG1GC";
            case "serial" -> "-XX:+UseSerialGC";
            case "z" -> "-XX:+UseZGC";
            default -> throw new IllegalArgumentException("expected parallel, g1, serial or z, found " + gc);
        };
        String heap = text("heap", "6g");
        // The whole heap is there from the start: growing it costs whoever happens to run then.
        return List.of("-Xms" + heap, "-Xmx" + heap, "-XX:+AlwaysPreTouch", flag);
    }

    private <T> List<T> list(String name, String otherwise, Function<String, T> parse) {
        return Arrays.stream(text(name, otherwise).split(",")).map(parse).toList();
    }

    private List<AppendTarget.Kind> targets(String otherwise) {
        return text("targets", otherwise).equals("all")
                ? List.of(AppendTarget.Kind.values())
                : list("targets", otherwise, text -> AppendTarget.Kind.valueOf(text.toUpperCase(Locale.ROOT)));
    }

    /**
     * Returns the settings of these options, targets next to each other: every combination but those that cannot run,
     * which are told on the standard error stream.
     */
    List<Setting> settings(String targets, long events, long warmupEvents) {
        List<Setting> settings = new ArrayList<>();
        String cloudtrail = text("cloudtrail", "../shared/data/cloudtrail-invictus.jsonl");
        for (String size : list("size", "350", text -> text)) {
            if (size.equals(SampleEvents.CLOUDTRAIL) && !Files.exists(Path.of(cloudtrail))) {
                System.err.println("skipped: size cloudtrail, since there is no file " + cloudtrail);
                continue;
            }
            for (int tenants : list("tenants", "100", Integer::valueOf)) {
                for (Distribution distribution :
                        list("distribution", "uniform", text -> Distribution.valueOf(text.toUpperCase(Locale.ROOT)))) {
                    if (tenants == 1 && distribution == Distribution.ZIPF) {
                        continue;
                    }
                    for (int producers : list("producers", "1", Integer::valueOf)) {
                        for (AppendTarget.Kind target : targets(targets)) {
                            String missing = target.missing();
                            if (missing != null) {
                                System.err.println("skipped: " + target + ", since " + missing);
                                continue;
                            }
                            settings.add(new Setting(
                                    target,
                                    tenants,
                                    distribution,
                                    size,
                                    producers,
                                    number("events", events),
                                    number("warmup", warmupEvents),
                                    (int) number("seconds", 10),
                                    "",
                                    cloudtrail));
                        }
                    }
                }
            }
        }
        return settings;
    }
}
