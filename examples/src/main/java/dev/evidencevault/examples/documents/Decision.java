package dev.evidencevault.examples.documents;

import org.jspecify.annotations.Nullable;

/**
 * What is to come of a request: decided, and not yet done. What is put on disk is the decision.
 *
 * @param reply the answer
 * @param reason why it is refused or failed; absent where it is done
 * @param act what is still to be done; does nothing where nothing changes
 */
record Decision(Reply reply, @Nullable String reason, Runnable act) {
    /** A status of HTTP and a text. */
    record Reply(int status, String text) {}

    /** Returns the decision to give an answer that changes nothing. */
    static Decision answer(int status, String text) {
        return new Decision(new Reply(status, text), null, () -> {});
    }

    /** Returns the decision to change something. */
    static Decision change(int status, Runnable act) {
        return new Decision(new Reply(status, ""), null, act);
    }

    /** Returns the decision not to do it. The reason is told to the caller and to the log. */
    static Decision refuse(int status, String reason) {
        return new Decision(new Reply(status, reason), reason, () -> {});
    }

    /** Returns the decision after something went wrong, which the log is told and the caller is not. */
    static Decision failed(RuntimeException cause) {
        return new Decision(new Reply(500, "internal error"), cause.getClass().getName(), () -> {});
    }
}
