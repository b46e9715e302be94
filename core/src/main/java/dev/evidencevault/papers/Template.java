package dev.evidencevault.papers;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A text of this package with names in braces, for which values are put in. A value is never looked at for names. */
final class Template {
    private static final Pattern NAME = Pattern.compile("\\{([A-Za-z0-9]+)\\}");

    private final String name;
    private final String text;

    private Template(String name, String text) {
        this.name = name;
        this.text = text;
    }

    /** Reads a template that belongs to the program. */
    static Template resource(String name) throws IOException {
        return new Template(name, new String(bytes(name), StandardCharsets.UTF_8));
    }

    /** Returns a short template that stands in a file of texts. */
    static Template of(String key, String text) {
        return new Template(key, text);
    }

    /** Writes a file that belongs to the program as it is. */
    static void copy(String name, OutputStream out) throws IOException {
        try (out) {
            out.write(bytes(name));
        }
    }

    private static byte[] bytes(String name) throws IOException {
        try (InputStream in = Template.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing from this program");
            }
            return in.readAllBytes();
        }
    }

    /**
     * Returns the text with the values.
     *
     * @throws IllegalStateException if there is a name without a value
     */
    String fill(Map<String, String> values) {
        Matcher names = NAME.matcher(text);
        return names.replaceAll(found -> {
            String value = values.get(found.group(1));
            if (value == null) {
                throw new IllegalStateException(name + ": there is no value for " + found.group());
            }
            return Matcher.quoteReplacement(value);
        });
    }
}
