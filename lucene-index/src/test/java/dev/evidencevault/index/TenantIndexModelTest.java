package dev.evidencevault.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.Actor;
import dev.evidencevault.Event;
import dev.evidencevault.Vault;
import dev.evidencevault.VaultOptions;
import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.format.Timestamps;
import dev.evidencevault.index.query.EventQuery;
import dev.evidencevault.index.query.QueryField;
import dev.evidencevault.reader.TenantReader;
import dev.evidencevault.reader.VaultReader;
import dev.evidencevault.storage.Layout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** Whatever becomes of the index's files, a query finds what reading everything finds. */
class TenantIndexModelTest {
    private static final VaultSecret SECRET = VaultSecret.keyFile(new byte[32]);
    private static final Instant START = Instant.parse("2026-05-01T00:00:00Z");
    private static final int STEPS = 14;
    private static final List<String> ACTORS = List.of("mori", "sato", "o'hara \"q\"", "東京", "a/b", "rare");

    /** The least bytes of a cache, and more than the whole index has. */
    private static final long[] CACHES = {1, 200_000, 64 << 20};

    @Property(tries = 8, shrinking = ShrinkingMode.OFF)
    void findsWhatReadingEverythingFinds(@ForAll long seed) throws Exception {
        Random random = new Random(seed);
        Path directory = Files.createTempDirectory("index-model");
        try {
            FragmentCache cache = new FragmentCache(CACHES[random.nextInt(CACHES.length)]);
            Vault vault = Vault.create(directory.resolve("vault"), SECRET, options(random));
            try {
                append(vault, random);
                for (int step = 0; step < STEPS; step++) {
                    vault = step(vault, directory.resolve("vault"), cache, random);
                    compare(directory.resolve("vault"), cache, random, seed);
                }
            } finally {
                vault.close();
            }
            compare(directory.resolve("vault"), cache, random, seed);
        } finally {
            remove(directory);
        }
    }

    /** An own fragment for each segment, or one for several as long as there is memory for that. */
    private static VaultOptions options(Random random) {
        int ownFragmentBlocks = random.nextBoolean() ? 2 : Integer.MAX_VALUE;
        long gatheredBytesMax = List.of(0, 2_000, 1 << 20).get(random.nextInt(3));
        return VaultOptions.defaults().withIndexer(new LuceneIndexer(ownFragmentBlocks, gatheredBytesMax));
    }

    private static TenantReader reader(Path path) throws Exception {
        return VaultReader.open(path, SECRET).tenant("acme").orElseThrow();
    }

    private static Vault step(Vault vault, Path path, FragmentCache cache, Random random) throws Exception {
        TenantReader tenant = reader(path);
        IndexMaintenance care = new IndexMaintenance(tenant, warning -> {});
        switch (random.nextInt(10)) {
            case 0, 1, 2 -> append(vault, random);
            case 3, 4 -> {
                append(vault, random);
                vault.seal();
            }
            case 5 -> care.merge();
            case 6 -> {
                if (random.nextBoolean()) {
                    care.rebuild();
                } else {
                    cache.clear(tenant);
                }
            }
            case 7 -> damage(tenant, random);
            case 8 -> {
                vault.close();
                // What a merge leaves that was killed before its file had its name.
                Files.writeString(
                        tenant.directory().indexes().resolve("00000001-00000002.evm.0123456789abcdef.tmp"), "half");
                return Vault.open(path, SECRET, options(random));
            }
            default -> {
                for (int i = 0; i < FragmentMerger.FACTOR; i++) {
                    vault.tenant("acme").appendAndWait(event(random).build());
                    vault.seal();
                }
            }
        }
        return vault;
    }

    /** Removes a file of the index, cuts it, changes a byte, or puts another in its place. */
    private static void damage(TenantReader tenant, Random random) throws IOException {
        List<Path> files = Layout.list(tenant.directory().indexes());
        if (files.isEmpty()) {
            return;
        }
        Path file = files.get(random.nextInt(files.size()));
        byte[] bytes = Files.readAllBytes(file);
        switch (random.nextInt(4)) {
            case 0 -> Files.delete(file);
            case 1 -> Files.write(file, java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length)));
            case 2 -> {
                bytes[random.nextInt(bytes.length)] ^= 1;
                Files.write(file, bytes);
            }
            default -> Files.write(file, Files.readAllBytes(files.get(random.nextInt(files.size()))));
        }
    }

    private static void append(Vault vault, Random random) throws Exception {
        List<Event> events = new ArrayList<>();
        for (int n = 1 + random.nextInt(30); n > 0; n--) {
            events.add(event(random).build());
        }
        vault.tenant("acme").appendAll(events).join();
    }

    private static Event.Builder event(Random random) {
        Actor actor = Actor.tenant(ACTORS.get(random.nextInt(random.nextInt(10) == 0 ? 6 : 5)));
        actor = random.nextInt(4) == 0 ? actor.privileged() : actor;
        actor = random.nextInt(5) == 0 ? actor.onBehalfOf(ACTORS.get(random.nextInt(5))) : actor;
        Event.Builder event = Event.of(random.nextBoolean() ? "document.read" : "login")
                .actor(actor)
                .occurredAt(START.plusSeconds(random.nextInt(200_000)))
                .outcome(random.nextInt(5) == 0 ? Event.Outcome.FAILURE : Event.Outcome.SUCCESS);
        event = random.nextBoolean() ? event.service("files") : event;
        event = random.nextInt(3) == 0
                ? event.details("{\"Note\":\"w" + random.nextInt(20) + " Café\",\"n\":" + random.nextInt(9) + "e2}")
                : event;
        // Some are so long that a segment has several blocks.
        return random.nextInt(6) == 0
                ? event.original(
                        "{\"path\":\"C:\\\\\\\\new\",\"who\":\"\\u006dori\",\"x\":\"" + "x".repeat(40_000) + "\"}")
                : event;
    }

    private static EventQuery query(Random random) {
        EventQuery query = EventQuery.all();
        for (int parts = random.nextInt(4); parts > 0; parts--) {
            query = query.and(part(random, 2));
        }
        return query;
    }

    private static EventQuery part(Random random, int depth) {
        if (depth > 0 && random.nextInt(4) == 0) {
            EventQuery one = part(random, depth - 1);
            return switch (random.nextInt(3)) {
                case 0 -> one.or(part(random, depth - 1));
                case 1 -> one.and(part(random, depth - 1));
                default -> one.not();
            };
        }
        String actor = ACTORS.get(random.nextInt(6));
        long time = Timestamps.nanos(START.plusSeconds(random.nextInt(200_000)));
        List<String> texts = List.of("w" + random.nextInt(22), "mori", "NEW", "café", "note w3", "200.0");
        return switch (random.nextInt(12)) {
            case 0 -> EventQuery.actor(actor);
            case 1 -> EventQuery.actor(actor.toUpperCase(Locale.ROOT));
            case 2 -> EventQuery.exactly(QueryField.ACTOR, actor);
            case 3 -> EventQuery.startingWith(QueryField.ACTOR, actor.substring(0, 1));
            case 4 -> EventQuery.privileged();
            case 5 -> EventQuery.field(QueryField.ACTION, "login");
            case 6 -> EventQuery.field(QueryField.SERVICE, "files");
            case 7 -> EventQuery.field(QueryField.OUTCOME, "failure");
            case 8 -> EventQuery.from(time);
            case 9 -> EventQuery.to(time + 40_000_000_000_000L);
            case 10 -> EventQuery.containing(texts.get(random.nextInt(texts.size())));
            default -> EventQuery.words(texts.get(random.nextInt(texts.size())));
        };
    }

    private static void compare(Path path, FragmentCache cache, Random random, long seed) throws Exception {
        TenantReader tenant = reader(path);
        List<LogRecord> all = new ArrayList<>();
        tenant.events(all::add);
        TenantIndex index = TenantIndex.of(tenant, cache, warning -> {});
        for (int i = 0; i < 6; i++) {
            EventQuery query = query(random);
            String about = "seed " + seed + ", " + query;
            List<LogRecord> expected = all.stream().filter(query::matches).toList();
            assertEquals(seqs(expected), seqs(index.stream(query).toList()), about);
            assertEquals(expected.size(), index.count(query), about);
            assertEquals(byHour(expected), index.histogram(query, Interval.HOUR), about);
            assertEquals(byActor(expected), index.top(query, QueryField.ACTOR, 3), about);
            assertEquals(seqs(expected), pages(index, query, 1 + random.nextInt(20)), about);
        }
        List<Long> holding = new ArrayList<>();
        index.scan("a/b", record -> holding.add(record.seq()));
        assertEquals(
                seqs(all.stream()
                        .filter(record -> record.actorIds().contains("a/b"))
                        .toList()),
                holding);
    }

    private static List<Long> seqs(List<LogRecord> records) {
        return records.stream().map(LogRecord::seq).toList();
    }

    private static SortedMap<Long, Long> byHour(List<LogRecord> records) {
        return records.stream()
                .collect(Collectors.groupingBy(
                        record -> Interval.HOUR.begin(record.occurredAt()), TreeMap::new, Collectors.counting()));
    }

    private static List<TenantIndex.ValueCount> byActor(List<LogRecord> records) {
        Map<String, Long> counts = records.stream()
                .flatMap(record -> record.actorIds().stream())
                .collect(Collectors.groupingBy(actor -> actor, Collectors.counting()));
        return counts.entrySet().stream()
                .map(each -> new TenantIndex.ValueCount(each.getKey(), each.getValue()))
                .sorted(Comparator.comparingLong(TenantIndex.ValueCount::count)
                        .reversed()
                        .thenComparing(TenantIndex.ValueCount::value))
                .limit(3)
                .toList();
    }

    private static List<Long> pages(TenantIndex index, EventQuery query, int limit) throws IOException {
        List<Long> seqs = new ArrayList<>();
        OptionalLong next = OptionalLong.of(0);
        while (next.isPresent()) {
            TenantIndex.Page page = index.page(query, next.getAsLong(), limit);
            assertTrue(page.records().size() <= limit);
            seqs.addAll(seqs(page.records()));
            next = page.next();
        }
        return seqs;
    }

    private static void remove(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
