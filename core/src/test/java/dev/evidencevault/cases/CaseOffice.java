package dev.evidencevault.cases;

import dev.evidencevault.MovedClock;
import dev.evidencevault.SmallVault;
import dev.evidencevault.VaultOptions;
import dev.evidencevault.cases.StepBody.Acknowledged;
import dev.evidencevault.cases.StepBody.Approved;
import dev.evidencevault.cases.StepBody.BundleSealed;
import dev.evidencevault.cases.StepBody.Closed;
import dev.evidencevault.cases.StepBody.Confirmed;
import dev.evidencevault.cases.StepBody.Exported;
import dev.evidencevault.cases.StepBody.HandedOver;
import dev.evidencevault.cases.StepBody.HoldPlaced;
import dev.evidencevault.cases.StepBody.NoticeChanged;
import dev.evidencevault.cases.StepBody.Opened;
import dev.evidencevault.cases.StepBody.Reviewed;
import dev.evidencevault.cases.StepBody.Scoped;
import dev.evidencevault.crypto.keys.PersonKeys;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.redaction.FieldPath;
import dev.evidencevault.redaction.Redaction;
import dev.evidencevault.storage.Storage;
import dev.evidencevault.storage.UnlockedVault;
import dev.evidencevault.storage.UnsyncedStorage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Five persons and a small vault, and what they do when nothing goes wrong. */
public final class CaseOffice {
    private static final String START = "2026-06-10T09:00:00Z";

    public static final long DAY = Duration.ofDays(1).toNanos();
    public static final String SCOPE = "{\"order\":\"417\",\"issuer\":\"Court\",\"legalBasis\":\"Art. 99\","
            + "\"tenant\":\"acme\",\"actors\":[\"alice\"],\"from\":\"2026-05-01\",\"to\":\"2026-06-01\","
            + "\"requestedBy\":\"H. Hayashi\",\"approvedBy\":\"K. Sato\"}";

    public final Path vault;
    public final MovedClock clock = new MovedClock(START);
    public final UnlockedVault unlocked;
    public final CaseDesk desk;
    private final Map<String, PersonSigner> signers = new HashMap<>();

    /** Writes the vault and registers the persons. */
    public CaseOffice(Path vault) throws Exception {
        this(written(vault), new UnsyncedStorage());
        registerAll();
    }

    /** Opens a vault that was written at the office's time, and registers the persons. */
    public static CaseOffice of(Path vault) throws Exception {
        CaseOffice office = new CaseOffice(vault, new UnsyncedStorage());
        office.registerAll();
        return office;
    }

    /** Opens the vault again, after somebody else wrote it. */
    public CaseOffice reopened() throws Exception {
        return new CaseOffice(vault, this);
    }

    /** Returns the options of a vault that is written at the office's time. */
    public static VaultOptions options() {
        return SmallVault.options().withClock(new MovedClock(START));
    }

    private void registerAll() throws Exception {
        register("mori", "A. Mori", Role.OFFICER);
        register("ito", "C. Ito", Role.COUNSEL);
        register("hayashi", "H. Hayashi", Role.OPERATOR);
        register("sato", "K. Sato", Role.APPROVER);
        register("abe", "S. Abe", Role.APPROVER);
    }

    /** Takes a copy of another's vault, with the same persons. */
    CaseOffice(Path vault, CaseOffice other) throws Exception {
        this(vault, new UnsyncedStorage());
        signers.putAll(other.signers);
    }

    CaseOffice(Path vault, Storage storage) throws Exception {
        this.vault = vault;
        this.unlocked = UnlockedVault.unlock(vault, SmallVault.SECRET);
        this.desk = new CaseDesk(unlocked, storage, clock, new SecureRandom());
    }

    static Path written(Path vault) throws Exception {
        SmallVault.write(vault, options());
        return vault;
    }

    public void register(String id, String name, Role... roles) throws Exception {
        desk.register(
                new Person(id, name, EnumSet.copyOf(Set.of(roles)), signer(id).key()));
    }

    /** Returns the signer of a person, who may be registered or not. */
    public PersonSigner signer(String id) {
        return signers.computeIfAbsent(id, CaseOffice::newSigner);
    }

    public static PersonSigner newSigner(String id) {
        return PersonSigner.of(PersonKeys.generate(id).signer());
    }

    public long now() {
        return desk.now();
    }

    public static Digest digest(String text) {
        return Digest.sha256(text.getBytes(StandardCharsets.UTF_8));
    }

    public Opened opening(String order) {
        return new Opened(
                "acme", order, "Court", "production order", "JP", now() + 10 * DAY, digest("order.pdf"), null);
    }

    public Case open() throws Exception {
        return desk.open(signer("mori"), opening("417"));
    }

    public Case step(Case before, String person, StepBody body) throws Exception {
        return desk.step(before.id(), signer(person), body.kind(), (now, at) -> body);
    }

    /** Returns who makes a step of a kind when nothing goes wrong. */
    public static String person(StepKind kind) {
        return switch (kind) {
            case REVIEW, NOTICE -> "ito";
            case SCOPE, REDACT, EXPORT -> "hayashi";
            case APPROVE -> "sato";
            case CONFIRM, RELEASED -> "abe";
            default -> "mori";
        };
    }

    /** Returns a body of a kind that is fit for a case, as far as any is. */
    public StepBody body(StepKind kind, Case before) {
        Digest scope = before.scope().map(Scoped::digest).orElse(digest("no scope"));
        Digest approval = before.approval().map(CaseStep::digest).orElse(digest("no approval"));
        Digest bundle = before.export().map(Exported::bundle).orElse(digest("bundle"));
        Digest sealed = before.sealed().map(BundleSealed::sealed).orElse(digest("sealed"));
        Digest emergency = before.unconfirmed().map(CaseStep::digest).orElse(digest("no emergency"));
        return switch (kind) {
            case OPEN -> opening("417");
            case REVIEW -> new Reviewed("Art. 99", Notice.of("allowed", null), null, "10,000 yen");
            case NOTICE -> new NoticeChanged(Notice.of("prohibited", null), "asked for by the court");
            case HOLD -> new HoldPlaced(now(), now() + 30 * DAY, false, "preservation request");
            case EXTEND -> new StepBody.HoldExtended(1, now() + 60 * DAY, "once more");
            case RELEASE -> new StepBody.ReleaseAsked(1, "not needed");
            case RELEASED -> new StepBody.ReleaseGranted(1, 2);
            case SCOPE -> new Scoped(SCOPE);
            case REDACT ->
                new StepBody.Redacted(
                        List.of(FieldPath.parse("/reason")), List.of(), "names a third person", "H. Hayashi");
            case APPROVE ->
                new Approved(
                        scope,
                        before.redaction().map(Redaction::digest).orElse(null),
                        now() + 7 * DAY,
                        "to answer the order",
                        false);
            case CONFIRM -> new Confirmed(emergency);
            case EXPORT -> new Exported(scope, approval, digest("bundle"), 6, 4, 0, "passed", "index", List.of());
            case SEAL -> new BundleSealed(bundle, digest("sealed"), 7, "SHA256:recipient");
            case HANDOVER -> new HandedOver(sealed, "Clerk Ono", "medium", "DVD-7");
            case ACKNOWLEDGE -> new Acknowledged(sealed, "passed", "all there");
            case CLOSE -> new Closed(before.state() == CaseState.ACKNOWLEDGED, "done");
            default -> throw new IllegalArgumentException("no body for " + kind);
        };
    }

    public Case step(Case before, StepKind kind) throws Exception {
        return step(before, person(kind), body(kind, before));
    }

    /** Opens a case and brings it to a state. */
    public Case reach(CaseState state) throws Exception {
        return reachFrom(open(), state);
    }

    public Case reachFrom(Case before, CaseState state) throws Exception {
        Case here = before;
        while (here.state() != state) {
            here = step(here, here.state().next());
        }
        return here;
    }
}
