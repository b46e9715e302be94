package dev.evidencevault.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.Actor;
import dev.evidencevault.Event;
import dev.evidencevault.SmallVault;
import dev.evidencevault.Vault;
import dev.evidencevault.cases.Order;
import dev.evidencevault.cases.OrderRefusedException;
import dev.evidencevault.evidence.EvidenceExport;
import dev.evidencevault.evidence.SecondVerifier;
import dev.evidencevault.format.Gap;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.format.Timestamps;
import dev.evidencevault.verify.BundleVerifier;
import dev.evidencevault.verify.RecordProofVerifier;
import dev.evidencevault.verify.Verdict;
import dev.evidencevault.verify.VerificationReport;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the fuzzing found, each by itself. */
class FuzzFindingsTest {
    private static final String RECORD =
            "{\"v\":1,\"seq\":0,\"recordedAt\":\"2026-05-01T12:00:00.000000000Z\",\"type\":\"event\",\"id\":\"1\","
                    + "\"tenant\":\"acme\",\"occurredAt\":\"2026-05-01T12:00:00.000000000Z\",\"action\":\"a\","
                    + "\"outcome\":\"success\"";

    @TempDir
    private Path directory;

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A reason quoted what was found, of whatever length. */
    @Test
    void aReasonIsCutHoweverLongWhatWasFoundIs() {
        byte[] proof = utf8("{\"format\":\"" + "\ud83d\ude00".repeat(100_000) + "\"}");
        VerificationReport report = new RecordProofVerifier(null).verify(proof);
        assertEquals(Verdict.FAILED, report.verdict());
        String reason = report.findings().get(0).reason();
        assertTrue(reason.length() <= 4_000 && reason.endsWith("…"), reason);
        assertEquals(reason, new String(utf8(reason), StandardCharsets.UTF_8), "no half of a surrogate pair is left");
    }

    /** The second verifier refused details that the vault had taken. */
    @Test
    void detailsMayEscapeHalfASurrogatePair() throws Exception {
        Path vault = directory.resolve("vault");
        try (Vault open = Vault.create(vault, SmallVault.SECRET, SmallVault.options())) {
            for (String details : List.of(
                    "{\"half\":\"\\ud800\"}",
                    "{\"half\":\"\\udc00\\ud800\\u0041\"}",
                    "{\"digits\":-" + "1".repeat(1000) + "}",
                    "{\"digits\":1." + "1".repeat(999) + "}",
                    "{\"exponent\":1e2147483648}")) {
                open.tenant("acme")
                        .appendAndWait(Event.of("document.read")
                                .actor(Actor.tenant("alice"))
                                .details(details)
                                .build());
            }
        }
        Path bundle = directory.resolve("bundle.zip");
        Order order =
                Order.parse(utf8("{\"order\":\"1\",\"issuer\":\"Court\",\"legalBasis\":\"Art. 99\",\"tenant\":\"acme\","
                        + "\"actors\":[\"alice\"],\"requestedBy\":\"Mori\",\"approvedBy\":\"Sato\"}"));
        new EvidenceExport(SmallVault.open(vault), Clock.systemUTC()).export(order, bundle);
        VerificationReport report = new BundleVerifier(null).verify(bundle);
        assertEquals(Verdict.PASSED, report.verdict(), report::toString);
        SecondVerifier.requireAgreement(bundle, report);
    }

    /** A text of 16 MiB could take half a gigabyte when it was parsed. */
    @Test
    void aValueHasABoundedNumberOfParts() {
        int most = 1 << 22;
        Json.parseObject(utf8("{\"a\":[" + "0,".repeat(most - 6) + "0]}"), "it");
        byte[] more = utf8("{\"a\":[" + "0,".repeat(most - 5) + "0]}");
        assertThrows(IllegalArgumentException.class, () -> Json.parseObject(more, "it"));
    }

    /** What was no object counted as no actor, and an original that was no text as none. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"actor\":\"alice\"",
                "\"actor\":{\"privileged\":true}",
                "\"actor\":{\"id\":\"\\ud800\"}",
                "\"original\":1",
                "\"original\":\"\\udc00\"",
                "\"service\":\"\\ud800\\u0041\""
            })
    void aRecordThatTwoReadersWouldUnderstandInTwoWaysIsRefused(String member) {
        LogRecord.parse(utf8(RECORD + "}"));
        assertThrows(IllegalArgumentException.class, () -> LogRecord.parse(utf8(RECORD + "," + member + "}")));
    }

    /** The sum went round to 1. */
    @Test
    void aGapOfMoreEventsThanCanBeCountedIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Gap("acme", 0, 0, Long.MAX_VALUE, Long.MAX_VALUE, 3));
        assertEquals(Long.MAX_VALUE, new Gap("acme", 0, 0, Long.MAX_VALUE, 0, 0).events());
    }

    /** The platform reads more than RFC 3339 says. */
    @ParameterizedTest
    @ValueSource(strings = {"2026-05-01T12:00:00.Z", "2026-05-01T12:00+09:00:30", "2026-05-01T12:00+18:01"})
    void aTimeThatRfc3339DoesNotKnowIsRefused(String time) {
        assertThrows(IllegalArgumentException.class, () -> Timestamps.parseLoosely(time));
    }

    /** The platform does not count a no-break space as white. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"issuer\":\"\u00a0\u202f\",\"requestedBy\":\"A\",\"approvedBy\":\"B\"",
                "\"issuer\":\"Court\",\"requestedBy\":\"A B\",\"approvedBy\":\"a\u1680b\""
            })
    void whiteSpaceIsWhatUnicodeSays(String members) {
        assertThrows(
                OrderRefusedException.class,
                () -> Order.parse(utf8("{\"order\":\"1\",\"legalBasis\":\"2\",\"tenant\":\"acme\"," + members + "}")));
    }
}
