package dev.evidencevault.index;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvelopeFactsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', value = {
        "{\"v\":1,\"seq\":7,\"type\":\"event\",\"service\":\"s\",\"action\":\"a.b\",\"outcome\":\"success\",\"actor\":"
                + "{\"side\":\"tenant\",\"id\":\"u\",\"privileged\":false},\"targets\":[{\"id\":\"t\"}]}"
                + "|action=a.b actor=u outcome=success service=s",
        "{\"v\":1,\"action\":\"a\",\"outcome\":\"failure\",\"actor\":{\"side\":\"provider\",\"id\":\"op\",\"privileged\":true,"
                + "\"onBehalfOf\":\"u\"},\"privilege\":{\"role\":\"r\"}}"
                + "|action=a actor=op actor=u outcome=failure privileged=true",
        "{\"v\":1,\"action\":\"say \\\"x\\\"\",\"outcome\":\"success\",\"actor\":{\"id\":\"\u6771\\\\\"}}"
                + "|action=say \"x\" actor=\u6771\\ outcome=success",
        "{\"v\":1,\"action\":\"a\",\"outcome\":\"unknown\",\"details\":{\"actor\":{\"id\":\"no\"}}}"
                + "|action=a outcome=unknown",
        "{\"v\":1,\"action\":\"a\",\"assumed\":[\"year\"],\"outcome\":\"success\"}|action=a outcome=success"
    })
    void theFrontOfALineTellsWhatItIsFoundBy(String line, String facts) throws Exception {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        byte[] among = new byte[bytes.length + 7];
        System.arraycopy(bytes, 0, among, 3, bytes.length);
        EnvelopeFacts read = new EnvelopeFacts();
        read.add(among, 3, 3 + bytes.length);
        Set<String> found = new TreeSet<>();
        read.forEach((field, value) -> found.add(field + "=" + value.utf8ToString()));
        assertEquals(facts, String.join(" ", found));
    }
}
