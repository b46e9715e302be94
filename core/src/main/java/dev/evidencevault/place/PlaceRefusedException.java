package dev.evidencevault.place;

import java.io.IOException;

/** Records must not lie there. The message says whose, where, and what the tenant is bound to. */
public final class PlaceRefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception. */
    public PlaceRefusedException(String message) {
        super(message);
    }
}
