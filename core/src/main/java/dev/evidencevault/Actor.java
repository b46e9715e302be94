package dev.evidencevault;

import dev.evidencevault.format.JsonLineWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who did it: on which side they stand, who they are, whether they used a privilege. Immutable.
 *
 * <p>The id is what exports and proofs go by. They compare it byte for byte: "Alice" and "alice" are two. A search finds both,
 * unless it is asked for one.
 */
public final class Actor {
    private static final JsonLineWriter.Name SIDE = JsonLineWriter.Name.of("side");
    private static final JsonLineWriter.Name TYPE = JsonLineWriter.Name.of("type");
    private static final JsonLineWriter.Name ID = JsonLineWriter.Name.of("id");
    private static final JsonLineWriter.Name PRIVILEGED = JsonLineWriter.Name.of("privileged");
    private static final JsonLineWriter.Name ON_BEHALF_OF = JsonLineWriter.Name.of("onBehalfOf");
    private static final JsonLineWriter.Name SESSION = JsonLineWriter.Name.of("session");

    /** Whose person or program an actor is. */
    public enum Side {
        /** The tenant's, that is the cloud customer's. */
        TENANT("tenant"),
        /** The cloud provider's. */
        PROVIDER("provider"),
        /** A supplier's of the provider. */
        SUPPLIER("supplier");

        private final String label;

        Side(String label) {
            this.label = label;
        }

        /** Returns the value in records. */
        public String label() {
            return label;
        }
    }

    private final Side side;
    private final @Nullable String type;
    private final String id;
    private final boolean privileged;
    private final @Nullable String onBehalfOf;
    private final @Nullable String session;

    private Actor(
            Side side,
            @Nullable String type,
            String id,
            boolean privileged,
            @Nullable String onBehalfOf,
            @Nullable String session) {
        this.side = side;
        this.type = type;
        this.id = id;
        this.privileged = privileged;
        this.onBehalfOf = onBehalfOf;
        this.session = session;
    }

    /** Returns an actor of the tenant. */
    public static Actor tenant(String id) {
        return of(Side.TENANT, id);
    }

    /** Returns an actor of the provider. */
    public static Actor provider(String id) {
        return of(Side.PROVIDER, id);
    }

    /** Returns an actor of a side. The id has 1 to 8,192 characters. */
    public static Actor of(Side side, String id) {
        return new Actor(side, null, require("actor id", id), false, null, null);
    }

    /** Returns this actor, using a privilege. */
    public Actor privileged() {
        return new Actor(side, type, id, true, onBehalfOf, session);
    }

    /** Returns this actor with a type: user, service, role. */
    public Actor type(String value) {
        return new Actor(side, require("actor type", value), id, privileged, onBehalfOf, session);
    }

    /** Returns this actor, acting for another. The record counts for both. */
    public Actor onBehalfOf(String otherId) {
        return new Actor(side, type, id, privileged, require("onBehalfOf", otherId), session);
    }

    /** Returns this actor in a session. */
    public Actor session(String value) {
        return new Actor(side, type, id, privileged, onBehalfOf, require("session", value));
    }

    boolean isPrivileged() {
        return privileged;
    }

    List<String> ids() {
        return onBehalfOf == null || onBehalfOf.equals(id) ? List.of(id) : List.of(id, onBehalfOf);
    }

    void write(JsonLineWriter line) {
        line.beginObject()
                .member(SIDE, side.label())
                .member(TYPE, type)
                .member(ID, id)
                .member(PRIVILEGED, privileged)
                .member(ON_BEHALF_OF, onBehalfOf)
                .member(SESSION, session)
                .endObject();
    }

    private static String require(String what, String value) {
        if (value.isEmpty() || value.length() > Event.TEXT_CHARS_MAX) {
            throw new IllegalArgumentException(
                    "expected 1 to " + Event.TEXT_CHARS_MAX + " characters for " + what + ", found " + value.length());
        }
        return value;
    }
}
