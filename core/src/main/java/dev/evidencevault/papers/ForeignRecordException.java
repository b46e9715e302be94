package dev.evidencevault.papers;

import java.io.IOException;

/**
 * What is to be handed over for one tenant holds something that is not of this tenant's log. Says where, and nothing of what
 * it is: the message may be shown to people who may not see the other tenant's name.
 */
public final class ForeignRecordException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception. {@code problem} says what was expected, and names no other tenant. */
    public ForeignRecordException(String where, String problem) {
        super(where + ": " + problem + "; nothing may be handed over, run evault verify on the vault");
    }
}
