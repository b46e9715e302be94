package dev.evidencevault.importer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.Event;
import dev.evidencevault.RecordedEvent;
import dev.evidencevault.format.LogRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LineMapperTest {
    static final String FIELDS =
            "'tenant':['/t'],'time':['/when'],'actor':['/who','/also'],'action':['/what'],'onBehalfOf':['/for'],"
                    + "'id':['/id'],'target':['/target'],'reason':['/why'],'sharedEventId':['/shared'],"
                    + "'sourceIp':['/ip'],'service':['/service']";
    static final LineMapper MAPPER = mapper(FIELDS, "");
    static final String GOOD = "'t':'acme','when':'2026-01-02T03:04:05Z'";

    static LineMapper mapper(String fields, String conditions) {
        return new LineMapper(
                MappingTest.mapping(
                        "{'name':'n','service':'s','fields':{" + fields + "},'privileged':[" + conditions + "]}"),
                null,
                TimeTextTest.NOW);
    }

    static byte[] bytes(String line) {
        return line.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }

    static LogRecord mapped(LineMapper mapper, byte[] line) {
        LineMapper.Result result = mapper.map(line);
        LineMapper.Mapped mapped = assertInstanceOf(LineMapper.Mapped.class, result, result::toString);
        LogRecord record = RecordedEvent.of(mapped.tenant(), mapped.event());
        assertArrayEquals(line, String.valueOf(record.original()).getBytes(StandardCharsets.UTF_8));
        return record;
    }

    static LogRecord mapped(String members) {
        return mapped(MAPPER, bytes("{" + GOOD + members + "}"));
    }

    static String rejected(LineMapper mapper, byte[] line) {
        String reason =
                assertInstanceOf(LineMapper.Rejected.class, mapper.map(line)).reason();
        assertTrue(reason.length() < 220, reason);
        return reason;
    }

    static String rejected(String line) {
        return rejected(MAPPER, bytes(line));
    }

    static String outcome(String source, String members) {
        return mapped(mapper(FIELDS + ",'outcome':[" + source + "]", ""), bytes("{" + GOOD + members + "}"))
                .outcome();
    }

    static boolean privileged(String condition, String members) {
        return mapped(mapper(FIELDS, condition), bytes("{" + GOOD + ",'who':'a'" + members + "}"))
                .privileged();
    }

    @Test
    void everyField() {
        LogRecord record = mapped(",'who':'alice','what':'file.read','for':'bob','id':7,'target':true,'why':'w',"
                + "'shared':'x','ip':'::1','service':'files'");
        assertEquals("acme", record.tenant());
        assertEquals(List.of("alice", "bob"), record.actorIds());
        assertEquals("file.read", record.action());
        assertEquals("7", record.id());
        assertEquals("true", record.json().at("/targets/0/id").asText());
        assertEquals("w", record.json().path("reason").asText());
        assertEquals("x", record.json().path("sharedEventId").asText());
        assertEquals("::1", record.json().at("/source/ip").asText());
        assertEquals("files", record.service());
        assertFalse(record.json().has("assumed"));
        assertFalse(record.json().has("details"));
    }

    @Test
    void absentFields() {
        LogRecord record = mapped(",'who':'','also':{},'what':null,'id':[1]");
        assertEquals(List.of(), record.actorIds());
        assertEquals("unknown", record.action());
        assertEquals("s", record.service());
        assertEquals("[\"action\"]", record.json().path("assumed").toString());
        assertEquals(List.of("b"), mapped(",'who':null,'also':'b','for':'b'").actorIds());
    }

    @Test
    void theTenantOfAllLinesGoesBefore() {
        LineMapper fixed = new LineMapper(
                MappingTest.mapping("{'name':'n','fields':{'time':['/when']}}"), "mine", TimeTextTest.NOW);
        assertEquals("mine", mapped(fixed, bytes("{" + GOOD + "}")).tenant());
        Mapping mapping = Mapping.preset("okta");
        assertThrows(IllegalArgumentException.class, () -> new LineMapper(mapping, "a\nb", TimeTextTest.NOW));
    }

    @Test
    void everyReason() {
        assertEquals("empty line", rejected(""));
        assertEquals("empty line", rejected(" \t\r"));
        assertEquals("not JSON: unexpected text at column 1", rejected("password=hunter2"));
        assertEquals("not JSON: it ends too early at column 8", rejected("{'a':1,"));
        assertEquals("not JSON: unexpected text at column 4", rejected("{} {}"));
        assertEquals("not a JSON object", rejected("[1]"));
        assertEquals("duplicate key \"a\" in JSON at column 11", rejected("{'a':1,'a':2}"));
        assertEquals(
                "JSON beyond limits: nesting to 200, numbers of 1000 digits, keys of 50000 characters",
                rejected("[".repeat(5000)));
        assertTrue(rejected("{'a':" + "9".repeat(1001) + "}").startsWith("JSON beyond limits"));
        assertEquals(
                "JSON beyond limits: a number's exponent has more than ten digits", rejected("{'a':1e99999999999}"));
        assertTrue(rejected("{'when':1}").startsWith("no tenant: "));
        assertEquals(
                "invalid tenant name \"a\ufffdb\": expected 1 to 256 characters, no control characters and no lone"
                        + " surrogates, found 3 characters",
                rejected("{'t':'a\\u0000b','when':1}"));
        assertTrue(rejected("{'t':'" + "x".repeat(257) + "','when':1}").startsWith("invalid tenant name \"xxx"));
        assertTrue(rejected("{'t':'\\ud800','when':1}").startsWith("invalid tenant name \"\ufffd\": "));
        assertTrue(rejected("{'t':'a'}").startsWith("no time: "));
        assertEquals(
                "unreadable time: expected RFC 3339, a number since 1970 or RFC 3164, found \"soon\"",
                rejected("{'t':'a','when':'soon'}"));
        assertTrue(rejected("{'t':'a','when':1e999999999}").startsWith("unreadable time: "));
        assertEquals("not UTF-8 at byte 2", rejected(MAPPER, new byte[] {'{', '"', (byte) 0xff, '"', '}'}));
        assertEquals("not UTF-8 at byte 1", rejected(MAPPER, new byte[] {' ', (byte) 0xed, (byte) 0xa0, (byte) 0x80}));
        assertEquals("not UTF-8 at byte 1", rejected(MAPPER, new byte[] {'a', (byte) 0xe3, (byte) 0x81}));
        assertEquals(
                "too large: expected at most 1048576 bytes, found 1048577",
                rejected(MAPPER, new byte[LineReader.LINE_BYTES_MAX + 1]));
        assertTrue(rejected(MAPPER, new byte[LineReader.LINE_BYTES_MAX]).startsWith("too large: 6291456 bytes once"));
        assertTrue(rejected(new LineMapper(Mapping.preset("syslog"), "t", TimeTextTest.NOW), bytes("hello"))
                .startsWith("not syslog: "));
        assertTrue(rejected(new LineMapper(Mapping.preset("auditd"), "t", TimeTextTest.NOW), bytes("hello"))
                .startsWith("not auditd: "));
    }

    @Test
    void reasonsDoNotCarrySecretsOutOfTheLog() {
        String secret = "s3cr3t".repeat(100);
        for (String line : List.of(
                secret,
                "{'a':" + secret + "}",
                "{'" + secret + "':1,'" + secret + "':2}",
                "{'t':'" + secret + "','when':1}",
                "{'t':'a','when':'" + secret + "'}")) {
            assertFalse(rejected(line).contains("s3cr3t".repeat(7)), line);
        }
    }

    @Test
    void fieldsThatDoNotFitAreFitted() {
        String action = "x".repeat(Event.TEXT_CHARS_MAX - 2) + "\ud83d\ude00\ud83d\ude00";
        LogRecord record = mapped(",'what':'" + action + "','who':'\\ud800a\\udc00'");
        assertEquals("x".repeat(Event.TEXT_CHARS_MAX - 2) + "…", record.action());
        assertEquals(List.of("\ufffda\ufffd"), record.actorIds());
        assertEquals(
                "[\"truncated action\",\"replaced characters in actor\"]",
                record.json().path("assumed").toString());
        assertEquals(8192, mapped(",'what':'" + "y".repeat(8192) + "'").action().length());
    }

    @Test
    void hostileLinesSurvive() {
        mapped(",'a':-9214364837600034816,'b':1e400,'c':'\\u0000','d':'\\ud800','e':0." + "1".repeat(900));
        assertEquals("a\0b", mapped(",'what':'a\\u0000b'").action());
        assertEquals(
                "-9214364837600034816", mapped(",'what':-9214364837600034816").action());
        mapped(",'what':" + "[".repeat(150) + "]".repeat(150));
        mapped(MAPPER, bytes("\ufeff{" + GOOD + "}"));
        mapped(MAPPER, bytes("{" + GOOD + "}\r"));
        mapped(",'x':'" + "é\\t".repeat(250_000) + "'");
    }

    @Test
    void outcomes() {
        for (String word : List.of("success", "OK", "Allow", "granted", "true", "AUDIT_SUCCESS")) {
            assertEquals("success", outcome("'/r'", ",'r':'" + word + "'"), word);
        }
        for (String word : List.of("failure", "Denied", "DENY", "error", "no")) {
            assertEquals("failure", outcome("'/r'", ",'r':'" + word + "'"), word);
        }
        assertEquals("success", outcome("'/r'", ",'r':true"));
        assertEquals("unknown", outcome("'/r'", ",'r':'CHALLENGE'"));
        assertEquals("unknown", outcome("'/r'", ""));
        assertEquals("failure", outcome("'/r','/s'", ",'r':'x','s':'failed'"));
        assertEquals("success", outcome("{'value':'success'}", ""));
        String code = "{'pointer':'/r','absent':'success','present':'failure'}";
        assertEquals("success", outcome(code, ""));
        assertEquals("success", outcome(code, ",'r':null"));
        assertEquals("failure", outcome(code, ",'r':'AccessDenied'"));
        assertEquals("failure", outcome(code, ",'r':{'code':1}"));
        String lists = "{'pointer':'/r','success':[0],'failure':['1',2]}";
        assertEquals("success", outcome(lists, ",'r':0"));
        assertEquals("failure", outcome(lists, ",'r':'2'"));
        assertEquals("unknown", outcome(lists, ",'r':3"));
        String patterns = "{'pointer':'/r','successMatches':'^2..$','failureMatches':'^[45]..$'}";
        assertEquals("success", outcome(patterns, ",'r':204"));
        assertEquals("failure", outcome(patterns, ",'r':403"));
        assertEquals("unknown", outcome(patterns, ",'r':302"));
    }

    @Test
    void conditions() {
        assertTrue(privileged("{'pointer':'/r','equals':4672}", ",'r':'4672'"));
        assertTrue(privileged("{'pointer':'/r','equals':true}", ",'r':true"));
        assertFalse(privileged("{'pointer':'/r','equals':true}", ""));
        assertTrue(privileged("{'pointer':'/r','in':['a','b']}", ",'r':'b'"));
        assertTrue(privileged("{'pointer':'/r','equals':'b'}", ",'r':['a','b']"));
        assertFalse(privileged("{'pointer':'/r','equals':'b'}", ",'r':['a',['b']]"));
        assertTrue(privileged("{'pointer':'/r','matches':'^ad'}", ",'r':'admin'"));
        assertTrue(privileged("{'pointer':'/r','equals':'x'},{'pointer':'/s','equals':'y'}", ",'s':'y'"));
        String all = "{'all':[{'pointer':'/r','equals':'x'},{'pointer':'/s','equals':'y'}]}";
        assertFalse(privileged(all, ",'s':'y'"));
        assertTrue(privileged(all, ",'r':'x','s':'y'"));
    }

    @Test
    void sources() {
        LineMapper mapper = mapper(
                "'tenant':[{'join':['/a','/b'],'with':'/'},{'pointer':'/a','unless':['-'],'matches':'^(.)'}],"
                        + "'time':['/when'],'action':[{'pointer':'/a','matches':'z','value':'zed'},{'value':'k'}]",
                "");
        assertEquals("x/y", mapped(mapper, bytes("{'when':1,'a':'x','b':'y'}")).tenant());
        LogRecord record = mapped(mapper, bytes("{'when':1,'a':'xyz'}"));
        assertEquals("x", record.tenant());
        assertEquals("zed", record.action());
        assertEquals("k", mapped(mapper, bytes("{'when':1,'a':'x'}")).action());
        assertTrue(rejected(mapper, bytes("{'when':1,'a':'-'}")).startsWith("no tenant"));
    }

    @Test
    void aRegularExpressionThatRecursesTooDeeplyRejectsTheLine() {
        LineMapper mapper = mapper(FIELDS, "{'pointer':'/r','matches':'^(?:a|b|(c))*$'}");
        byte[] line = bytes("{" + GOOD + ",'who':'w','r':'" + "ab".repeat(5000) + "x'}");
        // Whether the stack is deep enough depends on the machine; that nothing is thrown does not.
        if (mapper.map(line) instanceof LineMapper.Rejected rejected) {
            assertTrue(rejected.reason().contains("recurses too deeply"), rejected.reason());
        }
    }

    @Test
    void enrichedAuditLines() {
        LineMapper mapper = new LineMapper(Mapping.preset("auditd"), null, TimeTextTest.NOW);
        LogRecord record = mapped(
                mapper,
                ("node=web-1 type=SYSCALL msg=audit(1700000000.123:42): arch=c000003e syscall=59 success=no exit=-13"
                                + " auid=1000 uid=1000 euid=0 comm=\"su\" exe=\"/bin/su\""
                                + "\u001dARCH=x86_64 AUID=\"alice\" UID=\"bob\"")
                        .getBytes(StandardCharsets.UTF_8));
        assertEquals("web-1", record.tenant());
        assertEquals(List.of("alice", "bob"), record.actorIds());
        assertEquals("failure", record.outcome());
        assertEquals("-13", record.json().path("reason").asText());
        assertTrue(record.privileged());
    }

    @Test
    void syslogOfBothStandards() {
        LineMapper mapper = new LineMapper(Mapping.preset("syslog"), null, TimeTextTest.NOW);
        LogRecord sudo = mapped(
                mapper,
                "<85>May  3 10:00:00 web-1 sudo:   alice : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/ls"
                        .getBytes(StandardCharsets.UTF_8));
        assertEquals(List.of("alice", "root"), sudo.actorIds());
        assertEquals("sudo", sudo.action());
        assertTrue(sudo.privileged());
        LogRecord structured = mapped(
                mapper,
                ("<34>1 2026-05-03T10:00:00.5+09:00 web-1 sshd 7 - [a@1 k=\"\\\"v\\]\"][b] "
                                + "\ufeffInvalid user x from 9.9.9.9 from 10.0.0.1 port 22")
                        .getBytes(StandardCharsets.UTF_8));
        // The name that the attacker chose holds an address; the connection's address is the last.
        assertEquals(List.of("x from 9.9.9.9"), structured.actorIds());
        assertEquals("10.0.0.1", structured.json().at("/source/ip").asText());
        assertFalse(structured.json().has("assumed"));
        assertTrue(rejected(mapper, bytes("<34>1 - web-1 sshd 7 - - hello")).startsWith("no time"));
    }

    @Test
    void damagedLinesNeverThrow() throws IOException {
        Map<String, String> files = new TreeMap<>(Map.of(
                "cloudtrail-stratus-multiaccount.jsonl", "cloudtrail",
                "k8s-eks-audit-panther.jsonl", "k8s-audit",
                "okta-system-panther.jsonl", "okta",
                "github-audit-panther.jsonl", "github-audit",
                "google-workspace-panther.jsonl", "google-workspace",
                "syslog-sshd-crowdsec.log", "syslog",
                "linux-auditd-golibaudit.log", "auditd"));
        Random random = new Random(42);
        int stillMapped = 0;
        for (Map.Entry<String, String> file : files.entrySet()) {
            LineMapper mapper = new LineMapper(Mapping.preset(file.getValue()), "t", TimeTextTest.NOW);
            for (byte[] line : PresetTest.lines(file.getKey())) {
                for (int round = 0; round < 20; round++) {
                    byte[] damaged = line.clone();
                    for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                        damaged[random.nextInt(damaged.length)] =
                                (byte) (round % 2 == 0 ? 0x20 + random.nextInt(0x5f) : random.nextInt());
                    }
                    if (mapper.map(damaged) instanceof LineMapper.Mapped mapped) {
                        RecordedEvent.of(mapped.tenant(), mapped.event());
                        stillMapped++;
                    }
                }
            }
        }
        assertTrue(stillMapped > 1000);
    }
}
