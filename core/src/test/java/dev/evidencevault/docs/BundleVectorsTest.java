package dev.evidencevault.docs;

import static dev.evidencevault.docs.FormatVectors.digests;
import static dev.evidencevault.docs.FormatVectors.hex;
import static dev.evidencevault.docs.FormatVectors.read;
import static dev.evidencevault.docs.FormatVectors.utf8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.actorindex.ActorIndex;
import dev.evidencevault.actorindex.ActorIndexProof;
import dev.evidencevault.bundle.BagManifest;
import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.bundle.ExportStatement;
import dev.evidencevault.bundle.HiddenRun;
import dev.evidencevault.bundle.LeafLine;
import dev.evidencevault.bundle.ProvenTag;
import dev.evidencevault.bundle.Scope;
import dev.evidencevault.bundle.SegmentLine;
import dev.evidencevault.crypto.keys.TenantKeys;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.note.Checkpoint;
import dev.evidencevault.crypto.zip.MalformedZipException;
import dev.evidencevault.crypto.zip.StoredZip;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.LeafHeader;
import dev.evidencevault.format.LeafHeader.Tag;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.format.Seal;
import dev.evidencevault.segment.Pseudonyms;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The parts of a bundle against {@code docs/formats/vectors/bundle.json}. */
class BundleVectorsTest {
    private static JsonNode vector;

    @TempDir
    private Path directory;

    @BeforeAll
    static void readVector() throws Exception {
        vector = read("bundle.json");
    }

    @Test
    void linesOfLeaves() {
        for (JsonNode leaf : vector.path("leafLines")) {
            LeafLine parsed = LeafLine.parse(utf8(leaf.path("line")));
            if (leaf.has("run")) {
                HiddenRun run = new HiddenRun(
                        leaf.path("run").path("to").longValue(),
                        digests(leaf.path("run").path("subtrees")));
                assertEquals(run, parsed.run());
                assertArrayEquals(utf8(leaf.path("line")), LeafLine.hidden(run).format());
                continue;
            }
            LeafHeader header = LeafHeader.decode(hex(leaf.path("header")));
            assertEquals(header, parsed.header());
            if (leaf.path("salt").isNull()) {
                assertNull(parsed.salt());
                assertArrayEquals(
                        utf8(leaf.path("line")), LeafLine.withheld(header).format());
            } else {
                byte[] salt = hex(leaf.path("salt"));
                assertArrayEquals(salt, parsed.salt());
                assertArrayEquals(
                        utf8(leaf.path("line")), LeafLine.shown(header, salt).format());
            }
        }
        for (JsonNode refused : vector.path("refusedLeafLines")) {
            assertThrows(IllegalArgumentException.class, () -> LeafLine.parse(utf8(refused)), refused.toString());
        }
    }

    @Test
    void linesOfSegments() {
        for (JsonNode segment : vector.path("segmentLines")) {
            SegmentLine parsed = SegmentLine.parse(utf8(segment.path("line")));
            LogRecord seal = LogRecord.parse(utf8(segment.path("seal")));
            byte[] salt = hex(segment.path("salt"));
            assertArrayEquals(salt, parsed.salt());
            assertArrayEquals(seal.line(), parsed.seal().line());
            SegmentLine made;
            ActorIndexProof actors = parsed.actors();
            if (segment.has("proof")) {
                made = SegmentLine.indexed(salt, Objects.requireNonNull(actors), seal);
            } else if (segment.path("subtrees").isNull()) {
                assertNull(parsed.subtrees());
                made = SegmentLine.shown(salt, seal);
            } else {
                assertEquals(digests(segment.path("subtrees")), parsed.subtrees());
                made = SegmentLine.outside(salt, digests(segment.path("subtrees")), seal);
            }
            assertArrayEquals(utf8(segment.path("line")), made.format());
        }
        for (JsonNode refused : vector.path("refusedSegmentLines")) {
            assertThrows(IllegalArgumentException.class, () -> SegmentLine.parse(utf8(refused)), refused.toString());
        }
    }

    @Test
    void indexesOfActorsAreOpenedAndCut() throws Exception {
        ActorIndex index = ActorIndex.decode(hex(read("segment.json").path("actorIndex")));
        Seal seal = Seal.of(LogRecord.parse(utf8(read("segment.json").path("seal"))));
        assertEquals(seal.actors(), index.head());
        for (JsonNode segment : vector.path("segmentLines")) {
            if (segment.has("proof")) {
                ActorIndexProof proof = Objects.requireNonNull(
                        SegmentLine.parse(utf8(segment.path("line"))).actors());
                Set<Tag> tags = tags(segment);
                assertEquals(index.prove(tags), proof);
                assertEquals(
                        index.entries().stream()
                                .filter(entry -> tags.contains(entry.tag()))
                                .toList(),
                        List.copyOf(proof.open(seal.actors(), tags).values()));
            }
        }
        for (JsonNode refused : vector.path("refusedIndexProofs")) {
            ObjectNode line = Json.object();
            line.put("salt", "00".repeat(32));
            line.set("actors", refused.path("proof"));
            line.put("seal", read("segment.json").path("seal").textValue());
            ActorIndexProof proof =
                    Objects.requireNonNull(SegmentLine.parse(Json.bytes(line)).actors());
            assertThrows(
                    IllegalArgumentException.class,
                    () -> proof.open(seal.actors(), tags(refused)),
                    refused.path("why").textValue());
        }
    }

    private static Set<Tag> tags(JsonNode node) {
        Set<Tag> tags = new TreeSet<>();
        node.path("tags").forEach(tag -> tags.add(Tag.parse(tag.textValue())));
        return tags;
    }

    @Test
    void scopeStatementAndCheckpoint() throws Exception {
        Scope scope = Scope.parse(utf8(vector.path("scope")));
        assertEquals(FormatVectors.logId(), scope.logId());
        Pseudonyms pseudonyms = new Pseudonyms(FormatVectors.tenantKeys());
        TenantKeys keys = FormatVectors.tenantKeys();
        scope.actors()
                .forEach((id, tag) -> assertEquals(new ProvenTag(pseudonyms.actor(id), keys.actorProof(id)), tag));
        scope.services()
                .forEach((name, tag) ->
                        assertEquals(new ProvenTag(pseudonyms.service(name), keys.serviceProof(name)), tag));
        for (JsonNode refused : vector.path("refusedScopes")) {
            assertThrows(IllegalArgumentException.class, () -> Scope.parse(utf8(refused)), refused.toString());
        }
        assertArrayEquals(utf8(vector.path("scope")), scope.format());
        ExportStatement export = ExportStatement.parse(utf8(vector.path("export")));
        assertEquals("acme", export.tenant());
        assertArrayEquals(utf8(vector.path("export")), export.format());
        Checkpoint checkpoint = Checkpoint.parse(vector.path("checkpoint").textValue());
        assertEquals(scope.logId().origin(), checkpoint.origin());
        assertEquals(vector.path("checkpoint").textValue(), checkpoint.format());
    }

    @Test
    void manifests() {
        SortedMap<String, Digest> digests = new TreeMap<>();
        vector.path("files")
                .properties()
                .forEach(file -> digests.put(file.getKey(), Digest.sha256(utf8(file.getValue()))));
        byte[] manifest = utf8(vector.path("manifest"));
        assertArrayEquals(manifest, new BagManifest(digests).format());
        assertEquals(digests, BagManifest.parse(manifest).digests());
        assertEquals(vector.path("signedText").textValue(), BundleLayout.signedText(Digest.sha256(manifest)));
        assertEquals(
                vector.path("signedTextOfBoth").textValue(),
                BundleLayout.signedText(Digest.sha256(manifest), Digest.sha256(utf8(vector.path("secondNote")))));
        for (JsonNode refused : vector.path("refusedManifests")) {
            assertThrows(IllegalArgumentException.class, () -> BagManifest.parse(utf8(refused)), refused.toString());
        }
    }

    @Test
    void zipFiles() throws Exception {
        List<StoredZip.Source> sources = new ArrayList<>();
        for (JsonNode entry : vector.path("zip").path("entries")) {
            Path file = directory.resolve("source" + sources.size());
            Files.write(file, utf8(entry.path("content")));
            sources.add(new StoredZip.Source(entry.path("name").textValue(), file));
        }
        Path zip = directory.resolve("written.zip");
        StoredZip.write(zip, sources);
        assertArrayEquals(hex(vector.path("zip").path("bytes")), Files.readAllBytes(zip));
        try (FileChannel channel = FileChannel.open(zip)) {
            assertEquals(
                    sources.stream().map(StoredZip.Source::name).toList(),
                    StoredZip.read(channel).stream().map(StoredZip.Entry::name).toList());
        }
        for (JsonNode refused : vector.path("refusedZips")) {
            Path file = directory.resolve("refused.zip");
            Files.write(file, hex(refused.path("bytes")));
            try (FileChannel channel = FileChannel.open(file)) {
                assertThrows(
                        MalformedZipException.class,
                        () -> requireChecksums(channel, StoredZip.read(channel)),
                        refused.path("why").textValue());
            }
        }
    }

    private static void requireChecksums(FileChannel file, List<StoredZip.Entry> entries) throws IOException {
        for (StoredZip.Entry entry : entries) {
            if (!StoredZip.hasItsChecksum(file, entry)) {
                throw new MalformedZipException(entry.name() + ": another checksum");
            }
        }
    }
}
