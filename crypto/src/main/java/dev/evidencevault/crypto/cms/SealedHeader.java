package dev.evidencevault.crypto.cms;

import dev.evidencevault.crypto.file.UnopenedFileException;
import dev.evidencevault.crypto.file.UnopenedFileException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.cms.CMSObjectIdentifiers;
import org.bouncycastle.asn1.cms.GCMParameters;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;

/**
 * What stands before the encrypted content in a sealed file: {@code ContentInfo} with AuthEnvelopedData (RFC 5083) of version
 * 0 and no attributes, AES-256-GCM with a nonce of 12 bytes and a tag of 16 (RFC 5084), in DER. Since the length of the
 * content is known, there is one spelling; the reader writes what it understood and compares.
 */
final class SealedHeader {
    static final int NONCE_BYTES = 12;
    static final int TAG_BYTES = 16;
    static final int TRAILER_BYTES = 2 + TAG_BYTES;

    /** Longer than the wrapped keys of all recipients can be. */
    private static final int RECIPIENTS_BYTES_MAX = 1 << 16;

    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int OCTETS = 0x04;
    private static final int EXPLICIT_0 = 0xa0;
    private static final int IMPLICIT_OCTETS_0 = 0x80;
    private static final int LONG_LENGTH = 0x80;
    private static final int LENGTH_BYTES_MAX = 5;

    private final byte[] recipients;
    private final byte[] nonce;
    private final long contentBytes;

    /**
     * Creates a header. Arrays are not copied.
     *
     * @param recipients {@code RecipientInfos} in DER
     * @param nonce 12 bytes
     * @param contentBytes length of the content, encrypted or not: 0 to {@link SealedFile#CONTENT_BYTES_MAX}
     */
    SealedHeader(byte[] recipients, byte[] nonce, long contentBytes) {
        this.recipients = recipients;
        this.nonce = nonce;
        this.contentBytes = contentBytes;
    }

    byte[] recipients() {
        return recipients;
    }

    byte[] nonce() {
        return nonce;
    }

    long contentBytes() {
        return contentBytes;
    }

    /** Returns the header, to be followed by the encrypted content and {@link #trailer}. */
    byte[] format() throws IOException {
        byte[] type = CMSObjectIdentifiers.authEnvelopedData.getEncoded(ASN1Encoding.DER);
        byte[] version = new ASN1Integer(0).getEncoded(ASN1Encoding.DER);
        byte[] contentType = CMSObjectIdentifiers.data.getEncoded(ASN1Encoding.DER);
        byte[] algorithm = new AlgorithmIdentifier(
                        NISTObjectIdentifiers.id_aes256_GCM, new GCMParameters(nonce, TAG_BYTES))
                .getEncoded(ASN1Encoding.DER);
        byte[] content = tag(IMPLICIT_OCTETS_0, contentBytes);
        long encrypted = contentType.length + algorithm.length + content.length + contentBytes;
        byte[] encryptedTag = tag(SEQUENCE, encrypted);
        long enveloped = version.length + recipients.length + encryptedTag.length + encrypted + TRAILER_BYTES;
        byte[] envelopedTag = tag(SEQUENCE, enveloped);
        byte[] explicitTag = tag(EXPLICIT_0, envelopedTag.length + enveloped);
        long whole = type.length + explicitTag.length + envelopedTag.length + enveloped;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : new byte[][] {
            tag(SEQUENCE, whole),
            type,
            explicitTag,
            envelopedTag,
            version,
            recipients,
            encryptedTag,
            contentType,
            algorithm,
            content
        }) {
            out.write(part);
        }
        return out.toByteArray();
    }

    /** Returns what follows the encrypted content. */
    static byte[] trailer(byte[] tag) {
        byte[] trailer = new byte[TRAILER_BYTES];
        trailer[0] = OCTETS;
        trailer[1] = TAG_BYTES;
        System.arraycopy(tag, 0, trailer, 2, TAG_BYTES);
        return trailer;
    }

    /** A tag and a definite length in the fewest bytes (X.690 section 10.1). */
    private static byte[] tag(int tag, long length) {
        int more = length < LONG_LENGTH ? 0 : (Long.SIZE - Long.numberOfLeadingZeros(length) + 7) / 8;
        byte[] bytes = new byte[2 + more];
        bytes[0] = (byte) tag;
        bytes[1] = (byte) (more == 0 ? length : LONG_LENGTH | more);
        for (int i = 0; i < more; i++) {
            bytes[2 + i] = (byte) (length >>> 8 * (more - 1 - i));
        }
        return bytes;
    }

    /**
     * Reads a header; the stream then stands at the encrypted content.
     *
     * @throws UnopenedFileException if it is not in the one spelling
     */
    static SealedHeader read(InputStream in) throws IOException {
        Copy copy = new Copy(in);
        copy.tag(SEQUENCE);
        copy.bytes(CMSObjectIdentifiers.authEnvelopedData.getEncoded(ASN1Encoding.DER).length);
        copy.tag(EXPLICIT_0);
        copy.tag(SEQUENCE);
        copy.bytes(new ASN1Integer(0).getEncoded(ASN1Encoding.DER).length);
        int from = copy.bytes.size();
        long recipientsBytes = copy.tag(SET);
        if (recipientsBytes > RECIPIENTS_BYTES_MAX) {
            throw malformed();
        }
        copy.bytes((int) recipientsBytes);
        byte[] recipients = Arrays.copyOfRange(copy.bytes.toByteArray(), from, copy.bytes.size());
        copy.tag(SEQUENCE);
        copy.bytes(CMSObjectIdentifiers.data.getEncoded(ASN1Encoding.DER).length);
        int algorithmBytes = (int) Math.min(copy.tag(SEQUENCE), 64);
        copy.bytes(algorithmBytes);
        // The nonce is the last but three bytes of the algorithm: INTEGER 16 follows.
        int nonceTo = copy.bytes.size() - 3;
        byte[] nonce = Arrays.copyOfRange(copy.bytes.toByteArray(), nonceTo - NONCE_BYTES, nonceTo);
        long contentBytes = copy.tag(IMPLICIT_OCTETS_0);
        SealedHeader header = new SealedHeader(recipients, nonce, contentBytes);
        if (contentBytes > SealedFile.CONTENT_BYTES_MAX || !Arrays.equals(header.format(), copy.bytes.toByteArray())) {
            throw malformed();
        }
        return header;
    }

    private static UnopenedFileException malformed() {
        return new UnopenedFileException(
                Reason.MALFORMED,
                "expected a sealed file: CMS AuthEnvelopedData in DER, by AES-256-GCM with a tag of 16 bytes, without"
                        + " attributes; found something else");
    }

    /** Reads from a stream and keeps what was read. */
    private static final class Copy {
        private final InputStream in;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Copy(InputStream in) {
            this.in = in;
        }

        byte[] bytes(int count) throws IOException {
            byte[] read = in.readNBytes(count);
            if (read.length < count) {
                throw malformed();
            }
            bytes.write(read);
            return read;
        }

        /** Reads an expected tag and its length, which is not negative. */
        long tag(int expected) throws IOException {
            byte[] head = bytes(2);
            int length = head[1] & 0xff;
            if ((head[0] & 0xff) != expected || length > LONG_LENGTH + LENGTH_BYTES_MAX || length == LONG_LENGTH) {
                throw malformed();
            }
            if (length < LONG_LENGTH) {
                return length;
            }
            long value = 0;
            for (byte part : bytes(length - LONG_LENGTH)) {
                value = value << 8 | part & 0xff;
            }
            return value;
        }
    }
}
