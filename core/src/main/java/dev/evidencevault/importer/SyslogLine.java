package dev.evidencevault.importer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.format.Json;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line of syslog as an object: RFC 5424, RFC 3164, and RFC 3164 with the time of RFC 3339, the latter two with or
 * without a priority. Members that a line does not have, or has as {@code -}, are missing.
 */
final class SyslogLine {
    private static final String PRIORITY = "<(\\d{1,3})>";

    private static final Pattern RFC_5424 =
            Pattern.compile("^" + PRIORITY + "1 (\\S+) (\\S+) (\\S+) (\\S+) (\\S+) ?(.*)$", Pattern.DOTALL);
    private static final Pattern RFC_3164 = Pattern.compile(
            "^(?:" + PRIORITY + ")?"
                    + "([A-Z][a-z]{2} {1,2}\\d{1,2}(?: \\d{4})? \\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?|\\d{4}-\\d\\d-\\d\\dT\\S+)"
                    + " (\\S+) (.*)$",
            Pattern.DOTALL);
    private static final Pattern TAG =
            Pattern.compile("^([^\\s:\\[]{1,64})(?:\\[([^\\]\\s]{0,64})\\])?: ?(.*)$", Pattern.DOTALL);

    private SyslogLine() {}

    /** Returns the line's parts; the package's description names them. */
    static ObjectNode parse(String line) throws UnusableLineException {
        ObjectNode object = Json.object();
        Matcher m = RFC_5424.matcher(line);
        if (m.matches()) {
            priority(object, m.group(1));
            String[] names = {"time", "host", "app", "pid", "msgid"};
            for (int i = 0; i < names.length; i++) {
                if (!m.group(i + 2).equals("-")) {
                    object.put(names[i], m.group(i + 2));
                }
            }
            message(object, structured(object, m.group(7)));
            return object;
        }
        m = RFC_3164.matcher(line);
        if (!m.matches()) {
            throw new UnusableLineException("not syslog: expected RFC 3164 (\"Feb 12 14:10:21 host app[1]: …\") or"
                    + " RFC 5424 (\"<34>1 2026-…\")");
        }
        if (m.group(1) != null) {
            priority(object, m.group(1));
        }
        object.put("time", m.group(2)).put("host", m.group(3));
        Matcher tag = TAG.matcher(m.group(4));
        if (!tag.matches()) {
            return message(object, m.group(4));
        }
        object.put("app", tag.group(1));
        if (tag.group(2) != null) {
            object.put("pid", tag.group(2));
        }
        return message(object, tag.group(3));
    }

    private static ObjectNode message(ObjectNode object, String text) {
        return object.put("message", text.startsWith("\ufeff") ? text.substring(1) : text);
    }

    /** RFC 5424 section 6.2.1: eight severities a facility. */
    private static void priority(ObjectNode object, String text) {
        int priority = Integer.parseInt(text);
        object.put("facility", priority / 8).put("severity", priority % 8);
    }

    /** Takes structured data (RFC 5424 section 6.3) off the front, and leaves all that is not well formed. */
    private static String structured(ObjectNode object, String text) {
        if (text.equals("-") || text.startsWith("- ")) {
            return text.substring(Math.min(2, text.length()));
        }
        ObjectNode structured = Json.object();
        int i = 0;
        while (i < text.length() && text.charAt(i) == '[') {
            int idEnd = i + 1;
            while (idEnd < text.length() && " ]".indexOf(text.charAt(idEnd)) < 0) {
                idEnd++;
            }
            ObjectNode element = Json.object();
            int end = parameters(text, idEnd, element);
            if (end < 0) {
                return text;
            }
            structured.set(text.substring(i + 1, idEnd), element);
            i = end;
        }
        if (i == 0) {
            return text;
        }
        object.set("structured", structured);
        return text.substring(i < text.length() && text.charAt(i) == ' ' ? i + 1 : i);
    }

    /** Reads {@code  name="value"} up to the bracket; returns the place behind it, or -1. */
    private static int parameters(String text, int from, ObjectNode element) {
        int i = from;
        while (i < text.length() && text.charAt(i) == ' ') {
            int equals = text.indexOf("=\"", i);
            if (equals < 0) {
                return -1;
            }
            StringBuilder value = new StringBuilder();
            int at = equals + 2;
            while (at < text.length() && text.charAt(at) != '"') {
                boolean escaped =
                        text.charAt(at) == '\\' && at + 1 < text.length() && "\"\\]".indexOf(text.charAt(at + 1)) >= 0;
                value.append(text.charAt(escaped ? at + 1 : at));
                at += escaped ? 2 : 1;
            }
            element.put(text.substring(i + 1, equals), value.toString());
            i = at + 1;
        }
        return i < text.length() && text.charAt(i) == ']' ? i + 1 : -1;
    }
}
