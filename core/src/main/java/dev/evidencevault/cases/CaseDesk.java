package dev.evidencevault.cases;

import dev.evidencevault.cases.StepBody.Opened;
import dev.evidencevault.cases.StepBody.Refused;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.format.CommitmentScheme;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.Timestamps;
import dev.evidencevault.redaction.Redaction;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Storage;
import dev.evidencevault.storage.UnlockedVault;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where cases are worked on: reads and verifies them, lets persons make steps, and keeps what is refused. Works beside
 * whoever writes the vault, and writes nothing but steps; that they come into the logs, the vault's writer sees to. Safe
 * for use by several threads.
 */
public final class CaseDesk {
    /** How far the clock may be behind the last step: as far as clocks of machines differ that are set. */
    private static final long CLOCK_BEHIND_NANOS_MAX = 60_000_000_000L;

    private static final int CLAIMED_CHARS_MAX = 64;
    private static final int REASON_CHARS_MAX = 1000;

    private final UnlockedVault vault;
    private final CaseFiles files;
    private final Storage storage;
    private final Clock clock;
    private final SecureRandom random;

    /** Creates the desk of a vault. */
    public CaseDesk(UnlockedVault vault, Storage storage, Clock clock, SecureRandom random) {
        this.vault = vault;
        this.files = new CaseFiles(vault);
        this.storage = storage;
        this.clock = clock;
        this.random = random;
    }

    /** Returns the time, in nanoseconds since 1970. */
    public long now() {
        return Timestamps.nanos(clock.instant());
    }

    /**
     * Reads who may sign.
     *
     * @throws CorruptFileException if the register cannot be trusted
     */
    public PersonRegister register() throws IOException {
        try {
            return PersonRegister.verify(
                    vault.settings().vaultId(), vault.settings().keys(), files.read(CaseId.REGISTER));
        } catch (BrokenCaseException e) {
            throw corrupt(CaseId.REGISTER, e);
        }
    }

    /** Returns the ids of all cases. */
    public List<CaseId> ids() throws IOException {
        return files.ids();
    }

    /**
     * The cases that can be trusted, and those that cannot.
     *
     * @param cases the ones, in the order of their ids
     * @param broken what is wrong with the others
     */
    public record Survey(List<Case> cases, SortedMap<String, String> broken) {
        /** Copies both. */
        public Survey {
            cases = List.copyOf(cases);
            broken = Collections.unmodifiableSortedMap(new TreeMap<>(broken));
        }
    }

    /** Reads all cases; one that cannot be trusted does not hide the others. */
    public Survey survey() throws IOException {
        List<Case> cases = new ArrayList<>();
        SortedMap<String, String> broken = new TreeMap<>();
        for (CaseId id : files.ids()) {
            try {
                cases.add(read(id));
            } catch (CorruptFileException e) {
                broken.put(id.text(), String.valueOf(e.getMessage()));
            }
        }
        return new Survey(cases, broken);
    }

    /**
     * Reads all cases, in the order of their ids.
     *
     * @throws CorruptFileException if one of them cannot be trusted
     */
    public List<Case> cases() throws IOException {
        List<Case> cases = new ArrayList<>();
        for (CaseId id : files.ids()) {
            cases.add(read(id));
        }
        return cases;
    }

    /**
     * Reads a case.
     *
     * @throws IllegalArgumentException if there is none of this id
     * @throws CorruptFileException if it cannot be trusted
     */
    public Case read(CaseId id) throws IOException {
        // The steps first: a person who is registered in between is then known.
        List<CaseStep> steps = files.read(id);
        if (steps.isEmpty()) {
            throw new IllegalArgumentException("there is no case " + id + "; see evault case list");
        }
        PersonRegister register = register();
        try {
            return Case.verify(vault.settings().vaultId(), vault.settings().keys(), register, id, steps);
        } catch (BrokenCaseException e) {
            throw corrupt(id, e);
        }
    }

    private CorruptFileException corrupt(CaseId id, BrokenCaseException e) {
        return new CorruptFileException(files.file(id, e.number()), 0, String.valueOf(e.getMessage()));
    }

    /**
     * Finds a case by its id or by the authority's number of its order.
     *
     * @throws IllegalArgumentException if there is none, or more than one
     */
    public Case find(String idOrOrder) throws IOException {
        if (CaseId.isId(idOrOrder) && !idOrOrder.equals(CaseId.REGISTER.text())) {
            return read(new CaseId(idOrOrder));
        }
        List<Case> found = survey().cases().stream()
                .filter(each -> each.opened().order().equals(idOrOrder))
                .toList();
        if (found.size() == 1) {
            return found.get(0);
        }
        throw new IllegalArgumentException(
                found.isEmpty()
                        ? "there is no case for \"" + idOrOrder + "\"; see evault case list"
                        : "several cases answer \"" + idOrOrder + "\"; name one by its id: "
                                + found.stream().map(each -> each.id().text()).toList());
    }

    /**
     * Registers a person, or another key or other roles of one.
     *
     * @throws CaseRefusedException if the name or the key is another person's
     */
    public CaseStep register(Person person) throws IOException, CaseRefusedException {
        return register(new StepBody.PersonAdded(person));
    }

    /**
     * Ends what a person may sign.
     *
     * @throws CaseRefusedException if there is no such person
     */
    public CaseStep endPerson(String id, String reason) throws IOException, CaseRefusedException {
        StepFields.requireText(reason, "reason");
        return register(new StepBody.PersonEnded(id, reason));
    }

    private CaseStep register(StepBody body) throws IOException, CaseRefusedException {
        return files.exclusively(storage, () -> {
            PersonRegister register = register();
            Optional<String> refusal = register.refusal(body);
            if (refusal.isPresent()) {
                throw refuseHere(CaseId.REGISTER, register.last().orElse(null), null, null, body.kind(), refusal.get());
            }
            return write(CaseId.REGISTER, register.last().orElse(null), null, null, body, vault.signer()::sign);
        });
    }

    /**
     * Opens a case.
     *
     * @throws CaseRefusedException if the person is not registered, the vault has no such tenant, or a case answers this
     *     order already
     */
    public Case open(PersonSigner signer, Opened body) throws IOException, WrongKeyException, CaseRefusedException {
        String unknown = vault.tenants().containsKey(body.tenant())
                ? null
                : "the vault has no tenant \"" + body.tenant() + "\"; see evault tenants";
        return files.exclusively(storage, () -> {
            PersonRegister register = register();
            Person person = register.persons().get(signer.key().name());
            String refusal = unknown != null
                    ? unknown
                    : person == null || !person.key().equals(signer.key()) ? unregistered(signer) : null;
            long at = at(null);
            if (refusal == null && person != null && !person.key().isValidAt(Timestamps.instant(at))) {
                refusal = notValid(person, at);
            }
            for (Case other : survey().cases()) {
                Opened same = other.opened();
                if (same.tenant().equals(body.tenant())
                        && same.order().equals(body.order())
                        && same.issuer().equals(body.issuer())
                        && other.state() != CaseState.CLOSED) {
                    refusal = "case " + other.id() + " answers this order already";
                }
            }
            if (refusal != null) {
                throw refuseHere(
                        CaseId.REGISTER, register.last().orElse(null), null, claimed(signer), StepKind.OPEN, refusal);
            }
            CaseId id = CaseId.random(random);
            Digest head = register.last().orElseThrow().digest();
            write(id, null, head, signer.key().name(), body, signer::sign);
            return read(id);
        });
    }

    private static String unregistered(PersonSigner signer) {
        return "nobody is registered with this key of \"" + claimed(signer) + "\"; see evault case person list";
    }

    private static String notValid(Person person, long at) {
        return "the certificate of " + person.id() + " is not valid at " + Timestamps.format(at)
                + "; have a new one registered";
    }

    private static String claimed(PersonSigner signer) {
        String name = signer.key().name();
        return name.length() <= CLAIMED_CHARS_MAX ? name : name.substring(0, CLAIMED_CHARS_MAX);
    }

    /** What is decided, and made, when all is known of a case. */
    @FunctionalInterface
    public interface Making {
        /** Returns what the step says, that is made after the others and at a time in nanoseconds since 1970. */
        StepBody body(Case before, long at) throws IOException;
    }

    /**
     * Has a person make a step.
     *
     * @param making says what the step says; it is called while nobody else can make one
     * @return the case with the step
     * @throws CaseRefusedException if it is not permitted; that is recorded
     */
    public Case step(CaseId id, PersonSigner signer, StepKind kind, Making making)
            throws IOException, CaseRefusedException {
        return files.exclusively(storage, () -> {
            PersonRegister register = register();
            Case before = read(id);
            StepBody body = permitted(before, register, signer, kind, making);
            Digest head = register.last().orElseThrow().digest();
            write(id, before.last(), head, signer.key().name(), body, signer::sign);
            return read(id);
        });
    }

    /**
     * Requires that a person may make a step now, without making it.
     *
     * @return the case
     * @throws CaseRefusedException if it is not permitted; that is recorded
     */
    public Case require(CaseId id, PersonSigner signer, StepKind kind, Making making)
            throws IOException, CaseRefusedException {
        return files.exclusively(storage, () -> {
            PersonRegister register = register();
            Case before = read(id);
            permitted(before, register, signer, kind, making);
            return before;
        });
    }

    private StepBody permitted(Case before, PersonRegister register, PersonSigner signer, StepKind kind, Making making)
            throws IOException, CaseRefusedException {
        long at = at(before.last());
        Person person = register.persons().get(signer.key().name());
        if (person == null || !person.key().equals(signer.key())) {
            throw refuse(before, claimed(signer), kind, unregistered(signer));
        }
        if (!person.key().isValidAt(Timestamps.instant(at))) {
            throw refuse(before, person.id(), kind, notValid(person, at));
        }
        if (kind == StepKind.REDACT && vault.settings().events() != CommitmentScheme.FIELDS) {
            throw refuse(before, person.id(), kind, Redaction.NOT_REDACTABLE);
        }
        Optional<String> notNow = before.notNow(kind, at);
        if (notNow.isPresent()) {
            throw refuse(before, person.id(), kind, notNow.get());
        }
        if (now() + CLOCK_BEHIND_NANOS_MAX < before.last().at()) {
            throw refuse(
                    before,
                    person.id(),
                    kind,
                    "the clock of this machine says " + Timestamps.format(now())
                            + ", and the last step was made at "
                            + Timestamps.format(before.last().at()) + "; set the clock");
        }
        StepBody body = making.body(before, at);
        Optional<String> refusal = before.refusal(person, body, at);
        if (refusal.isPresent()) {
            throw refuse(before, person.id(), kind, refusal.get());
        }
        return body;
    }

    /**
     * What is done while nobody can make a step.
     *
     * @param <T> what comes of it
     * @param <E> how it fails
     */
    @FunctionalInterface
    public interface Undisturbed<T, E extends Exception> {
        /** Does it. */
        T run() throws IOException, E;
    }

    /**
     * Does something that depends on what no step has said so far, a hold for example, while nobody can make one.
     *
     * @throws dev.evidencevault.storage.VaultLockedException if others make steps all the time
     */
    public <T, E extends Exception> T undisturbed(Undisturbed<T, E> action) throws IOException, E {
        return files.exclusively(storage, action::run);
    }

    /** Records that something was refused, and returns what to throw. */
    public CaseRefusedException refuse(CaseId id, PersonSigner signer, StepKind attempt, String reason)
            throws IOException {
        return files.exclusively(storage, () -> refuse(read(id), claimed(signer), attempt, reason));
    }

    private CaseRefusedException refuse(Case before, String person, StepKind attempt, String reason)
            throws IOException {
        Digest register = register().last().orElseThrow().digest();
        return refuseHere(before.id(), before.last(), register, person, attempt, reason);
    }

    private CaseRefusedException refuseHere(
            CaseId id,
            @Nullable CaseStep last,
            @Nullable Digest register,
            @Nullable String person,
            StepKind attempt,
            String reason)
            throws IOException {
        write(id, last, register, person, new Refused(attempt, oneLine(reason)), vault.signer()::sign);
        return new CaseRefusedException(reason);
    }

    /** A reason can quote what somebody wrote. */
    private static String oneLine(String reason) {
        StringBuilder line = new StringBuilder();
        reason.codePoints()
                .limit(REASON_CHARS_MAX / 2)
                .forEach(c ->
                        line.appendCodePoint(Character.isISOControl(c) || c >= 0xD800 && c <= 0xDFFF ? 0xFFFD : c));
        return line.toString();
    }

    private long at(@Nullable CaseStep last) {
        return last == null ? now() : Math.max(now(), last.at());
    }

    /** Signs a text. */
    private interface Signing {
        SignedNote sign(String text);
    }

    private CaseStep write(
            CaseId id,
            @Nullable CaseStep last,
            @Nullable Digest register,
            @Nullable String person,
            StepBody body,
            Signing signing)
            throws IOException {
        Layout layout = vault.layout();
        if (Layout.numbers(layout.successions(), Layout.SUCCESSION_SUFFIX).size()
                != vault.settings().successions().size()) {
            throw new IllegalStateException("the vault's signing keys were handed over: open the vault again");
        }
        CaseStep.Head head = new CaseStep.Head(
                vault.settings().vaultId(),
                id,
                last == null ? 1 : last.number() + 1,
                last == null ? null : last.digest(),
                register,
                at(last),
                person);
        // Read as everybody will read it: what would be refused later is not written.
        CaseStep step = CaseStep.parse(signing.sign(CaseStep.text(head, body)).format());
        files.write(step, storage);
        return step;
    }
}
