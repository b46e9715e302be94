package dev.evidencevault.verify;

import java.io.IOException;

/** A bundle shows more pseudonyms or names than this verifier remembers: it is not judged, and nothing of it is disproved. */
final class TooManyNamesException extends IOException {
    private static final long serialVersionUID = 1;

    TooManyNamesException(String where) {
        super(where
                + ": more actors or services, or longer names of them, than this verifier remembers (1,000,000, and 64 Mi"
                + " UTF-16 code units); have orders of shorter times answered, or of fewer actors");
    }
}
