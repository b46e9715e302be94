package dev.evidencevault.benchmarks;

import dev.evidencevault.benchmarks.targets.AppendTarget;
import dev.evidencevault.benchmarks.targets.Sample;
import dev.evidencevault.benchmarks.targets.SampleEvents;
import dev.evidencevault.benchmarks.targets.SearchTarget;
import dev.evidencevault.crypto.keys.WrongKeyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Questions about all events of one tenant: how long the answers take, what the index weighs and what writing costs with it.
 * Among the events are {@value #RARE} of one actor who is seen nowhere else, spread evenly.
 */
final class Search {
    /** The questions, with the part of each answer that has to be right. */
    enum Question {
        /** All events of an actor who is rare. */
        RARE_ACTOR("one rare actor, all") {
            @Override
            long ask(SearchTarget target) throws IOException {
                return require(RARE, target.ofActor(RARE_ACTOR_ID));
            }
        },
        /** The first events of one who is not. */
        FIRST_PAGE("one frequent actor, first 50") {
            @Override
            long ask(SearchTarget target) throws IOException {
                return require(50, target.firstOfActor("user-7", 50));
            }
        },
        /** A word that only those events have. */
        RARE_WORD("one rare word") {
            @Override
            long ask(SearchTarget target) throws IOException {
                return require(RARE, target.withWord("customerlist"));
            }
        },
        /** A part of a word, by reading everything. */
        SUBSTRING("part of a word, everything read") {
            @Override
            long ask(SearchTarget target) throws IOException {
                return require(RARE, target.holding("ustomerlis"));
            }
        },
        /** How many events an actor has in each hour. */
        HISTOGRAM("one frequent actor by hour, counts") {
            @Override
            long ask(SearchTarget target) throws IOException {
                return target.histogram("user-7");
            }
        },
        /** How many events each actor has. */
        TOP("all actors, counts") {
            @Override
            long ask(SearchTarget target) throws IOException {
                return target.actors();
            }
        };

        private final String text;

        Question(String text) {
            this.text = text;
        }

        /** Returns the question in words. */
        String text() {
            return text;
        }

        /** Asks it; returns what was found. */
        abstract long ask(SearchTarget target) throws IOException;

        private static long require(long expected, long found) throws IOException {
            if (found != expected) {
                throw new IOException("expected " + expected + " events, found " + found);
            }
            return found;
        }
    }

    private static final int RARE = 20;
    private static final String RARE_ACTOR_ID = "operator-on-call";
    private static final Sample RARE_EVENT = new Sample(
            "document.export", RARE_ACTOR_ID, true, null, "document", "customerlist", null, null, null, false);

    private static final int COLD_TIMES = 5;
    private static final int WARM_TIMES = 200;
    private static final long WARM_NANOS_MAX = 8_000_000_000L;
    private static final String DIRECTORY = "searched";

    private Search() {}

    static Map<String, Object> measure(Setting setting) throws IOException, WrongKeyException {
        Map<String, Object> result = new LinkedHashMap<>();
        write(setting, result);
        long begun = System.nanoTime();
        try (SearchTarget target = SearchTarget.open(setting.target(), setting.path(DIRECTORY))) {
            result.put("openSeconds", (System.nanoTime() - begun) / 1e9);
            for (Question question : Question.values()) {
                result.put(question.name(), ask(target, question));
            }
        }
        if (setting.target().isVault()) {
            result.put("encryption", SearchEncryption.measure(setting, setting.path(DIRECTORY)));
        }
        return result;
    }

    private static void write(Setting setting, Map<String, Object> result) throws IOException {
        SampleEvents samples = setting.samples();
        long events = setting.events();
        double lineBytes = samples.lineBytes(setting.sequence());
        Cost before = Cost.now();
        long begun = System.nanoTime();
        try (AppendTarget target = setting.open(DIRECTORY)) {
            try (AppendTarget.Producer producer = target.producer()) {
                for (long i = 0; i < events; i++) {
                    boolean rare = i % (events / RARE) == events / RARE / 2;
                    producer.append(0, rare ? RARE_EVENT : samples.at(i));
                }
                producer.awaitDone();
            }
            target.settle();
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        result.put("lineBytes", lineBytes);
        result.put("perSecond", events / seconds);
        result.put("cpuMicrosPerEvent", Cost.now().since(before).cpuNanos() / 1e3 / events);
        result.put("diskToPlain", FileTree.bytes(setting.path(DIRECTORY)) / (lineBytes * events));
        result.put("indexToPlain", indexBytes(setting.path(DIRECTORY)) / (lineBytes * events));
    }

    /** The size of a vault's index files; 0 for what keeps its index among its data. */
    private static double indexBytes(Path directory) throws IOException {
        long bytes = 0;
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(file ->
                            file.toString().endsWith(".evx") || file.toString().endsWith(".evm"))
                    .toList()) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }

    private static Map<String, Object> ask(SearchTarget target, Question question) throws IOException {
        target.forget();
        double first = millis(target, question);
        double[] cold = new double[COLD_TIMES];
        for (int i = 0; i < cold.length; i++) {
            target.forget();
            cold[i] = millis(target, question);
        }
        double[] warm = new double[WARM_TIMES];
        int times = 0;
        Cost before = Cost.now();
        long begun = System.nanoTime();
        while (times < WARM_TIMES && (times < COLD_TIMES || System.nanoTime() - begun < WARM_NANOS_MAX)) {
            warm[times++] = millis(target, question);
        }
        double cpuMillis = Cost.now().since(before).cpuNanos() / 1e6 / times;
        double[] sorted = Arrays.copyOf(warm, times);
        Arrays.sort(sorted);
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("firstMillis", first);
        result.put("coldMillis", Series.median(cold));
        result.put("warmMillis", Series.median(sorted));
        result.put("warmP99Millis", sorted[Math.min(times - 1, (int) Math.ceil(0.99 * times) - 1)]);
        result.put("warmCpuMillis", cpuMillis);
        result.put("times", times);
        return result;
    }

    private static double millis(SearchTarget target, Question question) throws IOException {
        long begun = System.nanoTime();
        question.ask(target);
        return (System.nanoTime() - begun) / 1e6;
    }
}
