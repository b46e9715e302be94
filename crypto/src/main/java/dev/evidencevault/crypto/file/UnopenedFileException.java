package dev.evidencevault.crypto.file;

import java.io.IOException;

/** A file that was encrypted to somebody does not open. Nothing of its content was handed out. */
public final class UnopenedFileException extends IOException {
    private static final long serialVersionUID = 1L;

    /** What stands in the way. */
    public enum Reason {
        /** The file is not of the form that is read here, or is cut off. */
        MALFORMED,
        /** The file is encrypted to others. */
        NOT_FOR_THIS_KEY,
        /** The file was changed after it was encrypted: something in it is not authentic. */
        CHANGED
    }

    private final Reason reason;

    /** Creates the exception with what was expected, what was found and what to do. */
    public UnopenedFileException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** Returns what stands in the way. */
    public Reason reason() {
        return reason;
    }
}
