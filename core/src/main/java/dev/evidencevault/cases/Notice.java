package dev.evidencevault.cases;

import dev.evidencevault.format.Timestamps;
import org.jspecify.annotations.Nullable;

/**
 * Whether the tenant may know of a case.
 *
 * @param state what was decided
 * @param until when a deferral ends; only with a deferral
 */
public record Notice(State state, @Nullable Long until) {
    /** Before anybody has decided: nothing is told. */
    public static final Notice UNDECIDED = new Notice(State.UNDECIDED, null);

    /** What was decided. */
    public enum State {
        /** Nothing yet. */
        UNDECIDED("undecided"),
        /** The tenant may know. */
        ALLOWED("allowed"),
        /** The tenant may know from a point in time on. */
        DEFERRED("deferred"),
        /** The tenant must not know, until that is decided otherwise. */
        PROHIBITED("prohibited");

        private final String label;

        State(String label) {
            this.label = label;
        }

        /** Returns the word in steps and on the command line. */
        public String label() {
            return label;
        }
    }

    /** Checks that a deferral, and nothing else, has an end. */
    public Notice {
        if ((until != null) != (state == State.DEFERRED)) {
            throw new IllegalArgumentException(
                    "a deferred notice, and no other, says until when it is deferred, found " + state.label);
        }
    }

    /**
     * Returns what a label and a time say.
     *
     * @throws IllegalArgumentException if the label is none that somebody can decide on, or the time does not fit it
     */
    public static Notice of(String label, @Nullable Long until) {
        for (State state : State.values()) {
            if (state.label.equals(label) && state != State.UNDECIDED) {
                return new Notice(state, until);
            }
        }
        throw new IllegalArgumentException(
                "expected allowed, deferred or prohibited for the notice, found \"" + label + "\"");
    }

    @Override
    public String toString() {
        return until == null ? state.label : state.label + " until " + Timestamps.format(until);
    }
}
