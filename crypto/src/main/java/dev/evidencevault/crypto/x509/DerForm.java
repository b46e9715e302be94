package dev.evidencevault.crypto.x509;

import java.io.IOException;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1Primitive;

/**
 * Reads ASN.1 (X.690) in one spelling: tags of one byte, definite lengths in the fewest bytes, nothing behind the value, at
 * most {@value #DEPTH_MAX} levels, and bytes that come out again when the value is written. The library's reader is asked
 * only once that shape is known, because it follows any depth.
 */
public final class DerForm {
    private static final int DEPTH_MAX = 32;
    private static final int LENGTH_BYTES_MAX = 3;
    private static final int CONSTRUCTED = 0x20;
    private static final int LONG_TAG = 0x1f;
    private static final int LONG_LENGTH = 0x80;

    private final byte[] bytes;

    private DerForm(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Parses one value.
     *
     * @param encoding the rules by which the bytes have to come out again: {@code ASN1Encoding.DER}, or {@code DL} where
     *     the order of a set is free
     * @throws IllegalArgumentException if the bytes are not that value's one spelling
     */
    public static ASN1Primitive parse(byte[] bytes, String encoding) {
        DerForm form = new DerForm(bytes);
        if (bytes.length == 0) {
            throw new IllegalArgumentException("expected a DER value, found no bytes");
        }
        if (form.value(0, bytes.length, 1) != bytes.length) {
            throw new IllegalArgumentException("expected one DER value, found bytes behind it");
        }
        try {
            ASN1Primitive value = ASN1Primitive.fromByteArray(bytes);
            if (value == null || !Arrays.equals(value.getEncoded(encoding), bytes)) {
                throw new IllegalArgumentException("the value is not written as " + encoding + " writes it");
            }
            return value;
        } catch (IOException | RuntimeException e) {
            // The library parses lazily, and throws whatever comes to it.
            throw new IllegalArgumentException("not DER: " + e.getMessage(), e);
        }
    }

    /** Checks the value that starts at {@code from} and must end by {@code to}; returns where it ends. */
    private int value(int from, int to, int depth) {
        if (depth > DEPTH_MAX) {
            throw new IllegalArgumentException("DER has at most " + DEPTH_MAX + " levels here, found more at " + from);
        }
        if (to - from < 2) {
            throw new IllegalArgumentException("the DER value at " + from + " is cut off");
        }
        int tag = bytes[from] & 0xff;
        if ((tag & LONG_TAG) == LONG_TAG) {
            throw new IllegalArgumentException("expected a DER tag of one byte, found a longer one at " + from);
        }
        int at = from + 2;
        int length = bytes[from + 1] & 0xff;
        if (length >= LONG_LENGTH) {
            int count = length - LONG_LENGTH;
            if (count == 0 || count > LENGTH_BYTES_MAX || count > to - at) {
                throw new IllegalArgumentException("expected a DER length of at most " + LENGTH_BYTES_MAX
                        + " more bytes, found " + count + " at " + from);
            }
            length = 0;
            for (int end = at + count; at < end; at++) {
                length = length << 8 | bytes[at] & 0xff;
            }
            if (length < LONG_LENGTH || length >>> 8 * (count - 1) == 0) {
                throw new IllegalArgumentException("the DER length at " + from + " is not in the fewest bytes");
            }
        }
        if (length > to - at) {
            throw new IllegalArgumentException(
                    "the DER value at " + from + " has " + length + " bytes, found " + (to - at));
        }
        int end = at + length;
        if ((tag & CONSTRUCTED) != 0) {
            while (at < end) {
                at = value(at, end, depth + 1);
            }
        }
        return end;
    }
}
