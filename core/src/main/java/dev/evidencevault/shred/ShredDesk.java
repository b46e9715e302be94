package dev.evidencevault.shred;

import dev.evidencevault.cases.Case;
import dev.evidencevault.cases.CaseDesk;
import dev.evidencevault.cases.CaseState;
import dev.evidencevault.cases.HeldException;
import dev.evidencevault.cases.Holds;
import dev.evidencevault.cases.Person;
import dev.evidencevault.cases.PersonSigner;
import dev.evidencevault.cases.Role;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.format.LogId;
import dev.evidencevault.format.Timestamps;
import dev.evidencevault.segment.SegmentEnd;
import dev.evidencevault.segment.SegmentFile;
import dev.evidencevault.storage.Destruction;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Layout.LogDirectory;
import dev.evidencevault.storage.LogKeys;
import dev.evidencevault.storage.Storage;
import dev.evidencevault.storage.Tombstone;
import dev.evidencevault.storage.UnlockedVault;
import java.io.IOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where it is looked whether keys may be destroyed: who asks and who approves are in the vault's register and are two, no hold
 * keeps the records and no case about them is open, the request is in time, and the log is the one that it is about. Reads the vault and changes nothing but
 * in {@link #commit}. Safe for use by several threads.
 */
public final class ShredDesk {
    /** How far clocks of machines differ that are set. */
    private static final long CLOCKS_DIFFER_NANOS = 60_000_000_000L;

    private final UnlockedVault vault;
    private final Storage storage;
    private final Clock clock;
    private final CaseDesk cases;

    /** Creates the desk of a vault. */
    public ShredDesk(UnlockedVault vault, Storage storage, Clock clock) {
        this.vault = vault;
        this.storage = storage;
        this.clock = clock;
        this.cases = new CaseDesk(vault, storage, clock, new SecureRandom());
    }

    private long now() {
        return Timestamps.nanos(clock.instant());
    }

    /**
     * Signs a request as somebody who is registered.
     *
     * @param expires from when on nobody may act on it, in nanoseconds since 1970
     * @throws ShredRefusedException if the person is not registered, there is no such tenant, or a hold keeps its records
     */
    public ShredRequest request(String tenant, String reason, long expires, PersonSigner signer)
            throws IOException, WrongKeyException, ShredRefusedException {
        LogId logId = vault.tenants().get(tenant);
        if (logId == null) {
            throw new ShredRefusedException("the vault has no tenant \"" + tenant + "\"; see evault tenants");
        }
        long now = now();
        registered(signer, now);
        requireNotNeeded(tenant, now);
        LogDirectory log = vault.layout().tenant(logId);
        SegmentEnd end = end(log);
        return ShredRequest.sign(
                new ShredRequest.Body(
                        vault.settings().vaultId(),
                        logId,
                        tenant,
                        end.tree().to(),
                        end.tree().root(),
                        LogKeys.read(log).digest(),
                        reason,
                        signer.key().name(),
                        now,
                        expires),
                signer);
    }

    /**
     * Signs a request as who approves it.
     *
     * @throws ShredRefusedException if the person may not, or the request may not be approved now
     */
    public ShredRequest approve(ShredRequest request, PersonSigner signer)
            throws IOException, WrongKeyException, ShredRefusedException {
        long now = now();
        registered(signer, now);
        ShredRequest approved = request.approved(signer);
        require(approved);
        return approved;
    }

    private Person registered(PersonSigner signer, long now) throws IOException, ShredRefusedException {
        Person person = cases.register().persons().get(signer.key().name());
        if (person == null || !person.key().equals(signer.key())) {
            throw new ShredRefusedException("nobody is registered with this key of \""
                    + signer.key().name() + "\"; see evault case person list");
        }
        requireValid(person, now);
        return person;
    }

    private static void requireValid(Person person, long now) throws ShredRefusedException {
        if (!person.key().isValidAt(Timestamps.instant(now))) {
            throw new ShredRefusedException("the certificate of " + person.id() + " is not valid at "
                    + Timestamps.format(now) + "; have a new one registered");
        }
    }

    /**
     * The two persons whose signatures a request has.
     *
     * @param requester who asks
     * @param approver who approves
     */
    public record Signers(Person requester, Person approver) {}

    /**
     * Requires that a request may be acted on now.
     *
     * @return who signed it
     * @throws ShredRefusedException if not
     */
    public Signers require(ShredRequest request) throws IOException, WrongKeyException, ShredRefusedException {
        ShredRequest.Body body = request.body();
        long now = now();
        if (!body.vault().equals(vault.settings().vaultId())) {
            throw new ShredRefusedException("the request is for vault " + body.vault() + ", this is vault "
                    + vault.settings().vaultId());
        }
        Signers signers = signers(request, now);
        if (now + CLOCKS_DIFFER_NANOS < body.requestedAt()) {
            throw new ShredRefusedException("the request is of " + Timestamps.format(body.requestedAt())
                    + ", and this machine's clock says " + Timestamps.format(now) + ": set the clock");
        }
        if (now >= body.expires()) {
            throw new ShredRefusedException(
                    "the request expired at " + Timestamps.format(body.expires()) + "; have another one signed");
        }
        requireLog(body);
        requireNotNeeded(body.tenant(), now);
        return signers;
    }

    private Signers signers(ShredRequest request, long now) throws IOException, ShredRefusedException {
        if (request.approvedBy().isEmpty()) {
            throw new ShredRefusedException("nobody has approved the request yet: evault shred approve");
        }
        Map<String, Person> persons = cases.register().persons();
        Person requester = signer(persons, request.signature(0), request.body().requestedBy(), now);
        Person approver =
                signer(persons, request.signature(1), request.approvedBy().orElseThrow(), now);
        if (requester.id().equals(approver.id())) {
            throw new ShredRefusedException(requester.id() + " asks for it and cannot approve it as well");
        }
        if (!approver.roles().contains(Role.APPROVER)) {
            throw new ShredRefusedException(approver.id() + " has not the role approver, but " + approver.roleLabels());
        }
        return new Signers(requester, approver);
    }

    private static Person signer(Map<String, Person> persons, SignedNote signed, String id, long now)
            throws ShredRefusedException {
        Person person = persons.get(id);
        if (person == null) {
            throw new ShredRefusedException(
                    "nobody is registered as \"" + id + "\" any more, or yet; see evault case person list");
        }
        if (!person.key().verifies(signed)) {
            throw new ShredRefusedException("the signature is not one of the key that \"" + id
                    + "\" is registered with now: the text was changed, or the key ended");
        }
        requireValid(person, now);
        return person;
    }

    private void requireLog(ShredRequest.Body body) throws IOException, WrongKeyException, ShredRefusedException {
        LogDirectory log = vault.layout().tenant(body.log());
        Optional<Tombstone> tombstone = Tombstone.read(log, body.log(), vault.settings());
        if (tombstone.isPresent()) {
            throw new ShredRefusedException("the keys of log " + body.log() + " were destroyed at "
                    + Timestamps.format(tombstone.get().time()) + ", under another request");
        }
        if (!body.log().equals(vault.tenants().get(body.tenant()))) {
            throw new ShredRefusedException(
                    "log " + body.log() + " is not that of tenant \"" + body.tenant() + "\" in this vault");
        }
        if (Files.exists(log.nextKeys())) {
            throw new ShredRefusedException("the keys of \"" + body.tenant()
                    + "\" are being rotated: open the vault for writing, then have another request signed");
        }
        Digest keys = LogKeys.read(log).digest();
        if (!keys.equals(body.keys())) {
            throw new ShredRefusedException("the log has other keys than when it was asked for, SHA-256 " + keys
                    + " instead of " + body.keys() + ": have another request signed");
        }
        if (!hadRoot(log, body.leaves(), body.root())) {
            throw new ShredRefusedException("the log has not had " + body.leaves() + " leaves with root " + body.root()
                    + ": this is another history than the one that was asked about");
        }
    }

    private static boolean hadRoot(LogDirectory log, long leaves, Digest root) throws IOException {
        List<Long> numbers = Layout.numbers(log.segments(), Layout.SEGMENT_SUFFIX);
        for (int i = numbers.size() - 1; i >= 0; i--) {
            try (SegmentFile file = new SegmentFile(log.segment(numbers.get(i)))) {
                if (file.end().tree().to() <= leaves) {
                    return file.end().tree().to() == leaves
                            && file.end().tree().root().equals(root);
                }
            }
        }
        return leaves == 0 && root.equals(SegmentEnd.none().tree().root());
    }

    private static SegmentEnd end(LogDirectory log) throws IOException {
        List<Long> numbers = Layout.numbers(log.segments(), Layout.SEGMENT_SUFFIX);
        if (numbers.isEmpty()) {
            return SegmentEnd.none();
        }
        try (SegmentFile file = new SegmentFile(log.segment(numbers.get(numbers.size() - 1)))) {
            return file.end();
        }
    }

    /** Requires that no hold keeps the records, and that no order that concerns them is still being answered. */
    private void requireNotNeeded(String tenant, long now) throws IOException, ShredRefusedException {
        try {
            Holds.read(cases).requireNone(tenant, "the destruction of keys", now);
        } catch (HeldException e) {
            throw new ShredRefusedException(String.valueOf(e.getMessage()));
        }
        for (Case each : cases.cases()) {
            if (each.opened().tenant().equals(tenant) && each.state() != CaseState.CLOSED) {
                throw new ShredRefusedException("case " + each.id() + " about \"" + tenant + "\" is "
                        + each.state().label() + ": close it first");
            }
        }
    }

    /** Returns the tombstone that was put up under this very request; empty if there is none. */
    public Optional<Tombstone> tombstone(ShredRequest request) throws IOException {
        LogId log = request.body().log();
        return Tombstone.read(vault.layout().tenant(log), log, vault.settings())
                .filter(found -> found.request().equals(request.digest()));
    }

    /**
     * Destroys the keys. The vault's lock has to be held, and its journal to be empty.
     *
     * @throws ShredRefusedException if the request may not be acted on now: nobody can place a hold between the question
     *     whether there is one and the commit point
     */
    public Tombstone commit(ShredRequest request) throws IOException, ShredRefusedException {
        return cases.undisturbed(() -> {
            requireAgain(request);
            ShredRequest.Body body = request.body();
            SegmentEnd end = end(vault.layout().tenant(body.log()));
            Tombstone tombstone = new Tombstone(
                    body.vault(), body.log(), now(), end.tree().to(), end.tree().root(), body.keys(), request.digest());
            Destruction.commit(vault, tombstone, storage);
            return tombstone;
        });
    }

    private void requireAgain(ShredRequest request) throws IOException, ShredRefusedException {
        try {
            require(request);
        } catch (WrongKeyException e) {
            throw new IOException("the names of tenants do not open: " + e.getMessage(), e);
        }
    }
}
