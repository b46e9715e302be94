package dev.evidencevault.witness;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A witness did not cosign a checkpoint. The message names the witness and says what to do. */
public final class WitnessException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Why it did not. */
    public enum Kind {
        /** No whole answer came in time: a later try may succeed. */
        UNREACHABLE,

        /** It does not know the log's origin (404). */
        UNKNOWN_LOG,

        /** It knows the origin and believes none of the keys that signed (403). */
        UNKNOWN_KEY,

        /**
         * It has another history of the log (409 or 422): the log was forked, or the proof is wrong. If the proof is
         * right, this is an alarm.
         */
        INCONSISTENT,

        /** It answered with another status. */
        REFUSED,

        /** Its answer is not what the specification says, or none of its cosignatures is good. */
        MALFORMED
    }

    private final Kind kind;

    WitnessException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /** Returns why it did not. */
    public Kind kind() {
        return kind;
    }
}
