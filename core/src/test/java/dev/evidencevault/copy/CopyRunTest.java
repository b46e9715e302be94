package dev.evidencevault.copy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.Actor;
import dev.evidencevault.Event;
import dev.evidencevault.SmallVault;
import dev.evidencevault.TenantLog;
import dev.evidencevault.Vault;
import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.deposit.Deposit;
import dev.evidencevault.deposit.DepositProgress;
import dev.evidencevault.deposit.Item;
import dev.evidencevault.deposit.TenantBackups;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.LogId;
import dev.evidencevault.place.DirectoryStore;
import dev.evidencevault.reader.VaultReader;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.UnlockedVault;
import dev.evidencevault.verify.Claim;
import dev.evidencevault.verify.Finding;
import dev.evidencevault.verify.VaultVerifier;
import dev.evidencevault.verify.Verdict;
import dev.evidencevault.verify.VerificationReport;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CopyRunTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-06-01T00:00:00Z"), ZoneOffset.UTC);

    @TempDir
    Path directory;

    private Path vault;

    @BeforeEach
    void write() throws IOException {
        vault = directory.resolve("vault");
        SmallVault.write(vault);
    }

    private CopyRun.Result run(MemoryStore store, CopyOptions options) throws Exception {
        return new CopyRun(UnlockedVault.unlock(vault, SmallVault.SECRET), store, options, CLOCK).run();
    }

    private void goOn(int events) throws IOException, Exception {
        try (Vault open = Vault.open(vault, SmallVault.SECRET, SmallVault.options())) {
            TenantLog log = open.tenant("acme");
            for (int i = 0; i < events; i++) {
                log.appendAndWait(Event.of("later").actor(Actor.tenant("alice")).build());
            }
        }
    }

    private Path laidOut(MemoryStore store) throws IOException {
        Path copy = Files.createTempDirectory(directory, "copy");
        store.writeTo(copy);
        return copy;
    }

    private static String told(VerificationReport report) {
        return report.verdict() + " " + report.findings();
    }

    private static void assertPasses(Path copy) throws Exception {
        VerificationReport bare = new VaultVerifier(null, null).verify(copy);
        assertEquals(Verdict.PASSED, bare.verdict(), () -> told(bare));
        VerificationReport keyed = new VaultVerifier(null, null).verify(UnlockedVault.unlock(copy, SmallVault.SECRET));
        assertEquals(Verdict.PASSED, keyed.verdict(), () -> told(keyed));
    }

    @Test
    void verifiesByItselfAndGrowsByWhatIsNew() throws Exception {
        MemoryStore store = new MemoryStore();
        CopyRun.Result first = run(store, CopyOptions.logs());
        assertEquals(2, first.logs());
        assertPasses(laidOut(store));
        MemoryStore before = new MemoryStore();
        before.objects.putAll(store.objects);
        CopyRun.Result idle = run(store, CopyOptions.logs());
        assertEquals(0, idle.objects(), "nothing was new");
        assertTrue(store.holdsWhat(before));
        goOn(3);
        CopyRun.Result second = run(store, CopyOptions.logs());
        assertEquals(1, second.logs());
        assertTrue(second.anchor() > first.anchor());
        assertTrue(second.objects() < first.objects());
        before.objects.forEach((key, bytes) -> {
            if (!key.equals("anchors/checkpoint")) {
                assertArrayEquals(bytes, store.objects.get(key), key);
            }
        });
        assertPasses(laidOut(store));
    }

    /** A copy goes on whatever happens to keys: its older manifests are signed with the older key, its older segments under older keys. */
    @Test
    void goesOnWhenKeysAreRotatedAndSucceedOneAnother() throws Exception {
        MemoryStore store = new MemoryStore();
        run(store, CopyOptions.logs());
        try (Vault open = Vault.open(vault, SmallVault.SECRET, SmallVault.options())) {
            assertEquals(Map.of(), open.rotateKeys(List.of("acme"), "a test").failures());
        }
        goOn(2);
        run(store, CopyOptions.logs());
        assertPasses(laidOut(store));
        Vault.succeedSigningKeys(vault, SmallVault.SECRET, SmallVault.options(), "a test");
        goOn(2);
        run(store, CopyOptions.logs());
        assertPasses(laidOut(store));
        VaultSecret next = VaultSecret.passphrase("another");
        Vault.changeSecret(vault, SmallVault.SECRET, next, SmallVault.options());
        try (Vault open = Vault.open(vault, next, SmallVault.options())) {
            open.tenant("acme").appendAndWait(Event.of("last").build());
        }
        Vault.succeedSigningKeys(vault, next, SmallVault.options(), "again");
        new CopyRun(UnlockedVault.unlock(vault, next), store, CopyOptions.logs(), CLOCK).run();
        try (FetchedCopy fetched = FetchedCopy.tenant(store, next, "acme")) {
            assertEquals(
                    VaultReader.open(vault, next).tenant("acme").orElseThrow().eventCount(),
                    VaultReader.open(fetched.directory(), next)
                            .tenant("acme")
                            .orElseThrow()
                            .eventCount());
        }
        Path copy = laidOut(store);
        VerificationReport keyed = new VaultVerifier(null, null).verify(UnlockedVault.unlock(copy, next));
        assertEquals(Verdict.PASSED, keyed.verdict(), () -> told(keyed));
        VerificationReport ofVault = new VaultVerifier(null, null).verify(UnlockedVault.unlock(vault, next));
        assertEquals(Verdict.PASSED, ofVault.verdict(), () -> told(ofVault));
    }

    private void deposit(String name, int bytes) throws Exception {
        try (Vault open = Vault.open(vault, SmallVault.SECRET, SmallVault.options())) {
            open.tenant("acme")
                    .backups()
                    .put(
                            new ByteArrayInputStream(new byte[bytes]),
                            Deposit.of(name, "files"),
                            TenantBackups.PutOptions.defaults());
        }
    }

    private Path backups() throws Exception {
        return new Layout(vault)
                .tenant(UnlockedVault.unlock(vault, SmallVault.SECRET).tenants().get("acme"))
                .backups();
    }

    @Test
    void whatIsDepositedComesBackFromACopy() throws Exception {
        deposit("first", 100_000);
        MemoryStore store = new MemoryStore();
        run(store, CopyOptions.logs());
        deposit("second", 300_000);
        run(store, CopyOptions.logs());
        assertTrue(store.objects.keySet().stream().noneMatch(key -> key.endsWith("/lock")), "a lock is no deposit");
        Path copy = laidOut(store);
        assertPasses(copy);
        Files.move(vault, directory.resolve("gone"));
        TenantBackups backups = VaultReader.open(copy, SmallVault.SECRET)
                .tenant("acme")
                .orElseThrow()
                .backups();
        assertEquals(2, backups.catalogue().items().size());
        for (Item item : backups.catalogue().items()) {
            Path restored = directory.resolve(item.name());
            backups.restore(item, restored, DepositProgress.NONE);
            assertEquals(item.bytes(), Files.size(restored));
        }
    }

    /** The manifests name what was copied; that it is all, the log says. */
    @Test
    void aDepositThatWasTakenAwayBeforeTheCopyIsMissed() throws Exception {
        deposit("first", 100_000);
        for (Path file : Layout.list(backups())) {
            Files.delete(file);
        }
        MemoryStore store = new MemoryStore();
        run(store, CopyOptions.logs());
        VerificationReport report = new VaultVerifier(null, null).verify(laidOut(store));
        assertEquals(
                List.of(Claim.BACKUPS),
                report.with(Verdict.FAILED).stream()
                        .map(Finding::claim)
                        .distinct()
                        .toList(),
                () -> told(report));
    }

    @Test
    void copiesToADirectoryWhatItCopiesElsewhere() throws Exception {
        MemoryStore store = new MemoryStore();
        run(store, CopyOptions.logs());
        Path copy = directory.resolve("in-a-directory");
        new CopyRun(UnlockedVault.unlock(vault, SmallVault.SECRET), new DirectoryStore(copy), CopyOptions.logs(), CLOCK)
                .run();
        assertEquals(
                store.objects.keySet(), new TreeSet<>(SmallVault.contents(copy).keySet()));
        assertPasses(copy);
    }

    @Test
    void findsEveryObjectThatIsMissingOrChanged() throws Exception {
        MemoryStore store = new MemoryStore();
        run(store, CopyOptions.logs());
        goOn(2);
        run(store, CopyOptions.logs());
        Path copy = laidOut(store);
        int named = 0;
        for (Map.Entry<String, byte[]> object : store.objects.entrySet()) {
            String key = object.getKey();
            Path file = copy.resolve(key);
            byte[] changed = object.getValue().clone();
            changed[changed.length / 2] ^= 1;
            Files.write(file, changed);
            VerificationReport flipped = verify(copy);
            Files.delete(file);
            VerificationReport missing = verify(copy);
            Files.write(file, object.getValue());
            if (key.startsWith("names/")) {
                // It only says where to look, and who finds another log's keys there finds out.
                continue;
            }
            assertEquals(Verdict.FAILED, flipped.verdict(), () -> key + " changed: " + told(flipped));
            if (key.equals(CopyMarker.KEY)) {
                assertEquals(Verdict.FAILED, missing.verdict(), () -> key + " missing: " + told(missing));
            } else if (key.startsWith("keys/")) {
                assertEquals(Verdict.PASSED, missing.verdict(), () -> key + " destroyed: " + told(missing));
            } else if (!key.equals("anchors/checkpoint")) {
                assertEquals(Verdict.FAILED, missing.verdict(), () -> key + " missing: " + told(missing));
            }
            named++;
        }
        assertTrue(named > 20, "expected more objects, found " + named);
        assertPasses(copy);
    }

    private static VerificationReport verify(Path copy) throws IOException {
        return new VaultVerifier(null, null).verify(copy);
    }

    @Test
    void goesOnAfterEveryWriteThatFails() throws Exception {
        MemoryStore whole = new MemoryStore();
        run(whole, CopyOptions.logs());
        for (boolean afterIt : new boolean[] {false, true}) {
            boolean failed = true;
            for (int step = 0; failed; step++) {
                MemoryStore store = new MemoryStore();
                store.failFrom(step, afterIt);
                failed = false;
                try {
                    run(store, CopyOptions.logs());
                } catch (IOException e) {
                    failed = true;
                    assertTrue(String.valueOf(e.getMessage()).contains("full"), e.getMessage());
                }
                if (store.objects.containsKey("vault.sig")) {
                    VerificationReport report = verify(laidOut(store));
                    assertFalse(report.verdict() == Verdict.FAILED, told(report));
                }
                store.failFrom(Integer.MAX_VALUE, false);
                run(store, CopyOptions.logs());
                assertTrue(store.holdsWhat(whole), "after a failure of write " + step);
            }
        }
    }

    @Test
    void copiesNothingOfALogThatIsDamaged() throws Exception {
        UnlockedVault unlocked = UnlockedVault.unlock(vault, SmallVault.SECRET);
        LogId acme = unlocked.tenants().get("acme");
        Path segment = unlocked.layout().tenant(acme).segment(2);
        byte[] good = Files.readAllBytes(segment);
        for (int at : new int[] {50, 120, 140, good.length / 2, good.length - 60}) {
            byte[] bad = good.clone();
            bad[at] ^= 1;
            Files.write(segment, bad);
            MemoryStore store = new MemoryStore();
            assertThrows(CorruptFileException.class, () -> run(store, CopyOptions.logs()), "byte " + at);
            assertFalse(store.objects.containsKey("tenants/" + acme + "/log/00000002.evs"), "byte " + at);
            Files.write(segment, good);
            run(store, CopyOptions.logs());
            assertPasses(laidOut(store));
        }
    }

    @Test
    void refusesAVaultThatWasPutBack() throws Exception {
        Path old = Files.createDirectory(directory.resolve("old"));
        for (Map.Entry<String, byte[]> file : SmallVault.contents(vault).entrySet()) {
            Files.createDirectories(old.resolve(file.getKey()).getParent());
            Files.write(old.resolve(file.getKey()), file.getValue());
        }
        goOn(2);
        MemoryStore store = new MemoryStore();
        run(store, CopyOptions.logs());
        MemoryStore before = new MemoryStore();
        before.objects.putAll(store.objects);
        CorruptFileException shorter = assertThrows(
                CorruptFileException.class,
                () -> new CopyRun(UnlockedVault.unlock(old, SmallVault.SECRET), store, CopyOptions.logs(), CLOCK)
                        .run());
        assertTrue(shorter.problem().contains("put back"), shorter.problem());
        assertTrue(store.holdsWhat(before));
    }

    @Test
    void keepsWhatIsToBeRetainedAndNeverTheKeys() throws Exception {
        MemoryStore store = new MemoryStore();
        run(store, CopyOptions.logs().withRetain(Duration.ofDays(30)));
        Set<String> free = new TreeSet<>(store.objects.keySet());
        free.removeAll(store.retained.keySet());
        assertTrue(
                free.stream()
                        .allMatch(key -> key.startsWith("keys/")
                                || key.startsWith("names/")
                                || key.startsWith("retained/")
                                || Set.of("copy.json", "vault.json", "vault.sig", "anchors/checkpoint")
                                        .contains(key)),
                free::toString);
        assertTrue(store.retained.values().stream().allMatch(Instant.parse("2026-07-01T00:00:00Z")::equals));
        store.retainsByItself = true;
        assertThrows(CopyRefusedException.class, () -> run(store, CopyOptions.logs()));
    }

    @Test
    void keepsTenantsAndTheServiceApart() throws Exception {
        MemoryStore logs = new MemoryStore();
        run(logs, CopyOptions.logs());
        assertTrue(logs.objects.keySet().stream().noneMatch(key -> key.contains("service")));
        MemoryStore service = new MemoryStore();
        run(service, CopyOptions.configuration());
        assertTrue(service.objects.containsKey("service/log/00000001.evs"));
        assertTrue(service.objects.keySet().stream().noneMatch(key -> key.startsWith("tenants/")));
        assertPasses(laidOut(service));
        assertThrows(CopyRefusedException.class, () -> run(service, CopyOptions.logs()));
        assertThrows(CopyRefusedException.class, () -> run(logs, CopyOptions.configuration()));
    }

    @Test
    void copiesOneTenantAlone() throws Exception {
        MemoryStore store = new MemoryStore();
        run(store, CopyOptions.logs().withTenants(Set.of("acme")).withIndexes(false));
        UnlockedVault unlocked = UnlockedVault.unlock(vault, SmallVault.SECRET);
        LogId other = unlocked.tenants().get(SmallVault.OTHER_TENANT);
        assertTrue(store.objects.keySet().stream().noneMatch(key -> key.contains(other.toString())));
        assertPasses(laidOut(store));
        // The other one follows later, when the first has gone on.
        goOn(2);
        run(store, CopyOptions.logs().withTenants(Set.of(SmallVault.OTHER_TENANT)));
        assertPasses(laidOut(store));
        assertThrows(
                CopyRefusedException.class, () -> run(store, CopyOptions.logs().withTenants(Set.of("nobody"))));
    }

    @Test
    void refusesAPlaceThatHoldsSomethingElse() throws Exception {
        MemoryStore other = new MemoryStore();
        other.objects.put("readme", new byte[1]);
        assertThrows(CopyRefusedException.class, () -> run(other, CopyOptions.logs()));
        Path second = directory.resolve("second");
        SmallVault.write(second);
        MemoryStore store = new MemoryStore();
        run(store, CopyOptions.logs());
        assertThrows(
                CopyRefusedException.class,
                () -> new CopyRun(UnlockedVault.unlock(second, SmallVault.SECRET), store, CopyOptions.logs(), CLOCK)
                        .run());
        assertThrows(
                CopyRefusedException.class,
                () -> new CopyRun(
                                UnlockedVault.unlock(vault, SmallVault.SECRET),
                                new DirectoryStore(vault.resolve("copy")),
                                CopyOptions.logs(),
                                CLOCK)
                        .run());
    }

    @Test
    void worksBesideAWriterAndAlwaysUpToAnAnchor() throws Exception {
        MemoryStore store = new MemoryStore();
        Thread[] writer = new Thread[1];
        List<Throwable> broken = new ArrayList<>();
        try (Vault open = Vault.open(vault, SmallVault.SECRET, SmallVault.options())) {
            Thread thread = new Thread(() -> {
                try {
                    TenantLog log = open.tenant("acme");
                    for (int i = 0; i < 3000 && !Thread.currentThread().isInterrupted(); i++) {
                        log.append(Event.of("busy").actor(Actor.tenant("alice")).build());
                        if (i % 40 == 0) {
                            open.seal();
                        }
                    }
                } catch (IOException | RuntimeException e) {
                    broken.add(e);
                }
            });
            writer[0] = thread;
            thread.start();
            long anchor = 0;
            for (int round = 0; round < 8; round++) {
                CopyRun.Result result = run(store, CopyOptions.logs());
                assertTrue(result.anchor() >= anchor);
                anchor = result.anchor();
                assertPasses(laidOut(store));
            }
            thread.join();
        }
        assertEquals(List.of(), broken);
        run(store, CopyOptions.logs());
        assertPasses(laidOut(store));
    }

    @Test
    void readsAManifestInOneSpellingOnly() throws Exception {
        MemoryStore store = new MemoryStore();
        run(store, CopyOptions.logs());
        UnlockedVault unlocked = UnlockedVault.unlock(vault, SmallVault.SECRET);
        String key = "manifests/vault/00000001.note";
        byte[] good = store.objects.get(key);
        CopyManifest manifest = CopyManifest.parse(good, unlocked.settings().keys());
        assertArrayEquals(good, manifest.sign(unlocked.signer()));
        String text = new String(good, StandardCharsets.UTF_8);
        String signed = text.substring(0, text.lastIndexOf("\n\n") + 1);
        for (String[] change : new String[][] {
            {"number 1", "number 01"},
            {"number 1", "number 2"},
            {"previous none", "previous " + "0".repeat(64)},
            {"segments 0", "segments -1"},
            {"segments 0", "segment 0"},
            {"objects ", "objects 1"},
            {" anchors/00000001.eva", " anchors/../00000001.eva"},
            {" anchors/00000001.eva", "  anchors/00000001.eva"},
            {" anchors/00000002.eva", " anchors/00000001.eva"},
            {"copy-manifest/v1", "copy-manifest/v2"},
        }) {
            assertTrue(signed.contains(change[0]), change[0]);
            byte[] bad =
                    unlocked.signer().sign(signed.replace(change[0], change[1])).format();
            assertThrows(
                    IllegalArgumentException.class,
                    () -> CopyManifest.parse(bad, unlocked.settings().keys()),
                    () -> Arrays.toString(change));
        }
        assertThrows(IllegalArgumentException.class, () -> CopyMarker.parse("{}".getBytes(StandardCharsets.UTF_8)));
        byte[] marker = store.objects.get(CopyMarker.KEY);
        assertArrayEquals(marker, CopyMarker.parse(marker).format());
        assertThrows(
                IllegalArgumentException.class,
                () -> CopyMarker.parse(
                        (new String(marker, StandardCharsets.UTF_8) + " ").getBytes(StandardCharsets.UTF_8)));
        // Signed by somebody else.
        Path second = directory.resolve("other");
        SmallVault.write(second);
        byte[] foreign = UnlockedVault.unlock(second, SmallVault.SECRET)
                .signer()
                .sign(signed)
                .format();
        assertThrows(
                IllegalArgumentException.class,
                () -> CopyManifest.parse(foreign, unlocked.settings().keys()));
    }

    @Test
    void findsTheEndOfALogThatWasCutOffWithItsManifest() throws Exception {
        MemoryStore store = new MemoryStore();
        run(store, CopyOptions.logs());
        goOn(2);
        run(store, CopyOptions.logs());
        LogId acme = UnlockedVault.unlock(vault, SmallVault.SECRET).tenants().get("acme");
        store.objects.remove("manifests/" + acme + "/00000002.note");
        List<String> segments = store.objects.keySet().stream()
                .filter(key -> key.startsWith("tenants/" + acme + "/log/"))
                .toList();
        store.objects.remove(segments.get(segments.size() - 1));
        Path copy = laidOut(store);
        VerificationReport report = verify(copy);
        assertEquals(Verdict.FAILED, report.verdict());
        assertTrue(
                report.with(Verdict.FAILED).stream()
                        .map(Finding::where)
                        .anyMatch(where -> where.startsWith("manifests/")),
                () -> told(report));
        assertTrue(new Layout(copy).isCopy());
    }
}
