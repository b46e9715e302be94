package dev.evidencevault.crypto.timestamp;

import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.x509.DerForm;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.tsp.Accuracy;
import org.bouncycastle.asn1.tsp.MessageImprint;
import org.bouncycastle.asn1.tsp.TSTInfo;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.tsp.TSPAlgorithms;
import org.jspecify.annotations.Nullable;

/**
 * What a token says ({@code TSTInfo}, RFC 3161 section 2.4.2), which nobody has verified yet. Immutable.
 *
 * @param imprint the SHA-256 digest that is stamped; other hash functions are not read
 * @param nonce what the request had there; null if it had none
 * @param authority the name that the authority gives itself; null if none
 */
record TokenInfo(
        Digest imprint,
        Instant time,
        Optional<Duration> accuracy,
        BigInteger serial,
        String policy,
        @Nullable BigInteger nonce,
        @Nullable GeneralName authority) {
    /** YYYYMMDDhhmmss, a fraction without trailing zeros, and Z; at most nanoseconds. */
    private static final Pattern TIME =
            Pattern.compile("(\\d{4})(\\d\\d)(\\d\\d)(\\d\\d)(\\d\\d)(\\d\\d)(?:\\.(\\d{0,8}[1-9]))?Z");

    private static final int SERIAL_BITS_MAX = 160;
    private static final int THOUSANDTHS_MAX = 999;

    /**
     * Parses the signed content of a token.
     *
     * @throws IllegalArgumentException if it is none, or says what is not understood here
     */
    static TokenInfo parse(byte[] der) {
        TSTInfo info = TSTInfo.getInstance(DerForm.parse(der, ASN1Encoding.DER));
        if (!info.getVersion().hasValue(1)) {
            throw new IllegalArgumentException("expected version 1 of TSTInfo, found " + info.getVersion());
        }
        if (info.getExtensions() != null && info.getExtensions().hasAnyCriticalExtensions()) {
            throw new IllegalArgumentException("the token has a critical extension, and none is understood here");
        }
        BigInteger serial = info.getSerialNumber().getValue();
        if (serial.bitLength() > SERIAL_BITS_MAX) {
            throw new IllegalArgumentException(
                    "a serial number has at most " + SERIAL_BITS_MAX + " bits, found " + serial.bitLength());
        }
        return new TokenInfo(
                imprint(info.getMessageImprint()),
                time(info.getGenTime().getTimeString()),
                Optional.ofNullable(info.getAccuracy()).map(TokenInfo::accuracy),
                serial,
                info.getPolicy().getId(),
                info.getNonce() == null ? null : info.getNonce().getValue(),
                info.getTsa());
    }

    private static Digest imprint(MessageImprint imprint) {
        if (!imprint.getHashAlgorithm().getAlgorithm().equals(TSPAlgorithms.SHA256)) {
            throw new IllegalArgumentException("expected an imprint by SHA-256, found one by "
                    + imprint.getHashAlgorithm().getAlgorithm());
        }
        byte[] bytes = imprint.getHashedMessage();
        if (bytes.length != Digest.BYTES) {
            throw new IllegalArgumentException("an imprint by SHA-256 has 32 bytes, found " + bytes.length);
        }
        return Digest.of(bytes);
    }

    private static Instant time(String text) {
        Matcher parts = TIME.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("a token's time is YYYYMMDDhhmmss[.f]Z, found \"" + text + "\"");
        }
        String fraction = parts.group(7) == null ? "" : parts.group(7);
        int nanos = Integer.parseInt((fraction + "000000000").substring(0, 9));
        try {
            return LocalDateTime.of(
                            number(parts, 1),
                            number(parts, 2),
                            number(parts, 3),
                            number(parts, 4),
                            number(parts, 5),
                            number(parts, 6),
                            nanos)
                    .toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("there is no such time as \"" + text + "\"", e);
        }
    }

    private static int number(Matcher parts, int group) {
        return Integer.parseInt(parts.group(group));
    }

    private static Duration accuracy(Accuracy accuracy) {
        return Duration.ofSeconds(part(accuracy.getSeconds(), 0, Integer.MAX_VALUE))
                .plusMillis(part(accuracy.getMillis(), 1, THOUSANDTHS_MAX))
                .plusNanos(1000L * part(accuracy.getMicros(), 1, THOUSANDTHS_MAX));
    }

    private static int part(@Nullable ASN1Integer part, int min, int max) {
        if (part == null) {
            return 0;
        }
        BigInteger value = part.getValue();
        if (value.compareTo(BigInteger.valueOf(min)) < 0 || value.compareTo(BigInteger.valueOf(max)) > 0) {
            throw new IllegalArgumentException(
                    "a part of the accuracy is from " + min + " to " + max + ", found " + value);
        }
        return value.intValue();
    }
}
