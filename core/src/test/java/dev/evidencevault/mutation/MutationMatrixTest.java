package dev.evidencevault.mutation;

import static dev.evidencevault.mutation.MutatedVault.ACME;
import static dev.evidencevault.mutation.MutatedVault.OTHER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.SmallVault;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.docs.FormatVectors;
import dev.evidencevault.mutation.Cell.Attacker;
import dev.evidencevault.mutation.Cell.Level;
import dev.evidencevault.mutation.Cell.Mutation;
import dev.evidencevault.segment.SegmentFile;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.verify.Claim;
import dev.evidencevault.verify.HistoryComparison;
import dev.evidencevault.verify.VaultVerifier;
import dev.evidencevault.verify.Verdict;
import dev.evidencevault.verify.VerificationReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every kind of tampering at every level of a vault, each by the strongest attacker that leaves something to find: who
 * finds it, and what the finding says. Nothing of it passes everybody.
 */
class MutationMatrixTest {
    @TempDir
    private static Path directory;

    private static Path base;
    private static Map<String, byte[]> contents;
    private static SignedNote kept;
    private static final List<LevelMutations> LEVELS = List.of(
            new RecordMutations(),
            new BlockMutations(),
            new SegmentMutations(),
            new SealMutations(),
            new AnchorMutations());

    @BeforeAll
    static void writeVault() throws Exception {
        base = directory.resolve("base");
        MutatedVault.write(base);
        contents = SmallVault.contents(base);
        kept = SignedNote.parse(contents.get("anchors/checkpoint"));
    }

    private static MutatedVault copy(String name) throws Exception {
        return MutatedVault.copy(contents, directory.resolve(name));
    }

    private static VerificationReport audit(MutatedVault vault, @Nullable SignedNote known) throws Exception {
        return new VaultVerifier(null, known).verify(vault.layout.root());
    }

    private static VerificationReport own(MutatedVault vault, @Nullable SignedNote known) throws Exception {
        return new VaultVerifier(null, known).verify(vault.unlocked());
    }

    private static void requirePassed(VerificationReport report) {
        assertEquals(Verdict.PASSED, report.verdict(), report::toString);
    }

    private static void requireFound(Cell cell, MutatedVault vault, VerificationReport report) {
        assertEquals(Verdict.FAILED, report.verdict(), report::toString);
        String where = cell.where();
        for (String tenant : List.of(ACME, OTHER)) {
            if (where.equals(tenant) || where.startsWith(tenant + "/")) {
                where = where.replaceFirst(tenant, "tenants/" + vault.logId(tenant));
            }
        }
        String place = where;
        assertTrue(
                report.with(Verdict.FAILED).stream()
                        .anyMatch(finding -> finding.claim() == cell.claim()
                                && finding.where().equals(place)
                                && finding.reason().contains(cell.reason())),
                () -> "expected " + cell.claim() + " at " + place + ": " + cell.reason() + ", found " + report);
    }

    private static void check(Cell cell) throws Exception {
        MutatedVault vault = copy("cell");
        try {
            requirePassed(audit(vault, kept));
            requirePassed(own(vault, kept));
            cell.attack().run(vault);
            Map<String, byte[]> after = SmallVault.contents(vault.layout.root());
            assertTrue(
                    !after.keySet().equals(contents.keySet())
                            || after.entrySet().stream()
                                    .anyMatch(file -> !Arrays.equals(file.getValue(), contents.get(file.getKey()))),
                    "something was changed");
            switch (cell.finder()) {
                case AUDITOR -> {
                    requireFound(cell, vault, audit(vault, null));
                    assertEquals(Verdict.FAILED, own(vault, null).verdict());
                }
                case OWNER -> {
                    requirePassed(audit(vault, null));
                    requireFound(cell, vault, own(vault, null));
                }
                case KEEPER -> {
                    requirePassed(audit(vault, null));
                    requirePassed(own(vault, null));
                    requireFound(cell, vault, audit(vault, kept));
                    requireFound(cell, vault, own(vault, kept));
                }
            }
            if (cell.mutation() == Mutation.FORK) {
                HistoryComparison.Result compared = new HistoryComparison(null).compare(base, vault.layout.root());
                assertEquals(Verdict.FAILED, compared.verdict());
                assertTrue(compared.proof().isPresent());
            }
            if (cell.attacker() == Attacker.KEYS && cell.claim() == Claim.ANCHORS) {
                // All else was mended: it is the signature alone that this attacker cannot make.
                vault.anchorAnew(0);
                requirePassed(audit(vault, null));
            }
        } finally {
            vault.remove();
        }
    }

    @TestFactory
    Stream<DynamicTest> everyMutationIsFound() {
        return LEVELS.stream()
                .flatMap(level -> level.cells.stream())
                .map(cell -> DynamicTest.dynamicTest(cell + ", found by " + cell.finder(), () -> check(cell)));
    }

    @Test
    void everyCellIsThereOrSaysWhyNot() {
        assertEquals(
                List.of(Level.values()),
                LEVELS.stream().map(level -> level.level).toList());
        for (LevelMutations level : LEVELS) {
            for (Mutation mutation : Mutation.values()) {
                boolean there = level.cells.stream().anyMatch(cell -> cell.mutation() == mutation);
                assertNotEquals(there, level.absent.containsKey(mutation), level.level + " " + mutation);
            }
        }
    }

    @Test
    void theThreatModelSaysTheSame() throws Exception {
        String document = Files.readString(FormatVectors.repository("docs").resolve("threat-model.md"));
        StringBuilder table =
                new StringBuilder("| | record | block | segment | seal | anchor |\n|---|---|---|---|---|---|\n");
        for (Mutation mutation : Mutation.values()) {
            table.append("| ").append(mutation.label()).append(" |");
            for (LevelMutations level : LEVELS) {
                String found = level.cells.stream()
                        .filter(cell -> cell.mutation() == mutation)
                        .map(Cell::label)
                        .distinct()
                        .sorted()
                        .collect(Collectors.joining(", "));
                table.append(' ').append(found.isEmpty() ? "–" : found).append(" |");
            }
            table.append('\n');
        }
        assertTrue(document.contains(table), () -> "expected in docs/threat-model.md:\n" + table);
    }

    /** What the attacks are made with changes nothing that it is not told to. */
    @Test
    void aLogThatIsWrittenAnewAsItWasIsWhole() throws Exception {
        MutatedVault vault = copy("unchanged");
        try (SegmentFile file = new SegmentFile(vault.segment(2))) {
            assertEquals(4, file.blocks().size(), "three blocks of records and the actor table");
        }
        for (long from = 1; from <= MutatedVault.SEGMENTS; from++) {
            LogForger forger = vault.forge(ACME, from);
            assertEquals(MutatedVault.SEGMENTS + 1 - from, forger.segments.size());
            forger.segments.forEach(records -> assertEquals(MutatedVault.RECORDS_PER_SEGMENT, records.size()));
            List<String> before = LevelMutations.lines(forger);
            forger.write();
            assertEquals(before, LevelMutations.lines(vault.forge(ACME, from)));
            vault.anchorAnew(0);
            requirePassed(audit(vault, null));
            requirePassed(own(vault, null));
        }
        List<Long> anchors = Layout.numbers(vault.layout.anchors(), Layout.ANCHOR_SUFFIX);
        assertEquals(MutatedVault.SEGMENTS, anchors.size());
        vault.remove();
    }
}
