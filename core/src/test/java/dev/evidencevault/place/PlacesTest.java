package dev.evidencevault.place;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.Actor;
import dev.evidencevault.Event;
import dev.evidencevault.SmallVault;
import dev.evidencevault.Vault;
import dev.evidencevault.bundle.ExportStatement;
import dev.evidencevault.cases.Order;
import dev.evidencevault.copy.CopyOptions;
import dev.evidencevault.copy.CopyRun;
import dev.evidencevault.evidence.EvidenceExport;
import dev.evidencevault.evidence.SecondVerifier;
import dev.evidencevault.format.Change;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.LogId;
import dev.evidencevault.format.RecordKind;
import dev.evidencevault.reader.VaultReader;
import dev.evidencevault.segment.SegmentContent;
import dev.evidencevault.segment.SegmentFile;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.UnlockedVault;
import dev.evidencevault.verify.VaultVerifier;
import dev.evidencevault.verify.Verdict;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlacesTest {
    @TempDir
    Path directory;

    private Path vault;
    private Path tokyo;
    private Path berlin;

    @BeforeEach
    void write() throws Exception {
        vault = directory.resolve("vault");
        tokyo = directory.resolve("tokyo");
        berlin = directory.resolve("berlin");
        try (Vault open = Vault.create(vault, SmallVault.SECRET, SmallVault.options())) {
            open.addPlace(new Place("main", "DE", Place.Kind.VAULT, vault.toString()));
            open.addPlace(new Place("berlin", "DE", Place.Kind.LOGS, new DirectoryStore(berlin).location()));
            open.addPlace(new Place("tokyo", "JP", Place.Kind.LOGS, new DirectoryStore(tokyo).location()));
            open.createTenant("bound", Set.of("DE", "AT"))
                    .appendAndWait(Event.of("work").actor(Actor.tenant("alice")).build());
            open.tenant("free")
                    .appendAndWait(Event.of("work")
                            .occurredAt(Instant.parse("2026-05-01T00:00:00Z"))
                            .actor(Actor.tenant("bob"))
                            .build());
        }
    }

    private CopyRun.Result copy(Path to, CopyOptions options) throws Exception {
        return new CopyRun(
                        UnlockedVault.unlock(vault, SmallVault.SECRET),
                        new DirectoryStore(to),
                        options,
                        Clock.systemUTC())
                .run();
    }

    @Test
    void writesABoundTenantNowhereElse() throws Exception {
        PlaceRefusedException elsewhere =
                assertThrows(PlaceRefusedException.class, () -> copy(tokyo, CopyOptions.logs()));
        assertTrue(String.valueOf(elsewhere.getMessage()).contains("lies in JP"), elsewhere.getMessage());
        assertFalse(Files.exists(tokyo), "something was written");
        Path unknown = directory.resolve("unknown");
        assertThrows(PlaceRefusedException.class, () -> copy(unknown, CopyOptions.logs()));
        assertFalse(Files.exists(unknown));
        assertThrows(
                PlaceRefusedException.class,
                () -> copy(
                        tokyo, CopyOptions.logs().withTenants(Set.of("bound")).withPermittedOnly(true)));
        assertThrows(PlaceRefusedException.class, () -> copy(berlin, CopyOptions.configuration()));
        assertEquals(0, copy(berlin, CopyOptions.logs()).leftOut());
        assertEquals(1, copy(tokyo, CopyOptions.logs().withPermittedOnly(true)).leftOut());
        LogId bound = UnlockedVault.unlock(vault, SmallVault.SECRET).tenants().get("bound");
        assertTrue(SmallVault.contents(tokyo).keySet().stream().noneMatch(name -> name.contains(bound.toString())));
        for (Path copy : List.of(tokyo, berlin, vault)) {
            assertEquals(
                    Verdict.PASSED,
                    new VaultVerifier(null, null)
                            .verify(UnlockedVault.unlock(copy, SmallVault.SECRET))
                            .verdict());
        }
    }

    @Test
    void goesOnReadingInAnotherJurisdictionWhenTheVaultIsSeized() throws Exception {
        copy(tokyo, CopyOptions.logs().withTenants(Set.of("free")));
        Files.move(vault, directory.resolve("seized"));
        Order order =
                Order.parse(("{\"order\":\"1\",\"issuer\":\"Court\",\"legalBasis\":\"Art. 9\",\"tenant\":\"free\","
                                + "\"from\":\"2026-01-01T00:00:00Z\",\"to\":\"2026-06-01T00:00:00Z\","
                                + "\"requestedBy\":\"a\",\"approvedBy\":\"b\"}")
                        .getBytes(StandardCharsets.UTF_8));
        Path bundle = directory.resolve("bundle.zip");
        EvidenceExport.Result result =
                new EvidenceExport(VaultReader.open(tokyo, SmallVault.SECRET), Clock.systemUTC()).export(order, bundle);
        assertEquals(Verdict.PASSED, result.report().verdict());
        assertEquals(1, result.records());
        try (ZipFile zip = new ZipFile(bundle.toFile());
                InputStream in = zip.getInputStream(Objects.requireNonNull(zip.getEntry("bag/custody/export.json")))) {
            ExportStatement statement = ExportStatement.parse(in.readAllBytes());
            assertEquals(
                    List.of(
                            new ExportStatement.Lay("berlin", "DE", Place.Kind.LOGS),
                            new ExportStatement.Lay("main", "DE", Place.Kind.VAULT),
                            new ExportStatement.Lay("tokyo", "JP", Place.Kind.LOGS)),
                    statement.places());
        }
        SecondVerifier.requireAgreement(bundle, result.report());
    }

    @Test
    void recordsWhatATenantIsBoundToInItsLog() throws Exception {
        try (Vault open = Vault.open(vault, SmallVault.SECRET, SmallVault.options())) {
            assertThrows(PlaceRefusedException.class, () -> open.createTenant("far", Set.of("JP")));
            assertFalse(open.tenants().contains("far"));
            assertThrows(PlaceRefusedException.class, () -> open.bind("free", Set.of("JP"), "contract"));
            assertThrows(IllegalArgumentException.class, () -> open.bind("nobody", Set.of("DE"), "contract"));
            assertThrows(IllegalArgumentException.class, () -> open.bind("free", Set.of("XX"), "contract"));
            assertThrows(IllegalStateException.class, () -> open.createTenant("free", Set.of("DE")));
            assertThrows(
                    PlaceRefusedException.class,
                    () -> open.addPlace(new Place("moved", "JP", Place.Kind.VAULT, "/srv")));
            open.bind("free", Set.of("DE"), "contract");
            open.bind("free", Set.of("DE", "FR"), "new contract");
        }
        List<Change> bound = changes("bound");
        assertEquals("AT,DE", bound.get(0).after());
        assertNull(bound.get(0).before());
        List<Change> free = changes("free");
        assertEquals(List.of("DE", "DE,FR"), free.stream().map(Change::after).toList());
        assertEquals("DE", free.get(1).before());
        assertEquals("new contract", free.get(1).reason());
    }

    private List<Change> changes(String tenant) throws Exception {
        UnlockedVault unlocked = UnlockedVault.unlock(vault, SmallVault.SECRET);
        Layout.LogDirectory log = unlocked.layout()
                .tenant(Objects.requireNonNull(unlocked.tenants().get(tenant)));
        List<Change> changes = new ArrayList<>();
        for (long number : Layout.numbers(log.segments(), Layout.SEGMENT_SUFFIX)) {
            try (SegmentFile file = new SegmentFile(log.segment(number))) {
                for (SegmentFile.BlockRef block : file.blocks()) {
                    if (block.records()) {
                        new SegmentContent(file, unlocked.keys(log))
                                .records(block).stream()
                                        .filter(record -> record.kind() == RecordKind.CHANGE)
                                        .map(Change::of)
                                        .forEach(changes::add);
                    }
                }
            }
        }
        return changes;
    }

    @Test
    void refusesARegisterThatWasChangedOrIsSpelledOtherwise() throws Exception {
        UnlockedVault unlocked = UnlockedVault.unlock(vault, SmallVault.SECRET);
        Path file = unlocked.layout().places();
        byte[] good = Files.readAllBytes(file);
        String text = new String(good, StandardCharsets.UTF_8);
        String signed = text.substring(0, text.lastIndexOf("\n\n") + 1);
        for (String[] change : new String[][] {
            {"place tokyo JP", "place tokyo DE"},
        }) {
            Files.write(file, text.replace(change[0], change[1]).getBytes(StandardCharsets.UTF_8));
            assertThrows(CorruptFileException.class, () -> PlaceRegister.read(unlocked.layout(), unlocked.settings()));
            assertEquals(
                    Verdict.FAILED, new VaultVerifier(null, null).verify(vault).verdict());
            assertThrows(CorruptFileException.class, () -> copy(berlin, CopyOptions.logs()));
        }
        for (String[] change : new String[][] {
            {"number 4", "number 04"},
            {"place tokyo JP logs", "place tokyo jp logs"},
            {"place tokyo JP logs", "place tokyo JP vault"},
            {"place tokyo JP logs", "place tokyo JP other"},
            {"place tokyo JP logs", "place  tokyo JP logs"},
            {" AT,DE", " DE,AT"},
            {" AT,DE", " "},
            {"places/v1", "places/v2"},
        }) {
            assertTrue(signed.contains(change[0]), change[0]);
            Files.write(
                    file,
                    unlocked.signer().sign(signed.replace(change[0], change[1])).format());
            assertThrows(
                    CorruptFileException.class,
                    () -> PlaceRegister.read(unlocked.layout(), unlocked.settings()),
                    () -> change[1]);
        }
        Files.write(file, good);
        assertEquals(
                4, PlaceRegister.read(unlocked.layout(), unlocked.settings()).number());
    }
}
