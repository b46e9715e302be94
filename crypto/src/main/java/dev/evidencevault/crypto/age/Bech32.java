package dev.evidencevault.crypto.age;

import java.io.ByteArrayOutputStream;
import java.util.Locale;

/** Bech32 (BIP 173) without its limit of length: a readable part, {@code 1}, and bytes with a checksum of six characters. */
final class Bech32 {
    private static final String CHARACTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    private static final int CHECKSUM = 6;
    private static final int[] GENERATOR = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3};

    private Bech32() {}

    /** Returns bytes as lower-case text. */
    static String format(String readable, byte[] bytes) {
        StringBuilder text = new StringBuilder(readable).append('1');
        int checksum = readable(readable);
        int bits = 0;
        int held = 0;
        for (byte value : bytes) {
            held = held << 8 | value & 0xff;
            for (bits += 8; bits >= 5; bits -= 5) {
                int digit = held >>> bits - 5 & 31;
                text.append(CHARACTERS.charAt(digit));
                checksum = step(checksum, digit);
            }
            held &= (1 << bits) - 1;
        }
        if (bits > 0) {
            int digit = held << 5 - bits & 31;
            text.append(CHARACTERS.charAt(digit));
            checksum = step(checksum, digit);
        }
        for (int i = 0; i < CHECKSUM; i++) {
            checksum = step(checksum, 0);
        }
        checksum ^= 1;
        for (int i = CHECKSUM - 1; i >= 0; i--) {
            text.append(CHARACTERS.charAt(checksum >>> 5 * i & 31));
        }
        return text.toString();
    }

    /**
     * Parses text, which is in lower or in upper case.
     *
     * @param readable the readable part that it has to have, in lower case
     * @throws IllegalArgumentException if it is not Bech32, or of another kind. The message does not repeat the text, which
     *     may be a secret
     */
    static byte[] parse(String readable, String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (!text.equals(lower) && !text.equals(text.toUpperCase(Locale.ROOT))) {
            throw refused(readable, "found upper and lower case mixed");
        }
        int separator = lower.lastIndexOf('1');
        if (separator < 0 || !lower.substring(0, separator).equals(readable)) {
            throw refused(readable, "found something else");
        }
        if (lower.length() - separator - 1 < CHECKSUM) {
            throw refused(readable, "found one that is cut off");
        }
        int checksum = readable(readable);
        int bits = 0;
        int held = 0;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int at = separator + 1; at < lower.length(); at++) {
            int digit = CHARACTERS.indexOf(lower.charAt(at));
            if (digit < 0) {
                throw refused(readable, "found a character that Bech32 does not have");
            }
            checksum = step(checksum, digit);
            if (at < lower.length() - CHECKSUM) {
                held = (held << 5 | digit) & 0xfff;
                bits += 5;
                if (bits >= 8) {
                    bits -= 8;
                    bytes.write(held >>> bits);
                    held &= (1 << bits) - 1;
                }
            }
        }
        if (checksum != 1) {
            throw refused(readable, "found a wrong checksum: a typing error");
        }
        if (bits >= 5 || held != 0) {
            throw refused(readable, "found bits left over");
        }
        return bytes.toByteArray();
    }

    private static IllegalArgumentException refused(String readable, String found) {
        return new IllegalArgumentException("expected Bech32 text that begins with \"" + readable + "1\", " + found);
    }

    private static int readable(String readable) {
        int checksum = 1;
        for (int i = 0; i < readable.length(); i++) {
            checksum = step(checksum, readable.charAt(i) >>> 5);
        }
        checksum = step(checksum, 0);
        for (int i = 0; i < readable.length(); i++) {
            checksum = step(checksum, readable.charAt(i) & 31);
        }
        return checksum;
    }

    private static int step(int checksum, int digit) {
        int top = checksum >>> 25;
        int next = (checksum & 0x1ffffff) << 5 ^ digit;
        for (int i = 0; i < GENERATOR.length; i++) {
            next ^= (top >>> i & 1) == 0 ? 0 : GENERATOR[i];
        }
        return next;
    }
}
