package dev.evidencevault.importer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.format.Json;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line of the Linux audit daemon as an object. Texts that the kernel wrote in hexadecimal digits, because they held
 * spaces or quotation marks, are read back.
 */
final class AuditdLine {
    private static final Pattern HEAD = Pattern.compile(
            "^(?:node=(\\S+) )?type=(\\S+) msg=audit\\((\\d{1,12}\\.\\d{1,9}):(\\d{1,20})\\):? ?(.*)$", Pattern.DOTALL);

    /** Fields that are either quoted or in hexadecimal. */
    private static final Set<String> ENCODED = Set.of(
            "acct", "cmd", "comm", "cwd", "data", "dir", "exe", "file", "key", "name", "path", "proctitle", "sw", "vm");

    private static final char ENRICHED = 0x1d;

    private AuditdLine() {}

    /** Returns the line's parts; the package's description names them. */
    static ObjectNode parse(String line) throws UnusableLineException {
        Matcher m = HEAD.matcher(line);
        if (!m.matches()) {
            throw new UnusableLineException(
                    "not auditd: expected \"type=… msg=audit(seconds.milliseconds:serial): …\"");
        }
        ObjectNode object = Json.object();
        if (m.group(1) != null) {
            object.put("node", m.group(1));
        }
        object.put("type", m.group(2)).put("time", m.group(3)).put("serial", m.group(4));
        String body = m.group(5);
        int enriched = body.indexOf(ENRICHED);
        fields(enriched < 0 ? body : body.substring(0, enriched), object, object.putObject("fields"));
        if (enriched >= 0) {
            fields(body.substring(enriched + 1), object, object.putObject("enriched"));
        }
        return object;
    }

    /** Splits into name=value; words without a value are gathered in {@code text}. The first of a name counts. */
    private static void fields(String body, ObjectNode object, ObjectNode target) {
        StringBuilder words = new StringBuilder();
        String prefix = "";
        int i = 0;
        while (i < body.length()) {
            if (" ,".indexOf(body.charAt(i)) >= 0) {
                i++;
                continue;
            }
            int start = i;
            while (i < body.length() && " =".indexOf(body.charAt(i)) < 0) {
                i++;
            }
            String name = body.substring(start, i);
            if (i == body.length() || body.charAt(i) == ' ') {
                // Older kernels: "old auid=4294967295 new auid=1000", today "old-auid=4294967295 auid=1000".
                prefix = name.equals("old") ? "old-" : "";
                words.append(words.isEmpty() ? "" : " ").append(name);
                continue;
            }
            i++;
            int end;
            if (i < body.length() && body.charAt(i) == '\'' && name.equals("msg") && !object.has("msg")) {
                end = body.lastIndexOf('\'');
                end = end > i ? end : body.length();
                fields(body.substring(i + 1, end), object, object.putObject("msg"));
                i = end + 1;
                continue;
            }
            boolean quoted = i < body.length() && body.charAt(i) == '"';
            if (quoted) {
                end = body.indexOf('"', ++i);
            } else {
                end = body.indexOf(' ', i);
            }
            end = end < 0 ? body.length() : end;
            String value = body.substring(i, end);
            if (!quoted) {
                value = value.endsWith(",") ? value.substring(0, value.length() - 1) : value;
                value = ENCODED.contains(name) ? decoded(value) : value;
            }
            String key = prefix + name;
            prefix = "";
            if (!target.has(key)) {
                target.put(key, value);
            }
            i = end + 1;
        }
        if (!words.isEmpty() && !object.has("text")) {
            object.put("text", words.toString());
        }
    }

    private static String decoded(String value) {
        if (value.isEmpty() || value.length() % 2 != 0 || !value.chars().allMatch(AuditdLine::isHex)) {
            return value;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(HexFormat.of().parseHex(value)))
                    .toString()
                    .replace('\0', ' ');
        } catch (CharacterCodingException e) {
            return value;
        }
    }

    private static boolean isHex(int c) {
        return c >= '0' && c <= '9' || c >= 'A' && c <= 'F';
    }
}
