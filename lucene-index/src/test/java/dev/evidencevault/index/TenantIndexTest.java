package dev.evidencevault.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.Actor;
import dev.evidencevault.Event;
import dev.evidencevault.Vault;
import dev.evidencevault.VaultOptions;
import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.Timestamps;
import dev.evidencevault.index.query.EventQuery;
import dev.evidencevault.index.query.QueryField;
import dev.evidencevault.reader.TenantReader;
import dev.evidencevault.reader.VaultReader;
import dev.evidencevault.storage.DestroyedLogException;
import dev.evidencevault.storage.Destruction;
import dev.evidencevault.storage.LocalStorage;
import dev.evidencevault.storage.LogKeys;
import dev.evidencevault.storage.Tombstone;
import dev.evidencevault.storage.UnlockedVault;
import dev.evidencevault.verify.VaultVerifier;
import dev.evidencevault.verify.Verdict;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TenantIndexTest {
    private static final VaultSecret SECRET = VaultSecret.keyFile(new byte[32]);
    private static final int EVENTS = 3000;
    private static final long SEED = 20260501;
    private static final Instant START = Instant.parse("2026-05-01T00:00:00Z");

    private static final FragmentCache CACHE = new FragmentCache(16 << 20);

    @TempDir
    private static Path directory;

    private static Path vault;

    @BeforeAll
    static void writeVault() throws Exception {
        vault = directory.resolve("vault");
        Random random = new Random(SEED);
        VaultOptions options = VaultOptions.defaults().withIndexer(new LuceneIndexer(2, 32 << 20));
        try (Vault open = Vault.create(vault, SECRET, options)) {
            for (int i = 0; i < EVENTS; i++) {
                open.tenant("acme").append(event(random, i));
                if (i == 1000 || i == 2000) {
                    open.seal();
                }
            }
            open.tenant("other").append(Event.of("secret").build());
        }
    }

    private static Event event(Random random, int i) {
        Actor actor = Actor.tenant("user-" + random.nextInt(40));
        if (random.nextInt(30) == 0) {
            actor = Actor.provider("operator").privileged().onBehalfOf("user-" + random.nextInt(40));
        }
        String original = "{\"n\":" + i + ",\"path\":\"C:\\\\new\\\\file-" + random.nextInt(500)
                + "\",\"who\":\"\\u6771\\u4eac\",\"long\":\"" + "x".repeat(100) + random.nextInt(3) + "\"}";
        Event.Builder event = Event.of(
                        "document." + List.of("read", "write", "delete").get(random.nextInt(3)))
                .occurredAt(START.plusSeconds(60L * i))
                .service(random.nextBoolean() ? "files" : "billing")
                .actor(actor)
                .target("document", "第三四半期 報告書 " + random.nextInt(100))
                .details("{\"reportName\":[\"Ｑ３ Café\"," + random.nextInt(1000) + "]}")
                .outcome(random.nextInt(10) == 0 ? Event.Outcome.FAILURE : Event.Outcome.SUCCESS);
        return (i % 2 == 0 ? event.original(original) : event).build();
    }

    private static TenantReader acme() throws Exception {
        return VaultReader.open(vault, SECRET).tenant("acme").orElseThrow();
    }

    private static List<Long> search(EventQuery query) throws Exception {
        List<Long> found = new ArrayList<>();
        TenantIndex.of(acme(), CACHE, warning -> {
                    throw new AssertionError(warning);
                })
                .search(query, record -> found.add(record.seq()));
        return found;
    }

    private static List<Long> scan(EventQuery query) throws Exception {
        List<Long> found = new ArrayList<>();
        acme().events(record -> !query.matches(record) || found.add(record.seq()));
        return found;
    }

    @Test
    void everySearchFindsWhatReadingEverythingFinds() throws Exception {
        Random random = new Random(SEED);
        int hits = 0;
        for (int i = 0; i < 300; i++) {
            EventQuery query = EventQuery.all();
            query = random.nextInt(3) == 0 ? query.and(EventQuery.actor("user-" + random.nextInt(41))) : query;
            query = random.nextInt(5) == 0 ? query.and(EventQuery.privileged()) : query;
            query = random.nextInt(5) == 0 ? query.and(EventQuery.field(QueryField.ACTION, "document.delete")) : query;
            query = random.nextInt(5) == 0 ? query.and(EventQuery.field(QueryField.SERVICE, "billing")) : query;
            query = random.nextInt(5) == 0 ? query.and(EventQuery.field(QueryField.OUTCOME, "failure")) : query;
            long time = Timestamps.nanos(START.plusSeconds(60L * random.nextInt(EVENTS)));
            query = random.nextInt(3) == 0 ? query.and(EventQuery.from(time)) : query;
            query = random.nextInt(3) == 0 ? query.and(EventQuery.to(time + 3_600_000_000_000L)) : query;
            query = random.nextInt(3) == 0 ? query.and(EventQuery.words("FILE " + random.nextInt(510))) : query;
            List<Long> expected = scan(query);
            assertEquals(expected, search(query), "seed " + SEED + ", query " + query);
            hits += expected.size();
        }
        assertTrue(hits > 1000, "the queries find something");
    }

    @ParameterizedTest
    @CsvSource({
        "東京, 1500",
        "東, 0",
        "京東, 0",
        "四半期, 3000",
        "半四, 0",
        "報告書, 3000",
        "q3, 3000",
        "Q３ CAFÉ, 3000",
        "cafe, 0",
        "reportName, 3000",
        "new file, 1500",
        "newfile, 0",
        "operator nobody, 0",
    })
    void wordsAreFoundHoweverTheyAreWritten(String text, int expected) throws Exception {
        EventQuery query = EventQuery.words(text);
        assertEquals(expected, search(query).size());
        assertEquals(scan(query), search(query));
    }

    @Test
    void longWordsAreToldApart() throws Exception {
        EventQuery query = EventQuery.words("x".repeat(100) + "1");
        List<Long> found = search(query);
        assertEquals(scan(query), found);
        assertTrue(found.size() > 300 && found.size() < 700, "about a third of 1500, found " + found.size());
    }

    @Test
    void aDamagedOrMissingIndexIsNamedAndMakesTheSearchSlowNotWrong() throws Exception {
        TenantReader reader = acme();
        Path first = reader.directory().index(1);
        Path second = reader.directory().index(2);
        byte[] firstBytes = Files.readAllBytes(first);
        byte[] secondBytes = Files.readAllBytes(second);
        try {
            firstBytes[firstBytes.length / 2] ^= 1;
            Files.write(first, firstBytes);
            Files.delete(second);
            EventQuery query = EventQuery.actor("user-7");
            List<Long> found = new ArrayList<>();
            List<String> warnings = new ArrayList<>();
            TenantIndex.of(reader, new FragmentCache(1 << 20), warnings::add)
                    .search(query, record -> found.add(record.seq()));
            assertEquals(scan(query), found);
            assertEquals(2, warnings.size(), warnings.toString());
        } finally {
            firstBytes[firstBytes.length / 2] ^= 1;
            Files.write(first, firstBytes);
            Files.write(second, secondBytes);
        }
        assertEquals(Verdict.PASSED, new VaultVerifier(null, null).verify(vault).verdict());
    }

    @Test
    void anAcknowledgedEventIsFoundAtOnce(@TempDir Path other) throws Exception {
        Path path = other.resolve("vault");
        VaultOptions options = VaultOptions.defaults().withIndexer(new LuceneIndexer(2, 32 << 20));
        try (Vault open = Vault.create(path, SECRET, options)) {
            open.tenant("acme").appendAndWait(Event.of("just.now").build());
            List<String> found = new ArrayList<>();
            TenantIndex.of(VaultReader.open(path, SECRET).tenant("acme").orElseThrow(), new FragmentCache(1 << 20))
                    .search(EventQuery.field(QueryField.ACTION, "just.now"), record -> found.add(record.action()));
            assertEquals(List.of("just.now"), found);
        }
    }

    @Test
    void nothingOfTheIndexLiesInTheOpen() throws Exception {
        try (Stream<Path> files = Files.walk(vault)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                for (String canary : List.of("user-", "document", "operator", "reportname", "Lucene", "BlockTree")) {
                    assertFalse(content.contains(canary), canary + " in " + file);
                }
            }
        }
    }

    /** An index that was open before goes on to have keys and blocks in memory, and says no more of the log. */
    @Test
    void aLogWhoseKeysWereDestroyedIsSearchedNoMore() throws Exception {
        Path root = directory.resolve("shredded");
        try (Vault open = Vault.create(root, SECRET, VaultOptions.defaults().withIndexer(new LuceneIndexer()))) {
            open.tenant("acme").append(Event.of("secret").build());
        }
        UnlockedVault unlocked = UnlockedVault.unlock(root, SECRET);
        TenantReader acme = VaultReader.of(unlocked).tenant("acme").orElseThrow();
        TenantIndex index = TenantIndex.of(acme, CACHE);
        assertEquals(1, index.count(EventQuery.all()));
        Tombstone tombstone = new Tombstone(
                unlocked.settings().vaultId(),
                acme.logId(),
                0,
                2,
                Digest.sha256(),
                LogKeys.read(acme.directory()).digest(),
                Digest.sha256());
        Destruction.commit(unlocked, tombstone, new LocalStorage());
        assertThrows(DestroyedLogException.class, () -> index.count(EventQuery.all()));
        assertThrows(DestroyedLogException.class, () -> index.scan("secret", record -> true));
        assertTrue(VaultReader.of(unlocked).tenants().isEmpty());
    }
}
