package dev.evidencevault.copy;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * What a run copies. Immutable.
 *
 * @param holds tenants' logs, or what is the service's own
 * @param tenants the names of the tenants to copy; empty for all. Of logs only
 * @param indexes whether search indexes are copied too: without them a search in the copy reads whole segments
 * @param retain how long nobody may delete what is written, if the store can see to that; empty for no time
 * @param permittedOnly whether tenants that must not lie there are left out; else one of them keeps all from being copied
 * @param progress is told how far the run is
 */
public record CopyOptions(
        CopyMarker.Holds holds,
        Set<String> tenants,
        boolean indexes,
        Optional<Duration> retain,
        boolean permittedOnly,
        CopyProgress progress) {
    /** Checks the parts. */
    public CopyOptions {
        tenants = Set.copyOf(tenants);
        if (holds != CopyMarker.Holds.LOGS && !tenants.isEmpty()) {
            throw new IllegalArgumentException("a copy of the service's configuration has no tenants");
        }
        if (retain.isPresent() && (retain.get().isNegative() || retain.get().isZero())) {
            throw new IllegalArgumentException("expected a time to retain of more than nothing, found " + retain.get());
        }
    }

    /** Returns the options: all tenants' logs, with indexes, retained for no time, told to nobody. */
    public static CopyOptions logs() {
        return new CopyOptions(
                CopyMarker.Holds.LOGS, Set.of(), true, Optional.empty(), false, (parts, total, objects, bytes) -> {});
    }

    /** Returns the options: what is the service's own, likewise. */
    public static CopyOptions configuration() {
        return new CopyOptions(
                CopyMarker.Holds.CONFIGURATION,
                Set.of(),
                true,
                Optional.empty(),
                false,
                (parts, total, objects, bytes) -> {});
    }

    /** Returns these options for some tenants only. */
    public CopyOptions withTenants(Set<String> some) {
        return new CopyOptions(holds, some, indexes, retain, permittedOnly, progress);
    }

    /** Returns these options with or without indexes. */
    public CopyOptions withIndexes(boolean with) {
        return new CopyOptions(holds, tenants, with, retain, permittedOnly, progress);
    }

    /** Returns these options with a time for which nobody may delete. */
    public CopyOptions withRetain(Duration time) {
        return new CopyOptions(holds, tenants, indexes, Optional.of(time), permittedOnly, progress);
    }

    /** Returns these options with another listener. */
    public CopyOptions withProgress(CopyProgress listener) {
        return new CopyOptions(holds, tenants, indexes, retain, permittedOnly, listener);
    }

    /** Returns these options without the tenants that must not lie there, or with all or none. */
    public CopyOptions withPermittedOnly(boolean only) {
        return new CopyOptions(holds, tenants, indexes, retain, only, progress);
    }
}
