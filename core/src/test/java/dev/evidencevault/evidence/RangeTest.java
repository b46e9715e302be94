package dev.evidencevault.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.Actor;
import dev.evidencevault.Event;
import dev.evidencevault.MovedClock;
import dev.evidencevault.SmallVault;
import dev.evidencevault.Vault;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.reader.TenantReader;
import dev.evidencevault.segment.SegmentFile;
import dev.evidencevault.verify.Claim;
import dev.evidencevault.verify.Verdict;
import dev.evidencevault.verify.VerificationReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Orders by time of recording: what is opened for them, and up to where they are covered. */
class RangeTest {
    private static final String DAY = "2026-05-01T";

    @TempDir
    private Path directory;

    private final MovedClock clock = new MovedClock(DAY + "00:00:00Z");

    private void append(Vault vault) throws IOException {
        vault.tenant("acme")
                .appendAndWait(Event.of("act").actor(Actor.tenant("alice")).build());
    }

    /** Writes four segments of three events, one at each full hour from 00:00 to 11:00; segments end on the half hour. */
    private Path write() throws Exception {
        Path path = directory.resolve("vault");
        try (Vault vault =
                Vault.create(path, SmallVault.SECRET, SmallVault.options().withClock(clock))) {
            for (int hour = 0; hour < 12; hour++) {
                append(vault);
                clock.move(Duration.ofMinutes(30));
                if (hour % 3 == 2) {
                    vault.seal();
                }
                clock.move(Duration.ofMinutes(30));
            }
        }
        return path;
    }

    private EvidenceExport.Result export(Path vault, String times) throws Exception {
        Path bundle = directory.resolve("bundle.zip");
        Files.deleteIfExists(bundle);
        EvidenceExport.Result result = new EvidenceExport(SmallVault.open(vault), Clock.systemUTC())
                .export(EvidenceExportTest.order("'clock':'recorded'" + times), bundle);
        SecondVerifier.requireAgreement(bundle, result.report());
        return result;
    }

    private static String between(String from, String to) {
        return ",'from':'" + DAY + from + "','to':'" + DAY + to + "'";
    }

    private static void assertOpen(VerificationReport report, String reason) {
        assertEquals(Verdict.INDETERMINATE, report.verdict(), report.toString());
        assertTrue(
                report.with(Verdict.INDETERMINATE).stream()
                        .allMatch(finding -> finding.claim() == Claim.COMPLETENESS
                                && finding.reason().contains(reason)),
                report::toString);
    }

    /** Damages the encrypted records of a segment, of which the hashes of the leaves stay as they are. */
    private static void damage(Path vault, long segment) throws Exception {
        TenantReader tenant = SmallVault.open(vault).tenant("acme").orElseThrow();
        try (SegmentFile file = tenant.segment(segment)) {
            byte[] bytes = Files.readAllBytes(file.path());
            bytes[(int) file.blocks().get(1).offset() - 1] ^= 1;
            Files.write(file.path(), bytes);
        }
    }

    @Test
    void segmentsBesideTheRangeAreNotOpened() throws Exception {
        Path vault = write();
        damage(vault, 1);
        damage(vault, 4);
        assertThrows(CorruptFileException.class, () -> export(vault, ""));
        assertEquals(2, export(vault, between("06:00:00Z", "08:00:00Z")).records(), "the bracket is in segment 2");
        assertEquals(1, export(vault, between("07:00:00Z", "08:00:00Z")).records(), "both brackets are in segment 3");
        assertEquals(0, export(vault, between("04:10:00Z", "04:20:00Z")).records(), "there is nothing between them");
        assertThrows(CorruptFileException.class, () -> export(vault, between("03:00:00Z", "05:00:00Z")));
        assertThrows(CorruptFileException.class, () -> export(vault, between("06:00:00Z", "09:00:00Z")));
    }

    @Test
    void allTimesOfADayGiveTheirRecords() throws Exception {
        Path vault = write();
        for (int from = 0; from < 12; from++) {
            for (int to = from + 1; to < 12; to++) {
                String times = between(String.format("%02d:00:00Z", from), String.format("%02d:00:00Z", to));
                EvidenceExport.Result result = export(vault, times);
                assertEquals(to - from, result.records(), times);
                assertEquals(Verdict.PASSED, result.report().verdict(), times);
            }
        }
    }

    @Test
    void whatWasNotSealedByTheEndIsNotCovered() throws Exception {
        Path vault = write();
        assertEquals(
                Verdict.PASSED,
                export(vault, between("09:00:00Z", "11:30:00Z")).report().verdict(),
                "the last seal is of this time");
        assertOpen(export(vault, between("09:00:00Z", "11:30:00.000000001Z")).report(), "no seal is as late");
        assertOpen(export(vault, between("20:00:00Z", "21:00:00Z")).report(), "no seal is as late");
        assertEquals(Verdict.PASSED, export(vault, "").report().verdict(), "up to what is sealed");
    }

    @Test
    void aClockThatWasAheadIsNotBelieved() throws Exception {
        Path path = directory.resolve("vault");
        try (Vault vault =
                Vault.create(path, SmallVault.SECRET, SmallVault.options().withClock(clock))) {
            append(vault);
            clock.move(Duration.ofHours(5));
            append(vault);
            clock.move(Duration.ofHours(-4));
            append(vault);
        }
        assertOpen(export(path, between("00:30:00Z", "02:00:00Z")).report(), "clock was ahead");
    }
}
