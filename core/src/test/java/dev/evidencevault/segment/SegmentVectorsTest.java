package dev.evidencevault.segment;

import static dev.evidencevault.docs.FormatVectors.fixed;
import static dev.evidencevault.docs.FormatVectors.hex;
import static dev.evidencevault.docs.FormatVectors.read;
import static dev.evidencevault.docs.FormatVectors.utf8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import dev.evidencevault.actorindex.ActorIndex;
import dev.evidencevault.actorindex.ActorIndexBuilder;
import dev.evidencevault.crypto.keys.TenantKeys;
import dev.evidencevault.docs.FormatVectors;
import dev.evidencevault.format.Change;
import dev.evidencevault.format.CommitmentScheme;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.Gap;
import dev.evidencevault.format.LeafHeader;
import dev.evidencevault.format.LogId;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.format.RecordBody;
import dev.evidencevault.format.RecordKind;
import dev.evidencevault.format.Seal;
import dev.evidencevault.storage.Layout.LogDirectory;
import dev.evidencevault.storage.Layout.SegmentRange;
import dev.evidencevault.storage.LocalStorage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records, leaves, a segment file and an index file against {@code docs/formats/vectors}. */
class SegmentVectorsTest {
    @TempDir
    private Path directory;

    private static String hexOf(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    @Test
    void recordsBecomeTheirLeaves() throws Exception {
        JsonNode vector = read("record.json");
        LogId logId = LogId.parse(vector.path("logId").textValue());
        TenantKeys keys = FormatVectors.tenantKeys();
        ActorCounters counters = new ActorCounters(new Pseudonyms(keys));
        for (JsonNode event : vector.path("events")) {
            LogRecord record = LogRecord.parse(utf8(event.path("line")));
            assertEquals(event.path("seq").longValue(), record.seq());
            assertEquals(event.path("recordedAt").longValue(), record.recordedAt());
            assertEquals(event.path("occurredAt").longValue(), record.occurredAt());
            byte[] salt = keys.salt(record.seq());
            assertEquals(event.path("salt").textValue(), hexOf(salt));
            check(event, counters.place(record).header(logId, salt, CommitmentScheme.LINE));
        }
        JsonNode seal = vector.path("seal");
        LogRecord record = LogRecord.parse(utf8(seal.path("line")));
        RecordBody body = Seal.of(record).toBody();
        assertArrayEquals(record.line(), body.line(record.seq(), record.recordedAt()));
        byte[] salt = keys.salt(record.seq());
        assertEquals(seal.path("salt").textValue(), hexOf(salt));
        check(seal, Seal.header(logId, record.seq(), record.recordedAt(), salt, record.line()));
    }

    private static void check(JsonNode expected, LeafHeader header) {
        assertEquals(
                expected.path("commitment").textValue(), header.commitment().hex());
        assertEquals(expected.path("header").textValue(), hexOf(header.encode()));
        assertEquals(expected.path("leafHash").textValue(), header.leafHash().hex());
        assertEquals(header, LeafHeader.decode(header.encode()));
        for (int i = 0; i < header.actors().size(); i++) {
            JsonNode actor = expected.path("actors").path(i);
            assertEquals(
                    actor.path("tag").textValue(), header.actors().get(i).tag().toString());
            assertEquals(actor.path("seq").longValue(), header.actors().get(i).seq());
        }
    }

    @Test
    void whatTellsOfTheLogIsWrittenAsItIsRead() throws Exception {
        for (JsonNode line : read("record.json").path("notices")) {
            LogRecord record = LogRecord.parse(utf8(line));
            RecordBody body = record.kind() == RecordKind.GAP
                    ? Gap.of(record).toBody()
                    : Change.of(record).toBody(record.tenant(), record.occurredAt());
            assertArrayEquals(record.line(), body.line(record.seq(), record.recordedAt()));
        }
    }

    @Test
    void whatIsNoRecordOrHeaderIsRefused() throws Exception {
        JsonNode vector = read("record.json");
        for (JsonNode line : vector.path("refusedLines")) {
            assertThrows(IllegalArgumentException.class, () -> LogRecord.parse(utf8(line)), line.toString());
        }
        for (JsonNode line : vector.path("refusedNotices")) {
            assertThrows(IllegalArgumentException.class, () -> LogRecord.parse(utf8(line)), line.toString());
        }
        for (JsonNode header : vector.path("refusedHeaders")) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> LeafHeader.decode(hex(header.path("header"))),
                    header.path("why").textValue());
        }
    }

    @Test
    void aSegmentFileIsReadAsItStands() throws Exception {
        JsonNode vector = read("segment.json");
        Path path = directory.resolve("00000001.evs");
        Files.write(path, hex(vector.path("file")));
        TenantKeys keys = FormatVectors.tenantKeys();
        try (SegmentFile file = new SegmentFile(path)) {
            assertEquals(vector.path("logId").textValue(), file.logId().toString());
            assertEquals(vector.path("number").longValue(), file.number());
            assertEquals(vector.path("firstSeq").longValue(), file.firstSeq());
            assertEquals(vector.path("header").textValue(), hexOf(file.header()));
            assertEquals(
                    vector.path("headerSha256").textValue(), file.headerDigest().hex());
            assertEquals(file.headerDigest(), file.seal().fileHeader());
            assertEquals(2, file.blocks().size());
            for (SegmentFile.BlockRef block : file.blocks()) {
                String digest = file.digest(block).hex();
                assertEquals(
                        vector.path("blocks")
                                .path(block.ordinal())
                                .path("sha256")
                                .textValue(),
                        digest);
                assertEquals(digest, file.sealedDigest(block).hex());
            }
            assertArrayEquals(utf8(vector.path("seal")), file.sealRecord().line());
            assertEquals(vector.path("size").longValue(), file.end().tree().to());
            assertEquals(
                    vector.path("root").textValue(), file.end().tree().root().hex());

            SegmentContent content = new SegmentContent(file, keys);
            ActorIndexBuilder actors = new ActorIndexBuilder();
            ActorCounters counters = new ActorCounters(new Pseudonyms(keys));
            for (LogRecord record : content.records(file.blocks().get(0))) {
                assertEquals(
                        vector.path("records").path((int) record.seq()).textValue(),
                        new String(record.line(), StandardCharsets.UTF_8));
                LeafHeader header =
                        counters.place(record).header(file.logId(), keys.salt(record.seq()), CommitmentScheme.LINE);
                actors.add(header, header.leafHash());
            }
            assertEquals(actors.build(), content.actors());
            assertEquals(
                    vector.path("actorIndex").textValue(),
                    hexOf(content.actors().encode()));
            assertEquals(content.actors(), ActorIndex.decode(hex(vector.path("actorIndex"))));
            assertEquals(keys.tagKey(), file.seal().tagKey());
            assertEquals(
                    vector.path("header").textValue(),
                    hexOf(SegmentFormat.header(
                            file.logId(),
                            1,
                            0,
                            hex(read("keys.json").path("fileSalt")),
                            keys.segmentKey(1, hex(read("keys.json").path("fileSalt"))))));
        }
    }

    @Test
    void anIndexFileIsWrittenAndReadAsItStands() throws Exception {
        JsonNode vector = read("index.json");
        LogId logId = LogId.parse(vector.path("logId").textValue());
        long number = vector.path("segment").longValue();
        TenantKeys keys = FormatVectors.tenantKeys();
        byte[] salt = hex(read("keys.json").path("fileSalt"));
        byte[] content = hex(vector.path("content"));
        byte[] file = hex(vector.path("file"));
        assertArrayEquals(file, IndexFile.seal(logId, number, keys, fixed(salt), content));
        Path path = directory.resolve("00000001.evx");
        Files.write(path, file);
        assertArrayEquals(content, IndexFile.open(path, logId, number, keys));
    }

    @Test
    void anIndexOfSeveralSegmentsIsWrittenAndReadAsItStands() throws Exception {
        JsonNode vector = read("merged-index.json");
        SealedLog log = new SealedLog(
                LogId.parse(vector.path("logId").textValue()), new LogDirectory(directory), FormatVectors.tenantKeys());
        SegmentRange range = new SegmentRange(
                vector.path("from").longValue(), vector.path("last").longValue());
        List<byte[]> parts = List.of(
                hex(vector.path("parts").path(0)), hex(vector.path("parts").path(1)));
        Files.createDirectory(log.directory().indexes());
        byte[] salt = hex(read("keys.json").path("fileSalt"));
        MergedIndexFile.write(
                log, range, 0, parts, new LocalStorage(), FormatVectors.inOrder(Arrays.copyOf(salt, salt.length + 8)));
        Path file = log.directory().merged(range);
        assertArrayEquals(hex(vector.path("file")), Files.readAllBytes(file));
        assertEquals("00000001-00000003.evm", String.valueOf(file.getFileName()));
        assertEquals(List.of(range), log.directory().mergedRanges());
        for (int part = 0; part < MergedIndexFile.PARTS; part++) {
            assertArrayEquals(parts.get(part), MergedIndexFile.open(log, range, part));
        }
        byte[] good = Files.readAllBytes(file);
        for (int at = 0; at < good.length; at++) {
            byte[] changed = good.clone();
            changed[at] ^= 1;
            Files.write(file, changed);
            int part = at < good.length - parts.get(1).length - 16 ? 0 : 1;
            assertThrows(CorruptFileException.class, () -> MergedIndexFile.open(log, range, part), "byte " + at);
        }
    }
}
