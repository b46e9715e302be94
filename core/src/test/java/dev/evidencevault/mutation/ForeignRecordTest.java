package dev.evidencevault.mutation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.SmallVault;
import dev.evidencevault.cases.Order;
import dev.evidencevault.evidence.EvidenceExport;
import dev.evidencevault.evidence.ExportOptions;
import dev.evidencevault.papers.ForeignRecordException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log that holds a record of another tenant, sealed and anchored as if it belonged there: nothing of it comes out. */
class ForeignRecordTest {
    private static final String ORDER =
            "{\"order\":\"1\",\"issuer\":\"court\",\"legalBasis\":\"law\",\"tenant\":\"acme\","
                    + "\"requestedBy\":\"Mori\",\"approvedBy\":\"Sato\"}";

    @TempDir
    private Path directory;

    @Test
    void theExportEndsAndLeavesNothing() throws Exception {
        MixedVault.write(directory.resolve("mixed"));
        Path out = Files.createDirectory(directory.resolve("out"));
        Order order = Order.parse(ORDER.getBytes(StandardCharsets.UTF_8));
        for (boolean views : List.of(true, false)) {
            EvidenceExport each = new EvidenceExport(
                    SmallVault.open(directory.resolve("mixed")),
                    Clock.systemUTC(),
                    ExportOptions.defaults().withViews(views));
            String message = String.valueOf(
                    assertThrows(ForeignRecordException.class, () -> each.export(order, out.resolve("bundle.zip")))
                            .getMessage());
            assertTrue(message.contains("expected a record that names the order's tenant"), message);
            assertFalse(message.contains(MutatedVault.OTHER), message);
            try (var left = Files.list(out)) {
                assertEquals(0, left.count());
            }
        }
    }
}
