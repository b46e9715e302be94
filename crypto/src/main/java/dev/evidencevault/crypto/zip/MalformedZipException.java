package dev.evidencevault.crypto.zip;

import java.io.IOException;

/** A file is not a ZIP file in the one spelling that is read here. Says where, what was expected and what was found. */
public final class MalformedZipException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception. */
    public MalformedZipException(String message) {
        super(message);
    }
}
