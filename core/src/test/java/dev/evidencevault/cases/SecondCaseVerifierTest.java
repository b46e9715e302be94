package dev.evidencevault.cases;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.evidencevault.docs.FormatVectors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cases as both verifiers see them: whole ones with refusals in case and register, and ones with their steps disturbed. */
class SecondCaseVerifierTest {
    private static final Path VERIFIER = FormatVectors.repository("verifier").resolve("evault_verify.py");

    @TempDir
    private Path directory;

    private CaseOffice office;
    private Case closed;

    @BeforeEach
    void makeCase() throws Exception {
        assumeTrue(hasPython(), "skipped: there is no python3");
        office = new CaseOffice(directory.resolve("vault"));
        assertThrows(
                CaseRefusedException.class,
                () -> office.desk.open(CaseOffice.newSigner("nobody"), office.opening("1")));
        Case approved = office.reach(CaseState.APPROVED);
        assertThrows(CaseRefusedException.class, () -> office.step(approved, StepKind.ACKNOWLEDGE));
        closed = office.reachFrom(office.desk.read(approved.id()), CaseState.CLOSED);
    }

    private static boolean hasPython() throws InterruptedException {
        try {
            return new ProcessBuilder("python3", "--version").start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private int exit(byte[] file) throws Exception {
        Path path = Files.write(directory.resolve("case.json"), file);
        Process process = new ProcessBuilder("python3", VERIFIER.toString(), path.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exit = process.waitFor();
        assertTrue(exit == 0 || exit == 3, said);
        return exit;
    }

    private void agree(boolean good, byte[] file) throws Exception {
        boolean ours;
        try {
            CaseFile.verify(file);
            ours = true;
        } catch (BrokenCaseException | IllegalArgumentException e) {
            ours = false;
        }
        assertEquals(good, ours);
        assertEquals(good, exit(file) == 0);
    }

    private byte[] file() throws Exception {
        return CaseFile.format(
                office.unlocked.settings().vaultId(),
                office.unlocked.settings().keys(),
                office.desk.register(),
                closed);
    }

    @Test
    void bothTakeAWholeCase() throws Exception {
        assertTrue(closed.steps().stream().anyMatch(step -> step.kind() == StepKind.REFUSED));
        assertTrue(office.desk.register().steps().stream().anyMatch(step -> step.kind() == StepKind.REFUSED));
        agree(true, file());
    }

    @Test
    void bothRefuseADisturbedOne() throws Exception {
        String text = new String(file(), StandardCharsets.UTF_8);
        int at = text.indexOf("\"steps\":[") + 9;
        List<String> notes =
                new ArrayList<>(List.of(text.substring(at, text.length() - 2).split("(?<=\"),(?=\")")));
        assertEquals(closed.steps().size(), notes.size());
        for (int i = 0; i < notes.size() - 1; i++) {
            List<String> removed = new ArrayList<>(notes);
            removed.remove(i);
            agree(false, with(text, at, removed));
            List<String> swapped = new ArrayList<>(notes);
            Collections.swap(swapped, i, i + 1);
            agree(false, with(text, at, swapped));
        }
        agree(true, with(text, at, notes.subList(0, notes.size() - 1)));
    }

    private static byte[] with(String text, int at, List<String> notes) {
        return (text.substring(0, at) + String.join(",", notes) + "]}").getBytes(StandardCharsets.UTF_8);
    }
}
