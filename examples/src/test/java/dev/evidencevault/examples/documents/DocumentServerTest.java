package dev.evidencevault.examples.documents;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.examples.documents.RunningServer.Answer;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.reader.VaultReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DocumentServerTest {
    private static final String PLAN = "/tenants/acme/documents/plan";

    @TempDir
    private Path parent;

    private Path vault;

    @BeforeEach
    void nameVault() {
        vault = parent.resolve("vault");
    }

    /** Documents that fail where they are told to. */
    private static final class FailingDocuments implements Documents {
        private final Documents documents = Documents.inMemory();
        private final AtomicReference<String> failing = new AtomicReference<>("");

        private void tryTo(String verb) {
            if (failing.get().equals(verb)) {
                throw new IllegalStateException("secret detail of the failure");
            }
        }

        @Override
        public Optional<String> read(String tenant, String id) {
            tryTo("read");
            return documents.read(tenant, id);
        }

        @Override
        public void write(String tenant, String id, String text) {
            tryTo("write");
            documents.write(tenant, id, text);
        }

        @Override
        public void delete(String tenant, String id) {
            tryTo("delete");
            documents.delete(tenant, id);
        }
    }

    private LogRecord onlyEvent(String log, Answer answer) throws Exception {
        List<LogRecord> events = RunningServer.events(vault, log).stream()
                .filter(record -> record.id().equals(answer.id()))
                .toList();
        assertEquals(1, events.size(), log);
        return events.get(0);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                // token, method, path, status, log, action, actor
                "-,GET,/tenants/acme/documents/plan,401,acme,document.read,-",
                "bad,GET,/tenants/acme/documents/plan,401,acme,document.read,-",
                "bad,GET,/tenants/nobody/documents/plan,401,provider,document.read,-",
                "-,GET,/,401,provider,request.unknown,-",
                "a1,GET,/,404,acme,request.unknown,alice@acme",
                "a1,POST,/tenants/acme/documents/plan,404,acme,request.unknown,alice@acme",
                "a1,GET,/tenants/acme/documents/a%20b,404,acme,request.unknown,alice@acme",
                "a1,GET,/tenants/umbrella/documents/plan,403,acme,document.read,alice@acme",
                "a1,PUT,/tenants/nobody/documents/plan,403,acme,document.write,alice@acme",
                "a1,GET,/tenants/provider/documents/plan,403,acme,document.read,alice@acme",
                "a1,GET,/support/tenants/acme/documents/plan,403,acme,support.document.read,alice@acme",
                "a1,POST,/tenants/acme/members/stranger/role,404,acme,member.role.change,alice@acme",
                "a1,POST,/tenants/umbrella/members/birkin@umbrella/role,403,acme,member.role.change,alice@acme",
                "op,GET,/tenants/acme/documents/plan,403,acme,document.read,olga@provider",
                "op,GET,/support/tenants/acme/documents/plan,403,acme,support.document.read,olga@provider",
                "op,GET,/support/tenants/nobody/documents/plan,404,provider,support.document.read,olga@provider",
                "op,GET,/x,404,provider,request.unknown,olga@provider",
            })
    void whatIsRefusedIsRecordedToo(
            String token, String method, String path, int status, String log, String action, String actor)
            throws Exception {
        Answer answer;
        try (RunningServer server = RunningServer.start(vault)) {
            answer = server.send(token == null ? "" : token, method, path, "admin");
        }
        assertEquals(status, answer.status());
        LogRecord event = onlyEvent(log, answer);
        assertEquals(action, event.action());
        assertEquals("failure", event.outcome());
        assertEquals(actor == null ? List.of() : List.of(actor), event.actorIds());
        int events = 0;
        for (String tenant : VaultReader.open(vault, RunningServer.SECRET).tenants()) {
            events += RunningServer.events(vault, tenant).size();
        }
        assertEquals(1, events);
        assertEquals(
                Set.of("acme", "initech", "umbrella", "provider"),
                VaultReader.open(vault, RunningServer.SECRET).tenants());
    }

    @Test
    void anOperatorReadsUnderATicketForAMember() throws Exception {
        Answer read;
        Answer stranger;
        try (RunningServer server = RunningServer.start(vault)) {
            server.send("a1", "PUT", PLAN, "secret plan");
            read = server.support("acme", "plan", "T-17", "bob@acme");
            stranger = server.support("acme", "plan", "T-17", "wesker@umbrella");
        }
        assertEquals("secret plan", read.text());
        assertEquals(
                List.of("olga@provider", "bob@acme"), onlyEvent("acme", read).actorIds());
        assertEquals(403, stranger.status());
        LogRecord refused = onlyEvent("acme", stranger);
        assertEquals(List.of("olga@provider"), refused.actorIds());
        assertTrue(refused.privileged());
        assertEquals("T-17", refused.json().path("privilege").path("ticket").asText());
    }

    @Test
    void aRoleTakesEffect() throws Exception {
        String bob = "/tenants/acme/members/bob@acme/role";
        try (RunningServer server = RunningServer.start(vault)) {
            assertEquals(403, server.send("a2", "POST", bob, "admin").status());
            assertEquals(400, server.send("a1", "POST", bob, "king").status());
            assertEquals(204, server.send("a1", "POST", bob, "admin").status());
            assertEquals(204, server.send("a2", "POST", bob, "member").status());
            assertEquals(403, server.send("a2", "POST", bob, "admin").status());
        }
        assertEquals(
                List.of(false, true, true, true, false),
                RunningServer.events(vault, "acme").stream()
                        .map(LogRecord::privileged)
                        .toList());
    }

    @Test
    void aTextThatIsTooLongIsRefused() throws Exception {
        Answer largest;
        Answer larger;
        try (RunningServer server = RunningServer.start(vault)) {
            largest = server.send("a1", "PUT", PLAN, "x".repeat(HttpFront.BODY_BYTES_MAX));
            larger = server.send("a1", "PUT", PLAN, "x".repeat(HttpFront.BODY_BYTES_MAX + 1));
        }
        assertEquals(201, largest.status());
        assertEquals(413, larger.status());
        assertEquals("failure", onlyEvent("acme", larger).outcome());
    }

    @Test
    void aFailureIsRecordedWithoutItsDetails() throws Exception {
        FailingDocuments documents = new FailingDocuments();
        documents.failing.set("read");
        Answer answer;
        try (RunningServer server = RunningServer.start(vault, RunningServer.options(), documents)) {
            answer = server.send("a1", "GET", PLAN, "");
        }
        assertEquals(500, answer.status());
        assertFalse(answer.text().contains("secret"));
        LogRecord event = onlyEvent("acme", answer);
        assertEquals("failure", event.outcome());
        assertEquals(
                IllegalStateException.class.getName(),
                event.json().path("reason").asText());
    }

    @Test
    void anActThatFailsAfterItWasRecordedIsCorrected() throws Exception {
        FailingDocuments documents = new FailingDocuments();
        documents.failing.set("write");
        Answer answer;
        try (RunningServer server = RunningServer.start(vault, RunningServer.options(), documents)) {
            answer = server.send("a1", "PUT", PLAN, "text");
        }
        assertEquals(500, answer.status());
        assertEquals("success", onlyEvent("acme", answer).outcome());
        LogRecord correction = RunningServer.events(vault, "acme").get(1);
        assertEquals("failure", correction.outcome());
        assertEquals(answer.id(), correction.json().path("sharedEventId").asText());
    }

    @Test
    void withoutEvidenceNothingIsDoneOrTold() throws Exception {
        FailingSync storage = new FailingSync();
        Documents documents = Documents.inMemory();
        RunningServer server = RunningServer.start(vault, RunningServer.options(storage), documents);
        try {
            assertEquals(201, server.send("a1", "PUT", PLAN, "first").status());
            storage.failFromNowOn();

            assertEquals(503, server.send("a1", "PUT", PLAN, "second").status());
            assertEquals(503, server.send("a1", "DELETE", PLAN, "").status());
            Answer read = server.send("a1", "GET", PLAN, "");
            assertEquals(503, read.status());
            assertFalse(read.text().contains("first"));
            assertEquals(Optional.of("first"), documents.read("acme", "plan"));
        } finally {
            assertThrows(IOException.class, server::close);
        }

        Answer later;
        try (RunningServer reopened = RunningServer.start(vault, RunningServer.options(), documents)) {
            later = reopened.send("a1", "GET", PLAN, "");
        }
        assertEquals(200, later.status());
        assertEquals("success", onlyEvent("acme", later).outcome());
        assertEquals(
                "document.write", RunningServer.events(vault, "acme").get(0).action());
        RunningServer.verify(vault);
    }
}
