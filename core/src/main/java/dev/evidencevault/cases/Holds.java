package dev.evidencevault.cases;

import dev.evidencevault.format.Timestamps;
import java.io.IOException;
import java.util.List;

/**
 * The holds of a vault. Whatever would remove a tenant's records, their keys or the proofs of them (deletion, retention,
 * shredding) has to ask here first, and again when it is about to begin. Immutable; a picture of the cases as they were read.
 */
public final class Holds {
    private final List<Hold> holds;

    private Holds(List<Hold> holds) {
        this.holds = holds;
    }

    /**
     * Reads the holds of all cases.
     *
     * @throws dev.evidencevault.format.CorruptFileException if a case cannot be trusted: then nothing may be removed
     */
    public static Holds read(CaseDesk desk) throws IOException {
        return new Holds(
                desk.cases().stream().flatMap(each -> each.holds().stream()).toList());
    }

    /** Returns the holds on a tenant's records that are in force at a time. */
    public List<Hold> active(String tenant, long now) {
        return holds.stream()
                .filter(hold -> hold.tenant().equals(tenant) && hold.isActive(now))
                .toList();
    }

    /**
     * Requires that nothing keeps a tenant's records.
     *
     * @param what what would be done to them, as a noun: "the deletion"
     * @param oldest when the oldest record was made that would be removed, in nanoseconds since 1970: a hold keeps what
     *     was recorded before the time as of which it was placed
     * @param now in nanoseconds since 1970
     * @throws HeldException if a hold is in force
     */
    public void requireNone(String tenant, String what, long oldest, long now) throws HeldException {
        for (Hold hold : active(tenant, now)) {
            if (oldest < hold.asOf()) {
                throw new HeldException(what + " is refused: the records of \"" + tenant + "\" up to "
                        + Timestamps.format(hold.asOf()) + " must be kept until " + Timestamps.format(hold.until())
                        + " (case " + hold.id() + ", step " + hold.number() + ": " + hold.reason()
                        + "); have the hold released first");
            }
        }
    }

    /** As {@link #requireNone(String, String, long, long)}, for what would remove all of a tenant's records. */
    public void requireNone(String tenant, String what, long now) throws HeldException {
        requireNone(tenant, what, Long.MIN_VALUE, now);
    }
}
