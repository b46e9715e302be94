package dev.evidencevault.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.index.query.EventQuery;
import dev.evidencevault.segment.BlockSummary;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Random events, random queries: what a record matches, and which blocks are looked at, against a slow judge. */
class CandidatesTest {
    private static final int BLOCKS = 12;
    private static final int PER_BLOCK = 4;
    private static final int QUERIES = 40;

    private static byte[] block(List<byte[]> lines) {
        ByteBuffer block = ByteBuffer.allocate(
                lines.stream().mapToInt(line -> 4 + line.length).sum());
        lines.forEach(line -> block.putInt(line.length).put(line));
        return block.array();
    }

    private static FragmentBlocks fragment(List<List<LogRecord>> blocks) throws Exception {
        FragmentBuilder builder = new FragmentBuilder();
        BlockIndexer indexer = new BlockIndexer();
        for (int i = 0; i < blocks.size(); i++) {
            byte[] plain = block(blocks.get(i).stream().map(LogRecord::line).toList());
            builder.add(indexer.index(plain, plain.length, BlockSummary.of(blocks.get(i))));
        }
        List<ByteBuffer> parts = FragmentBytes.divided(builder.finish(BlockTable.NOT_SEALED_YET, List.of(blocks.size()))
                .format());
        return new FragmentBlocks(Fragment.open(parts.get(0)), FragmentBytes.filters(parts.get(1)));
    }

    private static BitSet candidates(FragmentBlocks fragment, EventQuery query) throws Exception {
        return new QueryPlan(query).candidates(fragment, fragment.all());
    }

    @Property(tries = 60)
    void aRecordMatchesWhatTheLanguageMeansAndNoBlockThatHoldsOneIsPassedOver(@ForAll long seed) throws Exception {
        RandomEvents events = new RandomEvents(new Random(seed));
        List<List<LogRecord>> blocks = new ArrayList<>();
        for (int i = 0; i < BLOCKS; i++) {
            List<LogRecord> records = new ArrayList<>();
            for (int j = 0; j < PER_BLOCK; j++) {
                byte[] line = events.line(i * PER_BLOCK + j).getBytes(StandardCharsets.UTF_8);
                records.add(LogRecord.parse(line));
            }
            blocks.add(records);
        }
        FragmentBlocks fragment = fragment(blocks);
        for (int i = 0; i < QUERIES; i++) {
            JudgedQuery judged = events.query(3);
            BitSet candidates = candidates(fragment, judged.query());
            for (int block = 0; block < BLOCKS; block++) {
                for (LogRecord record : blocks.get(block)) {
                    ObjectNode json = record.json();
                    String about = judged.query() + " and " + json + ", seed " + seed;
                    boolean expected = judged.judge().test(json);
                    assertEquals(expected, judged.query().matches(record), about);
                    assertTrue(!expected || candidates.get(block), "passed over: " + about);
                    long time = record.occurredAt();
                    assertTrue(!expected || judged.query().coversAnyOf(time, time + 5), about);
                    LineFilter lines = new QueryPlan(judged.query()).lines();
                    byte[] line = record.line();
                    assertTrue(!expected || lines.mayMatch(line, 0, line.length), "line passed over: " + about);
                }
            }
            assertEquals(judged.query(), EventQuery.parse(judged.query().toString()));
        }
    }

    /** The filters are of use: of blocks with one event each, a condition leaves few. */
    @Test
    void mostBlocksThatHoldNoMatchArePassedOver() throws Exception {
        int blocks = 200;
        List<List<LogRecord>> records = new ArrayList<>();
        for (int i = 0; i < blocks; i++) {
            String line = "{\"v\":1,\"seq\":" + i
                    + ",\"recordedAt\":\"2026-05-01T00:00:00.000000000Z\",\"type\":\"event\""
                    + ",\"id\":\"id" + i + "\",\"tenant\":\"t\",\"occurredAt\":\"2026-05-01T00:"
                    + (100 + i / 60 + "").substring(1) + ":" + (100 + i % 60 + "").substring(1)
                    + ".000000000Z\",\"action\":\"do" + i + "\",\"outcome\":\"" + (i == 7 ? "failure" : "success")
                    + "\",\"actor\":{\"side\":\"" + (i == 7 ? "provider" : "tenant") + "\",\"id\":\"User" + i
                    + "\",\"privileged\":" + (i == 7) + ",\"session\":\"se" + i
                    + "\"},\"targets\":[{\"type\":\"ty" + i + "\",\"id\":\"報告書" + (char) ('一' + i)
                    + "\"}],\"source\":{\"ip\":\"10." + i + ".3.4\"},\"sharedEventId\":\"sh" + i + "\"}";
            byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
            records.add(List.of(LogRecord.parse(bytes)));
        }
        FragmentBlocks fragment = fragment(records);
        for (String query : List.of(
                "actor:user7",
                "actor=User7",
                "actor:uSer7*",
                "side:provider",
                "privileged:true",
                "action:DO7",
                "outcome:failure",
                "NOT outcome:success",
                "time:2026-05-01T00:00:07Z",
                "NOT (time:..2026-05-01T00:00:07Z OR time:2026-05-01T00:00:08Z..)",
                "actor:User7 OR text:ty7 AND NOT privileged:false",
                "session:se7",
                "sharedEventId:SH7",
                "id:id7",
                "target:報告書" + (char) ('一' + 7),
                "target.type:ty7",
                "source:10.7.3.4",
                "source:10.7.0.0/16",
                "source:10.7.3.0/25",
                "text:ty7",
                "text~書" + (char) ('一' + 7))) {
            BitSet found = candidates(fragment, EventQuery.parse(query));
            assertTrue(found.get(7), query);
            assertTrue(found.cardinality() < blocks / 5, query + " leaves " + found.cardinality());
        }
        assertEquals(
                blocks,
                candidates(fragment, EventQuery.parse("source:10.0.0.0/8")).cardinality());
    }
}
