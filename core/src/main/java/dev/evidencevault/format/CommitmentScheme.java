package dev.evidencevault.format;

import dev.evidencevault.crypto.merkle.Digest;

/** What a leaf's commitment is to. See {@code docs/formats/record.md}. */
public enum CommitmentScheme {
    /** The line as a whole: it is shown whole, or not at all. */
    LINE(0),
    /** The line in pieces, most of which can be withheld one by one. Events only. */
    FIELDS(2);

    private final int flag;

    CommitmentScheme(int flag) {
        this.flag = flag;
    }

    /** Returns the bit that says so in the flags of a leaf header. */
    int flag() {
        return flag;
    }

    /** Returns the scheme of the flags of a leaf header. */
    static CommitmentScheme ofFlags(byte flags) {
        return (flags & FIELDS.flag) == 0 ? LINE : FIELDS;
    }

    /** Returns how a record of a kind is committed to in a log whose events are committed to in this way. */
    public CommitmentScheme of(RecordKind kind) {
        return kind == RecordKind.EVENT ? this : LINE;
    }

    /**
     * Returns the commitment to a line under the record's salt.
     *
     * @throws IllegalArgumentException if the line cannot be cut into pieces, which no line of the writer is
     */
    public Digest commitment(byte[] salt, byte[] line) {
        return switch (this) {
            case LINE -> LeafHeader.commitment(salt, line);
            case FIELDS -> new FieldHasher().commitment(salt, line);
        };
    }
}
