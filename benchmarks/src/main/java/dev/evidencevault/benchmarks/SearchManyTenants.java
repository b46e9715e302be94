package dev.evidencevault.benchmarks;

import dev.evidencevault.benchmarks.targets.AppendTarget;
import dev.evidencevault.benchmarks.targets.VaultTarget;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.index.FragmentCache;
import dev.evidencevault.index.TenantIndex;
import dev.evidencevault.index.query.EventQuery;
import dev.evidencevault.index.query.QueryField;
import dev.evidencevault.reader.VaultReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Questions about tenants of whom nothing is in memory, one after the other; and many at once under a cache that holds a
 * small part of what they need.
 */
final class SearchManyTenants {
    private static final String DIRECTORY = "searched";
    private static final int FIRST_QUERIES = 500;
    private static final int AT_ONCE = 200;
    private static final int TENANTS_AT_ONCE_MAX = 1000;
    private static final int QUERIES_OF_EACH = 20;
    private static final long SMALL_CACHE_BYTES = 4 << 20;

    private final VaultReader reader;
    private final Setting setting;

    private SearchManyTenants(Setting setting) throws IOException, WrongKeyException {
        this.setting = setting;
        this.reader = VaultReader.open(setting.path(DIRECTORY), VaultTarget.SECRET);
    }

    static Map<String, Object> measure(Setting setting) throws Exception {
        try (AppendTarget target = setting.open(DIRECTORY)) {
            Appending.run(target, setting);
            target.settle();
        }
        Map<String, Object> result = new LinkedHashMap<>();
        SearchManyTenants search = new SearchManyTenants(setting);
        search.firstQueries(result);
        search.atOnce(result);
        return result;
    }

    private long query(int tenant, FragmentCache cache, int actor) throws IOException, WrongKeyException {
        TenantIndex index =
                TenantIndex.of(reader.tenant(AppendTarget.tenantName(tenant)).orElseThrow(), cache, warning -> {
                    throw new IllegalStateException(warning);
                });
        long[] found = new long[1];
        index.search(EventQuery.exactly(QueryField.ACTOR, "user-" + actor), record -> {
            found[0]++;
            return true;
        });
        return found[0];
    }

    /** Opening the tenant's keys and all of its index is part of it. */
    private void firstQueries(Map<String, Object> result) throws IOException, WrongKeyException {
        Random random = new Random(20260101);
        FragmentCache cache = FragmentCache.ofQuarterOfHeap();
        List<Integer> tenants = new ArrayList<>(random.ints(0, setting.tenants())
                .distinct()
                .limit(Math.min(FIRST_QUERIES, setting.tenants()))
                .boxed()
                .toList());
        double[] millis = new double[tenants.size()];
        for (int i = 0; i < millis.length; i++) {
            long begun = System.nanoTime();
            query(tenants.get(i), cache, random.nextInt(50));
            millis[i] = (System.nanoTime() - begun) / 1e6;
        }
        result.put("veryFirstMillis", millis[0]);
        Arrays.sort(millis);
        result.put("firstMillis", Series.median(millis));
        result.put("firstP99Millis", millis[(int) Math.ceil(0.99 * millis.length) - 1]);
    }

    private void atOnce(Map<String, Object> result) throws InterruptedException, ExecutionException {
        FragmentCache cache = new FragmentCache(SMALL_CACHE_BYTES);
        int tenants = Math.min(TENANTS_AT_ONCE_MAX, setting.tenants());
        List<Callable<Long>> users = new ArrayList<>();
        for (int user = 0; user < AT_ONCE; user++) {
            Random random = new Random(20260101 + user);
            users.add(() -> {
                long found = 0;
                for (int i = 0; i < QUERIES_OF_EACH; i++) {
                    found += query(random.nextInt(tenants), cache, random.nextInt(50));
                }
                return found;
            });
        }
        long begun = System.nanoTime();
        long found = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
            for (Future<Long> each : threads.invokeAll(users)) {
                found += each.get();
            }
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        result.put("atOncePerSecond", AT_ONCE * QUERIES_OF_EACH / seconds);
        result.put("atOnceFound", found);
        result.put("cacheBytesMax", SMALL_CACHE_BYTES);
        result.put("cacheBytesHighest", cache.highestBytes());
    }
}
