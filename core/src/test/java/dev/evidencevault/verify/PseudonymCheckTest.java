package dev.evidencevault.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.bundle.BundleFiles;
import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.bundle.Scope;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.docs.FormatVectors;
import dev.evidencevault.format.LeafHeader;
import dev.evidencevault.format.LeafHeader.ActorCount;
import dev.evidencevault.format.LeafHeader.Tag;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.format.RecordKind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a verifier remembers of a bundle has a bound, whoever made the bundle. */
class PseudonymCheckTest {
    private static final int NAME_UNITS = 8000;

    private Scope scope;
    private PseudonymCheck check;

    @BeforeEach
    void openScope() throws Exception {
        try (BundleFiles files = BundleFiles.open(FormatVectors.path("small-bundle-headers.zip"))) {
            scope = Scope.parse(files.read(BundleLayout.SCOPE, 1 << 20));
        }
        check = new PseudonymCheck(scope);
    }

    private LeafHeader header(long number) {
        return new LeafHeader(
                scope.logId(),
                number,
                0,
                0,
                RecordKind.EVENT,
                false,
                Tag.NONE,
                List.of(new ActorCount(new Tag(1, number), 0)),
                Digest.sha256());
    }

    @Test
    void pseudonymsAreRememberedUpToABound() {
        for (int i = 0; i < PseudonymCheck.NAMES_MAX; i++) {
            check.count(header(i));
        }
        assertFalse(check.isFull());
        check.count(header(PseudonymCheck.NAMES_MAX));
        assertTrue(check.isFull());
    }

    @Test
    void lettersOfNamesAreRememberedUpToABound() {
        long names = 0;
        while (!check.isFull()) {
            String id = names + "x".repeat(NAME_UNITS - String.valueOf(names).length());
            LogRecord record = LogRecord.parse(("{\"v\":1,\"seq\":" + names
                            + ",\"recordedAt\":\"2026-05-01T12:00:00.000000000Z\",\"type\":\"event\",\"id\":\"e\","
                            + "\"tenant\":\"acme\",\"occurredAt\":\"2026-05-01T12:00:00.000000000Z\",\"action\":\"a\","
                            + "\"outcome\":\"success\",\"actor\":{\"id\":\"" + id + "\"}}")
                    .getBytes(StandardCharsets.UTF_8));
            check.compare(record, header(names), Set.of());
            check.compare(record, header(names), Set.of());
            names++;
        }
        assertEquals(PseudonymCheck.NAME_UNITS_MAX / NAME_UNITS, names, 2);
    }
}
