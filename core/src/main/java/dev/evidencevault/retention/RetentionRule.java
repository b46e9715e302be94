package dev.evidencevault.retention;

import dev.evidencevault.format.LogId;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How long some records are kept. Immutable.
 *
 * @param log of which tenant's log; null for those of all that have no rule of their own
 * @param service of which service, 1 to 256 UTF-16 code units without control characters; null for all that have no rule of
 *     their own
 * @param period how long
 */
public record RetentionRule(@Nullable LogId log, @Nullable String service, RetentionPeriod period) {
    /** The longest name of a service, in UTF-16 code units. */
    public static final int SERVICE_CHARS_MAX = 256;

    /** Checks the name. */
    public RetentionRule {
        if (service != null
                && (service.isEmpty()
                        || service.length() > SERVICE_CHARS_MAX
                        || service.codePoints()
                                .anyMatch(c -> Character.isISOControl(c) || c >= 0xD800 && c <= 0xDFFF))) {
            throw new IllegalArgumentException("a service's name has 1 to " + SERVICE_CHARS_MAX
                    + " characters, no control characters and no lone surrogates");
        }
    }

    /** Says whether two rules are about the same records, whatever they say. */
    boolean isAbout(@Nullable LogId otherLog, @Nullable String otherService) {
        return Objects.equals(log, otherLog) && Objects.equals(service, otherService);
    }

    /** Returns what it says, without of which log. */
    public String told() {
        return (service == null ? "all services" : "service \"" + service + "\"") + ": kept " + period;
    }
}
