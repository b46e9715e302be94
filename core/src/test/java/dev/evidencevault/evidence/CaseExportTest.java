package dev.evidencevault.evidence;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.Event;
import dev.evidencevault.SmallVault;
import dev.evidencevault.Vault;
import dev.evidencevault.cases.Case;
import dev.evidencevault.cases.CaseDesk;
import dev.evidencevault.cases.CaseOffice;
import dev.evidencevault.cases.CaseRefusedException;
import dev.evidencevault.cases.CaseState;
import dev.evidencevault.cases.Order;
import dev.evidencevault.cases.StepBody.Exported;
import dev.evidencevault.cases.StepBody.Refused;
import dev.evidencevault.cases.StepKind;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.storage.FailingStorage;
import dev.evidencevault.verify.BundleVerifier;
import dev.evidencevault.verify.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An export out of a case: what it changes, whose keys it opens, and that none comes out without its step. */
class CaseExportTest {
    @TempDir
    private Path directory;

    private CaseOffice office;
    private Path bundle;

    @BeforeEach
    void makeVault() throws Exception {
        office = new CaseOffice(directory.resolve("vault"));
        bundle = directory.resolve("bundle.zip");
    }

    private CaseExport.Result export(Case approved, String person) throws Exception {
        return new CaseExport(office.unlocked, office.desk, office.clock)
                .export(approved.id(), office.signer(person), bundle, false);
    }

    /** Requires that the only difference between two pictures of the vault is one new step of the case. */
    private void requireOneStepMore(Map<String, byte[]> before, Case approved) throws Exception {
        Map<String, byte[]> after = SmallVault.contents(office.vault);
        Set<String> added = new TreeSet<>(after.keySet());
        added.removeAll(before.keySet());
        long next = approved.steps().size() + 1;
        assertEquals(Set.of("cases/" + approved.id() + "/0000000" + next + ".evc"), added);
        before.forEach((name, bytes) -> {
            if (!name.equals("cases/lock")) {
                assertArrayEquals(bytes, after.get(name), name);
            }
        });
    }

    @Test
    void itChangesNothingButItsOwnStep() throws Exception {
        Case approved = office.reach(CaseState.APPROVED);
        Map<String, byte[]> before = SmallVault.contents(office.vault);
        CaseExport.Result result = export(approved, "hayashi");
        requireOneStepMore(before, approved);
        assertEquals(5, result.result().records(), "of alice, and in whose name the operator acted");
        assertEquals(Verdict.PASSED, new BundleVerifier(null).verify(bundle).verdict());
        assertEquals(result.step(), result.done().export().orElseThrow());
        Exported step = result.step();
        assertEquals(Digest.sha256(Files.readAllBytes(bundle)), step.bundle());
        assertEquals(Files.size(bundle), step.bytes());
        assertEquals(5, step.records());
        assertEquals("passed", step.verdict());
        assertEquals("index", step.completeness());
        assertEquals(approved.scope().orElseThrow().digest(), step.scope());
    }

    @Test
    void itOpensKeysOfThisTenantOnly() throws Exception {
        Case approved = office.reach(CaseState.APPROVED);
        assertEquals(Set.of(), office.unlocked.keysOpened(), "a case needs no key of a log");
        CaseExport.Result result = export(approved, "hayashi");
        assertEquals(
                List.of(office.unlocked.tenants().get("acme")), result.step().keys());
        assertEquals(Set.of(), office.unlocked.keysOpened(), "and holds none afterwards");
    }

    @Test
    void itWorksBesideALiveWriterAndLeavesItsFilesAlone() throws Exception {
        Case approved = office.reach(CaseState.APPROVED);
        try (Vault open =
                Vault.open(office.vault, SmallVault.SECRET, SmallVault.options().withClock(office.clock))) {
            open.tenant("acme").appendAndWait(Event.of("x").build());
            open.seal();
            open.recordCases();
            open.seal();
            Map<String, byte[]> before = SmallVault.contents(office.vault);
            export(approved, "hayashi");
            requireOneStepMore(before, approved);
        }
    }

    @Test
    void whoApprovedGetsNothing() throws Exception {
        Case approved = office.reach(CaseState.APPROVED);
        CaseRefusedException e = assertThrows(CaseRefusedException.class, () -> export(approved, "sato"));
        assertTrue(e.getMessage().contains("sato approved"), e.getMessage());
        requireNothingCameOut(approved, "sato approved");
    }

    private void requireNothingCameOut(Case approved, String reason) throws Exception {
        assertFalse(Files.exists(bundle));
        assertFalse(Files.exists(directory.resolve("bundle.zip.tmp")));
        Case after = office.desk.read(approved.id());
        assertTrue(after.last().body() instanceof Refused refused
                && refused.attempt() == StepKind.EXPORT
                && refused.reason().contains(reason));
        assertTrue(after.export().isEmpty());
    }

    @Test
    void afterTheApprovalHasExpiredNothingComesOut() throws Exception {
        Case approved = office.reach(CaseState.APPROVED);
        office.clock.move(Duration.ofDays(7));
        assertThrows(CaseRefusedException.class, () -> export(approved, "hayashi"));
        requireNothingCameOut(approved, "expired");
    }

    @Test
    void beforeAnApprovalNothingComesOut() throws Exception {
        for (CaseState state : List.of(CaseState.REVIEWED, CaseState.SCOPED)) {
            Case here = office.reach(state);
            CaseRefusedException e = assertThrows(CaseRefusedException.class, () -> export(here, "hayashi"));
            assertTrue(e.getMessage().contains("expected " + state.next().label() + " next"), e.getMessage());
            requireNothingCameOut(here, "expected");
            office.step(office.desk.read(here.id()), StepKind.CLOSE);
        }
    }

    @Test
    void evidenceIsNeverOverwrittenAndThatIsNoRefusal() throws Exception {
        Case approved = office.reach(CaseState.APPROVED);
        Files.writeString(bundle, "mine");
        assertThrows(FileAlreadyExistsException.class, () -> export(approved, "hayashi"));
        assertEquals(approved.steps(), office.desk.read(approved.id()).steps());
        assertEquals("mine", Files.readString(bundle));
    }

    /** The approval runs out while the bundle is put together: the step is refused, and so the bundle does not appear. */
    @Test
    void whatIsRefusedAtItsEndDoesNotAppear() throws Exception {
        Case approved = office.reach(CaseState.APPROVED);
        Clock ticking = new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                Instant now = office.clock.instant();
                office.clock.move(Duration.ofDays(8));
                return now;
            }
        };
        assertThrows(
                CaseRefusedException.class,
                () -> new CaseExport(office.unlocked, office.desk, ticking)
                        .export(approved.id(), office.signer("hayashi"), bundle, false));
        requireNothingCameOut(approved, "expired");
    }

    @Test
    void anEstimateOpensNoKeyAndIsABound() throws Exception {
        Case scoped = office.reach(CaseState.SCOPED);
        ScopeEstimate estimate =
                ScopeEstimate.of(office.unlocked, scoped.scope().orElseThrow().order());
        assertEquals(Set.of(), office.unlocked.keysOpened());
        assertEquals(3, estimate.segments());
        assertEquals(9, estimate.recordsMax());
        assertEquals(0, estimate.recordsMin());
        assertEquals(1, estimate.actorsMax());
        long bytes = 0;
        for (Map.Entry<String, byte[]> file : SmallVault.contents(office.unlocked
                        .layout()
                        .tenant(office.unlocked.tenants().get("acme"))
                        .segments())
                .entrySet()) {
            bytes += file.getValue().length;
        }
        assertEquals(bytes, estimate.bytes());
        assertEquals(estimate, estimate("'actors':['alice'],'from':'2026-05-01','to':'2026-06-01'"));
        assertEquals(9, estimate("'from':'2026-05-01','to':'2026-06-01'").recordsMin());
        ScopeEstimate part = estimate("'from':'2026-05-03','to':'2026-05-07'");
        assertEquals(3, part.recordsMin(), "of the segment that lies within");
        assertEquals(6, part.recordsMax(), "and of the one that begins before");
        assertEquals(0, estimate("'from':'2027-05-01','to':'2027-06-01'").segments());
        assertEquals(Set.of(), office.unlocked.keysOpened());
    }

    private ScopeEstimate estimate(String scope) throws Exception {
        return ScopeEstimate.of(
                office.unlocked,
                Order.parse(("{'order':'1','issuer':'Court','legalBasis':'Art. 1','tenant':'acme',"
                                + "'requestedBy':'A','approvedBy':'B'," + scope + "}")
                        .replace('\'', '"')
                        .getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void theStepComesBeforeTheBundle() throws Exception {
        Case approved = office.reach(CaseState.APPROVED);
        Path unreachable = Files.createDirectory(directory.resolve("out")).resolve("bundle.zip");
        CaseExport export = new CaseExport(
                office.unlocked,
                new CaseDesk(
                        office.unlocked,
                        new FailingStorage(0, FailingStorage.Failure.NOT_DONE),
                        office.clock,
                        new SecureRandom()),
                office.clock);
        assertThrows(
                IOException.class, () -> export.export(approved.id(), office.signer("hayashi"), unreachable, false));
        assertEquals(List.of(), Files.list(unreachable.getParent()).toList());
    }
}
