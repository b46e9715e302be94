package dev.evidencevault.examples.documents;

import org.jspecify.annotations.Nullable;

/**
 * What somebody asks for.
 *
 * @param id under which the request's record stands in the log, and which the answer carries
 * @param caller who asks
 * @param route what for
 * @param support what an operator says of the reason
 * @param sourceIp from where
 * @param body the text that was sent along
 */
record Request(String id, Caller caller, Route route, Support support, String sourceIp, Body body) {

    /**
     * What an operator says of the reason for an access. Absent where nothing, or nothing usable, was said.
     *
     * @param ticket the number of the tenant's request for support
     * @param justification why the access is needed
     * @param onBehalfOf the member who asked for it
     */
    record Support(
            @Nullable String ticket,
            @Nullable String justification,
            @Nullable String onBehalfOf) {}

    /** What was sent along. */
    sealed interface Body {
        /** A text within the bounds. */
        record Text(String text) implements Body {}

        /** Something that the service does not take. */
        record Unusable(int status, String reason) implements Body {}
    }
}
