package dev.evidencevault.benchmarks;

import dev.evidencevault.Actor;
import dev.evidencevault.Event;
import dev.evidencevault.Vault;
import dev.evidencevault.VaultOptions;
import dev.evidencevault.benchmarks.targets.VaultTarget;
import dev.evidencevault.bundle.BundleFiles;
import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.bundle.Completeness;
import dev.evidencevault.bundle.LeafLine;
import dev.evidencevault.bundle.StrictLines;
import dev.evidencevault.cases.Order;
import dev.evidencevault.cases.OrderRefusedException;
import dev.evidencevault.crypto.merkle.CompactRange;
import dev.evidencevault.evidence.EvidenceExport;
import dev.evidencevault.reader.VaultReader;
import dev.evidencevault.segment.SegmentFile;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Layout.LogDirectory;
import dev.evidencevault.verify.BundleVerifier;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * How large proofs are and how long bundles take to verify: one tenant, a thousand actors, one in a hundred events under a
 * privilege, segments of 65,536 events.
 */
final class ProofCosts {
    private static final int ACTORS = 1000;
    private static final int SEGMENT_EVENTS = 1 << 16;
    private static final int VERIFICATIONS = 5;

    /** What is exported. */
    enum Question {
        ACTOR("one actor of 1,000", "\"actors\":[\"user-7\"]", Completeness.INDEX),
        NOBODY("an actor without records", "\"actors\":[\"nobody\"]", Completeness.INDEX),
        PRIVILEGED("what was privileged", "\"privilegedOnly\":true", Completeness.INDEX),
        ACTOR_BY_HEADERS("one actor, all headers", "\"actors\":[\"user-7\"]", Completeness.HEADERS),
        EVERYTHING("everything", "", Completeness.HEADERS),
        RANGE("a tenth, by time of recording", "\"clock\":\"recorded\"", Completeness.RANGE);

        private final String text;
        private final String scope;
        private final Completeness completeness;

        Question(String text, String scope, Completeness completeness) {
            this.text = text;
            this.scope = scope;
            this.completeness = completeness;
        }

        String text() {
            return text;
        }
    }

    private final Path directory;
    private final long events;

    private ProofCosts(Path directory, long events) {
        this.directory = directory;
        this.events = events;
    }

    static Map<String, Object> measure(Setting setting) throws Exception {
        return new ProofCosts(setting.path("proofs"), setting.events()).run();
    }

    private Map<String, Object> run() throws Exception {
        Files.createDirectory(directory);
        Path vault = directory.resolve("vault");
        String range = write(vault);
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("evidenceBytesPerEvent", stored(vault));
        VaultReader reader = VaultReader.open(vault, VaultTarget.SECRET);
        for (Question question : Question.values()) {
            result.put(
                    question.name(),
                    bundle(reader, question, question.scope + (question == Question.RANGE ? range : "")));
        }
        return result;
    }

    /** Writes the events; returns the bounds of a tenth of them, as an order says them. */
    private String write(Path vault) throws IOException {
        StringBuilder range = new StringBuilder();
        Random random = new Random(20260101);
        VaultOptions options = VaultOptions.defaults().withJournalBytesMax(256L << 20);
        try (Vault open = Vault.create(vault, VaultTarget.SECRET, options)) {
            List<Event> batch = new ArrayList<>();
            for (long i = 1; i <= events; i++) {
                Actor actor = Actor.tenant("user-" + random.nextInt(ACTORS));
                batch.add(Event.of("document.read")
                        .service("documents")
                        .actor(random.nextInt(100) == 0 ? actor.privileged() : actor)
                        .target("document", "document-" + random.nextInt(10_000))
                        .build());
                if (batch.size() == 1024 || i == events) {
                    open.tenant("acme").appendAll(batch).join();
                    batch = new ArrayList<>();
                }
                if (i % SEGMENT_EVENTS == 0) {
                    open.seal();
                }
                if (i == events / 20 * 9 || i == events / 20 * 11) {
                    open.tenant("acme").appendAll(batch).join();
                    batch = new ArrayList<>();
                    range.append(range.isEmpty() ? ",\"from\":\"" : ",\"to\":\"")
                            .append(Instant.now())
                            .append('"');
                }
            }
        }
        return range.toString();
    }

    /** Bytes that evidence takes on disk: leaf hashes, the index of actors, seals; not the records themselves. */
    private double stored(Path vault) throws IOException {
        long bytes = 0;
        for (Path log : Layout.list(new Layout(vault).tenants())) {
            LogDirectory tenant = new LogDirectory(log);
            for (long number : Layout.numbers(tenant.segments(), Layout.SEGMENT_SUFFIX)) {
                try (SegmentFile file = new SegmentFile(tenant.segment(number))) {
                    bytes += Files.size(file.path());
                    for (SegmentFile.BlockRef block : file.blocks()) {
                        bytes -= block.records() ? block.cipherBytes() : 0;
                    }
                }
            }
        }
        return (double) bytes / events;
    }

    private Map<String, Object> bundle(VaultReader reader, Question question, String scope) throws Exception {
        Path bundle = directory.resolve(question + ".zip");
        long begun = System.nanoTime();
        EvidenceExport.Result result =
                new EvidenceExport(reader, Clock.systemUTC()).export(order(scope), bundle, question.completeness);
        double export = (System.nanoTime() - begun) / 1e9;
        List<Double> seconds = new ArrayList<>();
        for (int i = 0; i < VERIFICATIONS; i++) {
            begun = System.nanoTime();
            VerificationReport report = new BundleVerifier(null).verify(bundle);
            seconds.add((System.nanoTime() - begun) / 1e9);
            if (report.verdict() != Verdict.PASSED) {
                throw new IOException("expected that the bundle passes, found " + report.toJson());
            }
        }
        Collections.sort(seconds);
        Map<String, Object> costs = new LinkedHashMap<>();
        costs.put("records", result.records());
        costs.put("exportSeconds", export);
        costs.put("verifySeconds", seconds.get(VERIFICATIONS / 2));
        addSizes(bundle, costs);
        return costs;
    }

    private static void addSizes(Path bundle, Map<String, Object> costs) throws IOException {
        long headers = 0;
        long runs = 0;
        try (BundleFiles files = BundleFiles.open(bundle);
                StrictLines lines = new StrictLines(files, BundleLayout.LEAVES, LeafLine.BYTES_MAX)) {
            costs.put("completenessBytes", files.sizes().getOrDefault(BundleLayout.SEGMENTS, 0L));
            for (byte[] line = lines.next(); line != null; line = lines.next()) {
                boolean run = LeafLine.parse(line).run() != null;
                headers += run ? 0 : line.length + 1;
                runs += run ? line.length + 1 : 0;
            }
        }
        costs.put("runBytes", runs);
        costs.put("headerBytes", headers);
    }

    /** The most hashes that place a contiguous range in its tree, over ranges at all kinds of places. */
    static int contiguousHashes(long size, long length) {
        int most = 0;
        for (long from = 0; from + length <= size; from += 4999) {
            most = Math.max(
                    most,
                    CompactRange.cover(0, from).size()
                            + CompactRange.cover(from + length, size).size());
        }
        return most;
    }

    private static Order order(String scope) throws OrderRefusedException {
        String json = "{\"order\":\"1\",\"issuer\":\"Court\",\"legalBasis\":\"Art. 1\",\"tenant\":\"acme\","
                + "\"requestedBy\":\"Mori\",\"approvedBy\":\"Sato\"" + (scope.isEmpty() ? "" : "," + scope) + "}";
        return Order.parse(json.getBytes(StandardCharsets.UTF_8));
    }
}
