package dev.evidencevault.evidence;

import dev.evidencevault.Actor;
import dev.evidencevault.Event;
import dev.evidencevault.SmallVault;
import dev.evidencevault.Vault;
import dev.evidencevault.cases.Case;
import dev.evidencevault.cases.CaseOffice;
import dev.evidencevault.cases.StepBody.Redacted;
import dev.evidencevault.cases.StepBody.Scoped;
import dev.evidencevault.cases.StepKind;
import dev.evidencevault.crypto.note.CheckpointSigner;
import dev.evidencevault.reader.VaultReader;
import dev.evidencevault.redaction.FieldPath;
import dev.evidencevault.verify.VaultVerifier;
import dev.evidencevault.verify.VerificationReport;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/** A vault that commits to events by fields, with six events of one actor, and bundles of it from which something is withheld. */
final class RedactedVault {
    static final String SECRET = "Secret-Patient-4711";
    private static final String IMPORTED = "{\"who\":\"alice\",\"note\":\"" + SECRET + "\"}";

    private final CaseOffice office;
    private int orders;

    private RedactedVault(CaseOffice office) {
        this.office = office;
    }

    static RedactedVault write(Path vault) throws Exception {
        try (Vault open =
                Vault.create(vault, SmallVault.SECRET, CaseOffice.options().withRedactable(true))) {
            append(open, 1, event("record.read").details("{\"patient\" : \"" + SECRET + "\" ,\"ward\":[1, 2]}"));
            append(open, 2, event("record.read").reason("because of " + SECRET).details("{\"ward\":3}"));
            append(open, 3, event("record.write").details(many(101)));
            open.seal();
            append(open, 4, event("record.read").original(IMPORTED).details("{\"patient\":\"" + SECRET + "\"}"));
            append(
                    open,
                    5,
                    event("record.read")
                            .target("record", "doc-1")
                            .target("record", SECRET)
                            .sourceIp("10.0.0.1"));
            append(open, 6, event("record.read").original("{\"n\":1}").details("{}"));
        }
        return new RedactedVault(CaseOffice.of(vault));
    }

    private static Event.Builder event(String action) {
        return Event.of(action).service("files").actor(Actor.tenant("alice")).outcome(Event.Outcome.SUCCESS);
    }

    private static String many(int members) {
        StringBuilder json = new StringBuilder("{\"patient\":\"" + SECRET + "\"");
        for (int i = 1; i < members; i++) {
            json.append(",\"m").append(i).append("\":").append(i);
        }
        return json.append('}').toString();
    }

    private static void append(Vault vault, int day, Event.Builder event) throws Exception {
        vault.tenant("acme")
                .appendAndWait(event.id("event-" + day)
                        .occurredAt(Instant.parse("2026-05-0" + day + "T12:00:00Z"))
                        .build());
    }

    CheckpointSigner signer() {
        return office.unlocked.checkpointSigner();
    }

    /** Verifies the vault with its keys. */
    VerificationReport verified() throws Exception {
        return new VaultVerifier(null, null).verify(office.unlocked);
    }

    /** Returns the proof of one of the events. */
    byte[] proof(long seq) throws Exception {
        VaultReader reader = VaultReader.of(office.unlocked);
        return new RecordProofs(reader)
                .of(reader.tenant("acme").orElseThrow(), seq)
                .orElseThrow()
                .format();
    }

    /** Returns what withholds the secret wherever it stands, and something that no record has. */
    static Redacted[] some() {
        return new Redacted[] {
            redact("", "/details/patient", "/targets/1"), redact("1", "/reason"), redact("", "/actor/session")
        };
    }

    /** Returns what withholds some paths, of one record if its seq is given, else of all. */
    static Redacted redact(String record, String... paths) {
        return new Redacted(
                Arrays.stream(paths).map(FieldPath::parse).toList(),
                record.isEmpty() ? List.of() : List.of(Long.valueOf(record)),
                "health of a third person",
                "H. Hayashi");
    }

    /** Exports all events of the actor in a case of its own. */
    ForgedBundle exported(Path out, Redacted... redactions) throws Exception {
        return exported(out, CaseOffice.SCOPE, redactions);
    }

    /** Exports what was recorded of the actor, by the time at which that was, in a case of its own. */
    ForgedBundle exportedRange(Path out, Redacted... redactions) throws Exception {
        String scope =
                CaseOffice.SCOPE.replace("\"to\":\"2026-06-01\"", "\"to\":\"2099-01-01\",\"clock\":\"recorded\"");
        return exported(out, scope, redactions);
    }

    private ForgedBundle exported(Path out, String scope, Redacted... redactions) throws Exception {
        String number = "redacted " + orders++;
        Case approved = office.desk.open(office.signer("mori"), office.opening(number));
        approved = office.step(approved, StepKind.REVIEW);
        approved = office.step(approved, "hayashi", new Scoped(scope.replace("417", number)));
        for (Redacted redaction : redactions) {
            approved = office.step(approved, "hayashi", redaction);
        }
        approved = office.step(approved, StepKind.APPROVE);
        new CaseExport(office.unlocked, office.desk, office.clock)
                .export(approved.id(), office.signer("hayashi"), out, false);
        return ForgedBundle.of(out, signer());
    }
}
