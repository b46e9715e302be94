package dev.evidencevault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.cases.Case;
import dev.evidencevault.cases.CaseOffice;
import dev.evidencevault.cases.CaseState;
import dev.evidencevault.cases.CaseStep;
import dev.evidencevault.cases.Notice;
import dev.evidencevault.cases.RecordedSteps;
import dev.evidencevault.cases.RecordedSteps.Recorded;
import dev.evidencevault.cases.StepBody.HoldPlaced;
import dev.evidencevault.cases.StepBody.NoticeChanged;
import dev.evidencevault.cases.StepBody.Opened;
import dev.evidencevault.cases.StepBody.Reviewed;
import dev.evidencevault.cases.StepKind;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.storage.FailingStorage;
import dev.evidencevault.storage.Layout.LogDirectory;
import dev.evidencevault.storage.SimulatedDisk;
import dev.evidencevault.storage.Storage;
import dev.evidencevault.storage.UnlockedVault;
import dev.evidencevault.storage.UnsyncedStorage;
import dev.evidencevault.verify.Claim;
import dev.evidencevault.verify.VaultVerifier;
import dev.evidencevault.verify.Verdict;
import dev.evidencevault.verify.VerificationReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How steps of cases come into the logs: once each, whatever happens, and into the tenant's only if it may know. */
class CaseRecorderTest {
    @TempDir
    private Path directory;

    private Path vault;
    private CaseOffice office;

    @BeforeEach
    void makeVault() throws Exception {
        vault = directory.resolve("vault");
        office = new CaseOffice(vault);
    }

    private VaultOptions options(Storage storage) {
        return SmallVault.options().withClock(office.clock).withSealThreads(1).withStorage(storage);
    }

    private Vault openVault() throws Exception {
        return Vault.open(vault, SmallVault.SECRET, options(new UnsyncedStorage()));
    }

    private void openAndClose() throws Exception {
        openVault().close();
    }

    private static List<Digest> recorded(Path vault, String tenant) throws Exception {
        UnlockedVault unlocked = UnlockedVault.unlock(vault, SmallVault.SECRET);
        LogDirectory log = tenant.isEmpty()
                ? unlocked.layout().service()
                : unlocked.layout().tenant(unlocked.tenants().get(tenant));
        List<Digest> digests = new ArrayList<>();
        for (Recorded each : RecordedSteps.read(log, unlocked.keys(log), Long.MIN_VALUE)) {
            digests.add(each.record().step());
        }
        return digests;
    }

    private List<Digest> ofService() throws Exception {
        return recorded(vault, "");
    }

    private List<Digest> ofTenant() throws Exception {
        return recorded(vault, "acme");
    }

    private static List<Digest> digests(List<CaseStep> steps) {
        return steps.stream().map(CaseStep::digest).toList();
    }

    private List<Digest> all(Case... cases) throws Exception {
        List<Digest> all = new ArrayList<>(digests(office.desk.register().steps()));
        for (Case each : cases) {
            all.addAll(digests(each.steps()));
        }
        return all;
    }

    private VerificationReport verify() throws Exception {
        return new VaultVerifier(null, null).verify(UnlockedVault.unlock(vault, SmallVault.SECRET));
    }

    private void requirePassed() throws Exception {
        VerificationReport report = verify();
        assertEquals(Verdict.PASSED, report.verdict(), report.toString());
    }

    @Test
    void stepsAreTakenUpAtOpeningOnceEach() throws Exception {
        Case closed = office.reach(CaseState.CLOSED);
        assertEquals(Verdict.INDETERMINATE, verify().verdict(), "not recorded yet");
        openAndClose();
        assertEquals(all(closed), ofService());
        assertEquals(digests(closed.steps()), ofTenant());
        assertEquals(List.of(), recorded(vault, SmallVault.OTHER_TENANT));
        requirePassed();
        openAndClose();
        assertEquals(all(closed), ofService());
        assertEquals(digests(closed.steps()), ofTenant());
        requirePassed();
        assertEquals(Verdict.PASSED, new VaultVerifier(null, null).verify(vault).verdict());
    }

    @Test
    void aLiveWriterTakesStepsUpAtItsAnchors() throws Exception {
        try (Vault open = openVault()) {
            Case exported = office.reach(CaseState.EXPORTED);
            open.tenant("acme").appendAndWait(Event.of("x").build());
            open.seal();
            awaitRecorded(open, exported);
            Case sealed = office.step(exported, StepKind.SEAL);
            open.recordCases();
            open.recordCases();
            open.seal();
            assertEquals(all(sealed), ofService());
            assertEquals(digests(sealed.steps()), ofTenant());
        }
        requirePassed();
    }

    private void awaitRecorded(Vault open, Case expected) throws Exception {
        for (int i = 0; i < 200 && !ofService().equals(all(expected)); i++) {
            Thread.sleep(25);
            open.seal();
        }
        assertEquals(all(expected), ofService());
        assertEquals(digests(expected.steps()), ofTenant());
    }

    @Test
    void nothingIsToldWhileTheNoticeIsDeferredAndAllOfItAfterwards() throws Exception {
        Case opened = office.open();
        openAndClose();
        assertEquals(List.of(), ofTenant(), "nobody has decided");
        long until = office.now() + Duration.ofDays(5).toNanos();
        Case deferred = office.step(opened, "ito", new Reviewed("Art. 99", Notice.of("deferred", until), null, null));
        openAndClose();
        assertEquals(all(deferred), ofService());
        assertEquals(List.of(), ofTenant());
        try (Vault open = openVault()) {
            open.recordCases();
            office.clock.move(Duration.ofDays(5));
            open.recordCases();
            open.recordCases();
        }
        assertEquals(digests(deferred.steps()), ofTenant());
        assertEquals(all(deferred), ofService());
        requirePassed();
    }

    @Test
    void nothingIsToldThatIsProhibitedOrUnderASecretHold() throws Exception {
        Case reviewed = office.reach(CaseState.REVIEWED);
        long until = office.now() + Duration.ofDays(30).toNanos();
        Case held = office.step(reviewed, "mori", new HoldPlaced(office.now(), until, true, "preservation"));
        openAndClose();
        assertEquals(List.of(), ofTenant(), "a secret hold is in force");
        Case prohibited = office.step(held, StepKind.NOTICE);
        office.clock.move(Duration.ofDays(31));
        openAndClose();
        assertEquals(List.of(), ofTenant(), "prohibited");
        assertEquals(all(prohibited), ofService());
        Case allowed =
                office.step(prohibited, "ito", new NoticeChanged(Notice.of("allowed", null), "the court agreed"));
        openAndClose();
        assertEquals(digests(allowed.steps()), ofTenant());
        Case again = office.step(allowed, StepKind.NOTICE);
        openAndClose();
        assertEquals(digests(allowed.steps()), ofTenant(), "what was told stays, and no more is told");
        assertEquals(all(again), ofService());
    }

    @Test
    void aSecondCaseOfOneTenantDoesNotRepeatTheFirst() throws Exception {
        Case first = office.reach(CaseState.CLOSED);
        office.clock.move(Duration.ofDays(1));
        openAndClose();
        Case second = office.reach(CaseState.REVIEWED);
        openAndClose();
        Set<Digest> once = new HashSet<>(ofTenant());
        assertEquals(once.size(), ofTenant().size());
        Set<Digest> expected = new HashSet<>(digests(first.steps()));
        expected.addAll(digests(second.steps()));
        assertEquals(expected, once);
    }

    @Test
    void aStepThatIsDatedAheadWaits() throws Exception {
        Case opened = office.open();
        office.clock.move(Duration.ofHours(-1));
        openAndClose();
        assertEquals(List.of(), ofService());
        office.clock.move(Duration.ofHours(1));
        openAndClose();
        assertEquals(all(opened), ofService());
    }

    @Test
    void aCaseThatDoesNotVerifyStopsNobody() throws Exception {
        Case broken = office.reach(CaseState.SCOPED);
        Path third = vault.resolve("cases/" + broken.id() + "/00000003.evc");
        byte[] bytes = Files.readAllBytes(third);
        bytes[40] ^= 1;
        Files.write(third, bytes);
        Case good = office.desk.read(
                office.desk.open(office.signer("mori"), otherOrder()).id());
        openAndClose();
        assertEquals(all(good), ofService());
        VerificationReport report = verify();
        assertEquals(Verdict.FAILED, report.verdict());
        assertTrue(report.with(Verdict.FAILED).stream()
                .allMatch(finding ->
                        finding.claim() == Claim.CASES && finding.where().endsWith("00000003.evc")));
    }

    private Opened otherOrder() {
        return new Opened(SmallVault.OTHER_TENANT, "9", "Court", "order", "JP", null, CaseOffice.digest("x"), null);
    }

    @Test
    void casesThatCannotBeReadKeepNobodyFromLogging() throws Exception {
        office.open();
        Files.move(vault.resolve("cases/register"), directory.resolve("register"));
        Files.write(vault.resolve("cases/register"), new byte[1]);
        try (Vault open = openVault()) {
            open.tenant("acme").appendAndWait(Event.of("x").build());
            assertThrows(IOException.class, open::recordCases);
        }
        requireFailed("expected a directory");
        Files.delete(vault.resolve("cases/register"));
        Files.move(directory.resolve("register"), vault.resolve("cases/register"));
        openAndClose();
        requirePassed();
    }

    @Test
    void stepsThatAreRemovedAreMissed() throws Exception {
        Case closed = office.reach(CaseState.CLOSED);
        openAndClose();
        Path last = vault.resolve("cases/" + closed.id() + "/00000009.evc");
        byte[] bytes = Files.readAllBytes(last);
        Files.delete(last);
        requireFailed("it is not there any more");
        Files.write(last, bytes);
        requirePassed();
        Files.write(vault.resolve("cases/" + closed.id() + "/note.txt"), bytes);
        requireFailed("nothing of this name belongs here");
        Files.delete(vault.resolve("cases/" + closed.id() + "/note.txt"));
        for (String name : SmallVault.contents(vault.resolve("cases")).keySet()) {
            Files.delete(vault.resolve("cases").resolve(name));
        }
        for (Path each : Files.list(vault.resolve("cases")).toList()) {
            Files.delete(each);
        }
        Files.delete(vault.resolve("cases"));
        requireFailed("it is not there any more");
    }

    private void requireFailed(String reason) throws Exception {
        VerificationReport report = verify();
        assertEquals(Verdict.FAILED, report.verdict());
        assertTrue(
                report.with(Verdict.FAILED).stream()
                        .allMatch(finding -> finding.reason().contains(reason)),
                report.toString());
    }

    @Test
    void aStepThatIsRecordedLongAfterItsTimeIsPointedAt() throws Exception {
        office.reach(CaseState.EXPORTED);
        office.clock.move(Duration.ofDays(2));
        openAndClose();
        VerificationReport report = verify();
        assertEquals(Verdict.INDETERMINATE, report.verdict());
        assertTrue(report.toString().contains("back-dated"), report.toString());
    }

    /** The process dies before every call to the storage while steps are recorded: each is in a log once afterwards. */
    @Test
    void aCrashBetweenStepAndRecordRepeatsNothing() throws Exception {
        Case exported = office.reach(CaseState.EXPORTED);
        Path base = Files.createDirectory(directory.resolve("disk"));
        SimulatedDisk disk = new SimulatedDisk(base);
        Path copy = base.resolve("vault");
        // The disk has to have seen every file: written anew through it.
        for (Map.Entry<String, byte[]> file : SmallVault.contents(vault).entrySet()) {
            createParents(disk, base, copy.resolve(file.getKey()).getParent());
            disk.createSynced(copy.resolve(file.getKey()), file.getValue());
            disk.syncDirectory(copy.resolve(file.getKey()).getParent());
        }
        for (String empty : List.of("journal")) {
            createParents(disk, base, copy.resolve(empty));
        }
        int before = disk.calls();
        try (Vault open = Vault.open(copy, SmallVault.SECRET, options(disk))) {
            open.recordCases();
        }
        assertTrue(disk.calls() > before + 10);
        for (int at = before; at <= disk.calls(); at += 1 + (disk.calls() - before) / 60) {
            for (SimulatedDisk.Crash crash : SimulatedDisk.Crash.values()) {
                Path after = directory.resolve("after-" + at + "-" + crash);
                disk.crash(at, crash, after);
                Vault.open(after.resolve("vault"), SmallVault.SECRET, options(new UnsyncedStorage()))
                        .close();
                assertEquals(all(exported), recorded(after.resolve("vault"), ""), crash + " before call " + at);
                assertEquals(digests(exported.steps()), recorded(after.resolve("vault"), "acme"));
            }
        }
    }

    private static void createParents(Storage storage, Path base, Path directory) throws IOException {
        if (!Files.exists(directory) && !directory.equals(base)) {
            createParents(storage, base, directory.getParent());
            storage.createDirectory(directory);
            storage.syncDirectory(directory.getParent());
        }
    }

    @Test
    void aFailureWhileStepsAreRecordedRepeatsNothing() throws Exception {
        Case exported = office.reach(CaseState.EXPORTED);
        Map<String, byte[]> start = SmallVault.contents(vault);
        FailingStorage counting = new FailingStorage(-1, FailingStorage.Failure.DONE);
        Vault.open(vault, SmallVault.SECRET, options(counting)).close();
        for (int at = 0; at < counting.calls(); at += 3) {
            Path copy = directory.resolve("copy-" + at);
            for (Map.Entry<String, byte[]> file : start.entrySet()) {
                Path to = copy.resolve(file.getKey());
                Files.createDirectories(to.getParent());
                Files.write(to, file.getValue());
            }
            Files.createDirectories(copy.resolve("journal"));
            try {
                Vault.open(copy, SmallVault.SECRET, options(new FailingStorage(at, FailingStorage.Failure.DONE)))
                        .close();
            } catch (IOException | VaultFailedException e) {
                assertTrue(String.valueOf(e.getMessage()).contains("made to fail"), e.toString());
            }
            Vault.open(copy, SmallVault.SECRET, options(new UnsyncedStorage())).close();
            assertEquals(all(exported), recorded(copy, ""), "failure of call " + at);
            assertEquals(digests(exported.steps()), recorded(copy, "acme"));
        }
    }
}
