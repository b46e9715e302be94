package dev.evidencevault.cases;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.SmallVault;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.storage.FailingStorage;
import dev.evidencevault.storage.UnsyncedStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every call to the storage fails in turn: a step is there whole or not at all, and the case goes on. */
class CaseStorageTest {
    private final PersonSigner mori = CaseOffice.newSigner("mori");
    private final PersonSigner ito = CaseOffice.newSigner("ito");

    @TempDir
    private static Path directory;

    private static Map<String, byte[]> empty = Map.of();

    @BeforeAll
    static void makeVault() throws Exception {
        CaseOffice.written(directory.resolve("empty"));
        empty = SmallVault.contents(directory.resolve("empty"));
    }

    private Path vault(String name) throws Exception {
        Path vault = directory.resolve(name);
        for (Map.Entry<String, byte[]> file : empty.entrySet()) {
            Path to = vault.resolve(file.getKey());
            Files.createDirectories(to.getParent());
            Files.write(to, file.getValue());
        }
        return vault;
    }

    private int steps;

    /** Registers two persons, opens a case and reviews it; counts what succeeded. */
    private void live(CaseOffice office) throws Exception {
        steps = 0;
        office.desk.register(new Person("mori", "A. Mori", Set.of(Role.OFFICER), mori.key()));
        steps++;
        office.desk.register(new Person("ito", "C. Ito", Set.of(Role.COUNSEL), ito.key()));
        steps++;
        Case opened = office.desk.open(mori, office.opening("1"));
        steps++;
        office.desk.step(opened.id(), ito, StepKind.REVIEW, (now, at) -> office.body(StepKind.REVIEW, now));
        steps++;
    }

    @ParameterizedTest
    @EnumSource
    void everyFailureLeavesWholeSteps(FailingStorage.Failure failure) throws Exception {
        FailingStorage counting =
                new FailingStorage(failure == FailingStorage.Failure.DISK_FULL ? Integer.MAX_VALUE : -1, failure);
        live(new CaseOffice(vault(failure + "-counting"), counting));
        int calls = counting.calls();
        assertTrue(calls > 20, "there are " + calls);
        for (int at = 0; at < calls; at++) {
            Path vault = vault(failure + "-" + at);
            FailingStorage failing = new FailingStorage(at, failure);
            CaseOffice office = new CaseOffice(vault, failing);
            assertThrows(IOException.class, () -> live(office), "call " + at);
            CaseOffice after = new CaseOffice(vault, new UnsyncedStorage());
            int found = after.desk.register().steps().size();
            for (Case each : after.desk.cases()) {
                found += each.steps().size();
            }
            assertTrue(
                    found == steps || found == steps + 1, failure + " of call " + at + ": " + found + ", not " + steps);
            after.desk.register(new Person("mori", "A. Mori", Set.of(Role.OFFICER, Role.COUNSEL), mori.key()));
            Case opened = after.desk.open(mori, after.opening("2"));
            assertEquals(
                    CaseState.REVIEWED,
                    after.desk
                            .step(opened.id(), mori, StepKind.REVIEW, (now, time) -> after.body(StepKind.REVIEW, now))
                            .state());
            assertTrue(
                    SmallVault.contents(vault.resolve("cases")).keySet().stream()
                            .noneMatch(name -> name.endsWith(".tmp")),
                    "remains are removed");
        }
    }

    @Test
    void whatIsNotFinishedCountsAsNothing() throws Exception {
        CaseOffice office = new CaseOffice(vault("unfinished"), new UnsyncedStorage());
        live(office);
        Path cases = office.vault.resolve("cases");
        Files.createDirectory(cases.resolve("0123456789ab.tmp"));
        Files.write(cases.resolve("0123456789ab.tmp/00000001.evc"), new byte[5]);
        Files.write(cases.resolve("register/00000003.evc.tmp"), new byte[5]);
        assertEquals(2, office.desk.register().steps().size());
        assertEquals(1, office.desk.ids().size());
        assertThrows(IllegalArgumentException.class, () -> office.desk.read(new CaseId("0123456789ab")));
        Files.createDirectory(cases.resolve("0123456789ac"));
        assertThrows(CorruptFileException.class, office.desk::cases, "a case without steps was robbed of them");
    }
}
