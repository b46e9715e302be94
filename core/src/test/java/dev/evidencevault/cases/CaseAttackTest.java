package dev.evidencevault.cases;

import static dev.evidencevault.cases.CaseOffice.digest;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.LogId;
import dev.evidencevault.storage.UnsyncedStorage;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Steps that somebody changes, removes, moves or makes up, with or without the vault's key. */
class CaseAttackTest {
    @TempDir
    private Path directory;

    private CaseOffice office;
    private Case here;

    @BeforeEach
    void makeCase() throws Exception {
        office = new CaseOffice(directory.resolve("vault"));
        here = office.reach(CaseState.EXPORTED);
    }

    private Path file(long number) {
        return new CaseFiles(office.unlocked).file(here.id(), number);
    }

    /** What whoever has only the disk can do. */
    private void requireCorrupt(String problem) {
        CorruptFileException e = assertThrows(CorruptFileException.class, () -> office.desk.read(here.id()));
        assertTrue(e.problem().contains(problem), e.problem());
        assertThrows(CorruptFileException.class, () -> Holds.read(office.desk), "and nothing may be removed");
    }

    @Test
    void anAlteredFile() throws Exception {
        byte[] bytes = Files.readAllBytes(file(4));
        bytes[bytes.length / 2] ^= 1;
        Files.write(file(4), bytes);
        requireCorrupt("does not decrypt here");
    }

    @Test
    void aRemovedFile() throws Exception {
        Files.delete(file(2));
        requireCorrupt("the step is missing");
    }

    @Test
    void swappedFiles() throws Exception {
        byte[] third = Files.readAllBytes(file(3));
        Files.copy(file(2), file(3), StandardCopyOption.REPLACE_EXISTING);
        Files.write(file(2), third);
        requireCorrupt("does not decrypt here");
    }

    @Test
    void aFileOfAnotherCase() throws Exception {
        office.step(here, StepKind.CLOSE);
        Case other = office.reach(CaseState.SCOPED);
        CaseFiles files = new CaseFiles(office.unlocked);
        Files.copy(file(4), files.file(other.id(), 4));
        assertTrue(assertThrows(CorruptFileException.class, () -> office.desk.read(other.id()))
                .problem()
                .contains("of another case"));
    }

    /** What whoever has the vault's key, and so can encrypt files, can do. */
    private void forge(List<CaseStep> steps, String problem) {
        BrokenCaseException e = assertThrows(
                BrokenCaseException.class,
                () -> Case.verify(
                        office.unlocked.settings().vaultId(),
                        office.unlocked.settings().keys(),
                        office.desk.register(),
                        here.id(),
                        steps));
        assertTrue(e.getMessage().contains(problem), e.getMessage());
    }

    private static CaseStep signed(CaseStep.Head head, StepBody body, PersonSigner signer) {
        return CaseStep.parse(signer.sign(CaseStep.text(head, body)).format());
    }

    /** The same step with another text under the old signature. */
    private static CaseStep altered(CaseStep step, String what, String by) {
        String text = step.note().text();
        assertTrue(text.contains(what), text);
        return CaseStep.parse(new SignedNote(text.replace(what, by), step.note().signatures()).format());
    }

    private List<CaseStep> with(int index, CaseStep step) {
        List<CaseStep> steps = new ArrayList<>(here.steps());
        steps.set(index, step);
        return steps;
    }

    @Test
    void anAlteredStep() {
        CaseStep last = here.last();
        forge(with(4, altered(last, "\"records\":4", "\"records\":3")), "is not signed with the key");
        forge(with(1, altered(here.steps().get(1), "Art. 99", "Art. 98")), "is not signed with the key");
    }

    @Test
    void anAlteredStepThatIsSignedAnew() throws Exception {
        CaseStep second = here.steps().get(1);
        CaseStep again = signed(
                second.head(),
                new StepBody.Reviewed("Art. 98", Notice.of("allowed", null), null, null),
                office.signer("ito"));
        forge(with(1, again), "expected the digest of the step before");
    }

    @Test
    void aRemovedOrSwappedStep() {
        List<CaseStep> removed = new ArrayList<>(here.steps());
        removed.remove(2);
        forge(removed, "expected this number");
        List<CaseStep> swapped = new ArrayList<>(here.steps());
        swapped.set(1, here.steps().get(2));
        swapped.set(2, here.steps().get(1));
        forge(swapped, "expected this number");
        forge(here.steps().subList(1, 5), "expected this number");
        forge(List.of(), "no step");
    }

    @Test
    void anApprovalThatIsPlayedAgain() throws Exception {
        CaseStep approval = here.steps().get(3);
        office.step(here, StepKind.CLOSE);
        Case other = office.reach(CaseState.SCOPED);
        List<CaseStep> steps = new ArrayList<>(other.steps());
        steps.add(approval);
        BrokenCaseException e = assertThrows(
                BrokenCaseException.class,
                () -> Case.verify(
                        office.unlocked.settings().vaultId(),
                        office.unlocked.settings().keys(),
                        office.desk.register(),
                        other.id(),
                        steps));
        assertTrue(e.getMessage().contains("found one of " + here.id()), e.getMessage());
        CaseStep moved = altered(approval, here.id().text(), other.id().text());
        steps.set(
                3,
                altered(
                        moved,
                        approval.head().previous().hex(),
                        other.last().digest().hex()));
        e = assertThrows(
                BrokenCaseException.class,
                () -> Case.verify(
                        office.unlocked.settings().vaultId(),
                        office.unlocked.settings().keys(),
                        office.desk.register(),
                        other.id(),
                        steps));
        assertTrue(e.getMessage().contains("is not signed with the key"), e.getMessage());
    }

    @Test
    void aStepOfAnotherVault() throws Exception {
        CaseStep first = here.steps().get(0);
        CaseStep.Head head = first.head();
        CaseStep elsewhere = signed(
                new CaseStep.Head(
                        LogId.random(new SecureRandom()),
                        head.id(),
                        1,
                        null,
                        head.register(),
                        head.at(),
                        head.person()),
                first.body(),
                office.signer("mori"));
        forge(with(0, elsewhere), "expected a step of vault");
    }

    @Test
    void aStepThatTheRulesRefuseAndThatItsSignerMadeAllTheSame() throws Exception {
        CaseStep approval = here.steps().get(3);
        forge(
                with(3, signed(approval.head(), approval.body(), office.signer("hayashi"))),
                "is not signed with the key");
        CaseStep.Head own = new CaseStep.Head(
                approval.head().vault(),
                here.id(),
                4,
                approval.head().previous(),
                approval.head().register(),
                approval.at(),
                "hayashi");
        forge(with(3, signed(own, approval.body(), office.signer("hayashi"))), "needs the role approver");
        CaseStep export = here.last();
        CaseStep.Head late = new CaseStep.Head(
                export.head().vault(),
                here.id(),
                5,
                export.head().previous(),
                export.head().register(),
                export.at() + 8 * CaseOffice.DAY,
                "hayashi");
        forge(with(4, signed(late, export.body(), office.signer("hayashi"))), "expired");
    }

    @Test
    void aBackDatedStep() throws Exception {
        CaseStep export = here.last();
        CaseStep.Head early = new CaseStep.Head(
                export.head().vault(),
                here.id(),
                5,
                export.head().previous(),
                export.head().register(),
                export.at() - 1,
                "hayashi");
        forge(with(4, signed(early, export.body(), office.signer("hayashi"))), "before the step before it");
    }

    /** Whoever was given another key cannot use the old one, by naming the register as it was. */
    @Test
    void aKeyThatWasReplaced() throws Exception {
        PersonSigner old = office.signer("hayashi");
        office.clock.move(Duration.ofHours(1));
        office.desk.register(new Person(
                "hayashi",
                "H. Hayashi",
                Set.of(Role.OPERATOR),
                CaseOffice.newSigner("hayashi").key()));
        office.clock.move(Duration.ofHours(1));
        CaseStep export = here.last();
        CaseStep.Head stale = new CaseStep.Head(
                export.head().vault(),
                here.id(),
                6,
                export.digest(),
                export.head().register(),
                office.now(),
                "hayashi");
        List<CaseStep> steps = new ArrayList<>(here.steps());
        steps.add(signed(stale, export.body(), old));
        forge(steps, "was not the last one at its time");
        CaseStep.Head fresh = new CaseStep.Head(
                export.head().vault(),
                here.id(),
                6,
                export.digest(),
                office.desk.register().last().orElseThrow().digest(),
                office.now(),
                "hayashi");
        steps.set(5, signed(fresh, export.body(), old));
        forge(steps, "is not signed with the key");
        assertEquals(here.steps(), office.desk.read(here.id()).steps(), "what the old key signed before stays good");
    }

    /** Whoever holds the vault's key writes the register anew, with another key for a person. */
    @Test
    void aRegisterThatWasWrittenAnew() throws Exception {
        CaseOffice other = new CaseOffice(office.vault, new UnsyncedStorage());
        CaseFiles files = new CaseFiles(office.unlocked);
        int count = files.count(CaseId.REGISTER);
        for (int number = 1; number <= count; number++) {
            Files.delete(files.file(CaseId.REGISTER, number));
        }
        Files.delete(files.file(CaseId.REGISTER, 1).getParent());
        other.register("hayashi", "H. Hayashi", Role.OPERATOR);
        CorruptFileException e = assertThrows(CorruptFileException.class, () -> office.desk.read(here.id()));
        assertTrue(e.problem().contains("was not the last one at its time"), e.problem());
    }

    @Test
    void aRegisterThatSomebodyElseSigned() throws Exception {
        List<CaseStep> register = new ArrayList<>(office.desk.register().steps());
        CaseStep last = register.get(register.size() - 1);
        register.set(register.size() - 1, signed(last.head(), last.body(), office.signer("mori")));
        BrokenCaseException e = assertThrows(
                BrokenCaseException.class,
                () -> PersonRegister.verify(
                        office.unlocked.settings().vaultId(),
                        office.unlocked.settings().keys(),
                        register));
        assertTrue(e.getMessage().contains("not signed with the vault's key"), e.getMessage());
    }

    @Test
    void aRefusalThatNobodyRefused() throws Exception {
        CaseStep.Head head = new CaseStep.Head(
                here.last().head().vault(),
                here.id(),
                6,
                here.last().digest(),
                here.last().head().register(),
                office.now(),
                "hayashi");
        List<CaseStep> steps = new ArrayList<>(here.steps());
        steps.add(signed(head, new StepBody.Refused(StepKind.EXPORT, "no"), office.signer("hayashi")));
        forge(steps, "not signed with the vault's key");
    }

    @Test
    void aStepIsNeverOverwritten() throws Exception {
        byte[] before = Files.readAllBytes(file(5));
        assertThrows(
                FileAlreadyExistsException.class,
                () -> new CaseFiles(office.unlocked).write(here.last(), new UnsyncedStorage()));
        assertArrayEquals(before, Files.readAllBytes(file(5)));
    }

    @Test
    void twoWhoWriteAtOnceGetTwoNumbers() throws Exception {
        List<Thread> threads = new ArrayList<>();
        List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < 4; i++) {
            CaseOffice other = new CaseOffice(office.vault, office);
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    other.step(here, StepKind.NOTICE);
                } catch (Exception e) {
                    failures.add(e);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(List.of(), failures);
        assertEquals(
                here.steps().size() + 4, office.desk.read(here.id()).steps().size());
    }

    @Test
    void aSpellingOfItsOwn() {
        CaseStep step = here.steps().get(1);
        for (String[] change : new String[][] {
            {"{\"v\":1,", "{\"v\": 1,"},
            {"{\"v\":1,", "{\"v\":2,"},
            {"case-step/v1", "case-step/v2"},
            {"\"kind\":\"review\"", "\"kind\":\"reviewed\""},
            {"\"kind\":\"review\"", "\"kind\":\"redact\""},
            {"\"kind\":\"review\"", "\"kind\":\"notice\""},
            {"\"step\":2,", "\"step\":2,\"step\":2,"},
            {"\"step\":2,", "\"step\":0,"},
            {"\"step\":2,", "\"step\":100001,"},
            {"\"notice\":\"allowed\"", "\"notice\":\"undecided\""},
            {"\"notice\":\"allowed\"", "\"notice\":\"deferred\""},
            {"\"fee\":", "\"cost\":"},
            {"\"legalBasis\":\"Art. 99\"", "\"legalBasis\":\"\""},
            {"\"legalBasis\":\"Art. 99\"", "\"legalBasis\":\"" + "x".repeat(1001) + "\""},
            {"\"legalBasis\":\"Art. 99\"", "\"legalBasis\":\"a\\u0007\""},
            {"\"legalBasis\":\"Art. 99\",", ""},
            {".000000000Z", "Z"},
        }) {
            assertThrows(IllegalArgumentException.class, () -> altered(step, change[0], change[1]), change[1]);
        }
        byte[] note = step.note().format();
        byte[] two = (new String(note, StandardCharsets.UTF_8)
                        + new String(note, StandardCharsets.UTF_8)
                                .lines()
                                .reduce((a, b) -> b)
                                .orElseThrow() + "\n")
                .getBytes(StandardCharsets.UTF_8);
        assertThrows(IllegalArgumentException.class, () -> CaseStep.parse(two), "two signatures");
        assertEquals(step, CaseStep.parse(note));
        assertFalse(digest("x").equals(step.digest()));
    }
}
