package dev.evidencevault.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.Actor;
import dev.evidencevault.Event;
import dev.evidencevault.Vault;
import dev.evidencevault.VaultOptions;
import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.index.query.EventQuery;
import dev.evidencevault.index.query.QueryField;
import dev.evidencevault.reader.TenantReader;
import dev.evidencevault.reader.VaultReader;
import dev.evidencevault.segment.BlockSummary;
import dev.evidencevault.segment.MergedIndexFile;
import dev.evidencevault.segment.SegmentContent;
import dev.evidencevault.segment.SegmentFile;
import dev.evidencevault.segment.SegmentFile.BlockRef;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Layout.SegmentRange;
import dev.evidencevault.storage.LocalStorage;
import dev.evidencevault.verify.VaultVerifier;
import dev.evidencevault.verify.Verdict;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IndexMaintenanceTest {
    private static final VaultSecret SECRET = VaultSecret.keyFile(new byte[32]);
    private static final int SEGMENTS = 5;
    private static final int EVENTS = 200;

    @TempDir
    private Path directory;

    private Path vault;

    @BeforeEach
    void writeVault() throws Exception {
        vault = directory.resolve("vault");
        try (Vault open =
                Vault.create(vault, SECRET, VaultOptions.defaults().withIndexer(new LuceneIndexer(2, 32 << 20)))) {
            for (int segment = 0; segment < SEGMENTS; segment++) {
                List<Event> events = new ArrayList<>();
                for (int i = 0; i < EVENTS; i++) {
                    events.add(Event.of("document.read")
                            .actor(Actor.tenant(i % 50 == 0 ? "seldom-seen" : "clerk-" + i % 7))
                            .target("document", "x".repeat(2000))
                            .build());
                }
                open.tenant("acme").appendAll(events).join();
                open.tenant("other").append(Event.of("secret").build()).join();
                open.seal();
            }
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

    private long count(String actor, List<String> warnings) throws Exception {
        List<Long> found = new ArrayList<>();
        TenantIndex.of(acme(), new FragmentCache(8 << 20), warnings::add)
                .search(EventQuery.exactly(QueryField.ACTOR, actor), record -> found.add(record.seq()));
        return found.size();
    }

    private void requireAllFound(int warningsExpected) throws Exception {
        List<String> warnings = new ArrayList<>();
        assertEquals(SEGMENTS * EVENTS / 50, count("seldom-seen", warnings));
        assertEquals(warningsExpected, warnings.size(), warnings.toString());
    }

    private void requireVerified() throws Exception {
        VaultReader reader = VaultReader.open(vault, SECRET);
        assertEquals(Verdict.PASSED, new VaultVerifier(null, null).verify(vault).verdict());
        assertEquals(
                Verdict.PASSED,
                new VaultVerifier(null, null).verify(reader.unlocked()).verdict());
    }

    @Test
    void mergedAndRebuiltIndexesLeadToAllAndTheVaultVerifies() throws Exception {
        requireAllFound(0);
        assertEquals(List.of(), care().check().findings());
        assertEquals(1, care().merge());
        assertEquals(List.of(new SegmentRange(1, SEGMENTS)), acme().directory().mergedRanges());
        requireAllFound(0);
        requireVerified();
        IndexMaintenance.Report report = care().check();
        assertEquals(List.of(), report.findings());
        assertEquals(SEGMENTS * EVENTS, report.events());
        assertEquals(0, care().merge());
        assertEquals(1, care().rebuild());
        requireAllFound(0);
        requireVerified();
        assertEquals(List.of(), care().check().findings());
    }

    @Test
    void aDamagedMergedIndexIsNamedPassedOverAndMadeAnew() throws Exception {
        care().merge();
        Path file = acme().directory().merged(new SegmentRange(1, SEGMENTS));
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 3] ^= 1;
        Files.write(file, bytes);
        requireAllFound(1);
        assertFalse(tolerantCare().check().findings().isEmpty());
        // A seal names none, so that nothing that is proven is damaged.
        requireVerified();
        care().rebuild();
        requireAllFound(0);
        assertEquals(List.of(), care().check().findings());
    }

    private IndexMaintenance tolerantCare() throws Exception {
        return new IndexMaintenance(acme(), warning -> {});
    }

    @Test
    void damagedIndexesOfSegmentsAreRepairedByAnotherThatIsRebuilt() throws Exception {
        for (long number : List.of(1L, 3L)) {
            Files.delete(acme().directory().index(number));
        }
        requireAllFound(2);
        assertEquals(2, tolerantCare().check().findings().size());
        care().rebuild();
        requireAllFound(0);
        assertEquals(List.of(), care().check().findings());
        assertEquals(Verdict.FAILED, new VaultVerifier(null, null).verify(vault).verdict(), "the seals name them");
    }

    /** Somebody with the tenant's keys writes an index that is whole, of these segments, and lacks an actor. */
    @Test
    void aLyingIndexIsFoundByTheCountsThatTheSealsCommitTo() throws Exception {
        TenantReader tenant = acme();
        FragmentBuilder builder = new FragmentBuilder();
        SegmentFile parsed;
        try (SegmentFile file = tenant.segment(1)) {
            parsed = file;
            SegmentContent content = new SegmentContent(file, tenant.keys());
            for (BlockRef block : file.blocks()) {
                if (block.records()) {
                    byte[] plain = new String(content.lines(block), StandardCharsets.ISO_8859_1)
                            .replace("seldom-seen", "never--seen")
                            .getBytes(StandardCharsets.ISO_8859_1);
                    builder.add(new BlockIndexer().index(plain, plain.length, BlockSummary.of(content.records(block))));
                }
            }
        }
        FragmentBytes lying = builder.finish(parsed.sealHeader().leafHash(), List.of(builder.blocks()));
        MergedIndexFile.write(
                tenant.sealedLog(),
                new SegmentRange(1, 1),
                0,
                List.of(lying.head(), lying.words()),
                new LocalStorage(),
                new SecureRandom());
        List<String> findings = care().check().findings();
        assertEquals(
                List.of(
                        "the index of segment 1 is not that of its records",
                        "the index of segment 1 does not lead to 4 records of actors whose number the seal has"
                                + " committed to"),
                findings);
        care().rebuild();
        requireAllFound(0);
        assertEquals(List.of(), care().check().findings());
    }

    @Test
    void anIndexOfOtherSegmentsIsNotTaken() throws Exception {
        care().merge();
        Path merged = acme().directory().merged(new SegmentRange(1, SEGMENTS));
        Path shorter = acme().directory().merged(new SegmentRange(1, SEGMENTS - 1));
        Files.move(merged, shorter);
        requireAllFound(1);
        TenantReader other = VaultReader.open(vault, SECRET).tenant("other").orElseThrow();
        new IndexMaintenance(other, warning -> {}).merge();
        Files.copy(other.directory().merged(new SegmentRange(1, SEGMENTS)), merged);
        requireAllFound(1);
    }

    @Test
    void aMissingSegmentIsAnErrorAndNoShorterAnswer() throws Exception {
        Files.delete(acme().directory().segment(2));
        assertThrows(CorruptFileException.class, () -> count("seldom-seen", new ArrayList<>()));
    }

    @Test
    void smallSegmentsAreMergedInTheBackground() throws Exception {
        // No memory to gather in: fragments are made of the records.
        LuceneIndexer indexer = new LuceneIndexer(2, 0);
        try (Vault open = Vault.open(vault, SECRET, VaultOptions.defaults().withIndexer(indexer))) {
            for (int i = 0; i < 2 * FragmentMerger.FACTOR; i++) {
                open.tenant("other").append(Event.of("secret-" + i).build()).join();
                open.seal();
            }
            indexer.awaitMerged();
        }
        TenantReader other = VaultReader.open(vault, SECRET).tenant("other").orElseThrow();
        assertFalse(other.directory().mergedRanges().isEmpty());
        assertTrue(
                Layout.numbers(other.directory().indexes(), Layout.INDEX_SUFFIX).isEmpty(), "one block each");
        assertEquals(
                1,
                TenantIndex.of(other, new FragmentCache(1 << 20))
                        .count(EventQuery.field(QueryField.ACTION, "secret-7")));
        requireVerified();
    }

    /** The fragments that the seals name are of large segments, these of all others. */
    @Test
    void smallSegmentsGetOneFragmentWhenTheyAreEnough() throws Exception {
        LuceneIndexer indexer = new LuceneIndexer();
        int events = 0;
        try (Vault open = Vault.open(vault, SECRET, VaultOptions.defaults().withIndexer(indexer))) {
            for (int segment = 1; segment <= GatheredSegments.SEGMENTS_ENOUGH + 1; segment++) {
                for (int i = 0; i < 3; i++) {
                    open.tenant("small")
                            .append(Event.of("read-" + events++)
                                    .original("x".repeat(90_000))
                                    .build());
                }
                open.seal();
                TenantReader small =
                        VaultReader.open(vault, SECRET).tenant("small").orElseThrow();
                assertEquals(
                        events,
                        TenantIndex.of(small, new FragmentCache(1 << 20))
                                .count(EventQuery.startingWith(QueryField.ACTION, "read-")));
            }
            indexer.awaitMerged();
        }
        TenantReader small = VaultReader.open(vault, SECRET).tenant("small").orElseThrow();
        assertEquals(
                List.of(new SegmentRange(1, GatheredSegments.SEGMENTS_ENOUGH)),
                small.directory().mergedRanges());
        assertEquals(List.of(), Layout.numbers(small.directory().indexes(), Layout.INDEX_SUFFIX));
        IndexMaintenance care = new IndexMaintenance(small, warning -> {
            throw new AssertionError(warning);
        });
        assertEquals(new IndexMaintenance.Report(events, List.of()), care.check());
        requireVerified();
    }

    /** What is left when the vault is closed is written if it is worth a file. */
    @Test
    void whatWasGatheredIsWrittenWhenTheVaultIsClosed() throws Exception {
        try (Vault open = Vault.open(vault, SECRET, VaultOptions.defaults().withIndexer(new LuceneIndexer()))) {
            for (int i = 0; i < GatheredSegments.BLOCKS_WORTH_A_FILE; i++) {
                open.tenant("more")
                        .append(Event.of("read").original("x".repeat(140_000)).build());
                if (i % 4 == 0) {
                    open.seal();
                }
            }
            open.tenant("less").append(Event.of("read").build());
        }
        VaultReader reader = VaultReader.open(vault, SECRET);
        assertEquals(
                List.of(new SegmentRange(1, 3)),
                reader.tenant("more").orElseThrow().directory().mergedRanges());
        assertEquals(List.of(), reader.tenant("less").orElseThrow().directory().mergedRanges());
        requireVerified();
    }

    @Test
    void noTermIsInAnyFileAndNoneOfAnotherTenantInTheCache() throws Exception {
        FragmentCache cache = new FragmentCache(8 << 20);
        care().merge();
        TenantReader other = VaultReader.open(vault, SECRET).tenant("other").orElseThrow();
        TenantIndex.of(acme(), cache).count(EventQuery.words("clerk"));
        assertTrue(cache.holdsAnyOf(acme().logId()));
        assertFalse(cache.holdsAnyOf(other.logId()));
        TenantIndex.of(other, cache).count(EventQuery.field(QueryField.ACTION, "secret"));
        cache.clear(acme());
        assertFalse(cache.holdsAnyOf(acme().logId()));
        assertTrue(cache.holdsAnyOf(other.logId()));
        int files = 0;
        try (Stream<Path> walk = Files.walk(vault)) {
            for (Path file : walk.filter(Files::isRegularFile).toList()) {
                String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                for (String term : List.of("clerk-", "seldom-seen", "document.read", "secret", "Lucene")) {
                    assertFalse(content.contains(term), term + " in " + file);
                }
                files++;
            }
        }
        assertTrue(files > SEGMENTS);
    }
}
