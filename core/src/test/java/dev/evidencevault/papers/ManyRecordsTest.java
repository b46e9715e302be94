package dev.evidencevault.papers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.SmallVault;
import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.bundle.ExportStatement;
import dev.evidencevault.bundle.LeafLine;
import dev.evidencevault.bundle.PaperFiles;
import dev.evidencevault.bundle.Scope;
import dev.evidencevault.format.LeafHeader;
import dev.evidencevault.format.RecordKind;
import dev.evidencevault.format.Timestamps;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Papers of more records than one would hold in memory: the files are made while they are read. */
class ManyRecordsTest {
    private static final long RECORDS = Long.getLong("evidencevault.papers.records", 20_000);
    private static final long DAY = Timestamps.parse("2026-05-01T00:00:00.000000000Z");

    @Test
    void tablesHaveAllAndWhatIsPrintedHasTheFirst(@TempDir Path directory) throws Exception {
        Path vault = directory.resolve("vault");
        SmallVault.write(vault);
        PaperDesk desk = PaperDesk.export(vault, "", directory.resolve("bundle.zip"));
        Scope scope = Scope.parse(Objects.requireNonNull(desk.files().get(BundleLayout.SCOPE)));
        ExportStatement exported =
                ExportStatement.parse(Objects.requireNonNull(desk.files().get(BundleLayout.EXPORT)));
        byte[] statement = new ExportStatement(
                        exported.software(),
                        exported.exportedAt(),
                        exported.vaultId(),
                        exported.logId(),
                        exported.tenant(),
                        RECORDS,
                        0,
                        null,
                        List.of())
                .format();
        Papers.Source source = name -> switch (name) {
            case BundleLayout.RECORDS -> lines(ManyRecordsTest::record);
            case BundleLayout.LEAVES -> lines(seq -> leaf(scope, seq));
            case BundleLayout.SEGMENTS, BundleLayout.ORIGINALS -> InputStream.nullInputStream();
            case BundleLayout.EXPORT -> new ByteArrayInputStream(statement);
            default -> desk.open(name);
        };
        Map<String, CountingLines> counts = new TreeMap<>();
        Map<String, ByteArrayOutputStream> kept = new TreeMap<>();
        new Papers(PaperDesk.TOOL).write(source, name -> {
            if (List.of(PaperFiles.SUMMARY, PaperFiles.INVENTORY).contains(name)) {
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                kept.put(name, out);
                return out;
            }
            CountingLines lines = new CountingLines();
            counts.put(name, lines);
            return lines;
        });
        for (String name : List.of(PaperFiles.ITEMS, PaperFiles.INVENTORY_TABLE, PaperFiles.RECORDS_VIEW)) {
            assertEquals(RECORDS + 1, Objects.requireNonNull(counts.get(name)).lines, name);
        }
        assertEquals(RECORDS, Objects.requireNonNull(counts.get(PaperFiles.OCSF_VIEW)).lines);
        assertEquals(2, Objects.requireNonNull(counts.get(PaperFiles.LOCATIONS)).lines);
        String printed = Objects.requireNonNull(kept.get(PaperFiles.INVENTORY)).toString(StandardCharsets.UTF_8);
        assertTrue(printed.contains("\n| " + InventoryPaper.PRINTED_MAX + " | "));
        assertTrue(!printed.contains("\n| " + (InventoryPaper.PRINTED_MAX + 1) + " | "));
        assertTrue(printed.contains("\u76e3\u67fb\u8a18\u9332 " + RECORDS + "\u4ef6"));
    }

    private static byte[] record(long seq) {
        String time = Timestamps.format(DAY + seq * 1_000_000_000);
        return ("{\"v\":1,\"seq\":" + seq + ",\"recordedAt\":\"" + time + "\",\"type\":\"event\",\"id\":\"e" + seq
                        + "\",\"tenant\":\"acme\",\"occurredAt\":\"" + time
                        + "\",\"action\":\"document.read\",\"outcome\":\"success\",\"actor\":{\"side\":\"tenant\",\"id\":\"u"
                        + seq + "\",\"privileged\":false}}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] leaf(Scope scope, long seq) {
        byte[] salt = new byte[32];
        long time = DAY + seq * 1_000_000_000;
        LeafHeader header = new LeafHeader(
                scope.logId(),
                seq,
                time,
                time,
                RecordKind.EVENT,
                false,
                LeafHeader.Tag.NONE,
                List.of(new LeafHeader.ActorCount(new LeafHeader.Tag(seq + 1, 7), 0)),
                LeafHeader.commitment(salt, record(seq)));
        return LeafLine.shown(header, salt).format();
    }

    private static InputStream lines(LongFunction<byte[]> line) {
        Enumeration<InputStream> lines = Collections.enumeration(new java.util.AbstractList<>() {
            @Override
            public InputStream get(int index) {
                byte[] bytes = line.apply(index);
                byte[] whole = java.util.Arrays.copyOf(bytes, bytes.length + 1);
                whole[bytes.length] = '\n';
                return new ByteArrayInputStream(whole);
            }

            @Override
            public int size() {
                return (int) RECORDS;
            }
        });
        return new SequenceInputStream(lines);
    }

    private static final class CountingLines extends OutputStream {
        private long lines;

        @Override
        public void write(int b) {
            lines += b == '\n' ? 1 : 0;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            lines += LongStream.range(offset, offset + (long) length)
                    .filter(at -> bytes[(int) at] == '\n')
                    .count();
        }
    }
}
