package dev.evidencevault.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.SmallVault;
import dev.evidencevault.Vault;
import dev.evidencevault.access.AccessReport.Entry;
import dev.evidencevault.access.AccessReport.Source;
import dev.evidencevault.cases.Case;
import dev.evidencevault.cases.CaseOffice;
import dev.evidencevault.cases.CaseState;
import dev.evidencevault.cases.StepKind;
import dev.evidencevault.format.LogId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessReportTest {
    @TempDir
    private Path directory;

    private CaseOffice office;

    @BeforeEach
    void makeVault() throws Exception {
        office = new CaseOffice(directory.resolve("vault"));
    }

    private AccessReport report(String tenant, boolean forTenant) throws Exception {
        return AccessReport.of(office.unlocked.anew(), office.desk, tenant, Long.MIN_VALUE, Long.MAX_VALUE, forTenant);
    }

    @Test
    void stepsOfCasesAndActsOfTheProviderAreListedInTheOrderOfTheirTime() throws Exception {
        Case closed = office.reach(CaseState.CLOSED);
        AccessReport report = report("acme", false);
        assertEquals(10, report.entries().size());
        Entry act = report.entries().get(0);
        assertEquals("operator", act.who());
        assertEquals("document.read doc-5 for alice (privileged)", act.what());
        assertTrue(act.touched() && act.source() == Source.TENANT_LOG);
        Entry export = report.entries().get(5);
        assertEquals("hayashi (H. Hayashi)", export.who());
        assertTrue(export.what().startsWith("export: 4 records"));
        assertEquals("order 417 of Court", export.why());
        assertEquals(closed.id(), export.caseId());
        assertEquals(2, report.entries().stream().filter(Entry::touched).count());
        assertEquals("to answer the order", report.entries().get(4).why());
        assertEquals(10, report.toJson().path("entries").size());
        assertTrue(report.location().contains("tenants"));
    }

    @Test
    void itTellsOfNobodyElse() throws Exception {
        office.reach(CaseState.CLOSED);
        assertEquals(List.of(), report(SmallVault.OTHER_TENANT, false).entries());
        assertThrows(IllegalArgumentException.class, () -> report("nobody", false));
        var fresh = office.unlocked.anew();
        AccessReport.of(fresh, office.desk, "acme", Long.MIN_VALUE, Long.MAX_VALUE, false);
        LogId service =
                dev.evidencevault.storage.LogKeys.read(fresh.layout().service()).logId();
        assertEquals(Set.of(service, fresh.tenants().get("acme")), fresh.keysOpened());
    }

    @Test
    void whatTheTenantMustNotKnowIsNotForTheTenant() throws Exception {
        office.step(office.reach(CaseState.EXPORTED), StepKind.NOTICE);
        assertEquals(7, report("acme", false).entries().size());
        assertEquals(1, report("acme", true).entries().size());
    }

    @Test
    void aCaseThatWasRemovedIsStillKnown() throws Exception {
        Case exported = office.reach(CaseState.EXPORTED);
        Vault.open(office.vault, SmallVault.SECRET, SmallVault.options().withClock(office.clock))
                .close();
        Path of = office.vault.resolve("cases/" + exported.id());
        for (Path file : Files.list(of).toList()) {
            Files.delete(file);
        }
        Files.delete(of);
        List<Entry> removed = report("acme", false).entries().stream()
                .filter(entry -> entry.source() == Source.SERVICE_LOG)
                .toList();
        assertEquals(5, removed.size());
        assertTrue(removed.get(4).touched());
        assertEquals("hayashi", removed.get(4).who());
    }

    @Test
    void aTimeBoundsIt() throws Exception {
        office.reach(CaseState.CLOSED);
        AccessReport report =
                AccessReport.of(office.unlocked, office.desk, "acme", office.now(), office.now() + 1, false);
        assertEquals(9, report.entries().size());
    }
}
