package dev.evidencevault.crypto.timestamp;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.crypto.merkle.Digest;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Consumer;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.tsp.Accuracy;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;

/**
 * Writes {@code docs/formats/vectors/tokens.json}: time stamp tokens over one value, each usual or wrong in one thing, by keys
 * that nobody keeps. Run it once, by hand; the result is kept.
 */
final class TokenVectors {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int SERIAL_BITS = 160;

    private TokenVectors() {}

    /** Writes the file into a directory. */
    public static void main(String[] args) throws Exception {
        ObjectNode json = MAPPER.createObjectNode().put("value", "01");
        ArrayNode good = json.putArray("accepted");
        add(good, "usual", token -> {});
        add(good, "the signer is named by its key identifier", token -> token.isNamedByKey = true);
        add(good, "without a name of the authority", token -> token.tsa = Optional.empty());
        add(good, "an extension that is not critical", token -> token.extensions = extension(false));
        add(good, "an accuracy", token -> token.accuracy = accuracy(1, 999, 999));
        add(good, "a serial number of 160 bits", token -> token.serial = bits(SERIAL_BITS));
        add(good, "signed a minute later", token -> token.signingTime = HandmadeToken.TIME.plusSeconds(60));
        add(good, "signed a minute and the accuracy later", token -> {
            token.accuracy = accuracy(2, 1, 1);
            token.signingTime = HandmadeToken.TIME.plusSeconds(62);
        });
        add(good, "RSA", token -> {
            token.keys = HandmadeToken.keys("RSA", 2048);
            token.signature = "SHA256withRSA";
        });
        ArrayNode bad = json.putArray("refused");
        add(bad, "a critical extension", token -> token.extensions = extension(true));
        add(bad, "an accuracy below zero", token -> token.accuracy = accuracy(-1, 1, 1));
        add(bad, "a serial number of 161 bits", token -> token.serial = bits(SERIAL_BITS + 1));
        add(
                bad,
                "a serial number below zero, of 161 bits",
                token -> token.serial = bits(SERIAL_BITS + 1).negate());
        add(bad, "signed more than a minute later", token -> token.signingTime = HandmadeToken.TIME.plusSeconds(61));
        add(bad, "signed more than a minute before", token -> token.signingTime = HandmadeToken.TIME.minusSeconds(61));
        add(bad, "another imprint", token -> token.imprint = Digest.sha256().bytes());
        add(
                bad,
                "another certificate than the attribute names",
                token -> token.certificateHash = Optional.of(Digest.sha256()));
        add(bad, "a certificate that had ended", token -> token.notAfter = HandmadeToken.TIME.minusSeconds(1));
        add(bad, "a certificate without a purpose", token -> token.extendedKeyUsage = Optional.empty());
        add(
                bad,
                "a certificate whose purpose is not critical",
                token -> token.extendedKeyUsage =
                        Optional.of(HandmadeToken.usage(false, KeyPurposeId.id_kp_timeStamping)));
        add(
                bad,
                "a certificate for another key usage",
                token -> token.keyUsage = Optional.of(new KeyUsage(KeyUsage.keyEncipherment)));
        Files.write(
                Path.of(args[0], "tokens.json"),
                MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(json));
    }

    private static void add(ArrayNode list, String why, Consumer<HandmadeToken> change) throws Exception {
        HandmadeToken token = new HandmadeToken();
        change.accept(token);
        list.addObject().put("why", why).put("token", HexFormat.of().formatHex(token.token()));
    }

    private static BigInteger bits(int count) {
        return BigInteger.ONE.shiftLeft(count).subtract(BigInteger.ONE);
    }

    private static Optional<Accuracy> accuracy(long seconds, long millis, long micros) {
        return Optional.of(new Accuracy(new ASN1Integer(seconds), new ASN1Integer(millis), new ASN1Integer(micros)));
    }

    private static Optional<Extensions> extension(boolean critical) {
        return Optional.of(new Extensions(
                new Extension(new ASN1ObjectIdentifier("1.2.3.4"), critical, new DEROctetString(new byte[] {5, 0}))));
    }
}
