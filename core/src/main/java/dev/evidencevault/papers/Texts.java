package dev.evidencevault.papers;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Properties;

/** The short texts of papers in one language. Immutable. */
final class Texts {
    private final Properties texts;

    private Texts(Properties texts) {
        this.texts = texts;
    }

    /** Reads the texts of a language, {@code en} or {@code ja}. */
    static Texts of(String language) throws IOException {
        String name = "texts." + language + ".properties";
        try (InputStream in = Texts.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing from this program");
            }
            Properties texts = new Properties();
            texts.load(new InputStreamReader(in, StandardCharsets.UTF_8));
            return new Texts(texts);
        }
    }

    /** Returns a text. */
    String text(String key) {
        String text = texts.getProperty(key);
        if (text == null) {
            throw new IllegalStateException("there is no text for " + key);
        }
        return text;
    }

    /** Returns a text with values. */
    String text(String key, Map<String, String> values) {
        return template(key).fill(values);
    }

    /** Returns a text for which values are put in many times. */
    Template template(String key) {
        return Template.of(key, text(key));
    }
}
