package dev.evidencevault.format;

import dev.evidencevault.crypto.merkle.Digest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * What opens a commitment by fields as far as its pieces are shown: for each piece its salt or, if it is withheld, its digest.
 * Immutable. Format: {@code docs/formats/bundle.md}.
 */
public final class ShownFields {
    private static final HexFormat HEX = HexFormat.of();

    private final List<byte[]> openings;

    private ShownFields(List<byte[]> openings) {
        if (openings.isEmpty() || openings.size() > LineFields.PIECES_MAX) {
            throw new IllegalArgumentException(
                    "expected 1 to " + LineFields.PIECES_MAX + " pieces, found " + openings.size());
        }
        for (byte[] opening : openings) {
            if (opening.length != FieldHasher.SALT_BYTES && opening.length != Digest.BYTES) {
                throw new IllegalArgumentException(
                        "expected a salt of 16 bytes or a digest of 32, found " + opening.length + " bytes");
            }
        }
        if (openings.get(0).length != FieldHasher.SALT_BYTES) {
            throw new IllegalArgumentException("the skeleton of a line is never withheld");
        }
        this.openings = List.copyOf(openings);
    }

    /**
     * Returns what opens the commitment to a line but for the pieces that are withheld.
     *
     * @param salt the record's salt
     * @param fields the line as it was written
     */
    public static ShownFields of(byte[] salt, LineFields fields, IntPredicate withheld) {
        byte[] salts = new FieldHasher().salts(salt, fields.count());
        List<byte[]> openings = new ArrayList<>(fields.count());
        for (int i = 0; i < fields.count(); i++) {
            byte[] own = Arrays.copyOfRange(salts, FieldHasher.SALT_BYTES * i, FieldHasher.SALT_BYTES * (i + 1));
            openings.add(
                    withheld.test(i) ? FieldHasher.piece(own, fields.piece(i)).bytes() : own);
        }
        return new ShownFields(openings);
    }

    /**
     * Returns what these spellings stand for.
     *
     * @throws IllegalArgumentException if one is neither 32 nor 64 hexadecimal digits, or their number is none of a line
     */
    public static ShownFields parse(List<String> spellings) {
        return new ShownFields(spellings.stream().map(HEX::parseHex).toList());
    }

    /** Returns how it is spelled, piece by piece. */
    public List<String> spellings() {
        return openings.stream().map(HEX::formatHex).toList();
    }

    /** Returns how many pieces there are. */
    public int count() {
        return openings.size();
    }

    /** Says whether a piece is withheld. */
    public boolean isWithheld(int piece) {
        return openings.get(piece).length == Digest.BYTES;
    }

    /**
     * Returns the commitment that this and a line open. What the line has in place of a piece that is withheld has no part in it.
     *
     * @throws IllegalArgumentException if the line has another number of pieces
     */
    public Digest commitment(LineFields shown) {
        if (shown.count() != count()) {
            throw new IllegalArgumentException("the line has " + shown.count() + " pieces, the commitment " + count());
        }
        Digest[] pieces = new Digest[count()];
        for (int i = 0; i < pieces.length; i++) {
            byte[] opening = openings.get(i);
            pieces[i] = isWithheld(i) ? Digest.of(opening) : FieldHasher.piece(opening, shown.piece(i));
        }
        return FieldHasher.commitment(pieces);
    }
}
