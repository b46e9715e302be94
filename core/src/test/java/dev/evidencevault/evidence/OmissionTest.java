package dev.evidencevault.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.Actor;
import dev.evidencevault.Event;
import dev.evidencevault.MovedClock;
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
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.note.CheckpointSigner;
import dev.evidencevault.format.LogId;
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
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongPredicate;
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
    private record Known(TreeMap<Long, LeafLine> leaves, TreeMap<Long, String> lines, TreeMap<Long, Digest> seals) {
        Digest hash(long seq) {
            LeafLine leaf = leaves.get(seq);
            return leaf == null ? seals.get(seq) : leaf.header().leafHash();
        }
    }

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
        CheckpointSigner signer = reader.unlocked().checkpointSigner();
        Path out = directory.resolve("all.zip");
        export(reader, "", out, Completeness.HEADERS);
        Known known = known(ForgedBundle.of(out, signer));

        String scope = scope(random);
        Order order = EvidenceExportTest.order(scope);
        Completeness completeness = random.nextInt(4) > 0 ? Completeness.least(order) : Completeness.strong(order);
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
            if (completeness != Completeness.HEADERS) {
                assertFound(
                        compose(honest, known, without(headers, seq), fewer),
                        forged,
                        scope + ": " + seq + " is hidden");
            }
        }
        if (completeness == Completeness.RANGE) {
            shortened(honest, known, headers, asked, forged, scope);
        }
        for (long seq : known.lines().keySet()) {
            if (asked.contains(seq) || isOutside(honest, known, seq)) {
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

    /** The range begins later than it should, ends earlier, or has no bracket. */
    private static void shortened(
            ForgedBundle honest, Known known, Set<Long> headers, Set<Long> asked, Path forged, String scope)
            throws IOException {
        long last = known.seals().lastKey();
        for (long seq : headers) {
            if (!asked.contains(seq)) {
                assertFound(
                        compose(honest, known, without(headers, seq), asked),
                        forged,
                        scope + ": the bracket " + seq + " is hidden");
            }
        }
        for (long seq : asked) {
            ForgedBundle later = sealed(honest, seal -> seal > seq);
            assertFound(
                    compose(later, known, those(headers, header -> header > seq), those(asked, r -> r > seq)),
                    forged,
                    scope + ": all up to " + seq + " are hidden");
            ForgedBundle earlier = sealed(honest, seal -> seal < seq || seal == last);
            assertFound(
                    compose(earlier, known, those(headers, header -> header < seq), those(asked, r -> r < seq)),
                    forged,
                    scope + ": all from " + seq + " on are hidden");
        }
    }

    private static ForgedBundle sealed(ForgedBundle like, LongPredicate shown) {
        List<String> lines = new ArrayList<>();
        segments(like).forEach((seq, line) -> {
            if (shown.test(seq)) {
                lines.add(new String(line.format(), StandardCharsets.UTF_8));
            }
        });
        return like.copy().putLines(BundleLayout.SEGMENTS, lines);
    }

    private static Set<Long> those(Set<Long> set, LongPredicate kept) {
        Set<Long> those = new TreeSet<>(set);
        those.removeIf(seq -> !kept.test(seq));
        return those;
    }

    private static void write(Random random, Path directory) throws IOException {
        MovedClock clock = new MovedClock(START.toString());
        try (Vault vault =
                Vault.create(directory, SmallVault.SECRET, SmallVault.options().withClock(clock))) {
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
                clock.move(Duration.ofMinutes(30L * random.nextInt(4)));
                if (random.nextInt(6) == 0) {
                    vault.seal();
                }
            }
            clock.move(Duration.ofDays(2));
            vault.tenant("acme").appendAndWait(Event.of("end").occurredAt(START).build());
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
        if (random.nextInt(2) == 0) {
            parts.add("'clock':'recorded'");
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
        LogId logId = Scope.parse(all.files().get(BundleLayout.SCOPE)).logId();
        TreeMap<Long, Digest> seals = new TreeMap<>();
        segments(all).forEach((seq, line) -> {
            LogRecord seal = line.seal();
            seals.put(
                    seq,
                    Seal.header(logId, seq, seal.recordedAt(), line.salt(), seal.line())
                            .leafHash());
        });
        return new Known(leaves, lines, seals);
    }

    private static TreeMap<Long, SegmentLine> segments(ForgedBundle bundle) {
        TreeMap<Long, SegmentLine> segments = new TreeMap<>();
        for (String text : bundle.lines(BundleLayout.SEGMENTS)) {
            SegmentLine line = SegmentLine.parse(text.getBytes(StandardCharsets.UTF_8));
            segments.put(line.seal().seq(), line);
        }
        return segments;
    }

    /** Says whether a record is in a segment of which nothing is shown. */
    private static boolean isOutside(ForgedBundle bundle, Known known, long seq) {
        SegmentLine line = segments(bundle).get(known.seals().higherKey(seq));
        return line != null && line.subtrees() != null;
    }

    /** Which headers an honest exporter shows. */
    private static Set<Long> headers(ForgedBundle bundle, Known known, Order order) {
        Scope scope = Scope.parse(bundle.files().get(BundleLayout.SCOPE));
        if (scope.completeness() == Completeness.RANGE) {
            return range(known, order);
        }
        Set<Long> headers = new TreeSet<>();
        known.leaves().forEach((seq, leaf) -> {
            SegmentLine line = segments(bundle).get(known.seals().higherKey(seq));
            boolean shown = scope.completeness() == Completeness.HEADERS
                    || !Collections.disjoint(
                            ActorIndexBuilder.tags(leaf.header()), scope.indexed(Seal.of(line.seal())));
            if (shown && line.subtrees() == null) {
                headers.add(seq);
            }
        });
        return headers;
    }

    /** The range, the last before it and the first after it. */
    private static Set<Long> range(Known known, Order order) {
        Set<Long> headers = new TreeSet<>();
        long early = -1;
        long late = -1;
        for (LeafLine leaf : known.leaves().values()) {
            long time = leaf.header().recordedAt();
            if (order.from() != null && time < order.from()) {
                early = leaf.header().seq();
            } else if (order.to() == null || time < order.to()) {
                headers.add(leaf.header().seq());
            } else if (late < 0) {
                late = leaf.header().seq();
            }
        }
        Stream.of(early, late).filter(seq -> seq >= 0).forEach(headers::add);
        return headers;
    }

    /** Makes a bundle that shows these headers and opens these records, and is otherwise like another. */
    private static ForgedBundle compose(ForgedBundle like, Known known, Set<Long> headers, Set<Long> opened)
            throws IOException {
        List<String> leaves = new ArrayList<>();
        List<String> records = new ArrayList<>();
        StringBuilder originals = new StringBuilder();
        TreeMap<Long, SegmentLine> segments = segments(like);
        CompactRange run = new CompactRange();
        for (long seq = 0; seq <= known.seals().lastKey(); seq++) {
            SegmentLine segment = segments.get(known.seals().ceilingKey(seq));
            boolean covered = segment != null && segment.subtrees() != null;
            LeafLine leaf = known.leaves().get(seq);
            if (covered || leaf == null && segments.containsKey(seq)) {
                flush(run, leaves);
                run = new CompactRange(seq + 1);
                continue;
            }
            if (leaf == null || !headers.contains(seq)) {
                run.append(known.hash(seq));
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
                String original =
                        LogRecord.parse(line.getBytes(StandardCharsets.UTF_8)).original();
                originals.append(original == null ? "" : original + "\n");
            }
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
        boolean isRange = Scope.parse(bundle.files().get(BundleLayout.SCOPE)).completeness() == Completeness.RANGE;
        assertFalse(
                report.with(Verdict.FAILED).stream()
                        .filter(finding ->
                                finding.claim() == Claim.COMPLETENESS || isRange && finding.claim() == Claim.SEGMENTS)
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
