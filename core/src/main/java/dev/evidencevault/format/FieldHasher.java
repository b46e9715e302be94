package dev.evidencevault.format;

import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.merkle.Rfc6962;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Computes commitments by fields: SHA-256 over the digests of a line's pieces, each under a salt of its own that comes from
 * the record's salt by HKDF-Expand (RFC 5869 section 2.3, SHA-256). Not safe for use by several threads at once. Format:
 * {@code docs/formats/record.md}.
 */
final class FieldHasher {
    /** The length of a piece's salt, in bytes. */
    static final int SALT_BYTES = 16;

    private static final byte[] COMMITMENT_LABEL = "evault-fields-v1".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PIECE_LABEL = "evault-piece-v1".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SALTS_INFO = "evidence-vault/piece-salts/v1".getBytes(StandardCharsets.US_ASCII);
    private static final int HEAD_BYTES = COMMITMENT_LABEL.length + 4;
    private static final int MAC_BYTES = 32;
    private static final String MAC = "HmacSHA256";

    private final MessageDigest digest = Digest.computation();
    private final Mac mac;
    private final PieceScanner scanner = new PieceScanner();

    private byte[] salts = new byte[MAC_BYTES * 16];

    /** The label and the number of pieces, then their digests. */
    private byte[] digests = Arrays.copyOf(COMMITMENT_LABEL, HEAD_BYTES + Digest.BYTES * 32);

    FieldHasher() {
        try {
            mac = Mac.getInstance(MAC);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + MAC, e);
        }
    }

    /** Computes the commitment to a line under the salt that stands at a place of an array. */
    void commit(byte[] recordSalts, int saltAt, byte[] source, int lineAt, int lineBytes, byte[] target, int targetAt) {
        scanner.scan(source, lineAt, lineBytes);
        int pieces = 1 + scanner.count();
        derive(recordSalts, saltAt, pieces);
        ensure(pieces);
        begin(0);
        updateSkeleton(digest, scanner, source, lineAt, lineAt + lineBytes);
        end(0);
        for (int i = 1; i < pieces; i++) {
            begin(i);
            int from = scanner.from(i - 1);
            digest.update(source, from, scanner.to(i - 1) - from);
            end(i);
        }
        finish(pieces, target, targetAt);
    }

    /** Puts the line into a digest, with a zero byte in place of each value. */
    private static void updateSkeleton(MessageDigest digest, PieceScanner scanner, byte[] source, int from, int to) {
        int at = from;
        for (int i = 0; i < scanner.count(); i++) {
            digest.update(source, at, scanner.from(i) - at);
            digest.update((byte) 0);
            at = scanner.to(i);
        }
        digest.update(source, at, to - at);
    }

    private void begin(int piece) {
        digest.update(PIECE_LABEL);
        digest.update(salts, SALT_BYTES * piece, SALT_BYTES);
    }

    private void end(int piece) {
        Rfc6962.finish(digest, digests, HEAD_BYTES + Digest.BYTES * piece);
    }

    private void finish(int pieces, byte[] target, int targetAt) {
        for (int i = 0; i < 4; i++) {
            digests[COMMITMENT_LABEL.length + i] = (byte) (pieces >> 24 - 8 * i);
        }
        digest.update(digests, 0, HEAD_BYTES + Digest.BYTES * pieces);
        Rfc6962.finish(digest, target, targetAt);
    }

    private void ensure(int pieces) {
        int bytes = HEAD_BYTES + Digest.BYTES * pieces;
        if (digests.length < bytes) {
            digests = Arrays.copyOf(digests, bytes);
        }
    }

    /** HKDF-Expand with the record's salt as the key. */
    private void derive(byte[] recordSalts, int saltAt, int pieces) {
        int rounds = (SALT_BYTES * pieces + MAC_BYTES - 1) / MAC_BYTES;
        if (salts.length < MAC_BYTES * rounds) {
            salts = new byte[MAC_BYTES * rounds];
        }
        try {
            mac.init(new SecretKeySpec(recordSalts, saltAt, MAC_BYTES, MAC));
            for (int i = 0; i < rounds; i++) {
                if (i > 0) {
                    mac.update(salts, MAC_BYTES * (i - 1), MAC_BYTES);
                }
                mac.update(SALTS_INFO);
                mac.update((byte) (i + 1));
                mac.doFinal(salts, MAC_BYTES * i);
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a salt is a key for " + MAC, e);
        }
    }

    /** Returns the commitment to a line under the record's salt. */
    Digest commitment(byte[] salt, byte[] line) {
        byte[] result = new byte[Digest.BYTES];
        commit(salt, 0, line, 0, line.length, result, 0);
        return Digest.of(result);
    }

    /** Returns the salts of a record's pieces, one after the other. */
    byte[] salts(byte[] recordSalt, int pieces) {
        derive(recordSalt, 0, pieces);
        return Arrays.copyOf(salts, SALT_BYTES * pieces);
    }

    /** Returns the digest of a piece under its salt. */
    static Digest piece(byte[] salt, byte[] piece) {
        return Digest.sha256(PIECE_LABEL, salt, piece);
    }

    /** Returns the commitment to pieces with these digests. */
    static Digest commitment(Digest[] pieces) {
        byte[] text = Arrays.copyOf(COMMITMENT_LABEL, HEAD_BYTES + Digest.BYTES * pieces.length);
        for (int i = 0; i < 4; i++) {
            text[COMMITMENT_LABEL.length + i] = (byte) (pieces.length >> 24 - 8 * i);
        }
        for (int i = 0; i < pieces.length; i++) {
            pieces[i].copyTo(text, HEAD_BYTES + Digest.BYTES * i);
        }
        return Digest.sha256(text);
    }
}
