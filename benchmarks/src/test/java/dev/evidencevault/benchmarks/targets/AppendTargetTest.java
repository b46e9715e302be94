package dev.evidencevault.benchmarks.targets;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.benchmarks.targets.TenantSequence.Distribution;
import dev.evidencevault.reader.VaultReader;
import dev.evidencevault.verify.VaultVerifier;
import dev.evidencevault.verify.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.wire.DocumentContext;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.store.FSDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksIterator;

class AppendTargetTest {
    private static final int TENANTS = 3;

    /** Two batches and a part of one. */
    private static final int EVENTS = 2300;

    private static final SampleEvents SAMPLES = SampleEvents.ofBytes(500);
    private static final TenantSequence SEQUENCE = TenantSequence.of(Distribution.UNIFORM, TENANTS);
    private static final ObjectMapper JSON = new ObjectMapper();

    private static void append(AppendTarget target, int from, int to) throws IOException {
        try (AppendTarget.Producer producer = target.producer()) {
            for (int i = from; i < to; i++) {
                producer.append(SEQUENCE.at(i), SAMPLES.at(i));
            }
            producer.awaitDone();
        }
    }

    private static List<JsonNode> stored(Path directory, AppendTarget.Kind kind) throws Exception {
        List<JsonNode> records = new ArrayList<>();
        if (kind.isVault()) {
            VaultReader vault = VaultReader.open(directory, VaultTarget.SECRET);
            for (int tenant = 0; tenant < TENANTS; tenant++) {
                vault.tenant(AppendTarget.tenantName(tenant))
                        .orElseThrow()
                        .events(record -> records.add(record.json()));
            }
        } else {
            for (String line : lines(directory, kind)) {
                records.add(JSON.readTree(line));
            }
        }
        return records;
    }

    private static List<String> lines(Path directory, AppendTarget.Kind kind) throws Exception {
        return switch (kind) {
            case VAULT, VAULT_NO_INDEX -> throw new IllegalArgumentException(kind + " has no lines");
            case RAW_1000, RAW_GROUP, LOGBACK_IMMEDIATE, LOGBACK_BUFFERED, LOG4J2_ASYNC ->
                Files.readAllLines(directory.resolve(RawFileTarget.FILE), UTF_8);
            case CHRONICLE_QUEUE -> chronicleLines(directory);
            case ROCKSDB -> rocksLines(directory);
            case SQLITE -> sqlLines("jdbc:sqlite:" + directory.resolve(SqliteTarget.FILE));
            case LUCENE -> luceneLines(directory);
            case POSTGRESQL -> postgresLines(directory);
        };
    }

    private static List<String> luceneLines(Path directory) throws IOException {
        List<String> lines = new ArrayList<>();
        try (FSDirectory files = FSDirectory.open(directory);
                DirectoryReader reader = DirectoryReader.open(files)) {
            for (int doc = 0; doc < reader.maxDoc(); doc++) {
                lines.add(reader.storedFields()
                        .document(doc)
                        .getBinaryValue(LuceneTarget.LINE)
                        .utf8ToString());
            }
        }
        return lines;
    }

    private static List<String> chronicleLines(Path directory) {
        List<String> lines = new ArrayList<>();
        try (ChronicleQueue queue = ChronicleQueue.singleBuilder(directory).build();
                ExcerptTailer tailer = queue.createTailer()) {
            while (true) {
                try (DocumentContext document = tailer.readingDocument()) {
                    if (!document.isPresent()) {
                        return lines;
                    }
                    lines.add(new String(
                            Objects.requireNonNull(document.wire()).bytes().toByteArray(), UTF_8));
                }
            }
        }
    }

    private static List<String> rocksLines(Path directory) throws Exception {
        List<String> lines = new ArrayList<>();
        try (RocksDB database = RocksDB.openReadOnly(directory.toString());
                RocksIterator entries = database.newIterator()) {
            for (entries.seekToFirst(); entries.isValid(); entries.next()) {
                lines.add(new String(entries.value(), UTF_8));
            }
        }
        return lines;
    }

    private static List<String> sqlLines(String url) throws Exception {
        List<String> lines = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select line from audit")) {
            while (rows.next()) {
                lines.add(rows.getString(1));
            }
        }
        return lines;
    }

    /** Starts the server again on what it left. */
    private static List<String> postgresLines(Path directory) throws Exception {
        try (PostgresCluster cluster = PostgresCluster.open(directory)) {
            return sqlLines(cluster.url());
        }
    }

    /** A database that does not run as root is another user, and has to reach what is its own below this. */
    private static void letOthersPass(Path directory) throws IOException {
        if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
        }
    }

    /** Everything but what the targets choose themselves. */
    private static String said(JsonNode record) {
        ObjectNode said = record.deepCopy();
        return said.without(List.of("seq", "recordedAt", "occurredAt", "id")).toString();
    }

    private static List<String> expected() throws IOException {
        EventLine line = new EventLine();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < EVENTS; i++) {
            int length = line.encode(AppendTarget.tenantName(SEQUENCE.at(i)), i, SAMPLES.at(i));
            expected.add(said(JSON.readTree(line.array(), 0, length)));
        }
        return expected.stream().sorted().toList();
    }

    @ParameterizedTest
    @EnumSource
    void everythingThatWasAppendedIsThere(AppendTarget.Kind kind, @TempDir Path parent) throws Exception {
        assumeTrue(kind.missing() == null, kind.missing());
        letOthersPass(parent);
        Path directory = parent.resolve("target");
        try (AppendTarget target = kind.open(directory, TENANTS)) {
            append(target, 0, EVENTS);
            target.settle();
        }
        assertEquals(
                expected(),
                stored(directory, kind).stream()
                        .map(AppendTargetTest::said)
                        .sorted()
                        .toList());
    }

    @ParameterizedTest
    @EnumSource
    void severalProducersAndCallbacksLoseNothing(AppendTarget.Kind kind, @TempDir Path parent) throws Exception {
        assumeTrue(kind.missing() == null, kind.missing());
        letOthersPass(parent);
        Path directory = parent.resolve("target");
        AtomicInteger done = new AtomicInteger();
        List<Throwable> failures = new ArrayList<>();
        try (AppendTarget target = kind.open(directory, TENANTS)) {
            Thread other = new Thread(() -> {
                try {
                    append(target, 0, EVENTS / 2);
                } catch (IOException e) {
                    failures.add(e);
                }
            });
            other.start();
            try (AppendTarget.Producer producer = target.producer()) {
                for (int i = EVENTS / 2; i < EVENTS; i++) {
                    producer.append(SEQUENCE.at(i), SAMPLES.at(i), done::incrementAndGet);
                }
                producer.awaitDone();
                assertEquals(EVENTS - EVENTS / 2, done.get());
            }
            other.join();
        }
        assertEquals(List.of(), failures);
        assertEquals(
                expected(),
                stored(directory, kind).stream()
                        .map(AppendTargetTest::said)
                        .sorted()
                        .toList());
    }

    @Test
    void theVaultThatWasMeasuredVerifies(@TempDir Path parent) throws Exception {
        Path directory = parent.resolve("target");
        try (AppendTarget target = AppendTarget.Kind.VAULT.open(directory, TENANTS)) {
            append(target, 0, EVENTS);
            target.settle();
        }
        assertEquals(
                Verdict.PASSED,
                new VaultVerifier(null, null)
                        .verify(VaultReader.open(directory, VaultTarget.SECRET).unlocked())
                        .verdict());
    }

    @ParameterizedTest
    @ValueSource(ints = {350, 500, 2048})
    void aLineHasTheSizeThatWasAskedFor(int bytes) {
        assertEquals(bytes, SampleEvents.ofBytes(bytes).lineBytes(SEQUENCE), 3);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 350, 2048})
    void aLineSaysAllThatTheVaultsRecordSays(int bytes, @TempDir Path parent) throws Exception {
        SampleEvents samples = SampleEvents.ofBytes(bytes);
        Path directory = parent.resolve("target");
        try (AppendTarget target = AppendTarget.Kind.VAULT_NO_INDEX.open(directory, 1);
                AppendTarget.Producer producer = target.producer()) {
            producer.append(0, samples.at(0));
            producer.awaitDone();
            target.settle();
        }
        List<JsonNode> records = new ArrayList<>();
        List<byte[]> lines = new ArrayList<>();
        VaultReader.open(directory, VaultTarget.SECRET)
                .tenant(AppendTarget.tenantName(0))
                .orElseThrow()
                .events(record -> {
                    lines.add(record.line());
                    return records.add(record.json());
                });
        EventLine line = new EventLine();
        int length = line.encode(AppendTarget.tenantName(0), 0, samples.at(0));
        JsonNode plain = JSON.readTree(line.array(), 0, length);
        List<String> names = new ArrayList<>();
        plain.fieldNames().forEachRemaining(names::add);
        List<String> vaultNames = new ArrayList<>();
        records.get(0).fieldNames().forEachRemaining(vaultNames::add);
        assertEquals(vaultNames, names);
        assertEquals(said(records.get(0)), said(plain));
        assertEquals(new String(lines.get(0), UTF_8).strip().length() + 1, length);
    }

    @Test
    void textIsEscapedSoThatJsonReadsItBack() throws Exception {
        String text = "a \"quoted\" \\ text\n\tof \u0001 \u00fc\u4e16\ud83d\ude00 ".repeat(9);
        EventLine line = new EventLine();
        for (String value : List.of(text, text.substring(0, 20), "\u4e16", "")) {
            Sample sample = new Sample("a", value, false, value, value, value, value, "{}", value, false);
            JsonNode read = JSON.readTree(line.array(), 0, line.encode(value, 17, sample));
            assertEquals(value, read.path("tenant").asText());
            assertEquals(value, read.path("original").asText());
            assertEquals(value, read.path("targets").path(0).path("id").asText());
            assertEquals(17, read.path("seq").asLong());
        }
    }

    @Test
    void tenantsAreDrawnAsTheDistributionSays() {
        TenantSequence zipf = TenantSequence.of(Distribution.ZIPF, 100);
        long[] counts = new long[100];
        LongStream.range(0, 1 << 20).forEach(i -> counts[zipf.at(i)]++);
        assertEquals(2.0, (double) counts[0] / counts[1], 0.1);
        assertEquals(10.0, (double) counts[0] / counts[9], 0.5);
        assertTrue(counts[99] > 0);
    }
}
