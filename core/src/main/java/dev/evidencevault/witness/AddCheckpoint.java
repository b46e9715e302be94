package dev.evidencevault.witness;

import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.note.Checkpoint;
import dev.evidencevault.crypto.note.CosignatureVerdict;
import dev.evidencevault.crypto.note.CosignatureVerdict.Bad;
import dev.evidencevault.crypto.note.CosignatureVerdict.Good;
import dev.evidencevault.crypto.note.CosignatureVerifier;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.witness.WitnessException.Kind;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The add-checkpoint call of c2sp.org/tlog-witness as bytes: what one request says, and what its answer means. Does no
 * I/O.
 *
 * <pre>{@code
 * request = "old " size "\n" *(base64 "\n") "\n" signed-note
 * 200     = 1*signature-line
 * 409     = size "\n", of type text/x.tlog.size
 * }</pre>
 */
final class AddCheckpoint {
    private static final int PROOF_LINES_MAX = 63;
    private static final int EXCERPT_CHARS_MAX = 200;
    private static final String SIZE_TYPE = "text/x.tlog.size";

    private final Witness witness;
    private final long oldSize;
    private final List<Digest> proof;
    private final SignedNote note;
    private final Checkpoint checkpoint;

    /** Checks the request: see {@link WitnessClient#addCheckpoint}. */
    AddCheckpoint(Witness witness, long oldSize, List<Digest> proof, SignedNote note) {
        this.witness = witness;
        this.oldSize = oldSize;
        this.proof = List.copyOf(proof);
        this.note = note;
        this.checkpoint = Checkpoint.parse(note.text());
        if (oldSize < 0 || oldSize > checkpoint.size()) {
            throw new IllegalArgumentException(
                    "an old size is from 0 to the checkpoint's " + checkpoint.size() + ", found " + oldSize);
        }
        int linesMax = oldSize == 0 || isSameSize() ? 0 : PROOF_LINES_MAX;
        if (proof.size() > linesMax) {
            throw new IllegalArgumentException("a consistency proof from " + oldSize + " to " + checkpoint.size()
                    + " has at most " + linesMax + " hashes, found " + proof.size());
        }
    }

    private boolean isSameSize() {
        return oldSize == checkpoint.size();
    }

    /** Returns the body of the request. */
    byte[] request() {
        StringBuilder head = new StringBuilder("old ").append(oldSize).append('\n');
        proof.forEach(hash -> head.append(hash.base64()).append('\n'));
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(head.append('\n').toString().getBytes(StandardCharsets.US_ASCII));
        request.writeBytes(note.format());
        return request.toByteArray();
    }

    /** Reads an answer. */
    WitnessAnswer answer(int status, Optional<String> contentType, byte[] body) throws WitnessException {
        return switch (status) {
            case 200 -> cosigned(body);
            case 409 -> conflict(contentType.orElse("").equals(SIZE_TYPE), body);
            case 403 ->
                throw failure(
                        Kind.UNKNOWN_KEY,
                        "believes none of the keys that signed the checkpoint of \"" + checkpoint.origin()
                                + "\" (403): give its operator the log's verifier key" + excerpt(body));
            case 404 ->
                throw failure(
                        Kind.UNKNOWN_LOG,
                        "does not know the log \"" + checkpoint.origin()
                                + "\" (404): check the address, and give its operator the log's verifier key"
                                + excerpt(body));
            case 422 -> throw inconsistent(status, body);
            default -> throw failure(Kind.REFUSED, "answered " + status + ", expected 200 or 409" + excerpt(body));
        };
    }

    private WitnessAnswer.Cosigned cosigned(byte[] body) throws WitnessException {
        List<Cosignature> good = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        Set<CosignatureVerifier> seen = new HashSet<>();
        for (SignedNote.Signature line : lines(body)) {
            for (CosignatureVerifier key : witness.keys()) {
                if (key.isNamedBy(line)) {
                    CosignatureVerdict verdict = key.verify(checkpoint, line);
                    if (verdict instanceof Bad bad) {
                        refused.add(bad.reason());
                    } else if (verdict instanceof Good found && found.timeSeconds() == 0) {
                        refused.add("a witness says when it cosigned, found a cosignature of " + key.name()
                                + " without a time");
                    } else if (verdict instanceof Good found && seen.add(key)) {
                        good.add(new Cosignature(key, found.timeSeconds(), line));
                    }
                }
            }
        }
        if (good.isEmpty()) {
            throw failure(
                    Kind.MALFORMED,
                    "gave no good cosignature of a known key"
                            + (refused.isEmpty() ? ": check the keys it is known with" : ": " + refused));
        }
        return new WitnessAnswer.Cosigned(good, refused);
    }

    /** Reads signature lines as those of a note with the checkpoint's text, as the specification proposes. */
    private List<SignedNote.Signature> lines(byte[] body) throws WitnessException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes((note.text() + "\n").getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes(body);
        try {
            SignedNote answered = SignedNote.parse(bytes.toByteArray());
            if (!answered.text().equals(note.text())) {
                throw new IllegalArgumentException("there is an empty line among them");
            }
            return answered.signatures();
        } catch (IllegalArgumentException e) {
            String found = printable(String.valueOf(e.getMessage()));
            throw failure(Kind.MALFORMED, "answered 200 with something else than signature lines: " + found);
        }
    }

    /**
     * Reads a conflict. There are two: the old size is not the witness's, which says its own; or it is, and the
     * checkpoint's too, and the roots differ.
     */
    private WitnessAnswer.Conflict conflict(boolean isSize, byte[] body) throws WitnessException {
        if (!isSize) {
            throw isSameSize()
                    ? inconsistent(409, body)
                    : failure(Kind.MALFORMED, "answered 409 without a body of type " + SIZE_TYPE + excerpt(body));
        }
        long size = size(body);
        if (size != oldSize) {
            return new WitnessAnswer.Conflict(size);
        }
        throw isSameSize()
                ? inconsistent(409, body)
                : failure(Kind.MALFORMED, "answered 409 with the very size that it was given, " + size);
    }

    private long size(byte[] body) throws WitnessException {
        String text = new String(body, StandardCharsets.ISO_8859_1);
        try {
            long size = Long.parseLong(text.strip());
            if (size < 0 || !text.equals(size + "\n")) {
                throw new NumberFormatException("another spelling of " + size);
            }
            return size;
        } catch (NumberFormatException e) {
            throw failure(
                    Kind.MALFORMED,
                    "answered 409 with something else than a size in decimal and a newline" + excerpt(body));
        }
    }

    private WitnessException inconsistent(int status, byte[] body) {
        return failure(
                Kind.INCONSISTENT,
                "does not find size " + checkpoint.size() + " of \"" + checkpoint.origin()
                        + "\" consistent with what it has at size " + oldSize + " (" + status
                        + "): if the proof is right, the log was forked; keep the checkpoint and compare histories"
                        + excerpt(body));
    }

    WitnessException failure(Kind kind, String message) {
        return failure(kind, message, null);
    }

    WitnessException failure(Kind kind, String message, @Nullable Throwable cause) {
        return new WitnessException(
                kind, "witness " + witness.name() + " at " + witness.prefix() + " " + message, cause);
    }

    private static String excerpt(byte[] body) {
        String text = printable(new String(body, StandardCharsets.ISO_8859_1));
        return text.isEmpty() ? "" : "; it says: " + text;
    }

    /** Returns the beginning of what a witness said in printable ASCII, since it may come to stand in a log. */
    private static String printable(String text) {
        return text.substring(0, Math.min(text.length(), EXCERPT_CHARS_MAX))
                .replaceAll("[^\\x20-\\x7e]+", " ")
                .strip();
    }
}
