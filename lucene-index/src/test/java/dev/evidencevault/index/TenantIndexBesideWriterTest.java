package dev.evidencevault.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.Actor;
import dev.evidencevault.Event;
import dev.evidencevault.Vault;
import dev.evidencevault.VaultOptions;
import dev.evidencevault.cases.Order;
import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.evidence.EvidenceExport;
import dev.evidencevault.evidence.ExportOptions;
import dev.evidencevault.index.query.EventQuery;
import dev.evidencevault.index.query.QueryField;
import dev.evidencevault.reader.TenantReader;
import dev.evidencevault.reader.VaultReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Queries, merges, rebuilds and an export beside a writer and each other. */
class TenantIndexBesideWriterTest {
    private static final VaultSecret SECRET = VaultSecret.keyFile(new byte[32]);
    private static final int EVENTS = 120;
    private static final int SEAL_EVERY = 6;

    @TempDir
    private Path directory;

    private static TenantReader tenant(Path vault, String name) throws Exception {
        return VaultReader.open(vault, SECRET).tenant(name).orElseThrow();
    }

    private static List<Long> find(TenantIndex index, EventQuery query) throws Exception {
        List<Long> found = new ArrayList<>();
        index.search(query, record -> found.add(record.seq()));
        return found;
    }

    @Test
    void whatIsAcknowledgedIsFoundOnceWhateverElseIsDone() throws Exception {
        Path path = directory.resolve("vault");
        FragmentCache cache = new FragmentCache(100_000);
        AtomicInteger acknowledged = new AtomicInteger();
        try (Vault vault = Vault.create(
                        path, SECRET, VaultOptions.defaults().withIndexer(new LuceneIndexer(2, 32 << 20)));
                ExecutorService threads = Executors.newCachedThreadPool()) {
            vault.tenant("acme").appendAndWait(Event.of("first").build());
            TenantReader tenant = tenant(path, "acme");
            List<Callable<Void>> work = new ArrayList<>();
            work.add(() -> {
                for (int i = 0; i < EVENTS; i++) {
                    vault.tenant("acme")
                            .appendAndWait(Event.of("action-" + i)
                                    .actor(Actor.tenant("mori"))
                                    .build());
                    acknowledged.incrementAndGet();
                    if (i % SEAL_EVERY == 0) {
                        vault.seal();
                    }
                }
                return null;
            });
            for (int reader = 0; reader < 4; reader++) {
                Random random = new Random(20261129 + reader);
                TenantIndex index = TenantIndex.of(tenant, cache);
                work.add(() -> {
                    while (acknowledged.get() < EVENTS) {
                        int known = acknowledged.get();
                        if (known > 0) {
                            int one = random.nextInt(known);
                            assertEquals(
                                    1,
                                    find(index, EventQuery.field(QueryField.ACTION, "action-" + one))
                                            .size(),
                                    "of " + known);
                            assertTrue(index.count(EventQuery.exactly(QueryField.ACTOR, "mori")) >= known);
                        }
                    }
                    return null;
                });
            }
            work.add(() -> {
                IndexMaintenance care = new IndexMaintenance(tenant, warning -> {});
                while (acknowledged.get() < EVENTS) {
                    care.merge();
                    care.rebuild();
                }
                return null;
            });
            for (Future<Void> done : threads.invokeAll(work)) {
                done.get();
            }
            assertEquals(
                    EVENTS,
                    find(TenantIndex.of(tenant, cache), EventQuery.exactly(QueryField.ACTOR, "mori"))
                            .size());
        }
        assertEquals(
                List.of(),
                new IndexMaintenance(tenant(path, "acme"), warning -> {})
                        .check()
                        .findings());
    }

    @Test
    void manyQueriesOverManyTenantsStayWithinTheBound() throws Exception {
        Path path = directory.resolve("vault");
        int tenants = 40;
        try (Vault vault =
                Vault.create(path, SECRET, VaultOptions.defaults().withIndexer(new LuceneIndexer(2, 32 << 20)))) {
            for (int i = 0; i < tenants; i++) {
                int number = i;
                vault.tenant("tenant-" + i)
                        .appendAll(IntStream.range(0, 100)
                                .mapToObj(n -> Event.of("read")
                                        .actor(Actor.tenant("of-" + number + "-" + n % 3))
                                        .target("document", "x".repeat(4000))
                                        .build())
                                .toList())
                        .join();
            }
            vault.seal();
        }
        long bound = 300_000;
        FragmentCache cache = new FragmentCache(bound);
        List<TenantReader> readers = new ArrayList<>();
        for (int i = 0; i < tenants; i++) {
            readers.add(tenant(path, "tenant-" + i));
        }
        List<Callable<Void>> queries = new ArrayList<>();
        for (int query = 0; query < 200; query++) {
            int number = query % tenants;
            queries.add(() -> {
                TenantIndex index = TenantIndex.of(readers.get(number), cache, warning -> {
                    throw new AssertionError(warning);
                });
                assertEquals(
                        34,
                        find(index, EventQuery.exactly(QueryField.ACTOR, "of-" + number + "-0"))
                                .size());
                assertEquals(
                        List.of(),
                        find(index, EventQuery.exactly(QueryField.ACTOR, "of-" + (number + 1) % tenants + "-0")));
                return null;
            });
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(200)) {
            for (Future<Void> done : threads.invokeAll(queries)) {
                done.get();
            }
        }
        assertTrue(cache.highestBytes() <= bound, "highest " + cache.highestBytes());
        assertTrue(cache.highestBytes() > bound / 4, "the bound was felt: " + cache.highestBytes());
    }

    /** An export answers from the committed counts: it is the same whatever lies in the index. */
    @Test
    void anExportUsesNoIndex() throws Exception {
        Path path = directory.resolve("vault");
        try (Vault vault =
                Vault.create(path, SECRET, VaultOptions.defaults().withIndexer(new LuceneIndexer(2, 32 << 20)))) {
            for (int i = 0; i < 3; i++) {
                vault.tenant("acme")
                        .appendAll(IntStream.range(0, 100)
                                .mapToObj(n -> Event.of("read")
                                        .actor(Actor.tenant(n == 50 ? "rare" : "mori"))
                                        .target("document", "x".repeat(4000))
                                        .build())
                                .toList())
                        .join();
                vault.seal();
            }
        }
        TenantReader tenant = tenant(path, "acme");
        assertFalse(Files.notExists(tenant.directory().index(1)));
        for (long number = 1; number <= 3; number++) {
            Files.delete(tenant.directory().index(number));
        }
        Order order =
                Order.parse(("{\"order\":\"1\",\"issuer\":\"Court\",\"legalBasis\":\"Art. 1\",\"tenant\":\"acme\","
                                + "\"actors\":[\"rare\"],\"requestedBy\":\"Mori\",\"approvedBy\":\"Sato\"}")
                        .getBytes(StandardCharsets.UTF_8));
        EvidenceExport.Result exported = new EvidenceExport(
                        VaultReader.open(path, SECRET), Clock.systemUTC(), ExportOptions.defaults())
                .export(order, directory.resolve("bundle.zip"));
        assertEquals(3, exported.records());
    }
}
