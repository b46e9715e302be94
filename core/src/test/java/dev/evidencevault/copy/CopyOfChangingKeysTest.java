package dev.evidencevault.copy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.Event;
import dev.evidencevault.SmallVault;
import dev.evidencevault.Vault;
import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.LogId;
import dev.evidencevault.reader.VaultReader;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Settings;
import dev.evidencevault.storage.UnlockedVault;
import dev.evidencevault.verify.VaultVerifier;
import dev.evidencevault.verify.Verdict;
import dev.evidencevault.verify.VerificationReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A copy is read and verified after every step of a run, also when keys or the secret changed since the run before. */
class CopyOfChangingKeysTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-06-01T00:00:00Z"), ZoneOffset.UTC);

    @TempDir
    Path directory;

    private Path vault;
    private final MemoryStore store = new MemoryStore();

    @BeforeEach
    void write() throws Exception {
        vault = directory.resolve("vault");
        SmallVault.write(vault);
        run(SmallVault.SECRET);
    }

    private void run(VaultSecret secret) throws Exception {
        new CopyRun(UnlockedVault.unlock(vault, secret), store, CopyOptions.logs(), CLOCK).run();
    }

    private void rotateAndGoOn() throws Exception {
        try (Vault open = Vault.open(vault, SmallVault.SECRET, SmallVault.options())) {
            assertEquals(Map.of(), open.rotateKeys(List.of("acme"), "a test").failures());
            open.tenant("acme").appendAndWait(Event.of("later").build());
        }
    }

    private static void assertPasses(VerificationReport report, int step) {
        assertEquals(Verdict.PASSED, report.verdict(), () -> "after step " + step + ": " + report.findings());
    }

    private Path laidOut() throws IOException {
        Path copy = Files.createTempDirectory(directory, "copy");
        store.writeTo(copy);
        return copy;
    }

    private static long events(Path from, VaultSecret secret) throws Exception {
        long[] events = new long[1];
        VaultReader.open(from, secret).tenant("acme").orElseThrow().events(record -> {
            events[0]++;
            return true;
        });
        return events[0];
    }

    @Test
    void acrossRotationsItIsReadAndVerifiedAfterEveryWrite() throws Exception {
        Map<String, byte[]> before = new TreeMap<>(store.objects);
        long eventsBefore = events(laidOut(), SmallVault.SECRET);
        rotateAndGoOn();
        Vault.succeedSigningKeys(vault, SmallVault.SECRET, SmallVault.options(), "a test");
        rotateAndGoOn();
        LogId acme = UnlockedVault.unlock(vault, SmallVault.SECRET).tenants().get("acme");
        String keys = "keys/" + acme + ".json";
        long segmentsBefore = before.keySet().stream()
                .filter(key -> key.startsWith("tenants/" + acme + "/log/"))
                .count();
        boolean newerThanSeals = false;
        boolean failed = true;
        for (int step = 0; failed; step++) {
            store.objects.clear();
            store.objects.putAll(before);
            store.failFrom(step, false);
            failed = false;
            try {
                run(SmallVault.SECRET);
            } catch (IOException e) {
                failed = true;
            }
            Path copy = laidOut();
            newerThanSeals |=
                    !Arrays.equals(store.objects.get(keys), before.get(keys)) && segments(acme) == segmentsBefore;
            assertPasses(new VaultVerifier(null, null).verify(copy), step);
            assertPasses(new VaultVerifier(null, null).verify(UnlockedVault.unlock(copy, SmallVault.SECRET)), step);
            assertTrue(events(copy, SmallVault.SECRET) >= eventsBefore);
            store.failFrom(Integer.MAX_VALUE, false);
            try (FetchedCopy fetched = FetchedCopy.tenant(store, SmallVault.SECRET, "acme")) {
                assertTrue(events(fetched.directory(), SmallVault.SECRET) >= eventsBefore);
            }
            run(SmallVault.SECRET);
            Path whole = laidOut();
            assertPasses(new VaultVerifier(null, null).verify(UnlockedVault.unlock(whole, SmallVault.SECRET)), step);
            assertEquals(events(vault, SmallVault.SECRET), events(whole, SmallVault.SECRET));
        }
        assertTrue(newerThanSeals, "no step had keys that no seal there names");
    }

    private long segments(LogId log) {
        return store.list("tenants/" + log + "/log/").size();
    }

    @Test
    void keysThatNobodyAnnouncedAreFound() throws Exception {
        LogId acme = UnlockedVault.unlock(vault, SmallVault.SECRET).tenants().get("acme");
        String key = "keys/" + acme + ".json";
        byte[] first = store.objects.get(key);
        rotateAndGoOn();
        run(SmallVault.SECRET);
        CopyChain chain = CopyChain.read(
                store,
                CopyPart.of(acme),
                UnlockedVault.unlock(vault, SmallVault.SECRET).settings());
        assertEquals(Digest.sha256(store.objects.get(key)), chain.keys());
        // Those from before, which would open less.
        store.objects.put(key, first);
        assertEquals(
                Verdict.FAILED, new VaultVerifier(null, null).verify(laidOut()).verdict());
        // Those that come after all that was copied.
        rotateAndGoOn();
        store.objects.put(key, Files.readAllBytes(new Layout(vault).tenant(acme).keys()));
        assertEquals(
                Verdict.FAILED, new VaultVerifier(null, null).verify(laidOut()).verdict());
    }

    @Test
    void acrossAChangeOfTheSecretOneOfTheTwoOpensItAfterEveryWrite() throws Exception {
        VaultSecret next = VaultSecret.passphrase("another");
        Map<String, byte[]> before = new TreeMap<>(store.objects);
        Vault.changeSecret(vault, SmallVault.SECRET, next, SmallVault.options());
        boolean failed = true;
        for (int step = 0; failed; step++) {
            store.objects.clear();
            store.objects.putAll(before);
            store.failFrom(step, false);
            failed = false;
            try {
                run(next);
            } catch (IOException e) {
                failed = true;
            }
            assertPasses(new VaultVerifier(null, null).verify(laidOut()), step);
            assertTrue(opens(SmallVault.SECRET) || opens(next), "neither opens it after step " + step);
            store.failFrom(Integer.MAX_VALUE, false);
            run(next);
            assertTrue(opens(next) && !opens(SmallVault.SECRET));
            assertFalse(store.objects.containsKey("vault.next.json"));
        }
    }

    private boolean opens(VaultSecret secret) throws IOException {
        try (FetchedCopy fetched = FetchedCopy.tenant(store, secret, "acme")) {
            return Files.exists(fetched.directory());
        } catch (WrongKeyException e) {
            return false;
        }
    }

    /** Beside a change of the secret, the signature is over the settings that follow, and those have another name. */
    @Test
    void whatBelongsTogetherIsCopiedWhereverTheChangeOfTheSecretIs() throws Exception {
        VaultSecret next = VaultSecret.passphrase("another");
        Layout layout = new Layout(vault);
        byte[] old = Files.readAllBytes(layout.settings());
        byte[] oldSignature = Files.readAllBytes(layout.settingsSignature());
        Vault.changeSecret(vault, SmallVault.SECRET, next, SmallVault.options());
        byte[] fresh = Files.readAllBytes(layout.settings());
        byte[] freshSignature = Files.readAllBytes(layout.settingsSignature());
        // Before the signature is replaced, and after it.
        Files.write(layout.nextSettings(), fresh);
        Files.write(layout.settings(), old);
        Files.write(layout.settingsSignature(), oldSignature);
        run(SmallVault.SECRET);
        assertTrue(opens(SmallVault.SECRET));
        Files.write(layout.settingsSignature(), freshSignature);
        assertArrayEquals(fresh, Settings.readSigned(layout).settings());
        run(next);
        assertTrue(opens(next));
        assertPasses(new VaultVerifier(null, null).verify(laidOut()), 0);
    }
}
