package dev.evidencevault.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.Actor;
import dev.evidencevault.Event;
import dev.evidencevault.SmallVault;
import dev.evidencevault.Vault;
import dev.evidencevault.actorindex.ActorIndexBuilder;
import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.bundle.Completeness;
import dev.evidencevault.bundle.HiddenRun;
import dev.evidencevault.bundle.LeafLine;
import dev.evidencevault.bundle.Scope;
import dev.evidencevault.bundle.SegmentLine;
import dev.evidencevault.cases.Order;
import dev.evidencevault.crypto.merkle.CompactRange;
import dev.evidencevault.crypto.note.NoteSigner;
import dev.evidencevault.format.LeafHeader.Tag;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.format.Seal;
import dev.evidencevault.reader.VaultReader;
import dev.evidencevault.verify.BundleVerifier;
import dev.evidencevault.verify.Claim;
import dev.evidencevault.verify.Verdict;
import dev.evidencevault.verify.VerificationReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

/**
 * An exporter that holds every key tries to leave one record out, to add one, or to put another in its place. It knows all
 * records with their salts, makes up a bundle of any choice of them that is whole in itself, and signs it.
 */
class OmissionTest {
    private static final List<String> ACTORS = List.of("alice", "bob", "carol", "dave", "erin");
    private static final Instant START = Instant.parse("2026-05-01T00:00:00Z");

    /** Everything that there is to know of a log, taken from a bundle that shows all of it. */
    private record Known(TreeMap<Long, LeafLine> leaves, TreeMap<Long, String> lines) {}

    @Property(tries = 40)
    void oneRecordLessOrMoreIsFound(@ForAll @LongRange(min = 0, max = Long.MAX_VALUE) long seed) throws Exception {
        run(seed);
    }

    @Example
    void allOfOneVault() throws Exception {
        run(42);
    }

    private static void run(long seed) throws Exception {
        Path directory = Files.createTempDirectory("omission");
        try {
            run(new Random(seed), directory);
        } catch (AssertionError e) {
            throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
        } finally {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Collections.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static void run(Random random, Path directory) throws Exception {
        Path vault = directory.resolve("vault");
        write(random, vault);
        VaultReader reader = SmallVault.open(vault);
        NoteSigner signer = reader.signer();
        Path out = directory.resolve("all.zip");
        export(reader, "", out, Completeness.HEADERS);
        Known known = known(ForgedBundle.of(out, signer));

        String scope = scope(random);
        Order order = EvidenceExportTest.order(scope);
        Completeness completeness =
                Completeness.isIndexed(order) && random.nextInt(4) > 0 ? Completeness.INDEX : Completeness.HEADERS;
        Path bundle = directory.resolve("bundle.zip");
        export(reader, scope, bundle, completeness);
        ForgedBundle honest = ForgedBundle.of(bundle, signer);

        Set<Long> asked = new TreeSet<>();
        known.lines().forEach((seq, line) -> {
            if (order.asksFor(LogRecord.parse(line.getBytes(StandardCharsets.UTF_8)))) {
                asked.add(seq);
            }
        });
        Set<Long> headers = headers(honest, known, order);
        assertTrue(headers.containsAll(asked), scope);
        Path forged = directory.resolve("forged.zip");
        ForgedBundle again = compose(honest, known, headers, asked);
        for (String name : List.of(BundleLayout.LEAVES, BundleLayout.RECORDS, BundleLayout.ORIGINALS)) {
            assertEquals(
                    honest.text(name), again.text(name), scope + ": what the forger makes is what the exporter makes");
        }
        again.writeSigned(forged);
        VerificationReport good = new BundleVerifier(null).verify(forged);
        assertEquals(Verdict.PASSED, good.verdict(), scope + good);

        for (long seq : asked) {
            Set<Long> fewer = without(asked, seq);
            assertFound(compose(honest, known, headers, fewer), forged, scope + ": " + seq + " is withheld");
            if (completeness == Completeness.INDEX) {
                assertFound(
                        compose(honest, known, without(headers, seq), fewer),
                        forged,
                        scope + ": " + seq + " is hidden");
            }
        }
        for (long seq : known.lines().keySet()) {
            if (asked.contains(seq) || isOutside(honest, seq)) {
                continue;
            }
            assertFound(
                    compose(honest, known, with(headers, seq), with(asked, seq)),
                    forged,
                    scope + ": " + seq + " is added");
            if (!headers.contains(seq)) {
                assertFound(
                        compose(honest, known, with(headers, seq), asked), forged, scope + ": the header of " + seq);
            }
            if (!asked.isEmpty()) {
                long instead = asked.iterator().next();
                assertFound(
                        compose(honest, known, with(headers, seq), with(without(asked, instead), seq)),
                        forged,
                        scope + ": " + seq + " in place of " + instead);
            }
        }
    }

    private static void write(Random random, Path directory) throws IOException {
        try (Vault vault = Vault.create(directory, SmallVault.SECRET, SmallVault.options())) {
            int events = 3 + random.nextInt(22);
            for (int i = 0; i < events; i++) {
                Actor actor = Actor.tenant(ACTORS.get(random.nextInt(ACTORS.size())));
                if (random.nextInt(4) == 0) {
                    actor = actor.privileged();
                }
                if (random.nextInt(5) == 0) {
                    actor = actor.onBehalfOf(ACTORS.get(random.nextInt(ACTORS.size())));
                }
                Event.Builder event =
                        Event.of("act").id("event-" + i).occurredAt(START.plusSeconds(3600L * random.nextInt(24)));
                if (random.nextInt(8) > 0) {
                    event.actor(actor);
                }
                if (random.nextBoolean()) {
                    event.service(random.nextBoolean() ? "files" : "mail");
                }
                if (random.nextInt(3) == 0) {
                    event.original("line one\nof " + i);
                }
                vault.tenant("acme").appendAndWait(event.build());
                if (random.nextInt(6) == 0) {
                    vault.seal();
                }
            }
        }
    }

    private static String scope(Random random) {
        List<String> parts = new ArrayList<>();
        if (random.nextInt(3) > 0) {
            String two = random.nextBoolean() ? "" : ",'" + ACTORS.get(1 + random.nextInt(4)) + "'";
            parts.add("'actors':['" + (random.nextInt(5) == 0 ? "nobody" : "alice") + "'" + two + "]");
        }
        if (random.nextInt(3) == 0) {
            parts.add("'privilegedOnly':true");
        }
        if (random.nextInt(4) == 0) {
            parts.add("'services':['files']");
        }
        if (random.nextInt(3) == 0) {
            parts.add("'from':'" + START.plusSeconds(3600L * random.nextInt(12)) + "'");
        }
        if (random.nextInt(3) == 0) {
            parts.add("'to':'" + START.plusSeconds(3600L * (12 + random.nextInt(12))) + "'");
        }
        return String.join(",", parts);
    }

    private static void export(VaultReader reader, String scope, Path out, Completeness completeness) throws Exception {
        VerificationReport report = new EvidenceExport(reader, Clock.systemUTC())
                .export(EvidenceExportTest.order(scope), out, completeness)
                .report();
        assertEquals(Verdict.PASSED, report.verdict(), scope + report);
    }

    private static Known known(ForgedBundle all) {
        TreeMap<Long, LeafLine> leaves = new TreeMap<>();
        TreeMap<Long, String> lines = new TreeMap<>();
        List<String> records = all.lines(BundleLayout.RECORDS);
        for (String line : all.lines(BundleLayout.LEAVES)) {
            LeafLine leaf = LeafLine.parse(line.getBytes(StandardCharsets.UTF_8));
            lines.put(leaf.header().seq(), records.get(leaves.size()));
            leaves.put(leaf.header().seq(), leaf);
        }
        return new Known(leaves, lines);
    }

    private static boolean isOutside(ForgedBundle bundle, long seq) {
        for (String text : bundle.lines(BundleLayout.SEGMENTS)) {
            SegmentLine line = SegmentLine.parse(text.getBytes(StandardCharsets.UTF_8));
            if (line.seal().seq() > seq) {
                return line.subtrees() != null;
            }
        }
        throw new AssertionError("no segment has " + seq);
    }

    /** Which headers an honest exporter shows. */
    private static Set<Long> headers(ForgedBundle bundle, Known known, Order order) {
        Scope scope = Scope.parse(bundle.files().get(BundleLayout.SCOPE));
        Set<Tag> tags = scope.indexed();
        Set<Long> headers = new TreeSet<>();
        known.leaves().forEach((seq, leaf) -> {
            boolean shown = scope.completeness() == Completeness.HEADERS
                    || !Collections.disjoint(ActorIndexBuilder.tags(leaf.header()), tags);
            if (shown && !isOutside(bundle, seq)) {
                headers.add(seq);
            }
        });
        return headers;
    }

    /** Makes a bundle that shows these headers and opens these records, and is otherwise like another. */
    private static ForgedBundle compose(ForgedBundle like, Known known, Set<Long> headers, Set<Long> opened)
            throws IOException {
        List<String> leaves = new ArrayList<>();
        List<String> records = new ArrayList<>();
        StringBuilder originals = new StringBuilder();
        long first = 0;
        for (String text : like.lines(BundleLayout.SEGMENTS)) {
            SegmentLine segment = SegmentLine.parse(text.getBytes(StandardCharsets.UTF_8));
            long seal = segment.seal().seq();
            assertEquals(first, Seal.of(segment.seal()).firstSeq());
            CompactRange run = new CompactRange(first);
            for (long seq = first; seq < seal && segment.subtrees() == null; seq++) {
                LeafLine leaf = known.leaves().get(seq);
                if (!headers.contains(seq)) {
                    run.append(leaf.header().leafHash());
                    continue;
                }
                flush(run, leaves);
                run = new CompactRange(seq + 1);
                byte[] salt = leaf.salt();
                if (salt == null || !opened.contains(seq)) {
                    leaves.add(text(LeafLine.withheld(leaf.header())));
                } else {
                    leaves.add(text(LeafLine.shown(leaf.header(), salt)));
                    String line = known.lines().get(seq);
                    records.add(line);
                    String original = LogRecord.parse(line.getBytes(StandardCharsets.UTF_8))
                            .original();
                    originals.append(original == null ? "" : original + "\n");
                }
            }
            flush(run, leaves);
            first = seal + 1;
        }
        return like.copy()
                .putLines(BundleLayout.LEAVES, leaves)
                .putLines(BundleLayout.RECORDS, records)
                .put(BundleLayout.ORIGINALS, originals.toString())
                .put(
                        BundleLayout.EXPORT,
                        like.text(BundleLayout.EXPORT)
                                .replaceFirst("\"records\":[0-9]+", "\"records\":" + opened.size()));
    }

    private static void flush(CompactRange run, List<String> leaves) {
        if (run.to() > run.from()) {
            leaves.add(text(LeafLine.hidden(HiddenRun.of(run))));
        }
    }

    private static String text(LeafLine line) {
        return new String(line.format(), StandardCharsets.UTF_8);
    }

    private static void assertFound(ForgedBundle bundle, Path zip, String what) throws IOException {
        bundle.writeSigned(zip);
        VerificationReport report = new BundleVerifier(null).verify(zip);
        assertFalse(
                report.with(Verdict.FAILED).stream()
                        .filter(finding -> finding.claim() == Claim.COMPLETENESS)
                        .toList()
                        .isEmpty(),
                what + ": " + report);
    }

    private static Set<Long> without(Set<Long> set, long seq) {
        Set<Long> fewer = new TreeSet<>(set);
        fewer.remove(seq);
        return fewer;
    }

    private static Set<Long> with(Set<Long> set, long seq) {
        Set<Long> more = new TreeSet<>(set);
        more.add(seq);
        return more;
    }
}
