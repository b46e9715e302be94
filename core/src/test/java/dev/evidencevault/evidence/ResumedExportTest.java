package dev.evidencevault.evidence;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.Actor;
import dev.evidencevault.Event;
import dev.evidencevault.SmallVault;
import dev.evidencevault.Vault;
import dev.evidencevault.bundle.BundleFiles;
import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.cases.Order;
import dev.evidencevault.evidence.ExportProgress.Phase;
import dev.evidencevault.reader.VaultReader;
import dev.evidencevault.verify.BundleVerifier;
import dev.evidencevault.verify.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exports that are interrupted, at every segment, and gone on with. */
class ResumedExportTest {
    private static final Instant START = Instant.parse("2026-05-01T12:00:00Z");
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-07-01T00:00:00Z"), ZoneOffset.UTC);
    private static final int SEGMENTS = 6;
    private static final int EVENTS = 7;

    @TempDir
    private Path directory;

    private Path vault;
    private Path out;

    /** The process ends. */
    private static final class Interruption extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    @BeforeEach
    void makeVault() throws Exception {
        vault = directory.resolve("vault");
        out = directory.resolve("evidence.zip");
        try (Vault open = Vault.create(
                vault,
                SmallVault.SECRET,
                SmallVault.options()
                        .withClock(Clock.fixed(START, ZoneOffset.UTC))
                        .withSealAfter(Duration.ofHours(1)))) {
            for (int segment = 0; segment < SEGMENTS; segment++) {
                append(open, segment);
            }
        }
    }

    private static void append(Vault open, int segment) throws Exception {
        for (int i = 0; i < EVENTS; i++) {
            open.tenant("acme")
                    .appendAndWait(Event.of("document.read")
                            .id(segment + "-" + i)
                            .occurredAt(START.minusSeconds(10))
                            .actor(Actor.tenant(i % 2 == 0 ? "alice" : "bob"))
                            .build());
        }
        open.seal();
    }

    private static Order order(String more) throws Exception {
        return Order.parse(("{\"order\":\"1\",\"issuer\":\"court\",\"legalBasis\":\"law\",\"tenant\":\"acme\"," + more
                        + "\"to\":\"2026-05-01T12:00:00Z\",\"requestedBy\":\"Mori\",\"approvedBy\":\"Sato\"}")
                .getBytes(StandardCharsets.UTF_8));
    }

    private EvidenceExport.Result export(Order order, Path target, ExportOptions options) throws Exception {
        return new EvidenceExport(VaultReader.open(vault, SmallVault.SECRET), CLOCK, options).export(order, target);
    }

    private static ExportOptions resuming() {
        return ExportOptions.defaults().withResume(true).withSaveEvery(1);
    }

    /** Interrupts an export after so many leaves. */
    private void interrupt(Order order, Phase when, int calls) throws Exception {
        int[] left = {calls};
        ExportOptions options = resuming().withProgress((phase, done, total) -> {
            if (phase == when && left[0]-- == 0) {
                throw new Interruption();
            }
        });
        assertThrows(Interruption.class, () -> export(order, out, options));
        assertFalse(Files.exists(out));
    }

    private static SortedMap<String, byte[]> files(Path bundle) throws Exception {
        SortedMap<String, byte[]> contents = new TreeMap<>();
        try (BundleFiles files = BundleFiles.open(bundle)) {
            for (String name : files.sizes().keySet()) {
                contents.put(name, files.read(name, 1 << 24));
            }
        }
        return contents;
    }

    private Path work() {
        return directory.resolve("evidence.zip.tmp");
    }

    @Test
    void itGoesOnWhereItWas() throws Exception {
        for (String more : List.of("\"actors\":[\"alice\"],", "\"actors\":[\"nobody\"],", "")) {
            Order order = order(more);
            Path whole = directory.resolve("whole.zip");
            export(order, whole, ExportOptions.defaults());
            for (int segment = 0; segment < SEGMENTS; segment++) {
                interrupt(order, Phase.READING, segment);
                assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(work())));
                List<Long> read = new ArrayList<>();
                export(order, out, resuming().withProgress((phase, done, total) -> {
                    if (phase == Phase.READING) {
                        read.add(done);
                    }
                }));
                assertEquals(SEGMENTS - segment - 1, read.size());
                assertFalse(Files.exists(work()));
                SortedMap<String, byte[]> expected = files(whole);
                SortedMap<String, byte[]> found = files(out);
                assertEquals(expected.keySet(), found.keySet());
                expected.keySet().stream()
                        .filter(name -> !name.contains("signature"))
                        .forEach(name -> assertArrayEquals(expected.get(name), found.get(name), name));
                Files.delete(out);
            }
            Files.delete(whole);
        }
    }

    @Test
    void itGoesOnAfterLaterPhases() throws Exception {
        Order order = order("\"actors\":[\"alice\"],");
        for (Phase phase : List.of(Phase.PAPERS, Phase.PACKING, Phase.VERIFYING)) {
            interrupt(order, phase, 0);
            export(order, out, resuming());
            assertEquals(Verdict.PASSED, new BundleVerifier(null).verify(out).verdict());
            Files.delete(out);
        }
    }

    @Test
    void itTakesUpWhatTheLogHasByThen() throws Exception {
        Order order = order("\"actors\":[\"alice\"],");
        interrupt(order, Phase.READING, 2);
        try (Vault open = Vault.open(
                vault, SmallVault.SECRET, SmallVault.options().withClock(Clock.fixed(START, ZoneOffset.UTC)))) {
            append(open, SEGMENTS);
        }
        EvidenceExport.Result result = export(order, out, resuming());
        assertEquals((SEGMENTS + 1) * 4, result.records());
        assertEquals(Verdict.PASSED, new BundleVerifier(null).verify(out).verdict());
    }

    @Test
    void anotherOrderIsRefusedAndNothingIsLost() throws Exception {
        Order order = order("\"actors\":[\"alice\"],");
        interrupt(order, Phase.READING, 2);
        Order other = order("\"actors\":[\"bob\"],");
        assertThrows(FileAlreadyExistsException.class, () -> export(other, out, resuming()));
        assertThrows(FileAlreadyExistsException.class, () -> export(order, out, ExportOptions.defaults()));
        export(order, out, resuming());
    }

    @Test
    void whatWasChangedMeanwhileIsFound() throws Exception {
        Order order = order("\"actors\":[\"alice\"],");
        interrupt(order, Phase.READING, 3);
        Path records = work().resolve(BundleLayout.BAG + BundleLayout.RECORDS);
        byte[] bytes = Files.readAllBytes(records);
        bytes[bytes.length / 2] ^= 1;
        Files.write(records, bytes);
        assertThrows(IOException.class, () -> export(order, out, resuming()));
        assertFalse(Files.exists(out));
    }

    @Test
    void oneThatRunsIsNotTakenUp() throws Exception {
        Order order = order("\"actors\":[\"alice\"],");
        ExportOptions options = resuming().withProgress((phase, done, total) -> {
            if (phase == Phase.PACKING) {
                assertTrue(assertThrows(FileAlreadyExistsException.class, () -> export(order, out, resuming()))
                        .getMessage()
                        .contains("is running"));
            }
        });
        export(order, out, options);
    }

    @Test
    void aRangeBeginsAnew() throws Exception {
        Order order = order("\"clock\":\"recorded\",");
        interrupt(order, Phase.READING, 2);
        export(order, out, resuming());
        assertTrue(Files.exists(out));
    }
}
