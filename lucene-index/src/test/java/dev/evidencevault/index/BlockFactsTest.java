package dev.evidencevault.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.format.LogRecord;
import dev.evidencevault.index.text.Folding;
import dev.evidencevault.index.text.Words;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlockFactsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "{\"v\":1,\"seq\":7,\"type\":\"event\",\"service\":\"s\",\"action\":\"a.b\",\"outcome\":\"success\",\"actor\":"
                        + "{\"side\":\"tenant\",\"id\":\"u\",\"privileged\":false},\"targets\":[{\"id\":\"t\"}]}"
                        + "|action=a.b actor=u outcome=success service=s side=tenant",
                "{\"v\":1,\"action\":\"a\",\"outcome\":\"failure\",\"actor\":{\"side\":\"provider\",\"id\":\"op\",\"privileged\":true,"
                        + "\"onBehalfOf\":\"u\"},\"privilege\":{\"role\":\"r\"}}"
                        + "|action=a actor=op actor=u outcome=failure privileged=true side=provider",
                "{\"v\":1,\"action\":\"a\",\"outcome\":\"unknown\",\"details\":{\"actor\":{\"id\":\"no\"}}}"
                        + "|action=a outcome=unknown"
            })
    void theFrontOfALineTellsWhatItIsFoundBy(String line, String facts) throws Exception {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        byte[] among = new byte[bytes.length + 7];
        System.arraycopy(bytes, 0, among, 3, bytes.length);
        BlockFacts read = new BlockFacts();
        read.add(among, 3, 3 + bytes.length);
        Set<String> found = new TreeSet<>();
        read.forEach((field, value) -> found.add(field + "=" + value.utf8ToString()));
        assertEquals(facts, String.join(" ", found));
    }

    /** However lines follow each other, a block is found by what its lines are found by alone, and by nothing of the block before. */
    @Test
    void aBlockHasTheFactsOfItsLines() throws Exception {
        Random random = new Random(11);
        BlockFacts block = new BlockFacts();
        for (int round = 0; round < 300; round++) {
            block.clear();
            Set<String> expected = new TreeSet<>();
            Set<String> words = new TreeSet<>();
            for (int i = 0; i < 20; i++) {
                byte[] line = line(random).getBytes(StandardCharsets.UTF_8);
                LogRecord record = LogRecord.parse(line);
                for (String id : record.actorIds()) {
                    expected.add("actor=" + id);
                    if (!id.equals(Folding.fold(id))) {
                        expected.add("actor.folded=" + Folding.fold(id));
                    }
                }
                if (record.json().has("actor")) {
                    expected.add("side=tenant");
                }
                expected.add("action=" + record.action());
                expected.add("outcome=" + record.outcome());
                if (record.service() != null) {
                    expected.add("service=" + record.service());
                }
                if (record.privileged()) {
                    expected.add("privileged=true");
                }
                words.addAll(Words.of(record));
                block.add(line, 0, line.length);
            }
            Set<String> found = new TreeSet<>();
            block.forEach((field, value) -> found.add(field + "=" + value.utf8ToString()));
            assertEquals(expected, found, "round " + round);
            for (String word : words) {
                assertTrue(WordFilter.mayHold(ByteBuffer.wrap(block.wordFilter()), WordFilter.hash(word)), word);
            }
        }
    }

    private static String line(Random random) {
        String[] names = {"alice", "b}ob", "c{d", "\u6771\u4eac", "x\\\"y", "5e3", "1E9-2", ""};
        StringBuilder line = new StringBuilder(
                "{\"v\":1,\"seq\":" + random.nextInt(2000) + ",\"recordedAt\":\"2026-05-01T00:00:00.00000000"
                        + random.nextInt(10) + "Z\",\"type\":\"event\",\"id\":\"");
        line.append(random.nextInt(4) == 0 ? "i\\\\d" : "018f-1e5a-" + random.nextInt(1000))
                .append("\",\"tenant\":\"t\"");
        if (random.nextInt(3) > 0) {
            line.append(",\"service\":\"s").append(random.nextInt(3)).append('"');
        }
        line.append(",\"occurredAt\":\"2026-05-01T00:00:00.00000000")
                .append(random.nextInt(10))
                .append("Z\",\"action\":\"")
                .append(List.of("read", "wr}ite", "5e3.x").get(random.nextInt(3)))
                .append("\",\"outcome\":\"success\"");
        if (random.nextInt(4) == 0) {
            line.append(",\"reason\":\"because ")
                    .append(names[random.nextInt(names.length)])
                    .append('"');
        }
        if (random.nextInt(5) > 0) {
            line.append(",\"actor\":{\"side\":\"tenant\"");
            if (random.nextInt(3) == 0) {
                line.append(",\"type\":\"user\"");
            }
            line.append(",\"id\":\"u")
                    .append(names[random.nextInt(names.length)])
                    .append("\",\"privileged\":")
                    .append(random.nextInt(6) == 0);
            if (random.nextInt(6) == 0) {
                line.append(",\"onBehalfOf\":\"")
                        .append(names[random.nextInt(5)])
                        .append('"');
            }
            line.append('}');
        }
        if (random.nextBoolean()) {
            line.append(",\"targets\":[{\"id\":\"doc-")
                    .append(random.nextInt(50))
                    .append("\"}]");
        }
        if (random.nextInt(3) == 0) {
            line.append(",\"details\":{\"n\":")
                    .append(random.nextInt(3))
                    .append("e")
                    .append(random.nextInt(9))
                    .append("}");
        }
        return line.append('}').toString();
    }
}
