package dev.evidencevault.crypto.age;

import java.util.List;

/**
 * One line and body of a header: the file key, wrapped for one recipient.
 *
 * @param arguments what stands behind the arrow, at least the type: each of one or more characters from {@code !} to
 *     {@code ~}
 * @param body the body in base64 without padding, in one line
 */
record Stanza(List<String> arguments, String body) {
    Stanza {
        arguments = List.copyOf(arguments);
    }

    String type() {
        return arguments.get(0);
    }
}
