package dev.evidencevault.examples.documents;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.bundle.BundleFiles;
import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.cases.Order;
import dev.evidencevault.evidence.EvidenceExport;
import dev.evidencevault.examples.documents.RunningServer.Answer;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.reader.VaultReader;
import dev.evidencevault.verify.BundleVerifier;
import dev.evidencevault.verify.Verdict;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left after several tenants and an operator used the service at the same time. */
class EvidenceOfServiceTest {
    private static final int ROUNDS = 10;
    private static final Map<String, List<String>> MEMBERS = Map.of(
            "acme", List.of("a1", "alice@acme", "a2", "bob@acme"),
            "umbrella", List.of("u1", "wesker@umbrella", "u2", "birkin@umbrella"),
            "initech", List.of("i1", "lumbergh@initech", "i2", "milton@initech"));

    @TempDir
    private static Path parent;

    private static Path vault;
    private static final Map<String, List<Expected>> EXPECTED = new TreeMap<>();

    /** What the log has to hold of a request. */
    private record Expected(String id, String actor, boolean privileged, String action, String outcome) {
        static Expected of(LogRecord record) {
            return new Expected(
                    record.id(),
                    record.json().path("actor").path("id").asText(),
                    record.privileged(),
                    record.action(),
                    record.outcome());
        }

        static Expected of(Answer answer, int status, String actor, boolean privileged, String action) {
            assertEquals(status, answer.status(), answer.text());
            return new Expected(answer.id(), actor, privileged, action, status < 400 ? "success" : "failure");
        }
    }

    @BeforeAll
    static void useTheService() throws Exception {
        vault = parent.resolve("vault");
        try (RunningServer server = RunningServer.start(vault);
                ExecutorService threads = Executors.newCachedThreadPool()) {
            Map<String, List<Future<List<Expected>>>> running = new TreeMap<>();
            MEMBERS.forEach((tenant, people) -> {
                List<Callable<List<Expected>>> scripts = List.of(
                        () -> admin(server, tenant, people.get(0), people.get(1), people.get(3)),
                        () -> member(server, tenant, people.get(2), people.get(3)),
                        () -> operator(server, tenant, people.get(3)));
                running.put(tenant, scripts.stream().map(threads::submit).toList());
            });
            for (Map.Entry<String, List<Future<List<Expected>>>> entry : running.entrySet()) {
                List<Expected> expected = new ArrayList<>();
                for (Future<List<Expected>> script : entry.getValue()) {
                    expected.addAll(script.get());
                }
                EXPECTED.put(entry.getKey(), expected);
            }
        }
        RunningServer.verify(vault);
    }

    private static List<Expected> admin(RunningServer server, String tenant, String token, String actor, String other)
            throws Exception {
        List<Expected> expected = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            String path = "/tenants/" + tenant + "/documents/" + tenant + "-plan-" + round;
            expected.add(Expected.of(server.send(token, "GET", path, ""), 404, actor, false, "document.read"));
            expected.add(Expected.of(server.send(token, "PUT", path, "1"), 201, actor, false, "document.write"));
            expected.add(Expected.of(server.send(token, "PUT", path, "2"), 204, actor, false, "document.write"));
            expected.add(Expected.of(server.send(token, "DELETE", path, ""), 204, actor, false, "document.delete"));
            String role = "/tenants/" + tenant + "/members/" + other + "/role";
            expected.add(
                    Expected.of(server.send(token, "POST", role, "member"), 204, actor, true, "member.role.change"));
        }
        return expected;
    }

    private static List<Expected> member(RunningServer server, String tenant, String token, String actor)
            throws Exception {
        List<Expected> expected = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            String path = "/tenants/" + tenant + "/documents/" + tenant + "-memo-" + round;
            expected.add(Expected.of(server.send(token, "PUT", path, "memo"), 201, actor, false, "document.write"));
            Answer read = server.send(token, "GET", path, "");
            assertEquals("memo", read.text());
            expected.add(Expected.of(read, 200, actor, false, "document.read"));
            String role = "/tenants/" + tenant + "/members/" + actor + "/role";
            expected.add(
                    Expected.of(server.send(token, "POST", role, "admin"), 403, actor, false, "member.role.change"));
        }
        return expected;
    }

    private static List<Expected> operator(RunningServer server, String tenant, String member) throws Exception {
        List<Expected> expected = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            Answer answer = server.support(tenant, tenant + "-nothing", tenant + "-ticket-" + round, member);
            expected.add(Expected.of(answer, 404, "olga@provider", true, "support.document.read"));
        }
        return expected;
    }

    @Test
    void everyRequestHasItsEventAndThereIsNoOther() throws Exception {
        for (String tenant : MEMBERS.keySet()) {
            List<Expected> found = RunningServer.events(vault, tenant).stream()
                    .map(Expected::of)
                    .toList();
            assertEquals(EXPECTED.get(tenant).size(), found.size(), tenant);
            assertEquals(new TreeSet<>(ids(EXPECTED.get(tenant))), new TreeSet<>(ids(found)), tenant);
            assertTrue(found.containsAll(EXPECTED.get(tenant)), tenant);
        }
        assertEquals(List.of(), RunningServer.events(vault, AuditTrail.PROVIDER));
    }

    private static List<String> ids(List<Expected> events) {
        return events.stream().map(Expected::id).toList();
    }

    @Test
    void nothingInALogIsOfAnotherTenant() throws Exception {
        for (String tenant : MEMBERS.keySet()) {
            for (LogRecord record : RunningServer.events(vault, tenant)) {
                assertEquals(tenant, record.tenant());
                String line = new String(record.line(), StandardCharsets.UTF_8);
                MEMBERS.keySet().stream()
                        .filter(other -> !other.equals(tenant))
                        .forEach(other -> assertFalse(line.contains(other), line));
            }
        }
    }

    @Test
    void anAccessByAnOperatorSaysUnderWhichTicketWhyAndForWhom() throws Exception {
        List<LogRecord> accesses = RunningServer.events(vault, "acme").stream()
                .filter(record -> record.action().equals("support.document.read"))
                .toList();
        assertEquals(ROUNDS, accesses.size());
        for (LogRecord record : accesses) {
            assertEquals("provider", record.json().path("actor").path("side").asText());
            assertEquals(List.of("olga@provider", "bob@acme"), record.actorIds());
            assertTrue(record.json().path("privilege").path("ticket").asText().startsWith("acme-ticket-"));
            assertEquals(
                    "cannot open it",
                    record.json().path("privilege").path("justification").asText());
        }
    }

    @Test
    void anOrderForOneTenantIsAnsweredCompletely(@TempDir Path out) throws Exception {
        List<Expected> exported = export("", out.resolve("bundle.zip"));
        assertEquals(new TreeSet<>(ids(EXPECTED.get("acme"))), new TreeSet<>(ids(exported)));
        assertEquals(EXPECTED.get("acme").size(), exported.size());
    }

    @Test
    void anOrderForTheOperatorsAccessesIsAnsweredWithThose(@TempDir Path out) throws Exception {
        List<Expected> exported =
                export(",\"privilegedOnly\":true,\"actors\":[\"olga@provider\"]", out.resolve("bundle.zip"));
        assertEquals(ROUNDS, exported.size());
        assertTrue(exported.stream().allMatch(event -> event.actor().equals("olga@provider")));
    }

    @Test
    void anOrderForPrivilegedActsIsAnsweredWithThoseOfAdministratorsAndOperators(@TempDir Path out) throws Exception {
        List<Expected> exported = export(",\"privilegedOnly\":true", out.resolve("bundle.zip"));
        assertEquals(
                new TreeSet<>(ids(EXPECTED.get("acme").stream()
                        .filter(Expected::privileged)
                        .toList())),
                new TreeSet<>(ids(exported)));
    }

    private static List<Expected> export(String scope, Path bundle) throws Exception {
        VaultReader reader = VaultReader.open(vault, RunningServer.SECRET);
        Order order = Order.parse(("{\"order\":\"7 Js 12/26\",\"issuer\":\"District Court\",\"legalBasis\":\"Art. 99\","
                        + "\"tenant\":\"acme\",\"requestedBy\":\"Mori\",\"approvedBy\":\"Sato\"" + scope + "}")
                .getBytes(StandardCharsets.UTF_8));
        EvidenceExport.Result result = new EvidenceExport(reader, Clock.systemUTC()).export(order, bundle);
        assertEquals(0, result.notYetAnchored());
        assertEquals(
                Verdict.PASSED,
                new BundleVerifier(reader.signer().verifier()).verify(bundle).verdict());
        try (BundleFiles files = BundleFiles.open(bundle)) {
            return new String(files.read(BundleLayout.RECORDS, 1 << 20), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> Expected.of(LogRecord.parse(line.getBytes(StandardCharsets.UTF_8))))
                    .toList();
        }
    }
}
