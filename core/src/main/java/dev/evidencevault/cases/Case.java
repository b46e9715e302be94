package dev.evidencevault.cases;

import dev.evidencevault.cases.StepBody.Acknowledged;
import dev.evidencevault.cases.StepBody.Approved;
import dev.evidencevault.cases.StepBody.BundleSealed;
import dev.evidencevault.cases.StepBody.Exported;
import dev.evidencevault.cases.StepBody.HandedOver;
import dev.evidencevault.cases.StepBody.Opened;
import dev.evidencevault.cases.StepBody.Scoped;
import dev.evidencevault.format.KeyHistory;
import dev.evidencevault.format.LogId;
import dev.evidencevault.format.Timestamps;
import dev.evidencevault.redaction.Redaction;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A case: how one order about one tenant is answered, as a chain of steps that persons signed. Each step covers the digest
 * of the one before, and is there only if the rules permitted it at its time, by this person. Immutable.
 */
public final class Case {
    private final CaseId id;
    private final List<CaseStep> steps;
    private final Opened opened;
    private final CaseState state;
    private final CaseProgress progress;

    private Case(CaseId id, List<CaseStep> steps, Opened opened, CaseState state, CaseProgress progress) {
        this.id = id;
        this.steps = List.copyOf(steps);
        this.opened = opened;
        this.state = state;
        this.progress = progress;
    }

    /**
     * Verifies the steps of a case: each follows the one before, is signed by who it says with a key that was registered
     * then, and was permitted where it stands.
     *
     * @param vault the vault's id
     * @param vaultKeys the vault's keys, none of which signs after a later one has
     * @param register who could sign when
     * @throws BrokenCaseException if one is altered, missing, or not where it belongs
     */
    public static Case verify(
            LogId vault, KeyHistory vaultKeys, PersonRegister register, CaseId id, List<CaseStep> steps)
            throws BrokenCaseException {
        CaseProgress progress = new CaseProgress(id);
        StepChain chain = new StepChain(vault, id);
        int place = 0;
        int signer = 0;
        for (CaseStep step : steps) {
            chain.add(step);
            int named = register.place(step.head().register());
            if (named < place || !register.isLastAt(named, step.at())) {
                throw new BrokenCaseException(
                        step.number(), "the step of the register that it names was not the last one at its time");
            }
            place = named;
            if (step.kind().isSignedByVault()) {
                signer = StepChain.signer(vaultKeys, step, signer);
            } else {
                requirePermitted(step, register.personsAt(place), progress);
            }
            if (progress.state == null && step.kind() != StepKind.OPEN) {
                throw new BrokenCaseException(step.number(), "a case begins with open");
            }
            progress.apply(step);
        }
        Opened opened = progress.opened;
        CaseState state = progress.state;
        if (opened == null || state == null) {
            throw new BrokenCaseException(1, "the case has no step");
        }
        return new Case(id, steps, opened, state, progress);
    }

    private static void requirePermitted(CaseStep step, Map<String, Person> persons, CaseProgress progress)
            throws BrokenCaseException {
        String id = step.head().person();
        Person person = id == null ? null : persons.get(id);
        if (person == null) {
            throw new BrokenCaseException(step.number(), "nobody was registered then as \"" + id + "\"");
        }
        if (!person.key().verifies(step.note())) {
            throw new BrokenCaseException(
                    step.number(), "it is not signed with the key that " + id + " had then, or was changed since");
        }
        if (!person.key().isValidAt(Timestamps.instant(step.at()))) {
            throw new BrokenCaseException(step.number(), "the certificate of " + id + " was not valid then");
        }
        String refusal = progress.refusal(person, step.body(), step.at());
        if (refusal != null) {
            throw new BrokenCaseException(step.number(), "it was not permitted: " + refusal);
        }
    }

    /** Returns the id. */
    public CaseId id() {
        return id;
    }

    /** Returns the steps, in their order; at least one. */
    public List<CaseStep> steps() {
        return steps;
    }

    /** Returns the last step. */
    public CaseStep last() {
        return steps.get(steps.size() - 1);
    }

    /** Returns what it is about. */
    public Opened opened() {
        return opened;
    }

    /** Returns where it stands. */
    public CaseState state() {
        return state;
    }

    /** Returns what was decided last on whether the tenant may know. */
    public Notice notice() {
        return progress.notice;
    }

    /**
     * Returns from when on the tenant may know of the case if nothing else is decided: not while the notice is deferred,
     * prohibited or not decided, nor while a secret hold is in force.
     *
     * @return a time in nanoseconds since 1970; {@link Long#MAX_VALUE} for never, {@link Long#MIN_VALUE} for at once
     */
    public long toldFrom() {
        Long until = progress.notice.until();
        long from = switch (progress.notice.state()) {
            case ALLOWED -> Long.MIN_VALUE;
            case DEFERRED -> until == null ? Long.MAX_VALUE : until;
            case UNDECIDED, PROHIBITED -> Long.MAX_VALUE;
        };
        for (Hold hold : progress.holds.values()) {
            if (hold.secret() && !hold.released()) {
                from = Math.max(from, hold.until());
            }
        }
        return from;
    }

    /** Says whether the tenant may know of the case at a time. */
    public boolean mayBeTold(long now) {
        return now >= toldFrom();
    }

    /** Returns all holds that were ever placed, in their order. */
    public List<Hold> holds() {
        return List.copyOf(progress.holds.values());
    }

    /** Returns the scope that holds now. */
    public Optional<Scoped> scope() {
        return Optional.ofNullable(progress.scope);
    }

    /** Returns what is to be withheld from what the scope asks for; empty if nothing is. */
    public Optional<Redaction> redaction() {
        return progress.redaction();
    }

    /** Returns the step that approved the scope that holds now. */
    public Optional<CaseStep> approval() {
        return Optional.ofNullable(progress.approval);
    }

    /** Returns the emergency approval that is to be confirmed. */
    public Optional<CaseStep> unconfirmed() {
        return Optional.ofNullable(progress.unconfirmed);
    }

    /** Returns the last export. */
    public Optional<Exported> export() {
        return Optional.ofNullable(progress.export);
    }

    /** Returns what was sealed last. */
    public Optional<BundleSealed> sealed() {
        return Optional.ofNullable(progress.sealed);
    }

    /** Returns the last handing over. */
    public Optional<HandedOver> handedOver() {
        return Optional.ofNullable(progress.handedOver);
    }

    /** Returns what the recipient said last. */
    public Optional<Acknowledged> acknowledged() {
        return Optional.ofNullable(progress.acknowledged);
    }

    /** Says whether an emergency approval was not confirmed in time, so that nothing more can be done. */
    public boolean isOverdue(long now) {
        return progress.isOverdue(now);
    }

    /** Says whether the authority's deadline has passed and nothing was handed over. */
    public boolean isLate(long now) {
        Long deadline = opened.deadline();
        return deadline != null && now >= deadline && state.compareTo(CaseState.HANDED_OVER) < 0;
    }

    /** Returns in words what has to be done next. */
    public String next(long now) {
        CaseStep emergency = progress.unconfirmed;
        if (emergency != null) {
            String by = Timestamps.format(CaseProgress.confirmBy(emergency));
            return isOverdue(now)
                    ? "overdue: the emergency approval was not confirmed by " + by
                    : "confirm by " + by + ", " + state.next().label();
        }
        if (state == CaseState.CLOSED) {
            return "nothing";
        }
        boolean expired = state == CaseState.APPROVED
                && progress.approval != null
                && progress.approval.body() instanceof Approved approved
                && now >= approved.expires();
        return expired ? "approve: the approval has expired" : state.next().label();
    }

    /** Says why a person must not make a step at a time; empty if it may be made. */
    Optional<String> refusal(Person person, StepBody body, long at) {
        return Optional.ofNullable(progress.refusal(person, body, at));
    }

    /** Says why nobody must make a step of this kind at a time. */
    Optional<String> notNow(StepKind kind, long at) {
        return Optional.ofNullable(progress.notNow(kind, at));
    }

    @Override
    public String toString() {
        return "case " + id + " (" + state.label() + ")";
    }
}
