package dev.evidencevault.copy;

import java.io.IOException;

/** A copy is not made, read or written, because it must not be. The message says why, and what to do. */
public final class CopyRefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception. */
    public CopyRefusedException(String message) {
        super(message);
    }
}
