package dev.evidencevault.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.Actor;
import dev.evidencevault.Event;
import dev.evidencevault.Vault;
import dev.evidencevault.VaultOptions;
import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.index.query.EventQuery;
import dev.evidencevault.index.query.QueryField;
import dev.evidencevault.reader.TenantReader;
import dev.evidencevault.reader.VaultReader;
import dev.evidencevault.retention.RetentionPeriod;
import dev.evidencevault.segment.MergedIndexFile;
import dev.evidencevault.storage.Layout.SegmentRange;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A search finds what was not destroyed, and no fragment outlives the records that it was made of. */
class RetentionIndexTest {
    private static final VaultSecret SECRET = VaultSecret.keyFile(new byte[32]);
    private static final Instant START = Instant.parse("2026-05-01T12:00:00Z");

    @TempDir
    private Path vault;

    private Instant now = START;

    private VaultOptions options() {
        return VaultOptions.defaults()
                .withClock(Clock.fixed(now, ZoneOffset.UTC))
                .withIndexer(new LuceneIndexer());
    }

    @BeforeEach
    void live() throws Exception {
        Vault.create(vault, SECRET, options()).close();
        for (int day = 0; day < 8; day++) {
            try (Vault open = Vault.open(vault, SECRET, options())) {
                for (int i = 0; i < 3; i++) {
                    open.tenant("acme")
                            .appendAndWait(Event.of("act")
                                    .id(day + "-" + i)
                                    .actor(Actor.tenant("alice"))
                                    .build());
                    open.seal();
                }
                if (day == 5) {
                    // One over keys that are to go, and keys that are to stay.
                    care().merge();
                    requireUnderOneKey();
                    open.setRetention(null, null, RetentionPeriod.ofDays(3), "a test");
                }
                open.applyRetention(List.of("acme"));
                open.rotateKeys(List.of("acme"), "a test");
            }
            now = now.plus(Duration.ofDays(1));
        }
    }

    private TenantReader acme() throws Exception {
        return VaultReader.open(vault, SECRET).tenant("acme").orElseThrow();
    }

    private IndexMaintenance care() throws Exception {
        return new IndexMaintenance(acme(), warning -> {
            throw new AssertionError(warning);
        });
    }

    /** Requires that all that is left of fragments is under keys as old as those of their first and their last segment. */
    private void requireUnderOneKey() throws Exception {
        TenantReader tenant = acme();
        for (SegmentRange range : tenant.directory().mergedRanges()) {
            try (var first = tenant.segment(range.from());
                    var last = tenant.segment(range.last())) {
                assertEquals(first.keyAge(tenant.keys()), last.keyAge(tenant.keys()));
            }
            MergedIndexFile.open(tenant.sealedLog(), range, 0);
        }
    }

    @Test
    void whatIsLeftIsFound() throws Exception {
        TenantReader tenant = acme();
        assertTrue(tenant.firstSegment() > 5);
        List<String> all = new ArrayList<>();
        tenant.events(record -> all.add(record.id()));
        assertTrue(all.size() >= 9 && all.size() < 24, all.toString());
        for (String step : List.of("as it is", "merged", "rebuilt")) {
            List<String> found = new ArrayList<>();
            TenantIndex.of(tenant, FragmentCache.ofQuarterOfHeap(), warning -> {
                        throw new AssertionError(warning);
                    })
                    .search(EventQuery.exactly(QueryField.ACTOR, "alice"), record -> found.add(record.id()));
            assertEquals(all, found, step);
            assertEquals(List.of(), care().check().findings(), step);
            if (step.equals("as it is")) {
                care().merge();
            } else if (step.equals("merged")) {
                care().rebuild();
            }
            requireUnderOneKey();
        }
        assertTrue(tenant.directory().mergedRanges().stream().allMatch(range -> range.from() >= tenant.firstSegment()));
    }

    @Test
    void whatIsGatheredWhileItIsSealedIsDividedWhereKeysChange() throws Exception {
        try (Vault open = Vault.open(vault, SECRET, options())) {
            for (int i = 0; i < 2 * GatheredSegments.SEGMENTS_ENOUGH; i++) {
                open.tenant("acme").appendAndWait(Event.of("more").build());
                open.seal();
                if (i % 5 == 2) {
                    open.rotateKeys(List.of("acme"), "a test");
                }
            }
        }
        assertTrue(acme().directory().mergedRanges().size() > 2);
        requireUnderOneKey();
        assertEquals(List.of(), care().check().findings());
    }
}
