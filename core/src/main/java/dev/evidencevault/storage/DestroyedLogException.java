package dev.evidencevault.storage;

import dev.evidencevault.format.LogId;
import java.io.IOException;

/** The keys of a log were destroyed: nobody reads its records any more. */
public final class DestroyedLogException extends IOException {
    private static final long serialVersionUID = 1;

    /** Creates the exception. */
    public DestroyedLogException(LogId logId) {
        super("the keys of log " + logId + " were destroyed: its records cannot be read any more");
    }
}
