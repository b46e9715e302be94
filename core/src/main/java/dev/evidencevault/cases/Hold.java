package dev.evidencevault.cases;

/**
 * That a tenant's records must be kept, as it stands after the steps of its case. Immutable.
 *
 * @param id the case
 * @param number the number of the step that placed it
 * @param tenant whose records
 * @param asOf what was recorded before this is kept, in nanoseconds since 1970
 * @param until when it ends by itself, likewise
 * @param secret whether the tenant must not know while it is in force
 * @param released whether it was ended before
 * @param reason why it was placed
 */
public record Hold(
        CaseId id, long number, String tenant, long asOf, long until, boolean secret, boolean released, String reason) {

    /** Says whether it is in force at a time. */
    public boolean isActive(long now) {
        return !released && now < until;
    }

    Hold extended(long newUntil) {
        return new Hold(id, number, tenant, asOf, newUntil, secret, released, reason);
    }

    Hold ended() {
        return new Hold(id, number, tenant, asOf, until, secret, true, reason);
    }
}
