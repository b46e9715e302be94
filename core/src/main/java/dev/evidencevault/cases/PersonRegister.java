package dev.evidencevault.cases;

import dev.evidencevault.cases.StepBody.PersonAdded;
import dev.evidencevault.cases.StepBody.PersonEnded;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.KeyHistory;
import dev.evidencevault.format.LogId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Who may sign: a chain of steps like a case's, each signed with the vault's key. A step of a case names the last step of
 * the register at its time, so that nobody can be added, ended or given another key afterwards. Immutable once verified.
 *
 * <p>One person has one id: neither a name in another spelling nor a key can be registered under a second one.
 */
public final class PersonRegister {
    private final List<Entry> entries = new ArrayList<>();
    private final Map<Digest, Integer> places = new HashMap<>();
    private final Map<String, String> idsByName = new HashMap<>();
    private final Map<Digest, String> idsByKey = new HashMap<>();
    private final SortedMap<String, Person> persons = new TreeMap<>();

    private record Entry(CaseStep step, Map<String, Person> persons) {}

    private PersonRegister() {}

    /**
     * Verifies the steps of a register.
     *
     * @param vault the vault's id
     * @param vaultKeys the vault's keys, none of which signs after a later one has
     * @throws BrokenCaseException if one is altered, missing, or not where it belongs
     */
    public static PersonRegister verify(LogId vault, KeyHistory vaultKeys, List<CaseStep> steps)
            throws BrokenCaseException {
        PersonRegister register = new PersonRegister();
        StepChain chain = new StepChain(vault, CaseId.REGISTER);
        int signer = 0;
        for (CaseStep step : steps) {
            chain.add(step);
            if (step.head().register() != null) {
                throw new BrokenCaseException(step.number(), "it is not signed with the vault's key");
            }
            signer = StepChain.signer(vaultKeys, step, signer);
            Optional<String> refusal = register.refusal(step.body());
            if (refusal.isPresent()) {
                throw new BrokenCaseException(step.number(), refusal.get());
            }
            register.apply(step);
        }
        return register;
    }

    /** Says why a step must not come next; empty if it may. */
    Optional<String> refusal(StepBody body) {
        return Optional.ofNullable(
                switch (body) {
                    case PersonAdded added -> refusal(added.person());
                    case PersonEnded ended ->
                        persons.containsKey(ended.id()) ? null : "nobody is registered as \"" + ended.id() + "\"";
                    case StepBody.Refused refused -> null;
                    default ->
                        "the register holds persons, found a step "
                                + body.kind().label();
                });
    }

    private @Nullable String refusal(Person person) {
        String byName = idsByName.get(Order.folded(person.name()));
        if (byName != null && !byName.equals(person.id())) {
            return person.name() + " is registered as \"" + byName + "\"; one person has one id";
        }
        if (byName == null && idsByName.containsValue(person.id())) {
            return "\"" + person.id() + "\" is another person's id; choose one that was never used";
        }
        String byKey = idsByKey.get(person.key().fingerprint());
        if (byKey != null && !byKey.equals(person.id())) {
            return "the key is that of \"" + byKey + "\"; every person has a key of their own";
        }
        return person.equals(persons.get(person.id())) ? person.id() + " is registered so already" : null;
    }

    private void apply(CaseStep step) {
        switch (step.body()) {
            case PersonAdded added -> {
                Person person = added.person();
                persons.put(person.id(), person);
                idsByName.put(Order.folded(person.name()), person.id());
                idsByKey.put(person.key().fingerprint(), person.id());
            }
            case PersonEnded ended -> persons.remove(ended.id());
            default -> {}
        }
        places.put(step.digest(), entries.size());
        entries.add(new Entry(step, Map.copyOf(persons)));
    }

    /** Returns the steps. */
    public List<CaseStep> steps() {
        return entries.stream().map(Entry::step).toList();
    }

    /** Returns the last step; empty if nobody was ever registered. */
    public Optional<CaseStep> last() {
        return entries.isEmpty()
                ? Optional.empty()
                : Optional.of(entries.get(entries.size() - 1).step());
    }

    /** Returns who may sign now, by id. */
    public SortedMap<String, Person> persons() {
        return new TreeMap<>(persons);
    }

    /** Returns the place of a step, from 0; -1 if there is none of this digest. */
    int place(@Nullable Digest step) {
        return step == null ? -1 : places.getOrDefault(step, -1);
    }

    /** Returns the step by which the person of a case's step could sign when it was made. */
    Optional<CaseStep> registration(CaseStep made) {
        return entries.subList(0, place(made.head().register()) + 1).stream()
                .map(Entry::step)
                .filter(step -> step.body() instanceof PersonAdded added
                        && added.person().id().equals(made.head().person()))
                .reduce((before, after) -> after);
    }

    /** Returns who could sign after the step at a place. */
    Map<String, Person> personsAt(int place) {
        return entries.get(place).persons();
    }

    /** Says whether the step at a place was the last one at a time. */
    boolean isLastAt(int place, long at) {
        return entries.get(place).step().at() <= at
                && (place + 1 == entries.size() || entries.get(place + 1).step().at() >= at);
    }
}
