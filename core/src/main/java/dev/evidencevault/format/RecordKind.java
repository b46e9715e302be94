package dev.evidencevault.format;

/** What a leaf of a tenant's log stands for. The code is part of the leaf's header. */
public enum RecordKind {
    /** An audit event. */
    EVENT(1, "event"),
    /** The end of a segment, with digests of all of it. */
    SEAL(2, "seal"),
    /** That events were refused, and how many. */
    GAP(3, "gap"),
    /** That something changed which the meaning of the log depends on. */
    CHANGE(4, "change");

    /** {@link #values} makes a copy each time, and kinds are looked up for each record. */
    private static final RecordKind[] KINDS = values();

    private final int code;
    private final String label;

    RecordKind(int code, String label) {
        this.code = code;
        this.label = label;
    }

    /**
     * Says whether such a record tells of the log and not of an event: it is nobody's, and belongs to every order that covers
     * its time.
     */
    public boolean isNotice() {
        return this == GAP || this == CHANGE;
    }

    /** Returns the code in leaf headers. */
    public int code() {
        return code;
    }

    /** Returns the value of a record line's {@code type}. */
    public String label() {
        return label;
    }

    /** Returns the kind with this label, or throws IllegalArgumentException. */
    public static RecordKind ofLabel(String label) {
        for (RecordKind kind : KINDS) {
            if (kind.label.equals(label)) {
                return kind;
            }
        }
        throw new IllegalArgumentException("unknown record type \"" + label + "\"");
    }

    /** Returns the kind with this code, or throws IllegalArgumentException. */
    public static RecordKind ofCode(int code) {
        for (RecordKind kind : KINDS) {
            if (kind.code == code) {
                return kind;
            }
        }
        throw new IllegalArgumentException("unknown record kind " + code);
    }
}
