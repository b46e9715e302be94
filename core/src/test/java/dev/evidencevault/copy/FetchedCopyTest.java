package dev.evidencevault.copy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.Actor;
import dev.evidencevault.Event;
import dev.evidencevault.SmallVault;
import dev.evidencevault.Vault;
import dev.evidencevault.cases.Order;
import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.evidence.EvidenceExport;
import dev.evidencevault.evidence.RecordProofs;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.LogId;
import dev.evidencevault.reader.TenantReader;
import dev.evidencevault.reader.VaultReader;
import dev.evidencevault.storage.UnlockedVault;
import dev.evidencevault.verify.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FetchedCopyTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-06-01T00:00:00Z"), ZoneOffset.UTC);

    @TempDir
    Path directory;

    private Path vault;
    private final MemoryStore store = new MemoryStore();

    @BeforeEach
    void write() throws Exception {
        vault = directory.resolve("vault");
        SmallVault.write(vault);
        copy(CopyOptions.logs());
    }

    private void copy(CopyOptions options) throws Exception {
        new CopyRun(UnlockedVault.unlock(vault, SmallVault.SECRET), store, options, CLOCK).run();
    }

    private Map<String, String> bundle(Path from, String name) throws Exception {
        Order order =
                Order.parse(("{\"order\":\"1\",\"issuer\":\"Court\",\"legalBasis\":\"Art. 9\",\"tenant\":\"acme\","
                                + "\"actors\":[\"alice\"],\"from\":\"2026-05-02T00:00:00Z\",\"to\":\"2026-05-08T00:00:00Z\","
                                + "\"requestedBy\":\"a\",\"approvedBy\":\"b\"}")
                        .getBytes(StandardCharsets.UTF_8));
        Path out = directory.resolve(name);
        EvidenceExport.Result result =
                new EvidenceExport(VaultReader.open(from, SmallVault.SECRET), CLOCK).export(order, out);
        assertEquals(Verdict.PASSED, result.report().verdict());
        assertTrue(result.records() > 0);
        Map<String, String> contents = new TreeMap<>();
        try (ZipFile zip = new ZipFile(out.toFile())) {
            for (ZipEntry entry : zip.stream().map(ZipEntry.class::cast).toList()) {
                try (InputStream in = zip.getInputStream(entry)) {
                    contents.put(entry.getName(), new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
                }
            }
        }
        return contents;
    }

    @Test
    void givesTheSameBundleAsTheVault() throws Exception {
        Map<String, String> fromVault = bundle(vault, "vault.zip");
        try (FetchedCopy fetched = FetchedCopy.tenant(store, SmallVault.SECRET, "acme")) {
            assertSame(fromVault, bundle(fetched.directory(), "fetched.zip"));
        }
        Path laidOut = directory.resolve("laid-out");
        store.writeTo(laidOut);
        // The vault is gone: seized, or burnt.
        Files.move(vault, directory.resolve("gone"));
        assertSame(fromVault, bundle(laidOut, "copy.zip"));
    }

    private static void assertSame(Map<String, String> expected, Map<String, String> found) {
        assertEquals(expected.keySet(), found.keySet());
        // ML-DSA signs with randomness, and these cover its signature.
        Set<String> random = Set.of("bag/signature-ml-dsa.note", "bag/signature.note", "bag/tagmanifest-sha256.txt");
        expected.forEach((name, content) -> {
            if (!random.contains(name)) {
                assertEquals(content, found.get(name), name);
            }
        });
        assertTrue(expected.keySet().stream().anyMatch(name -> name.endsWith("proofs/anchor.json")));
    }

    @Test
    void asksForNothingOfAnotherTenant() throws Exception {
        LogId other = UnlockedVault.unlock(vault, SmallVault.SECRET).tenants().get(SmallVault.OTHER_TENANT);
        LogId own = UnlockedVault.unlock(vault, SmallVault.SECRET).tenants().get("acme");
        store.asked.clear();
        try (FetchedCopy fetched = FetchedCopy.tenant(store, SmallVault.SECRET, "acme")) {
            bundle(fetched.directory(), "one.zip");
            assertEquals(
                    Set.of("acme"),
                    VaultReader.open(fetched.directory(), SmallVault.SECRET).tenants());
        }
        assertFalse(store.asked.isEmpty());
        for (String asked : store.asked) {
            assertFalse(asked.contains(other.toString()), asked);
            if (asked.startsWith("list ")) {
                assertTrue(
                        Set.of(
                                        "list anchors/",
                                        "list attestations/",
                                        "list successions/",
                                        "list manifests/" + own + "/")
                                .contains(asked),
                        asked);
            }
        }
        assertTrue(store.asked.stream().noneMatch(asked -> asked.contains("manifests/vault")));
    }

    @Test
    void isRemovedAndReadByItsOwnerAlone() throws Exception {
        Path fetched;
        try (FetchedCopy copy = FetchedCopy.tenant(store, SmallVault.SECRET, "acme")) {
            fetched = copy.directory();
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(fetched)));
        }
        assertFalse(Files.exists(fetched));
    }

    @Test
    void readsUpToTheAnchorOfEachTenant() throws Exception {
        try (Vault open = Vault.open(vault, SmallVault.SECRET, SmallVault.options())) {
            for (String tenant : new String[] {"acme", SmallVault.OTHER_TENANT}) {
                open.tenant(tenant)
                        .appendAndWait(
                                Event.of("later").actor(Actor.tenant("bob")).build());
            }
        }
        // Only the other one: of the first, the copy ends before the latest anchor.
        copy(CopyOptions.logs().withTenants(Set.of(SmallVault.OTHER_TENANT)));
        Path laidOut = directory.resolve("laid-out");
        store.writeTo(laidOut);
        bundle(laidOut, "older.zip");
        VaultReader reader = VaultReader.open(laidOut, SmallVault.SECRET);
        TenantReader acme = reader.tenant("acme").orElseThrow();
        assertTrue(new RecordProofs(reader).of(acme, 0).isPresent());
        assertTrue(acme.latestAnchor().orElseThrow().head().index()
                < reader.latestAnchor().orElseThrow().head().index());
    }

    @Test
    void refusesWhatIsMissingChangedDestroyedOrAnothers() throws Exception {
        UnlockedVault unlocked = UnlockedVault.unlock(vault, SmallVault.SECRET);
        String acme = unlocked.tenants().get("acme").toString();
        String other = unlocked.tenants().get(SmallVault.OTHER_TENANT).toString();
        assertThrows(CopyRefusedException.class, () -> FetchedCopy.tenant(store, SmallVault.SECRET, "nobody"));
        assertThrows(WrongKeyException.class, () -> FetchedCopy.tenant(store, VaultSecret.passphrase("wrong"), "acme"));
        String segment = "tenants/" + acme + "/log/00000002.evs";
        byte[] good = store.objects.get(segment);
        byte[] changed = good.clone();
        changed[200] ^= 1;
        store.objects.put(segment, changed);
        assertThrows(CorruptFileException.class, () -> FetchedCopy.tenant(store, SmallVault.SECRET, "acme"));
        store.objects.remove(segment);
        assertThrows(CorruptFileException.class, () -> FetchedCopy.tenant(store, SmallVault.SECRET, "acme"));
        store.objects.put(segment, good);
        // The name leads to another tenant's log.
        String name = FetchedCopy.nameKey(unlocked.nodeKeys(), "acme");
        byte[] id = store.objects.get(name);
        store.objects.put(name, (other + "\n").getBytes(StandardCharsets.US_ASCII));
        assertThrows(CorruptFileException.class, () -> FetchedCopy.tenant(store, SmallVault.SECRET, "acme"));
        store.objects.put(name, id);
        byte[] keys = store.objects.remove("keys/" + acme + ".json");
        CopyRefusedException destroyed =
                assertThrows(CopyRefusedException.class, () -> FetchedCopy.tenant(store, SmallVault.SECRET, "acme"));
        assertTrue(String.valueOf(destroyed.getMessage()).contains("destroyed"));
        store.objects.put("keys/" + acme + ".json", keys);
        FetchedCopy.tenant(store, SmallVault.SECRET, "acme").close();
        store.objects.put("anchors/..", new byte[1]);
        assertThrows(CorruptFileException.class, () -> FetchedCopy.tenant(store, SmallVault.SECRET, "acme"));
        assertThrows(IOException.class, () -> FetchedCopy.tenant(new MemoryStore(), SmallVault.SECRET, "acme"));
        assertArrayEquals(good, store.objects.get(segment));
    }
}
