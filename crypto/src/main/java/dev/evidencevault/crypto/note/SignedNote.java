package dev.evidencevault.crypto.note;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Text with signatures under it (c2sp.org/signed-note). Holding one says nothing about whether a signature is good.
 *
 * @param text the signed text, which ends in a newline
 * @param signatures the signature lines, in their order; at least one
 */
public record SignedNote(String text, List<Signature> signatures) {
    /** The longest note that is read, in bytes. */
    public static final int BYTES_MAX = 1 << 20;

    private static final int SIGNATURES_MAX = 100;
    private static final String SIGNATURE_PREFIX = "\u2014 ";

    /**
     * A signature line.
     *
     * @param name the key's name: not empty, without white space or plus signs
     * @param keyId the key's id, as {@link NoteVerifier} computes it
     * @param bytes the signature itself, in base64
     */
    public record Signature(String name, int keyId, String bytes) {
        /** Checks the name. */
        public Signature {
            requireName(name);
        }
    }

    /** Checks the parts. */
    public SignedNote {
        signatures = List.copyOf(signatures);
        if (!text.endsWith("\n")) {
            throw new IllegalArgumentException("the text of a note ends in a newline");
        }
        if (signatures.isEmpty() || signatures.size() > SIGNATURES_MAX) {
            throw new IllegalArgumentException(
                    "a note has 1 to " + SIGNATURES_MAX + " signatures, found " + signatures.size());
        }
    }

    /**
     * Parses a note.
     *
     * @throws IllegalArgumentException if the bytes are not a well-formed note
     */
    public static SignedNote parse(byte[] note) {
        if (note.length > BYTES_MAX) {
            throw new IllegalArgumentException("a note has at most " + BYTES_MAX + " bytes, found " + note.length);
        }
        String all = decode(note);
        int split = all.lastIndexOf("\n\n");
        if (split < 0 || !all.endsWith("\n") || split + 2 == all.length()) {
            throw new IllegalArgumentException("a note is text, an empty line and signature lines");
        }
        List<Signature> signatures = new ArrayList<>();
        for (String line : all.substring(split + 2, all.length() - 1).split("\n", -1)) {
            signatures.add(parseSignature(line));
            if (signatures.size() > SIGNATURES_MAX) {
                throw new IllegalArgumentException("a note has at most " + SIGNATURES_MAX + " signatures");
            }
        }
        return new SignedNote(all.substring(0, split + 1), signatures);
    }

    private static Signature parseSignature(String line) {
        String[] words = line.startsWith(SIGNATURE_PREFIX)
                ? line.substring(SIGNATURE_PREFIX.length()).split(" ", -1)
                : new String[0];
        if (words.length != 2) {
            throw new IllegalArgumentException("a signature line is a dash, a name and base64, found: " + line);
        }
        byte[] bytes = Base64.getDecoder().decode(words[1]);
        if (bytes.length < 5 || !Base64.getEncoder().encodeToString(bytes).equals(words[1])) {
            throw new IllegalArgumentException("not the base64 form of a key id and a signature: " + words[1]);
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        int keyId = buffer.getInt();
        byte[] signature = new byte[buffer.remaining()];
        buffer.get(signature);
        return new Signature(words[0], keyId, Base64.getEncoder().encodeToString(signature));
    }

    private static String decode(byte[] note) {
        CharBuffer chars;
        try {
            chars = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(note));
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("a note is UTF-8 text", e);
        }
        for (int i = 0; i < chars.length(); i++) {
            if (chars.charAt(i) < 0x20 && chars.charAt(i) != '\n') {
                throw new IllegalArgumentException("a note holds no control characters but newlines");
            }
        }
        return chars.toString();
    }

    /** Returns the bytes of the note. */
    public byte[] format() {
        StringBuilder note = new StringBuilder(text).append('\n');
        for (Signature signature : signatures) {
            byte[] bytes = Base64.getDecoder().decode(signature.bytes());
            byte[] both = ByteBuffer.allocate(4 + bytes.length)
                    .putInt(signature.keyId())
                    .put(bytes)
                    .array();
            note.append(SIGNATURE_PREFIX)
                    .append(signature.name())
                    .append(' ')
                    .append(Base64.getEncoder().encodeToString(both))
                    .append('\n');
        }
        return note.toString().getBytes(StandardCharsets.UTF_8);
    }

    static void requireName(String name) {
        if (name.isEmpty()
                || name.indexOf('+') >= 0
                || name.codePoints().anyMatch(c -> Character.isWhitespace(c) || Character.isSpaceChar(c))) {
            throw new IllegalArgumentException(
                    "a key name is not empty and holds neither white space nor plus signs: \"" + name + "\"");
        }
    }
}
