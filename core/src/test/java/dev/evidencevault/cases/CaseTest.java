package dev.evidencevault.cases;

import static dev.evidencevault.cases.CaseOffice.DAY;
import static dev.evidencevault.cases.CaseOffice.SCOPE;
import static dev.evidencevault.cases.CaseOffice.digest;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.SmallVault;
import dev.evidencevault.cases.StepBody.Acknowledged;
import dev.evidencevault.cases.StepBody.Approved;
import dev.evidencevault.cases.StepBody.Closed;
import dev.evidencevault.cases.StepBody.Confirmed;
import dev.evidencevault.cases.StepBody.HoldExtended;
import dev.evidencevault.cases.StepBody.HoldPlaced;
import dev.evidencevault.cases.StepBody.NoticeChanged;
import dev.evidencevault.cases.StepBody.Refused;
import dev.evidencevault.cases.StepBody.ReleaseAsked;
import dev.evidencevault.cases.StepBody.ReleaseGranted;
import dev.evidencevault.cases.StepBody.Reviewed;
import dev.evidencevault.cases.StepBody.Scoped;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What may be done in a case, by whom and when; and that all else is refused, and kept. */
class CaseTest {
    /** The table of {@code docs/formats/case.md}, written down once more: what each state permits beside what all do. */
    private static final Map<CaseState, String> TABLE = new EnumMap<>(Map.of(
            CaseState.OPENED, "review",
            CaseState.REVIEWED, "review scope",
            CaseState.SCOPED, "scope approve",
            CaseState.APPROVED, "scope approve export",
            CaseState.EXPORTED, "approve export seal",
            CaseState.SEALED, "seal handover",
            CaseState.HANDED_OVER, "handover acknowledge",
            CaseState.ACKNOWLEDGED, "",
            CaseState.CLOSED, "notice"));

    @TempDir
    private Path directory;

    private CaseOffice office;

    @BeforeEach
    void makeVault() throws Exception {
        office = new CaseOffice(directory.resolve("vault"));
    }

    private interface Attempt {
        void run() throws Exception;
    }

    /** Requires a refusal that is kept in the case and changes nothing else. */
    private void refused(Case before, String reason, Attempt attempt) throws Exception {
        String message = assertThrows(CaseRefusedException.class, attempt::run).getMessage();
        assertTrue(String.valueOf(message).contains(reason), message);
        Case after = office.desk.read(before.id());
        assertEquals(before.steps().size() + 1, after.steps().size(), "the refusal is a step");
        assertTrue(after.last().body() instanceof Refused kept && kept.reason().equals(message));
        assertEquals(before.state(), after.state());
        assertEquals(before.holds(), after.holds());
    }

    @ParameterizedTest
    @EnumSource
    void everyTransitionIsPermittedOrRefusedAsTheTableSays(CaseState state) throws Exception {
        Case here = office.reach(state);
        Set<String> permitted = Stream.of(TABLE.get(state).split(" ")).collect(Collectors.toSet());
        if (state != CaseState.CLOSED) {
            permitted.addAll(List.of("notice", "hold", "close"));
        }
        for (StepKind kind : StepKind.values()) {
            if (kind.isOfRegister() || kind == StepKind.REFUSED || kind == StepKind.REDACT) {
                continue;
            }
            if (List.of("extend", "release", "released", "confirm").contains(kind.label())) {
                // Each hangs on another step as well; they have tests of their own.
                continue;
            }
            Person person = office.desk.register().persons().get(CaseOffice.person(kind));
            String refusal =
                    here.refusal(person, office.body(kind, here), office.now()).orElse("");
            if (permitted.contains(kind.label())) {
                assertEquals("", refusal, state + " permits " + kind);
            } else {
                String expected = state == CaseState.CLOSED
                        ? "the case is closed"
                        : "expected " + state.next().label() + " next";
                assertTrue(refusal.contains(expected), state + " refuses " + kind + ": " + refusal);
            }
        }
    }

    @Test
    void aCaseIsBroughtToItsEnd() throws Exception {
        Case closed = office.reach(CaseState.CLOSED);
        assertEquals(
                List.of("open", "review", "scope", "approve", "export", "seal", "handover", "acknowledge", "close"),
                closed.steps().stream().map(step -> step.kind().label()).toList());
        assertEquals("nothing", closed.next(office.now()));
        assertEquals(closed.id(), office.desk.find("417").id());
        assertEquals(closed.id(), office.desk.find(closed.id().text()).id());
        assertThrows(IllegalArgumentException.class, () -> office.desk.find("418"));
        assertThrows(IllegalArgumentException.class, () -> office.desk.find("register"));
    }

    @Test
    void whoeverIsNotRegisteredOrHasAnotherRoleIsRefused() throws Exception {
        Case opened = office.open();
        refused(
                opened,
                "nobody is registered",
                () -> office.step(opened, "stranger", office.body(StepKind.REVIEW, opened)));
        Case again = office.desk.read(opened.id());
        refused(again, "needs the role counsel", () -> office.step(again, "mori", office.body(StepKind.REVIEW, again)));
        assertThrows(
                CaseRefusedException.class, () -> office.desk.open(office.signer("stranger"), office.opening("9")));
        List<CaseStep> register = office.desk.register().steps();
        assertTrue(register.get(register.size() - 1).body() instanceof Refused kept
                && kept.attempt() == StepKind.OPEN
                && kept.reason().contains("nobody is registered"));
    }

    @Test
    void oneOrderOfOneTenantHasOneOpenCase() throws Exception {
        Case opened = office.open();
        assertTrue(assertThrows(CaseRefusedException.class, office::open)
                .getMessage()
                .contains(opened.id().text()));
        assertThrows(
                CaseRefusedException.class,
                () -> office.desk.open(
                        office.signer("mori"),
                        new StepBody.Opened("nobody", "1", "Court", "order", "JP", null, digest("x"), null)));
        office.step(opened, StepKind.CLOSE);
        office.open();
    }

    @Test
    void theScopeIsOfThisCaseAndBounded() throws Exception {
        Case reviewed = office.reach(CaseState.REVIEWED);
        Map<String, String> refusals = Map.of(
                SCOPE.replace("acme", "umbrella-corp"), "one tenant",
                SCOPE.replace("417", "418"), "answers order",
                SCOPE.replace("Court", "Police"), "answers order",
                SCOPE.replace(",\"to\":\"2026-06-01\"", ""), "not bounded",
                SCOPE.replace("\"actors\":[\"alice\"],\"from\":\"2026-05-01\",", ""), "not bounded",
                SCOPE.replace("H. Hayashi", "A. Mori"), "signed by H. Hayashi",
                SCOPE.replace("K. Sato", "h.  HAYASHI"), "same person",
                SCOPE.replace("{", "{\"expires\":\"2026-06-01\","), "expired",
                SCOPE.replace("acme\"", "acme\",\"tenants\":[\"b\"]"), "unknown field");
        for (Map.Entry<String, String> refusal : refusals.entrySet()) {
            Case before = office.desk.read(reviewed.id());
            refused(before, refusal.getValue(), () -> office.step(before, "hayashi", new Scoped(refusal.getKey())));
        }
        for (String bounded : List.of(
                SCOPE.replace("\"actors\":[\"alice\"],", ""),
                SCOPE.replace("\"from\":\"2026-05-01\",", ""),
                SCOPE.replace("\"actors\":[\"alice\"],\"from\":\"2026-05-01\",", "\"services\":[\"files\"],"))) {
            office.step(reviewed, "hayashi", new Scoped(bounded));
        }
    }

    @Test
    void whoWroteTheScopeOrExportsDoesNotApproveAndWhoApprovedDoesNotExport() throws Exception {
        office.register("hayashi", "H. Hayashi", Role.OPERATOR, Role.APPROVER);
        Case scoped = office.reach(CaseState.SCOPED);
        refused(
                scoped,
                "another person has to approve it",
                () -> office.step(scoped, "hayashi", office.body(StepKind.APPROVE, scoped)));
        Case again = office.desk.read(scoped.id());
        refused(
                again,
                "the scope names \"K. Sato\"",
                () -> office.step(again, "abe", office.body(StepKind.APPROVE, again)));
        Case approved = office.step(office.desk.read(scoped.id()), StepKind.APPROVE);
        refused(approved, "sato approved", () -> office.step(approved, "sato", office.body(StepKind.EXPORT, approved)));
        Case exported = office.step(office.desk.read(scoped.id()), "abe", office.body(StepKind.EXPORT, approved));
        refused(
                exported,
                "abe exports in this case",
                () -> office.step(exported, "abe", office.body(StepKind.APPROVE, exported)));
    }

    /** One person, two ids: by another spelling of the name, or by the same key. */
    @Test
    void nobodyIsRegisteredTwice() throws Exception {
        for (String spelling : List.of("k. sato", "K.  Sato", "\uff2b. Sato", "K. S\u200bato", " K. Sato ")) {
            assertTrue(
                    assertThrows(CaseRefusedException.class, () -> office.register("second", spelling, Role.OPERATOR))
                            .getMessage()
                            .contains("one person has one id"));
        }
        PersonSigner sameKey = PersonSigner.of(new dev.evidencevault.crypto.note.NoteSigner(
                new dev.evidencevault.crypto.note.NoteVerifier(
                        "second",
                        ((PersonKey.Ed25519) office.signer("sato").key())
                                .verifier()
                                .publicKey()),
                message -> new byte[64]));
        assertTrue(assertThrows(
                        CaseRefusedException.class,
                        () -> office.desk.register(
                                new Person("second", "Somebody", Set.of(Role.OPERATOR), sameKey.key())))
                .getMessage()
                .contains("the key is that of"));
        assertTrue(assertThrows(CaseRefusedException.class, () -> office.register("sato", "Somebody", Role.OPERATOR))
                .getMessage()
                .contains("another person's id"));
        assertEquals(5, office.desk.register().persons().size());
    }

    @Test
    void aSecondKeyOfOnePersonIsStillThatPerson() throws Exception {
        Case approved = office.reach(CaseState.APPROVED);
        PersonSigner second = CaseOffice.newSigner("sato");
        refused(
                approved,
                "nobody is registered with this key",
                () -> office.desk.step(
                        approved.id(), second, StepKind.EXPORT, (now, at) -> office.body(StepKind.EXPORT, now)));
        office.desk.register(new Person("sato", "K. Sato", Set.of(Role.OPERATOR), second.key()));
        Case then = office.desk.read(approved.id());
        refused(
                then,
                "sato approved",
                () -> office.desk.step(
                        approved.id(), second, StepKind.EXPORT, (now, at) -> office.body(StepKind.EXPORT, now)));
    }

    @Test
    void whoeverIsEndedSignsNoMoreAndWhatWasSignedStays() throws Exception {
        Case approved = office.reach(CaseState.APPROVED);
        office.desk.endPerson("hayashi", "left");
        assertThrows(CaseRefusedException.class, () -> office.desk.endPerson("hayashi", "left"));
        refused(approved, "nobody is registered", () -> office.step(approved, StepKind.EXPORT));
        assertEquals(
                CaseState.EXPORTED,
                office.step(office.desk.read(approved.id()), "mori", office.body(StepKind.EXPORT, approved))
                        .state());
    }

    @Test
    void anApprovalIsOfOneScopeAndExpires() throws Exception {
        Case scoped = office.reach(CaseState.SCOPED);
        refused(
                scoped,
                "not of the scope",
                () -> office.step(scoped, "sato", new Approved(digest("x"), office.now() + DAY, "x", false)));
        for (long expires : new long[] {office.now(), office.now() + 91 * DAY}) {
            Case before = office.desk.read(scoped.id());
            refused(
                    before,
                    "expires",
                    () -> office.step(
                            before,
                            "sato",
                            new Approved(before.scope().orElseThrow().digest(), expires, "x", false)));
        }
        Case approved = office.step(office.desk.read(scoped.id()), StepKind.APPROVE);
        office.clock.move(Duration.ofDays(7));
        assertEquals("approve: the approval has expired", approved.next(office.now()));
        refused(approved, "expired", () -> office.step(approved, StepKind.EXPORT));
        Case renewed = office.step(office.desk.read(scoped.id()), StepKind.APPROVE);
        office.step(renewed, StepKind.EXPORT);
    }

    @Test
    void anotherScopeNeedsAnotherApproval() throws Exception {
        Case approved = office.reach(CaseState.APPROVED);
        Case wider = office.step(approved, "hayashi", new Scoped(SCOPE.replace("[\"alice\"]", "[\"alice\",\"bob\"]")));
        assertEquals(CaseState.SCOPED, wider.state());
        refused(wider, "expected approve next", () -> office.step(wider, StepKind.EXPORT));
        Case again = office.step(office.desk.read(wider.id()), StepKind.APPROVE);
        refused(
                again,
                "not what was approved",
                () -> office.step(again, "hayashi", office.body(StepKind.EXPORT, approved)));
    }

    private Case emergency() throws Exception {
        Case scoped = office.step(
                office.reach(CaseState.REVIEWED), "hayashi", new Scoped(SCOPE.replace("K. Sato", "A. Mori")));
        refused(scoped, "needs the role", () -> office.step(scoped, "mori", office.body(StepKind.APPROVE, scoped)));
        Case before = office.desk.read(scoped.id());
        refused(
                before,
                "within 24 hours",
                () -> office.step(
                        before,
                        "mori",
                        new Approved(before.scope().orElseThrow().digest(), office.now() + DAY + 1, "danger", true)));
        return office.step(
                office.desk.read(scoped.id()),
                "mori",
                new Approved(before.scope().orElseThrow().digest(), office.now() + DAY, "danger", true));
    }

    @Test
    void anEmergencyApprovalIsConfirmedByAThirdPerson() throws Exception {
        Case approved = emergency();
        Case exported = office.step(approved, StepKind.EXPORT);
        assertTrue(exported.next(office.now()).startsWith("confirm by 2026-06-11T09:00:00"));
        Confirmed confirmation =
                new Confirmed(exported.unconfirmed().orElseThrow().digest());
        office.register("mori", "A. Mori", Role.OFFICER, Role.APPROVER);
        office.register("hayashi", "H. Hayashi", Role.OPERATOR, Role.APPROVER);
        for (String person : List.of("mori", "hayashi")) {
            Case before = office.desk.read(exported.id());
            refused(before, "took part in it", () -> office.step(before, person, confirmation));
        }
        Case before = office.desk.read(exported.id());
        refused(before, "no such emergency", () -> office.step(before, "abe", new Confirmed(digest("x"))));
        Case last = office.desk.read(exported.id());
        refused(last, "is to be confirmed first", () -> office.step(last, StepKind.CLOSE));
        Case confirmed = office.step(office.desk.read(exported.id()), "abe", confirmation);
        assertTrue(confirmed.unconfirmed().isEmpty());
        refused(confirmed, "no such emergency", () -> office.step(confirmed, "sato", confirmation));
        Case further = office.desk.read(exported.id());
        refused(further, "abe approved", () -> office.step(further, "abe", office.body(StepKind.EXPORT, further)));
        office.clock.move(Duration.ofDays(3));
        office.step(office.desk.read(exported.id()), StepKind.SEAL);
    }

    @Test
    void withoutConfirmationEverythingAfterADayIsRefused() throws Exception {
        Case exported = office.step(emergency(), StepKind.EXPORT);
        office.clock.move(Duration.ofHours(24).minusNanos(1));
        assertFalse(exported.isOverdue(office.now()));
        office.clock.move(Duration.ofNanos(1));
        assertTrue(exported.isOverdue(office.now()));
        assertTrue(exported.next(office.now()).startsWith("overdue"));
        for (StepKind kind : List.of(StepKind.CONFIRM, StepKind.SEAL, StepKind.HOLD, StepKind.CLOSE, StepKind.EXPORT)) {
            Case before = office.desk.read(exported.id());
            refused(before, "had to be confirmed by", () -> office.step(before, kind));
        }
    }

    @ParameterizedTest
    @CsvSource({"sealed, passed, ACKNOWLEDGED", "sealed, failed, HANDED_OVER", "other, passed, HANDED_OVER"})
    void onlyAGoodAcknowledgementEndsIt(String seen, String result, CaseState expected) throws Exception {
        Case given = office.reach(CaseState.HANDED_OVER);
        Case then = office.step(given, "mori", new Acknowledged(digest(seen), result, null));
        assertEquals(expected, then.state());
        if (expected == CaseState.HANDED_OVER) {
            refused(
                    then,
                    "once the recipient has acknowledged",
                    () -> office.step(then, "mori", new Closed(true, "done")));
            office.step(office.desk.read(given.id()), StepKind.HANDOVER);
        }
    }

    @Test
    void whatIsSealedAndHandedOverIsWhatWasExported() throws Exception {
        Case exported = office.reach(CaseState.EXPORTED);
        refused(
                exported,
                "not the bundle",
                () -> office.step(exported, "mori", new StepBody.BundleSealed(digest("x"), digest("y"), 1, "r")));
        Case sealed = office.step(office.desk.read(exported.id()), StepKind.SEAL);
        refused(
                sealed,
                "not the file",
                () -> office.step(sealed, "mori", new StepBody.HandedOver(digest("x"), "Ono", "online", null)));
        assertThrows(IllegalArgumentException.class, () -> new Acknowledged(digest("x"), "good", null));
    }

    @Test
    void holdsAreExtendedAndReleasedByTwo() throws Exception {
        Case opened = office.open();
        Case held = office.step(opened, StepKind.HOLD);
        long number = held.last().number();
        long until = held.holds().get(0).until();
        refused(held, "runs until", () -> office.step(held, StepKind.CLOSE));
        refusedOnHold(held, new HoldExtended(number, until, "x"), "expected an end after");
        refusedOnHold(held, new HoldExtended(99, until + 1, "x"), "no hold was placed");
        refusedOnHold(held, new HoldPlaced(office.now() + 1, until, false, "x"), "not later than now");
        refusedOnHold(held, new HoldPlaced(office.now(), office.now(), false, "x"), "expected an end after");
        refusedOnHold(held, new HoldPlaced(office.now(), office.now() + 3661 * DAY, false, "x"), "ten years");
        Case extended = office.step(read(held), "mori", new HoldExtended(number, until + DAY, "x"));
        assertEquals(until + DAY, extended.holds().get(0).until());
        Case asked = office.step(extended, "abe", new ReleaseAsked(number, "no longer needed"));
        long release = asked.last().number();
        assertTrue(asked.holds().get(0).isActive(office.now()), "asking ends nothing");
        refusedBy("abe", asked, new ReleaseGranted(number, release), "another person has to grant it");
        refusedBy("mori", asked, new ReleaseGranted(number, release), "needs the role approver");
        refusedBy("sato", asked, new ReleaseGranted(number, release - 1), "does not ask");
        Case released = office.step(read(held), "sato", new ReleaseGranted(number, release));
        assertFalse(released.holds().get(0).isActive(office.now()));
        refusedOnHold(released, new HoldExtended(number, until + 2 * DAY, "x"), "has ended");
        office.step(read(held), StepKind.CLOSE);
    }

    private Case read(Case each) throws Exception {
        return office.desk.read(each.id());
    }

    private void refusedOnHold(Case each, StepBody body, String reason) throws Exception {
        refusedBy("mori", each, body, reason);
    }

    private void refusedBy(String person, Case each, StepBody body, String reason) throws Exception {
        Case before = read(each);
        refused(before, reason, () -> office.step(before, person, body));
    }

    @Test
    void aHoldEndsByItself() throws Exception {
        Case held = office.step(office.open(), StepKind.HOLD);
        office.clock.move(Duration.ofDays(30));
        office.step(held, StepKind.CLOSE);
    }

    @Test
    void whatStopsRemovalIsAskedOnce() throws Exception {
        long asOf = office.now();
        Case held = office.step(office.open(), "mori", new HoldPlaced(asOf, asOf + 30 * DAY, true, "preservation"));
        Holds holds = Holds.read(office.desk);
        String message = assertThrows(
                        HeldException.class, () -> holds.requireNone("acme", "the shredding", office.now()))
                .getMessage();
        assertTrue(
                message.contains("the shredding is refused")
                        && message.contains(held.id().text()),
                message);
        holds.requireNone(SmallVault.OTHER_TENANT, "the shredding", office.now());
        holds.requireNone("acme", "the retention", asOf, office.now());
        assertThrows(HeldException.class, () -> holds.requireNone("acme", "the retention", asOf - 1, office.now()));
        holds.requireNone("acme", "the shredding", asOf + 30 * DAY);
        assertEquals(1, holds.active("acme", office.now()).size());
    }

    @Test
    void whetherTheTenantMayKnow() throws Exception {
        Case opened = office.open();
        assertFalse(opened.mayBeTold(Long.MAX_VALUE - 1), "nobody has decided");
        long until = office.now() + 5 * DAY;
        refused(
                opened,
                "later than now",
                () -> office.step(opened, "ito", new Reviewed("x", Notice.of("deferred", office.now()), null, null)));
        Case deferred = office.step(read(opened), "ito", new Reviewed("x", Notice.of("deferred", until), null, null));
        assertFalse(deferred.mayBeTold(until - 1));
        assertTrue(deferred.mayBeTold(until));
        Case prohibited = office.step(deferred, StepKind.NOTICE);
        assertFalse(prohibited.mayBeTold(Long.MAX_VALUE - 1));
        Case allowed =
                office.step(prohibited, "ito", new NoticeChanged(Notice.of("allowed", null), "the court agreed"));
        assertTrue(allowed.mayBeTold(office.now()));
        Case secret = office.step(allowed, "mori", new HoldPlaced(office.now(), until, true, "x"));
        assertFalse(secret.mayBeTold(until - 1));
        assertTrue(secret.mayBeTold(until));
        assertThrows(IllegalArgumentException.class, () -> Notice.of("deferred", null));
        assertThrows(IllegalArgumentException.class, () -> Notice.of("allowed", 1L));
        assertThrows(IllegalArgumentException.class, () -> Notice.of("undecided", null));
    }

    @Test
    void theDeadlineIsWatched() throws Exception {
        Case opened = office.open();
        office.clock.move(Duration.ofDays(10));
        assertTrue(opened.isLate(office.now()));
        assertFalse(office.reachFrom(opened, CaseState.HANDED_OVER).isLate(office.now()));
    }

    @Test
    void aClockThatIsFarBehindIsRefused() throws Exception {
        Case opened = office.open();
        office.clock.move(Duration.ofSeconds(-30));
        Case reviewed = office.step(opened, StepKind.REVIEW);
        assertEquals(opened.last().at(), reviewed.last().at());
        office.clock.move(Duration.ofSeconds(-31));
        refused(reviewed, "set the clock", () -> office.step(reviewed, StepKind.SCOPE));
    }
}
