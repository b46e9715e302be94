package dev.evidencevault.crypto.age;

import java.util.Base64;

/** Base64 without padding, in its one spelling (RFC 4648 sections 3.5 and 4). */
final class RawBase64 {
    private RawBase64() {}

    static String format(byte[] bytes) {
        return Base64.getEncoder().withoutPadding().encodeToString(bytes);
    }

    /**
     * Parses text.
     *
     * @throws IllegalArgumentException if it is padded, has other characters, or is not what {@link #format} returns
     */
    static byte[] parse(String text) {
        byte[] bytes = Base64.getDecoder().decode(text);
        if (!format(bytes).equals(text)) {
            throw new IllegalArgumentException("expected base64 in its one spelling, without padding");
        }
        return bytes;
    }
}
