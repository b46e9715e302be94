package dev.evidencevault.copy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.Event;
import dev.evidencevault.SmallVault;
import dev.evidencevault.Vault;
import dev.evidencevault.storage.UnlockedVault;
import dev.evidencevault.verify.VaultVerifier;
import dev.evidencevault.verify.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** For how long what was copied is retained, over several runs. */
class CopyRetentionTest {
    private static final Instant BEGIN = Instant.parse("2026-06-01T00:00:00Z");

    @TempDir
    Path directory;

    private Path vault;
    private final MemoryStore store = new MemoryStore();

    @BeforeEach
    void write() throws IOException {
        vault = directory.resolve("vault");
        SmallVault.write(vault);
    }

    private void run(long day, long days) throws Exception {
        CopyOptions options =
                days == 0 ? CopyOptions.logs() : CopyOptions.logs().withRetain(Duration.ofDays(days));
        Clock clock = Clock.fixed(BEGIN.plus(Duration.ofDays(day)), ZoneOffset.UTC);
        store.asked.clear();
        new CopyRun(UnlockedVault.unlock(vault, SmallVault.SECRET), store, options, clock).run();
    }

    private void goOn() throws Exception {
        try (Vault open = Vault.open(vault, SmallVault.SECRET, SmallVault.options())) {
            open.tenant("acme").appendAndWait(Event.of("later").build());
        }
    }

    private long asked() {
        return store.asked.stream().filter(each -> each.startsWith("retain ")).count();
    }

    /** Everything that is ever to be retained. */
    private Set<String> lasting() {
        Set<String> lasting = new TreeSet<>(store.objects.keySet());
        lasting.removeIf(key -> key.startsWith("keys/")
                || key.startsWith("names/")
                || key.startsWith("retained/")
                || Set.of("copy.json", "vault.json", "vault.sig", "anchors/checkpoint")
                        .contains(key));
        assertTrue(lasting.size() > 10, lasting::toString);
        return lasting;
    }

    private void assertRetained(long fromDay, long toDay) {
        assertEquals(lasting(), store.retained.keySet());
        store.retained.forEach((key, until) -> {
            long day = Duration.between(BEGIN, until).toDays();
            assertTrue(day >= fromDay && day <= toDay, key + " is retained until day " + day);
        });
    }

    @Test
    void isProlongedOnceATenthOfItIsOver() throws Exception {
        run(0, 100);
        assertRetained(100, 100);
        assertEquals(0, asked(), "it was said with each object");
        run(1, 100);
        assertEquals(0, asked());
        goOn();
        run(9, 100);
        assertEquals(0, asked());
        assertRetained(100, 109);
        run(11, 100);
        assertRetained(111, 111);
        long prolonging = asked();
        assertEquals(lasting().size(), prolonging, "each object once");
        run(12, 100);
        assertEquals(0, asked());
        run(12, 400);
        assertRetained(412, 412);
        run(13, 30);
        assertEquals(0, asked(), "what is retained for longer stays so");
        assertRetained(412, 412);
    }

    @Test
    void coversWhatOtherRunsRetainedForAShorterTimeOrNotAtAll() throws Exception {
        run(0, 0);
        assertEquals(Set.of(), store.retained.keySet());
        goOn();
        run(1, 100);
        assertRetained(101, 101);
        goOn();
        run(2, 0);
        run(2, 100);
        assertRetained(101, 102);
        goOn();
        run(3, 5);
        run(3, 100);
        assertRetained(101, 103);
    }

    @Test
    void comesToTheSameAfterEveryWriteThatFails() throws Exception {
        run(0, 10);
        goOn();
        MemoryStore before = new MemoryStore();
        before.objects.putAll(store.objects);
        before.retained.putAll(store.retained);
        for (boolean afterIt : new boolean[] {false, true}) {
            boolean failed = true;
            for (int step = 0; failed; step++) {
                store.objects.clear();
                store.objects.putAll(before.objects);
                store.retained.clear();
                store.retained.putAll(before.retained);
                store.failFrom(step, afterIt);
                failed = false;
                try {
                    run(1, 100);
                } catch (IOException e) {
                    failed = true;
                }
                store.failFrom(Integer.MAX_VALUE, false);
                run(1, 100);
                assertRetained(101, 101);
                assertTrue(step < 200, "it fails for ever");
            }
        }
    }

    /** Whoever may write the place could else keep the vault from prolonging. */
    @Test
    void believesNoNoteThatTheVaultDidNotSign() throws Exception {
        run(0, 100);
        UnlockedVault unlocked = UnlockedVault.unlock(vault, SmallVault.SECRET);
        String key = CopyRetention.key(CopyPart.SHARED);
        CopyRetention noted = CopyRetention.read(store, CopyPart.SHARED, unlocked.settings());
        assertEquals(BEGIN.plus(Duration.ofDays(100)), noted.until());
        byte[] good = store.objects.get(key);
        Path other = directory.resolve("other");
        SmallVault.write(other);
        byte[] foreign =
                noted.sign(UnlockedVault.unlock(other, SmallVault.SECRET).signer());
        String later = new String(good, StandardCharsets.UTF_8).replace("2026-09-09", "2036-09-09");
        byte[] ofAnotherPart =
                new CopyRetention(noted.vaultId(), noted.place(), "service", 1, noted.until()).sign(unlocked.signer());
        byte[] ofAnotherPlace = new CopyRetention(
                        noted.vaultId(),
                        "s3://other/",
                        noted.part(),
                        1,
                        noted.until().plusSeconds(9000))
                .sign(unlocked.signer());
        for (byte[] bad : List.of(
                ofAnotherPlace,
                foreign,
                later.getBytes(StandardCharsets.UTF_8),
                ofAnotherPart,
                new byte[] {1},
                new byte[0])) {
            assertFalse(Arrays.equals(good, bad));
            store.objects.put(key, bad);
            run(1, 100);
            assertTrue(asked() > 0);
            assertRetained(100, 101);
        }
    }

    @Test
    void isNothingThatAReaderMinds() throws Exception {
        run(0, 100);
        Path copy = directory.resolve("copy");
        store.writeTo(copy);
        assertEquals(
                Verdict.PASSED,
                new VaultVerifier(null, null)
                        .verify(UnlockedVault.unlock(copy, SmallVault.SECRET))
                        .verdict());
        assertTrue(Files.exists(copy.resolve("retained/vault.note")));
        TreeMap<String, byte[]> before = new TreeMap<>(store.objects);
        store.objects.keySet().removeIf(key -> key.startsWith("retained/"));
        run(0, 100);
        assertEquals(before.keySet(), store.objects.keySet());
        assertThrows(IOException.class, () -> store.delete("anchors/00000001.eva"));
    }
}
