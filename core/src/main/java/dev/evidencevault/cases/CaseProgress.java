package dev.evidencevault.cases;

import dev.evidencevault.cases.StepBody.Acknowledged;
import dev.evidencevault.cases.StepBody.Approved;
import dev.evidencevault.cases.StepBody.BundleSealed;
import dev.evidencevault.cases.StepBody.Closed;
import dev.evidencevault.cases.StepBody.Confirmed;
import dev.evidencevault.cases.StepBody.Exported;
import dev.evidencevault.cases.StepBody.HandedOver;
import dev.evidencevault.cases.StepBody.HoldExtended;
import dev.evidencevault.cases.StepBody.HoldPlaced;
import dev.evidencevault.cases.StepBody.NoticeChanged;
import dev.evidencevault.cases.StepBody.Opened;
import dev.evidencevault.cases.StepBody.Redacted;
import dev.evidencevault.cases.StepBody.ReleaseAsked;
import dev.evidencevault.cases.StepBody.ReleaseGranted;
import dev.evidencevault.cases.StepBody.Reviewed;
import dev.evidencevault.cases.StepBody.Scoped;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.Timestamps;
import dev.evidencevault.redaction.Redaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a case has come to, step by step, and what may come next. A step is first asked about ({@link #refusal}), then taken
 * ({@link #apply}). For one thread.
 */
final class CaseProgress {
    /** How long after an emergency approval somebody has to confirm it. */
    static final Duration CONFIRM_WITHIN = Duration.ofHours(24);

    /** The longest time for which an approval permits anything. */
    static final Duration APPROVAL_MAX = Duration.ofDays(90);

    /** The longest time for which a hold is placed or extended at once. */
    static final Duration HOLD_MAX = Duration.ofDays(3660);

    private final CaseId id;

    // What the steps so far have come to. A null is what there has not been yet.
    @Nullable
    CaseState state;

    @Nullable
    Opened opened;

    Notice notice = Notice.UNDECIDED;
    final TreeMap<Long, Hold> holds = new TreeMap<>();

    @Nullable
    Scoped scope;

    @Nullable
    Order order;

    @Nullable
    CaseStep approval;

    @Nullable
    CaseStep unconfirmed;

    @Nullable
    Exported export;

    @Nullable
    BundleSealed sealed;

    @Nullable
    HandedOver handedOver;

    @Nullable
    Acknowledged acknowledged;

    private String scopedBy = "";
    private String unconfirmedScopedBy = "";
    private Set<String> unconfirmedRedactors = Set.of();
    private final List<Redaction.Rule> rules = new ArrayList<>();
    private final Set<String> redactors = new HashSet<>();
    private final Set<String> approvers = new HashSet<>();
    private final Set<String> exporters = new HashSet<>();
    private final Map<Long, Asked> releases = new HashMap<>();

    private record Asked(long hold, String by) {}

    CaseProgress(CaseId id) {
        this.id = id;
    }

    /** Says by when an emergency approval has to be confirmed. */
    static long confirmBy(CaseStep emergency) {
        return emergency.at() + CONFIRM_WITHIN.toNanos();
    }

    /** Says whether an emergency approval was not confirmed in time. */
    boolean isOverdue(long now) {
        return unconfirmed != null && now >= confirmBy(unconfirmed);
    }

    /** Says why a person must not make a step at a time; null if it may be made. */
    @Nullable
    String refusal(Person person, StepBody body, long at) {
        StepKind kind = body.kind();
        if (kind == StepKind.REFUSED) {
            return null;
        }
        String notNow = notNow(kind, at);
        return notNow != null
                ? notNow
                : roleMissing(person, body) != null ? roleMissing(person, body) : rule(person, body, at);
    }

    /** Says why a step of a kind must not be made at a time, whoever makes it and whatever it says. */
    @Nullable
    String notNow(StepKind kind, long at) {
        CaseState now = state;
        if (now == null) {
            return kind == StepKind.OPEN ? null : "a case begins with open, found " + kind.label();
        }
        if (isOverdue(at) && unconfirmed != null) {
            return "the emergency approval in step " + unconfirmed.number() + " had to be confirmed by "
                    + Timestamps.format(confirmBy(unconfirmed)) + " and was not; nothing more can be done in this case."
                    + " Open another";
        }
        if (!now.permits(kind)) {
            return now == CaseState.CLOSED
                    ? "the case is closed; found " + kind.label()
                    : "the case is " + now.label() + ": expected " + now.next().label() + " next, found "
                            + kind.label();
        }
        return null;
    }

    private static @Nullable String roleMissing(Person person, StepBody body) {
        Role needed = switch (body.kind()) {
            case REVIEW, NOTICE -> Role.COUNSEL;
            case APPROVE -> body instanceof Approved approved && approved.emergency() ? null : Role.APPROVER;
            case CONFIRM, RELEASED -> Role.APPROVER;
            default -> null;
        };
        return needed == null || person.roles().contains(needed)
                ? null
                : body.kind().label() + " needs the role " + needed.label() + "; " + person.id() + " has "
                        + person.roleLabels();
    }

    private @Nullable String rule(Person person, StepBody body, long at) {
        return switch (body) {
            case Opened first -> null;
            case Reviewed review -> deferral(review.notice(), at);
            case NoticeChanged change -> deferral(change.notice(), at);
            case HoldPlaced hold ->
                hold.asOf() > at
                        ? "a hold is on what there is: the time as of which is not later than now"
                        : end(hold.until(), at, at);
            case HoldExtended extension ->
                onHold(extension.hold(), at, hold -> end(extension.until(), hold.until(), at));
            case ReleaseAsked release -> onHold(release.hold(), at, hold -> null);
            case ReleaseGranted granted -> onHold(granted.hold(), at, hold -> granted(person, granted));
            case Scoped wanted -> scope(person, wanted, at);
            case Redacted wanted -> redaction(person, wanted);
            case Approved given -> approval(person, given, at);
            case Confirmed confirmed -> confirmation(person, confirmed);
            case Exported made -> export(person, made, at);
            case BundleSealed made ->
                export != null && export.bundle().equals(made.bundle())
                        ? null
                        : "what is sealed is not the bundle that was exported, whose SHA-256 is "
                                + (export == null ? "not known" : export.bundle());
            case HandedOver given ->
                sealed != null && sealed.sealed().equals(given.sealed())
                        ? null
                        : "what is handed over is not the file that was sealed, whose SHA-256 is "
                                + (sealed == null ? "not known" : sealed.sealed());
            case Acknowledged statement -> null;
            case Closed closed -> closing(closed, at);
            case StepBody.Refused refused -> null;
            case StepBody.PersonAdded added -> "persons are kept in the register";
            case StepBody.PersonEnded ended -> "persons are kept in the register";
        };
    }

    private static @Nullable String deferral(Notice wanted, long at) {
        return wanted.until() != null && wanted.until() <= at ? "the end of a deferral is later than now" : null;
    }

    private static @Nullable String end(long until, long after, long at) {
        if (until <= after) {
            return "expected an end after " + Timestamps.format(after) + ", found " + Timestamps.format(until);
        }
        return until - at > HOLD_MAX.toNanos() ? "a hold ends within ten years; extend it later" : null;
    }

    private interface OnHold {
        @Nullable
        String refusal(Hold hold);
    }

    private @Nullable String onHold(long number, long at, OnHold rule) {
        Hold hold = holds.get(number);
        if (hold == null) {
            return "no hold was placed in step " + number + "; there are " + holds.keySet();
        }
        return hold.isActive(at) ? rule.refusal(hold) : "the hold of step " + number + " has ended; place another";
    }

    private @Nullable String granted(Person person, ReleaseGranted granted) {
        Asked asked = releases.get(granted.release());
        if (asked == null || asked.hold() != granted.hold()) {
            return "step " + granted.release() + " does not ask for the release of the hold of step " + granted.hold();
        }
        return asked.by().equals(person.id())
                ? person.id() + " asked for the release; another person has to grant it"
                : null;
    }

    private @Nullable String scope(Person person, Scoped wanted, long at) {
        Order read;
        try {
            read = wanted.order();
            read.requireInForce(at);
        } catch (OrderRefusedException e) {
            return "the scope is refused: " + e.getMessage();
        }
        if (opened == null || !read.tenant().equals(opened.tenant())) {
            return "the case is about one tenant; the scope names another, \"" + read.tenant() + "\"";
        }
        if (!read.order().equals(opened.order()) || !read.issuer().equals(opened.issuer())) {
            return "the case answers order \"" + opened.order() + "\" of " + opened.issuer() + "; the scope is for \""
                    + read.order() + "\" of " + read.issuer();
        }
        if (read.to() == null
                || read.from() == null
                        && read.actors().isEmpty()
                        && read.services().isEmpty()) {
            return "the scope is not bounded: it needs \"to\", and \"from\" or \"actors\" or \"services\" beside it";
        }
        return Order.folded(read.requestedBy()).equals(Order.folded(person.name()))
                ? null
                : "the scope is requested by \"" + read.requestedBy() + "\" and signed by " + person.name();
    }

    private @Nullable String redaction(Person person, Redacted wanted) {
        if (rules.size() + wanted.paths().size() > Redaction.RULES_MAX) {
            return "at most " + Redaction.RULES_MAX + " fields are withheld under a scope; there are " + rules.size();
        }
        return Order.folded(wanted.requestedBy()).equals(Order.folded(person.name()))
                ? null
                : "the redaction is requested by \"" + wanted.requestedBy() + "\" and signed by " + person.name();
    }

    /** Returns what is to be withheld under the scope that holds. */
    Optional<Redaction> redaction() {
        return order == null || rules.isEmpty()
                ? Optional.empty()
                : Optional.of(new Redaction(order.approvedBy(), rules));
    }

    private @Nullable String approval(Person person, Approved given, long at) {
        if (scope == null || order == null || !scope.digest().equals(given.scope())) {
            return "the approval is not of the scope of this case, whose SHA-256 is "
                    + (scope == null ? "not known" : scope.digest());
        }
        Digest withheld = redaction().map(Redaction::digest).orElse(null);
        if (!Objects.equals(given.redaction(), withheld)) {
            return withheld == null
                    ? "nothing is to be withheld in this case; the approval is of a redaction"
                    : "the approval is not of the redaction of this case, whose SHA-256 is " + withheld;
        }
        if (person.id().equals(scopedBy)) {
            return person.id() + " wrote the scope; another person has to approve it";
        }
        if (redactors.contains(person.id())) {
            return person.id() + " asked for a redaction; another person has to approve it";
        }
        if (exporters.contains(person.id())) {
            return person.id() + " exports in this case; another person has to approve";
        }
        if (!Order.folded(order.approvedBy()).equals(Order.folded(person.name()))) {
            return "the scope names \"" + order.approvedBy() + "\" as who approves; this is signed by " + person.name();
        }
        Duration longest = given.emergency() ? CONFIRM_WITHIN : APPROVAL_MAX;
        if (given.expires() <= at || given.expires() - at > longest.toNanos()) {
            return "an approval expires later than now, and within "
                    + (given.emergency() ? "24 hours in an emergency" : "90 days") + ", found "
                    + Timestamps.format(given.expires());
        }
        return unconfirmed == null
                ? null
                : "the emergency approval in step " + unconfirmed.number() + " is to be confirmed first";
    }

    private @Nullable String confirmation(Person person, Confirmed confirmed) {
        if (unconfirmed == null || !unconfirmed.digest().equals(confirmed.approval())) {
            return "there is no such emergency approval that is to be confirmed";
        }
        if (person.id().equals(unconfirmed.head().person())
                || person.id().equals(unconfirmedScopedBy)
                || unconfirmedRedactors.contains(person.id())
                || exporters.contains(person.id())) {
            return person.id()
                    + " took part in it; somebody who neither wrote the scope, nor asked for a redaction, nor"
                    + " approved, nor exported has to confirm";
        }
        return null;
    }

    private @Nullable String export(Person person, Exported made, long at) {
        if (approval == null || !(approval.body() instanceof Approved given) || order == null) {
            return "nothing was approved";
        }
        if (!approval.digest().equals(made.approval()) || !given.scope().equals(made.scope())) {
            return "the export is not what was approved in step " + approval.number();
        }
        if (at >= given.expires()) {
            return "the approval in step " + approval.number() + " expired at " + Timestamps.format(given.expires())
                    + "; have it approved anew";
        }
        if (approvers.contains(person.id())) {
            return person.id() + " approved in this case; another person has to export";
        }
        try {
            order.requireInForce(at);
        } catch (OrderRefusedException e) {
            return e.getMessage();
        }
        return null;
    }

    private @Nullable String closing(Closed closed, long at) {
        for (Hold hold : holds.values()) {
            if (hold.isActive(at)) {
                return "the hold of step " + hold.number() + " runs until " + Timestamps.format(hold.until())
                        + "; release it first";
            }
        }
        if (unconfirmed != null) {
            return "the emergency approval in step " + unconfirmed.number() + " is to be confirmed first";
        }
        return closed.answered() == (state == CaseState.ACKNOWLEDGED)
                ? null
                : "a case is answered once the recipient has acknowledged, and not before";
    }

    /** Takes a step that was not refused. */
    void apply(CaseStep step) {
        String by = step.head().person() == null ? "" : step.head().person();
        switch (step.body()) {
            case Opened first -> {
                opened = first;
                state = CaseState.OPENED;
            }
            case Reviewed review -> {
                notice = review.notice();
                state = CaseState.REVIEWED;
            }
            case NoticeChanged change -> notice = change.notice();
            case HoldPlaced hold ->
                holds.put(
                        step.number(),
                        new Hold(
                                id,
                                step.number(),
                                opened == null ? "" : opened.tenant(),
                                hold.asOf(),
                                hold.until(),
                                hold.secret(),
                                false,
                                hold.reason()));
            case HoldExtended extension ->
                holds.computeIfPresent(extension.hold(), (number, hold) -> hold.extended(extension.until()));
            case ReleaseAsked release -> releases.put(step.number(), new Asked(release.hold(), by));
            case ReleaseGranted granted -> holds.computeIfPresent(granted.hold(), (number, hold) -> hold.ended());
            case Scoped wanted -> applyScope(wanted, by);
            case Redacted wanted -> {
                rules.addAll(wanted.rules());
                redactors.add(by);
                approval = null;
                state = CaseState.SCOPED;
            }
            case Approved given -> {
                approval = step;
                approvers.add(by);
                if (given.emergency()) {
                    unconfirmed = step;
                    unconfirmedScopedBy = scopedBy;
                    unconfirmedRedactors = Set.copyOf(redactors);
                }
                state = CaseState.APPROVED;
            }
            case Confirmed confirmed -> {
                approvers.add(by);
                unconfirmed = null;
            }
            case Exported made -> {
                export = made;
                exporters.add(by);
                state = CaseState.EXPORTED;
            }
            case BundleSealed made -> {
                sealed = made;
                state = CaseState.SEALED;
            }
            case HandedOver given -> {
                handedOver = given;
                state = CaseState.HANDED_OVER;
            }
            case Acknowledged statement -> {
                acknowledged = statement;
                boolean good = handedOver != null
                        && handedOver.sealed().equals(statement.seen())
                        && statement.result().equals("passed");
                state = good ? CaseState.ACKNOWLEDGED : state;
            }
            case Closed closed -> state = CaseState.CLOSED;
            case StepBody.Refused refused -> {}
            case StepBody.PersonAdded added -> {}
            case StepBody.PersonEnded ended -> {}
        }
    }

    private void applyScope(Scoped wanted, String by) {
        scope = wanted;
        scopedBy = by;
        rules.clear();
        redactors.clear();
        approval = null;
        state = CaseState.SCOPED;
        try {
            order = wanted.order();
        } catch (OrderRefusedException e) {
            throw new IllegalStateException("a scope was taken that is refused", e);
        }
    }
}
