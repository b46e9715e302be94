package dev.evidencevault;

/**
 * Events were not taken, and are not in the log; a record in the tenant's log will tell how many. The vault goes on:
 * appending may succeed a moment later.
 */
public final class AppendRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why events are refused. */
    public enum Reason {
        /** The tenant appends more events a second than its quota allows. */
        RATE,
        /** The tenant appends more bytes a second than its quota allows. */
        BYTES,
        /** More events of all tenants wait for the disk than the options allow. */
        QUEUE
    }

    private final Reason reason;

    AppendRefusedException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** Returns why. */
    public Reason reason() {
        return reason;
    }
}
