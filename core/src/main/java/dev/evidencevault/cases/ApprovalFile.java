package dev.evidencevault.cases;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.cases.StepBody.Approved;
import dev.evidencevault.cases.StepBody.Confirmed;
import dev.evidencevault.cases.StepBody.PersonAdded;
import dev.evidencevault.cases.StepBody.Scoped;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.KeyHistory;
import dev.evidencevault.format.LogId;
import dev.evidencevault.format.Timestamps;
import dev.evidencevault.redaction.Redaction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The approval that a bundle was exported under, taken out of its case: who wrote the scope, who approved it, and the steps
 * that they signed. Nothing else of case and register is in it, since these may name other tenants. Immutable. Format:
 * {@code docs/formats/case.md}.
 *
 * @param persons the steps of the register by which those who signed could sign: of the scope, the approval and, if there
 *     is one, the confirmation
 * @param scope the step with the scope
 * @param approval the step that approves it
 * @param confirmation the step that confirms an emergency approval
 */
public record ApprovalFile(List<CaseStep> persons, CaseStep scope, CaseStep approval, Optional<CaseStep> confirmation) {
    /** The largest file that is read, in bytes. */
    public static final int BYTES_MAX = 2 << 20;

    private static final String FORMAT = "evidence-vault-approval/1";

    /** Copies the list. */
    public ApprovalFile {
        persons = List.copyOf(persons);
    }

    /**
     * Takes the approval out of a case.
     *
     * @throws IllegalArgumentException if the case has none
     */
    public static ApprovalFile of(Case approved, PersonRegister register) {
        CaseStep approval = approved.approval().orElseThrow(ApprovalFile::none);
        CaseStep scope = last(approved, StepKind.SCOPE).orElseThrow(ApprovalFile::none);
        Optional<CaseStep> confirmation = last(approved, StepKind.CONFIRM)
                .filter(step -> step.body() instanceof Confirmed confirmed
                        && confirmed.approval().equals(approval.digest()));
        List<CaseStep> persons = new ArrayList<>();
        for (CaseStep step : steps(scope, approval, confirmation)) {
            persons.add(register.registration(step).orElseThrow(ApprovalFile::none));
        }
        return new ApprovalFile(persons, scope, approval, confirmation);
    }

    private static IllegalArgumentException none() {
        return new IllegalArgumentException("the case has no approval");
    }

    private static Optional<CaseStep> last(Case of, StepKind kind) {
        return of.steps().stream().filter(step -> step.kind() == kind).reduce((before, after) -> after);
    }

    private static List<CaseStep> steps(CaseStep scope, CaseStep approval, Optional<CaseStep> confirmation) {
        List<CaseStep> steps = new ArrayList<>(List.of(scope, approval));
        confirmation.ifPresent(steps::add);
        return steps;
    }

    /** Returns the bytes of the file. */
    public byte[] format() {
        ObjectNode json = Json.object().put("format", FORMAT);
        ArrayNode list = json.putArray("persons");
        persons.forEach(person -> list.add(text(person)));
        json.put("scope", text(scope)).put("approval", text(approval));
        confirmation.ifPresent(step -> json.put("confirmation", text(step)));
        return Json.bytes(json);
    }

    private static String text(CaseStep step) {
        return new String(step.note().format(), StandardCharsets.UTF_8);
    }

    /**
     * Parses the bytes of the file. What it says is not checked: see {@link #refusal}.
     *
     * @throws IllegalArgumentException if they are none, or not in the one spelling
     */
    public static ApprovalFile parse(byte[] bytes) {
        ObjectNode json = Json.parseObject(bytes, "the approval");
        Json.requireOnly(json, Set.of("format", "persons", "scope", "approval", "confirmation"), "the approval");
        if (!Json.text(json, "format").equals(FORMAT)) {
            throw new IllegalArgumentException("expected the format " + FORMAT + ", found " + json.path("format"));
        }
        List<CaseStep> persons = new ArrayList<>();
        for (JsonNode person : json.path("persons")) {
            persons.add(step(person.asText()));
        }
        ApprovalFile file = new ApprovalFile(
                persons,
                step(Json.text(json, "scope")),
                step(Json.text(json, "approval")),
                json.has("confirmation") ? Optional.of(step(Json.text(json, "confirmation"))) : Optional.empty());
        if (!Arrays.equals(file.format(), bytes)) {
            throw new IllegalArgumentException("the file is not spelled as it was written");
        }
        return file;
    }

    private static CaseStep step(String note) {
        return CaseStep.parse(note.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Says why this is no approval of an order; empty if it is one.
     *
     * @param vault the vault's id
     * @param vaultKeys its keys, under which persons are registered
     * @param id the case
     * @param order the order that was followed
     * @param redaction what was withheld; empty if nothing was
     * @param at when it was followed, in nanoseconds since 1970
     */
    public Optional<String> refusal(
            LogId vault, KeyHistory vaultKeys, CaseId id, Order order, Optional<Redaction> redaction, long at) {
        List<CaseStep> steps = steps(scope, approval, confirmation);
        if (persons.size() != steps.size()) {
            return Optional.of("expected " + steps.size() + " registered persons, found " + persons.size());
        }
        List<Person> signers = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            CaseStep registered = persons.get(i);
            CaseStep step = steps.get(i);
            if (!(registered.body() instanceof PersonAdded added)
                    || !registered.head().vault().equals(vault)
                    || !registered.head().id().equals(CaseId.REGISTER)
                    || vaultKeys.signerOf(registered.note(), 0).isEmpty()) {
                return Optional.of("person " + (i + 1) + " is not registered by this vault");
            }
            Person person = added.person();
            if (!step.head().vault().equals(vault)
                    || !step.head().id().equals(id)
                    || step.head().register() == null
                    || !person.id().equals(step.head().person())
                    || registered.at() > step.at()
                    || !person.key().isValidAt(Timestamps.instant(step.at()))
                    || !person.key().verifies(step.note())) {
                return Optional.of("step " + step.number() + " is not of this case, or not signed by " + person.id());
            }
            signers.add(person);
        }
        return scope.body() instanceof Scoped scoped && approval.body() instanceof Approved approved
                ? refusal(signers, scoped, approved, order, redaction, at)
                : Optional.of("expected a scope and its approval");
    }

    private Optional<String> refusal(
            List<Person> signers,
            Scoped scoped,
            Approved approved,
            Order order,
            Optional<Redaction> redaction,
            long at) {
        Person requester = signers.get(0);
        Person approver = signers.get(1);
        if (!Arrays.equals(
                scoped.document().getBytes(StandardCharsets.UTF_8), order.text().bytes())) {
            return Optional.of("the scope is another order");
        }
        if (!approved.scope().equals(scoped.digest())
                || approval.number() <= scope.number()
                || approval.at() < scope.at()) {
            return Optional.of("another scope was approved");
        }
        if (!Optional.ofNullable(approved.redaction()).equals(redaction.map(Redaction::digest))) {
            return Optional.of(
                    redaction.isPresent() ? "another redaction was approved, or none" : "the redaction was removed");
        }
        if (redaction.isPresent()
                && !Order.folded(redaction.get().approvedBy()).equals(Order.folded(order.approvedBy()))) {
            return Optional.of("the redaction names another person as who approves than the order");
        }
        if (requester.id().equals(approver.id())
                || !Order.folded(requester.name()).equals(Order.folded(order.requestedBy()))
                || !Order.folded(approver.name()).equals(Order.folded(order.approvedBy()))) {
            return Optional.of("expected a scope by " + order.requestedBy() + " and an approval by "
                    + order.approvedBy() + ", found " + requester.name() + " and " + approver.name());
        }
        long longest = (approved.emergency() ? CaseProgress.CONFIRM_WITHIN : CaseProgress.APPROVAL_MAX).toNanos();
        if (!approved.emergency() && !approver.roles().contains(Role.APPROVER)
                || approved.expires() - approval.at() > longest) {
            return Optional.of("this person may not approve, or not for so long");
        }
        if (at < approval.at() || at >= approved.expires()) {
            return Optional.of("the approval is of " + Timestamps.format(approval.at()) + " and expired at "
                    + Timestamps.format(approved.expires()) + ", the bundle was made at " + Timestamps.format(at));
        }
        if (confirmation.isEmpty()) {
            return Optional.empty();
        }
        Person third = signers.get(2);
        return confirmation.get().body() instanceof Confirmed confirmed
                        && approved.emergency()
                        && confirmed.approval().equals(approval.digest())
                        && third.roles().contains(Role.APPROVER)
                        && !third.id().equals(requester.id())
                        && !third.id().equals(approver.id())
                ? Optional.empty()
                : Optional.of("the confirmation is none of this approval");
    }
}
