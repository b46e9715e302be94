package dev.evidencevault.cases;

import java.util.EnumSet;
import java.util.Set;

/**
 * Where a case stands. The table of what may come next is in {@code docs/formats/case.md}; it is this class.
 */
public enum CaseState {
    /** The order is in. */
    OPENED("opened", StepKind.REVIEW),
    /** Counsel judged it. */
    REVIEWED("reviewed", StepKind.SCOPE),
    /** What is to be exported is written down. */
    SCOPED("scoped", StepKind.APPROVE),
    /** Another person approved that. */
    APPROVED("approved", StepKind.EXPORT),
    /** There is a bundle. */
    EXPORTED("exported", StepKind.SEAL),
    /** The bundle is encrypted for its recipient. */
    SEALED("sealed", StepKind.HANDOVER),
    /** It is handed over. */
    HANDED_OVER("handed over", StepKind.ACKNOWLEDGE),
    /** The recipient has what was sent, and found it good. */
    ACKNOWLEDGED("acknowledged", StepKind.CLOSE),
    /** Nothing more is to be done. */
    CLOSED("closed", StepKind.CLOSE);

    /** What is possible wherever an open case stands. */
    private static final Set<StepKind> ALWAYS = EnumSet.of(
            StepKind.NOTICE,
            StepKind.HOLD,
            StepKind.EXTEND,
            StepKind.RELEASE,
            StepKind.RELEASED,
            StepKind.CLOSE,
            StepKind.REFUSED);

    private final String label;
    private final StepKind next;

    CaseState(String label, StepKind next) {
        this.label = label;
        this.next = next;
    }

    /** Returns the words in reports. */
    public String label() {
        return label;
    }

    /** Returns the step that brings the case on; for a closed one the step that it ended with. */
    public StepKind next() {
        return next;
    }

    /** Says whether a step of a kind may come next, as far as the state alone decides that. */
    public boolean permits(StepKind kind) {
        return this != CLOSED && ALWAYS.contains(kind) || ofThis().contains(kind);
    }

    private Set<StepKind> ofThis() {
        return switch (this) {
            case OPENED -> EnumSet.of(StepKind.REVIEW);
            case REVIEWED -> EnumSet.of(StepKind.REVIEW, StepKind.SCOPE);
            case SCOPED -> EnumSet.of(StepKind.SCOPE, StepKind.REDACT, StepKind.APPROVE, StepKind.CONFIRM);
            case APPROVED ->
                EnumSet.of(StepKind.SCOPE, StepKind.REDACT, StepKind.APPROVE, StepKind.CONFIRM, StepKind.EXPORT);
            case EXPORTED -> EnumSet.of(StepKind.APPROVE, StepKind.CONFIRM, StepKind.EXPORT, StepKind.SEAL);
            case SEALED -> EnumSet.of(StepKind.CONFIRM, StepKind.SEAL, StepKind.HANDOVER);
            case HANDED_OVER -> EnumSet.of(StepKind.CONFIRM, StepKind.HANDOVER, StepKind.ACKNOWLEDGE);
            case ACKNOWLEDGED -> EnumSet.of(StepKind.CONFIRM);
            case CLOSED -> EnumSet.of(StepKind.NOTICE, StepKind.REFUSED);
        };
    }
}
