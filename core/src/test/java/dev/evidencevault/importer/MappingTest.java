package dev.evidencevault.importer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class MappingTest {
    static Mapping mapping(String json) {
        return Mapping.parse(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    static void assertRefused(String message, String json) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> mapping(json), json);
        assertEquals(message, String.valueOf(e.getMessage()).replace('"', '\''));
    }

    static void assertFieldsRefused(String message, String fields) {
        assertRefused(message, "{'name':'n','fields':{'time':['/t']," + fields + "}}");
    }

    static void assertConditionRefused(String message, String condition) {
        assertRefused(message, "{'name':'n','fields':{'time':['/t']},'privileged':[" + condition + "]}");
    }

    @Test
    void whatIsRead() {
        Mapping mapping =
                mapping("{'name':'n','service':'s','input':'auditd','zone':'Asia/Tokyo','fields':{'time':['/t']}}");
        assertEquals("n", mapping.name());
        assertEquals("s", mapping.service());
        assertEquals("Asia/Tokyo", mapping.zone().getId());
        assertEquals(Mapping.Input.AUDITD, mapping.input());
    }

    @Test
    void membersThatAreWrong() {
        assertRefused("the mapping is not a JSON object", "[]");
        assertRefused("expected a text in name, found nothing", "{}");
        assertRefused("expected a text in name, found '1'", "{'name':1}");
        assertRefused(
                "expected at most 8192 characters and whole surrogate pairs in service, found 8193 characters",
                "{'name':'n','service':'" + "s".repeat(8193) + "'}");
        assertRefused("expected a text in service, found null", "{'name':'n','service':null}");
        assertRefused(
                "unknown field 'nam' in a mapping; known are [fields, input, name, privileged, service, zone]",
                "{'nam':'n'}");
        assertRefused("expected json, syslog or auditd in input, found 'xml'", "{'name':'n','input':'xml'}");
        assertRefused(
                "expected a time zone such as Asia/Tokyo or +09:00 in zone, found 'Mars'",
                "{'name':'n','zone':'Mars'}");
        assertRefused("expected an object in fields, found nothing", "{'name':'n'}");
        assertRefused("expected sources in fields.time, found nothing", "{'name':'n','fields':{}}");
        assertRefused(
                "expected an array in privileged, found an object",
                "{'name':'n','fields':{'time':['/t']},'privileged':{}}");
    }

    @Test
    void sourcesThatAreWrong() {
        assertFieldsRefused(
                "unknown field 'who' in fields; known are [action, actor, id, onBehalfOf, outcome, reason, service,"
                        + " sharedEventId, sourceIp, target, tenant, time]",
                "'who':['/a']");
        assertFieldsRefused("expected an array that is not empty in fields.actor, found '/a'", "'actor':'/a'");
        assertFieldsRefused("expected an array that is not empty in fields.actor, found an empty array", "'actor':[]");
        assertFieldsRefused("expected a JSON pointer or an object in fields.actor[1], found '1'", "'actor':['/a',1]");
        for (String bad : new String[] {"a", "", "/~", "/a~2"}) {
            assertFieldsRefused(
                    "expected a JSON pointer such as '/user/name' in fields.actor[0] (RFC 6901: it begins with /,"
                            + " and ~ is written ~0), found '" + bad + "'",
                    "'actor':['" + bad + "']");
        }
        assertFieldsRefused(
                "expected a text, number or boolean in fields.actor[0].value, found an object",
                "'actor':[{'value':{}}]");
        assertFieldsRefused("unknown field 'values' in fields.actor[0]; known are [value]", "'actor':[{'values':1}]");
        assertFieldsRefused(
                "expected an array that is not empty in fields.actor[0].join, found '/a'", "'actor':[{'join':'/a'}]");
        assertFieldsRefused("expected a text in fields.actor[0].with, found '1'", "'actor':[{'join':['/a'],'with':1}]");
        assertFieldsRefused(
                "expected a regular expression in fields.actor[0].matches, found '(': Unclosed group at position 1",
                "'actor':[{'pointer':'/a','matches':'('}]");
        assertFieldsRefused(
                "expected 'matches' beside 'pointer' and 'value' in fields.actor[0], found nothing",
                "'actor':[{'pointer':'/a','value':'b'}]");
    }

    @Test
    void outcomesThatAreWrong() {
        assertFieldsRefused(
                "expected success, failure or unknown in fields.outcome[0].absent, found 'fine'",
                "'outcome':[{'pointer':'/a','absent':'fine'}]");
        assertFieldsRefused(
                "expected a JSON pointer as a text in fields.outcome[0].pointer, found nothing",
                "'outcome':[{'absent':'success'}]");
        assertFieldsRefused(
                "unknown field 'unless' in fields.outcome[0]; known are [absent, failure, failureMatches, pointer,"
                        + " present, success, successMatches]",
                "'outcome':[{'pointer':'/a','absent':'success','unless':['b']}]");
    }

    @Test
    void conditionsThatAreWrong() {
        assertConditionRefused("expected an object in privileged[0], found '/a'", "'/a'");
        assertConditionRefused(
                "expected 'pointer' and one of 'equals', 'in', 'matches' in privileged[0], found ['pointer']",
                "{'pointer':'/a'}");
        assertConditionRefused(
                "expected 'pointer' and one of 'equals', 'in', 'matches' in privileged[0], found ['equals', 'in']",
                "{'equals':'a','in':['b']}");
        assertConditionRefused(
                "expected a text, number or boolean in privileged[0].equals, found null",
                "{'pointer':'/a','equals':null}");
        assertConditionRefused(
                "expected an array that is not empty in privileged[0].in, found 'b'", "{'pointer':'/a','in':'b'}");
        assertConditionRefused(
                "expected a regular expression in privileged[0].matches, found '[': Unclosed character class at"
                        + " position 0",
                "{'pointer':'/a','matches':'['}");
        assertConditionRefused(
                "unknown field 'equal' in privileged[0].all[0]; known are [equals, in, matches, pointer]",
                "{'all':[{'pointer':'/a','equal':1}]}");
    }
}
