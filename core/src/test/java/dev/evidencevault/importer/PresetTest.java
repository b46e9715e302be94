package dev.evidencevault.importer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.RecordedEvent;
import dev.evidencevault.SharedFiles;
import dev.evidencevault.format.LogRecord;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Every real log through its preset: what becomes of each line is counted. */
class PresetTest {
    static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");

    static final String WIKIPEDIA = """
            {"name": "wikipedia", "service": "wiki",
             "fields": {
               "tenant": [{"pointer": "/channel", "matches": "^#(.+)$"}],
               "time": ["/time"],
               "actor": ["/user"],
               "action": [{"pointer": "/isNew", "matches": "true", "value": "page.create"}, {"value": "page.edit"}],
               "outcome": [{"value": "success"}],
               "target": ["/page"]},
             "privileged": [{"pointer": "/isRobot", "equals": true}]}
            """;

    /** A file as it was imported. */
    record Imported(
            List<LogRecord> records,
            SortedMap<String, Integer> tenants,
            SortedMap<String, Integer> reasons,
            SortedMap<String, Integer> outcomes,
            int privileged,
            int withActor,
            int assumed) {
        LogRecord first(String action) {
            return records.stream()
                    .filter(record -> record.action().equals(action))
                    .findFirst()
                    .orElseThrow();
        }
    }

    static List<byte[]> lines(String file) throws IOException {
        List<byte[]> lines = new ArrayList<>();
        try (InputStream in = Files.newInputStream(SharedFiles.shared("data/" + file))) {
            LineReader reader = new LineReader(in);
            for (LineReader.Line line = reader.next(); line != null; line = reader.next()) {
                lines.add(((LineReader.Whole) line).bytes());
            }
        }
        return lines;
    }

    static Imported imported(String file, Mapping mapping, @Nullable String tenant) throws IOException {
        List<LogRecord> records = new ArrayList<>();
        SortedMap<String, Integer> tenants = new TreeMap<>();
        SortedMap<String, Integer> reasons = new TreeMap<>();
        SortedMap<String, Integer> outcomes = new TreeMap<>();
        int privileged = 0;
        int withActor = 0;
        int assumed = 0;
        LineMapper mapper = new LineMapper(mapping, tenant, NOW);
        for (byte[] line : lines(file)) {
            switch (mapper.map(line)) {
                case LineMapper.Rejected rejected ->
                    reasons.merge(rejected.reason().replaceAll("[:,;].*", ""), 1, Integer::sum);
                case LineMapper.Mapped mapped -> {
                    LogRecord record = RecordedEvent.of(mapped.tenant(), mapped.event());
                    String original = record.original();
                    assertArrayEquals(line, original == null ? null : original.getBytes(StandardCharsets.UTF_8));
                    records.add(record);
                    tenants.merge(mapped.tenant(), 1, Integer::sum);
                    outcomes.merge(record.outcome(), 1, Integer::sum);
                    privileged += record.privileged() ? 1 : 0;
                    withActor += record.actorIds().isEmpty() ? 0 : 1;
                    assumed += record.json().has("assumed") ? 1 : 0;
                }
            }
        }
        return new Imported(records, tenants, reasons, outcomes, privileged, withActor, assumed);
    }

    static String summary(Imported i) {
        return i.records().size() + " mapped, " + i.privileged() + " privileged, " + i.withActor() + " with actor, "
                + i.assumed() + " assumed, " + i.outcomes() + ", rejected " + i.reasons();
    }

    static Imported imported(String file, String preset, @Nullable String tenant) throws IOException {
        return imported(file, Mapping.preset(preset), tenant);
    }

    @Test
    void cloudTrailOfOneAccount() throws IOException {
        Imported i = imported("cloudtrail-invictus.jsonl", "cloudtrail", null);
        assertEquals(
                "2900 mapped, 33 privileged, 2900 with actor, 0 assumed, " + "{failure=300, success=2600}, rejected {}",
                summary(i));
        assertEquals(Map.of("123837392027", 2900), i.tenants());
        LogRecord first = i.records().get(0);
        assertEquals("s3.amazonaws.com:GetStorageLensConfiguration", first.action());
        assertEquals(List.of("arn:aws:iam::123837392027:user/benjamin"), first.actorIds());
        assertEquals(
                "2023-07-10T11:42:36.000000000Z",
                first.json().path("occurredAt").asText());
        assertEquals("293ba626-3be5-4a26-ab1b-0f4c54f49959", first.id());
        assertEquals("success", first.outcome());
        assertEquals("aws", first.service());
        LogRecord leave = i.first("organizations.amazonaws.com:LeaveOrganization");
        assertEquals("failure", leave.outcome());
        assertTrue(leave.privileged());
        assertEquals(
                "arn:aws:iam::123837392027:role/stratus-red-team-leave-org-role",
                leave.actorIds().get(1));
    }

    @Test
    void cloudTrailOfManyAccounts() throws IOException {
        Imported i = imported("cloudtrail-stratus-multiaccount.jsonl", "cloudtrail", null);
        assertEquals(
                "310 mapped, 16 privileged, 310 with actor, 0 assumed, " + "{failure=52, success=258}, rejected {}",
                summary(i));
        assertEquals(35, i.tenants().size());
        assertEquals(56, i.tenants().get("056392974792"));
        LogRecord refused = i.first("ec2.amazonaws.com:GetPasswordData");
        assertEquals("failure", refused.outcome());
        assertEquals(
                "Client.UnauthorizedOperation", refused.json().path("reason").asText());
        assertEquals("200.249.253.51", refused.json().at("/source/ip").asText());
        assertTrue(i.first("ec2.amazonaws.com:EnableSerialConsoleAccess").privileged());
    }

    @Test
    void cloudTrailThroughLogstash() throws IOException {
        Imported i = imported("cloudtrail-otrf-ec2proxy.jsonl", "cloudtrail", null);
        assertEquals(
                "103 mapped, 0 privileged, 103 with actor, 0 assumed, " + "{success=103}, rejected {}", summary(i));
        assertEquals(Map.of("123456789123", 103), i.tenants());
        assertEquals(
                "2020-09-14T00:44:23.000000000Z",
                i.records().get(0).json().path("occurredAt").asText());
    }

    @Test
    void windowsSecurity() throws IOException {
        Imported i = imported("windows-security-purplesharp.jsonl", "windows-security", null);
        assertEquals(
                "2843 mapped, 1387 privileged, 2517 with actor, 0 assumed, "
                        + "{failure=170, success=2673}, rejected {}",
                summary(i));
        assertEquals(
                Map.of(
                        "MORDORDC.theshire.local", 1589,
                        "WORKSTATION5.theshire.local", 220,
                        "WORKSTATION6.theshire.local", 516,
                        "WORKSTATION7.theshire.local", 518),
                i.tenants());
        assertEquals(
                43,
                i.records().stream()
                        .filter(record -> record.action().equals("4672") && record.privileged())
                        .count());
        LogRecord first = i.records().get(0);
        assertEquals("5156", first.action());
        assertEquals("MORDORDC.theshire.local:Security:537111", first.id());
        assertEquals(
                "2020-10-22T08:29:48.785000000Z",
                first.json().path("occurredAt").asText());
        LogRecord refused = i.first("4776");
        assertEquals("failure", refused.outcome());
        assertEquals("0xc000006a", refused.json().path("reason").asText());
    }

    @Test
    void kubernetes() throws IOException {
        Imported i = imported("k8s-audit2rbac.jsonl", "k8s-audit", null);
        assertEquals(
                "37 mapped, 37 privileged, 37 with actor, 0 assumed, " + "{failure=11, success=26}, rejected {}",
                summary(i));
        assertEquals(Map.of("(cluster)", 27, "default", 6, "ns1", 4), i.tenants());
        LogRecord first = i.records().get(0);
        assertEquals("list:pods", first.action());
        assertEquals(List.of("system:admin", "bob"), first.actorIds());
        assertEquals("failure", first.outcome());
        assertEquals("033d17af-082d-4b24-aa22-627752e83d71:ResponseComplete", first.id());
        assertEquals(
                "2017-09-11T19:55:05.000000000Z",
                first.json().path("occurredAt").asText());
    }

    @Test
    void kubernetesOfEks() throws IOException {
        Imported i = imported("k8s-eks-audit-panther.jsonl", "k8s-audit", null);
        assertEquals(
                "18 mapped, 3 privileged, 18 with actor, 18 assumed, "
                        + "{failure=4, success=14}, rejected {no time=168}",
                summary(i));
        assertEquals(Map.of("(cluster)", 8, "default", 6, "kube-system", 4), i.tenants());
        LogRecord exec = i.first("get:pods:log");
        assertEquals(List.of("kubernetes-admin"), exec.actorIds());
        assertEquals("[\"zone\"]", exec.json().path("assumed").toString());
        // Without a verb, the record is kept and says so.
        assertEquals(
                "[\"zone\",\"action\"]",
                i.first("unknown").json().path("assumed").toString());
    }

    @Test
    void okta() throws IOException {
        Imported unnamed = imported("okta-system-panther.jsonl", "okta", null);
        assertEquals(
                "10 mapped, 0 privileged, 10 with actor, 10 assumed, "
                        + "{success=10}, rejected {no tenant=60, unreadable time=4}",
                summary(unnamed));
        assertEquals(Map.of("My Log Source", 4, "Okta Logs", 6), unnamed.tenants());
        Imported i = imported("okta-system-panther.jsonl", "okta", "acme");
        assertEquals(
                "60 mapped, 19 privileged, 60 with actor, 60 assumed, "
                        + "{failure=14, success=36, unknown=10}, rejected {no time=10, unreadable time=4}",
                summary(i));
        assertEquals(Map.of("acme", 60), i.tenants());
        LogRecord grant = i.first("user.account.privilege.grant");
        assertEquals(List.of("jack@acme.io"), grant.actorIds());
        assertEquals("success", grant.outcome());
        assertTrue(grant.privileged());
        assertEquals(
                "2020-11-25T21:27:03.496000000Z",
                grant.json().path("occurredAt").asText());
        assertEquals("failure", i.first("system.operation.rate_limit.violation").outcome());
    }

    @Test
    void gitHub() throws IOException {
        Imported i = imported("github-audit-panther.jsonl", "github-audit", null);
        assertEquals(
                "65 mapped, 44 privileged, 64 with actor, 25 assumed, "
                        + "{failure=1, unknown=64}, rejected {no tenant=5, no time=24, unreadable time=4}",
                summary(i));
        assertEquals(
                Map.of(
                        "YourCompany", 4,
                        "acme", 1,
                        "acme-inc", 2,
                        "an-org", 8,
                        "example-enterprise", 2,
                        "example-io", 5,
                        "my-org", 38,
                        "panther-labs", 1,
                        "your-organization", 4),
                i.tenants());
        LogRecord first = i.records().get(0);
        assertEquals("protected_branch.destroy", first.action());
        assertEquals(List.of("cat"), first.actorIds());
        assertEquals(
                "2021-05-18T02:31:58.553000000Z",
                first.json().path("occurredAt").asText());
        assertEquals("my-org/my-repo", first.json().at("/targets/0/id").asText());
        assertTrue(first.privileged());
        assertEquals("failure", i.first("workflows.completed_workflow_run").outcome());
        assertFalse(i.first("git.clone").privileged());
    }

    @Test
    void googleWorkspace() throws IOException {
        Imported unnamed = imported("google-workspace-panther.jsonl", "google-workspace", null);
        assertEquals(
                "64 mapped, 24 privileged, 64 with actor, 60 assumed, "
                        + "{failure=3, success=7, unknown=54}, rejected {no tenant=62, no time=3}",
                summary(unnamed));
        assertEquals(10, unnamed.tenants().size());
        assertEquals(25, unnamed.tenants().get("D12345"));
        Imported i = imported("google-workspace-panther.jsonl", "google-workspace", "acme");
        assertEquals(
                "67 mapped, 24 privileged, 66 with actor, 63 assumed, "
                        + "{failure=4, success=9, unknown=54}, rejected {no time=62}",
                summary(i));
        LogRecord first = i.records().get(0);
        assertEquals("admin.DELETE_ROLE", first.action());
        assertEquals(List.of("example@example.io"), first.actorIds());
        assertEquals(
                "2022-12-11T02:57:48.693000000Z",
                first.json().path("occurredAt").asText());
        assertTrue(first.privileged());
        assertEquals("failure", i.first("login.login_failure").outcome());
    }

    @Test
    void syslog() throws IOException {
        Imported i = imported("syslog-sshd-crowdsec.log", "syslog", null);
        assertEquals(
                "178 mapped, 35 privileged, 127 with actor, 167 assumed, " + "{failure=160, success=18}, rejected {}",
                summary(i));
        assertEquals(18, i.tenants().size());
        assertEquals(43, i.tenants().get("hypervisor"));
        assertEquals(10, i.tenants().get("OPNsense.localdomain"));
        LogRecord first = i.records().get(0);
        assertEquals("login", first.action());
        assertEquals(List.of("pascal"), first.actorIds());
        assertEquals("failure", first.outcome());
        assertEquals("35.188.49.176", first.json().at("/source/ip").asText());
        assertEquals(
                "2026-02-12T14:10:21.000000000Z",
                first.json().path("occurredAt").asText());
        assertEquals("[\"year\",\"zone\"]", first.json().path("assumed").toString());
        LogRecord root = i.records().stream()
                .filter(record -> record.tenant().equals("myserver"))
                .findFirst()
                .orElseThrow();
        assertEquals(List.of("root"), root.actorIds());
        assertTrue(root.privileged());
        assertEquals(
                "2023-11-13T23:20:42.738197000Z", root.json().path("occurredAt").asText());
        assertFalse(root.json().has("assumed"));
    }

    @Test
    void auditd() throws IOException {
        assertEquals(
                "0 mapped, 0 privileged, 0 with actor, 0 assumed, " + "{}, rejected {no tenant=112, not auditd=1}",
                summary(imported("linux-auditd-golibaudit.log", "auditd", null)));
        Imported i = imported("linux-auditd-golibaudit.log", "auditd", "host-1");
        assertEquals(
                "112 mapped, 28 privileged, 57 with actor, 0 assumed, "
                        + "{failure=8, success=50, unknown=54}, rejected {not auditd=1}",
                summary(i));
        LogRecord command = i.first("USER_CMD");
        assertEquals(List.of("1000"), command.actorIds());
        assertEquals("success", command.outcome());
        assertTrue(command.privileged());
        assertEquals(
                "./metricbeat -c mb.dev.yml", command.json().at("/targets/0/id").asText());
        assertEquals(
                "2016-12-07T02:20:31.363000000Z",
                command.json().path("occurredAt").asText());
        assertEquals("1481077231.363:475", command.id());
        // The audit daemon's uid 0 in the report of a user's session is not the user's.
        assertEquals(List.of("1000", "andrew_kroh"), i.first("CRED_DISP").actorIds());
        assertFalse(i.first("CRED_DISP").privileged());
        assertEquals("failure", i.first("AVC").outcome());
    }

    @Test
    void anyJsonLinesByAMappingOfOnesOwn() throws IOException {
        Imported i =
                imported("wikipedia-edits-a.jsonl", Mapping.parse(WIKIPEDIA.getBytes(StandardCharsets.UTF_8)), null);
        assertEquals(
                "13096 mapped, 6340 privileged, 13096 with actor, 0 assumed, " + "{success=13096}, rejected {}",
                summary(i));
        assertEquals(49, i.tenants().size());
        assertEquals(311, i.tenants().get("ja.wikipedia"));
        assertEquals(List.of("GELongstreet"), i.records().get(0).actorIds());
        assertEquals("wiki", i.records().get(0).service());
        assertEquals(
                "2015-09-12T00:46:58.771000000Z",
                i.records().get(0).json().path("occurredAt").asText());
    }

    @Test
    void everyPresetIsThereAndNothingElse() {
        for (String name : Mapping.presetNames()) {
            assertEquals(name, Mapping.preset(name).name());
        }
        assertEquals(8, Mapping.presetNames().size());
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> Mapping.preset("../okta"));
        assertTrue(String.valueOf(e.getMessage()).contains("expected one of auditd, cloudtrail"), e.getMessage());
    }
}
