package dev.evidencevault.crypto.asic;

import java.io.IOException;

/** A file is not a container in the one spelling that is read here. Says where, what was expected and what was found. */
public final class MalformedContainerException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception. */
    public MalformedContainerException(String message) {
        super(message);
    }
}
