package dev.evidencevault.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.format.LogId;
import dev.evidencevault.index.FragmentCache.EntryKey;
import dev.evidencevault.index.FragmentCache.Part;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FragmentCacheTest {
    private static final LogId A = LogId.parse("a".repeat(32));
    private static final LogId B = LogId.parse("b".repeat(32));

    private static EntryKey key(LogId log, int number) {
        return new EntryKey(log, Path.of("file-" + number), 0, Part.TERMS);
    }

    private static String get(FragmentCache cache, EntryKey key, long bytes, AtomicInteger loads) throws IOException {
        return cache.get(key, String.class, bytes, () -> "loaded " + loads.incrementAndGet());
    }

    @Test
    void whatWasUsedLeastLatelyGoesFirst() throws Exception {
        FragmentCache cache = new FragmentCache(400);
        AtomicInteger loads = new AtomicInteger();
        for (int i = 0; i < 3; i++) {
            get(cache, key(A, i), 100, loads);
        }
        get(cache, key(A, 0), 100, loads);
        assertEquals(3, loads.get());
        get(cache, key(A, 3), 100, loads);
        assertEquals("loaded 1", get(cache, key(A, 0), 100, loads));
        assertEquals("loaded 5", get(cache, key(A, 1), 100, loads), "it had to go");
        assertTrue(cache.bytes() <= 400);
    }

    @Test
    void aTenantIsForgottenAndNoOther() throws Exception {
        FragmentCache cache = new FragmentCache(1000);
        AtomicInteger loads = new AtomicInteger();
        get(cache, key(A, 0), 100, loads);
        get(cache, key(B, 0), 100, loads);
        cache.clear(A);
        assertFalse(cache.holdsAnyOf(A));
        assertTrue(cache.holdsAnyOf(B));
        assertEquals(100, cache.bytes());
    }

    @Test
    void whatIsUsedStaysUsableAndCountsUntilItIsLeft() throws Exception {
        FragmentCache cache = new FragmentCache(1000);
        String used = cache.use(key(A, 0), String.class, 100, () -> "value", value -> {
            cache.clear(A);
            assertEquals(100, cache.bytes());
            return value;
        });
        assertSame("value", used);
        assertEquals(0, cache.bytes());
    }

    @Test
    void whatFailsToLoadIsNotKept() throws Exception {
        FragmentCache cache = new FragmentCache(1000);
        assertThrows(
                IOException.class,
                () -> cache.get(key(A, 0), String.class, 100, () -> {
                    throw new IOException("damaged");
                }));
        assertEquals(0, cache.bytes());
        assertEquals("loaded 1", get(cache, key(A, 0), 100, new AtomicInteger()));
    }

    @Test
    void anEntryLargerThanAllIsTakenInAlone() throws Exception {
        FragmentCache cache = new FragmentCache(100);
        AtomicInteger loads = new AtomicInteger();
        get(cache, key(A, 0), 40, loads);
        get(cache, key(A, 1), 500, loads);
        assertEquals(500, cache.bytes());
        get(cache, key(A, 0), 40, loads);
        assertEquals(40, cache.bytes());
    }

    @Test
    void theBoundHoldsUnderManyUsersAndNothingIsLoadedTwiceAtOnce() throws Exception {
        long seed = 20261129;
        FragmentCache cache = new FragmentCache(1000);
        AtomicInteger[] loading = new AtomicInteger[30];
        for (int i = 0; i < loading.length; i++) {
            loading[i] = new AtomicInteger();
        }
        List<Callable<Void>> users = new ArrayList<>();
        for (int user = 0; user < 200; user++) {
            Random random = new Random(seed + user);
            users.add(() -> {
                for (int i = 0; i < 50; i++) {
                    int number = random.nextInt(loading.length);
                    String value = cache.use(
                            key(number % 2 == 0 ? A : B, number),
                            String.class,
                            10 + 10L * number,
                            () -> {
                                assertEquals(1, loading[number].incrementAndGet(), "seed " + seed);
                                loading[number].decrementAndGet();
                                return "value " + number;
                            },
                            got -> got);
                    assertEquals("value " + number, value);
                }
                return null;
            });
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(200)) {
            for (Future<Void> done : threads.invokeAll(users)) {
                done.get();
            }
        }
        assertTrue(cache.highestBytes() <= 1000, "highest " + cache.highestBytes() + ", seed " + seed);
    }
}
