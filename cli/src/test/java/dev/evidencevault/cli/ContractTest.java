package dev.evidencevault.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.evidencevault.Event;
import dev.evidencevault.Vault;
import dev.evidencevault.bundle.BundleFiles;
import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.bundle.PaperFiles;
import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.format.Json;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The contract of the command line, on real logs: what goes in comes out, byte for byte, in order, once. */
class ContractTest {
    private static final Path DATA = Path.of(System.getProperty("evidencevault.root", "."), "..", "shared", "data");
    private static final String WIKIPEDIA = "{\"name\":\"wikipedia\",\"service\":\"wiki\",\"fields\":{"
            + "\"tenant\":[\"/channel\"],\"actor\":[\"/user\"],\"time\":[\"/time\"],"
            + "\"action\":[{\"value\":\"page.edit\"}],\"target\":[\"/page\"]},"
            + "\"privileged\":[{\"pointer\":\"/isRobot\",\"equals\":true}]}";

    @TempDir
    private Path directory;

    static String order(String tenant, String scope) {
        return Json.object()
                        .put("order", "1")
                        .put("issuer", "Court")
                        .put("legalBasis", "Art. 1")
                        .put("tenant", tenant)
                        .put("requestedBy", "A")
                        .put("approvedBy", "B")
                        .toString()
                        .replaceFirst("}$", "")
                + (scope.isEmpty() ? "" : "," + scope) + "}";
    }

    @ParameterizedTest
    @CsvSource({
        "cloudtrail, cloudtrail-invictus.jsonl,",
        "cloudtrail, cloudtrail-otrf-ec2proxy.jsonl,",
        "cloudtrail, cloudtrail-stratus-multiaccount.jsonl,",
        "github-audit, github-audit-panther.jsonl,",
        "google-workspace, google-workspace-panther.jsonl,",
        "google-workspace, google-workspace-panther.jsonl, one",
        "k8s-audit, k8s-audit2rbac.jsonl,",
        "k8s-audit, k8s-eks-audit-panther.jsonl,",
        "okta, okta-system-panther.jsonl,",
        "okta, okta-system-panther.jsonl, one",
        "syslog, syslog-sshd-crowdsec.log,",
        "auditd, linux-auditd-golibaudit.log, one",
        "windows-security, windows-security-purplesharp.jsonl,",
        "wikipedia, wikipedia-edits-a.jsonl,",
    })
    void everyRecordIsStoredOrRejectedAndComesBack(String format, String file, String tenant) throws Exception {
        assumeTrue(Files.isDirectory(DATA), "skipped: the shared data are not here: " + DATA);
        Path log = DATA.resolve(file);
        Path vault = directory.resolve("vault");
        Path rejects = directory.resolve("rejects");
        Evault.run("init", "--vault", vault).ends(0);
        Path map = directory.resolve("map.json");
        Files.writeString(map, WIKIPEDIA);
        boolean mapped = format.equals("wikipedia");
        Evault ingest = Evault.run(
                "ingest",
                "--json",
                "--vault",
                vault,
                mapped ? "--map" : "--format",
                mapped ? map : format,
                tenant == null ? "--skip=0" : "--tenant=" + tenant,
                "--rejects",
                rejects,
                log);
        ingest.ends(0);
        JsonNode summary = ingest.json();
        List<byte[]> lines = lines(Files.readAllBytes(log));
        assertEquals(lines.size(), summary.path("read").asLong());
        assertEquals(
                lines.size(),
                summary.path("stored").asLong() + summary.path("rejected").asLong());
        Set<Long> rejected = new HashSet<>();
        for (String entry : Files.readAllLines(rejects)) {
            JsonNode reject = Json.mapper().readTree(entry);
            assertTrue(rejected.add(reject.path("line").asLong()));
            assertTrue(!reject.path("reason").asText().isEmpty());
            assertEquals(
                    new String(lines.get(reject.path("line").asInt() - 1), StandardCharsets.UTF_8),
                    reject.path("original").asText());
        }
        assertEquals(summary.path("rejected").asLong(), rejected.size());

        Map<String, Long> tenants = new LinkedHashMap<>();
        for (JsonNode entry :
                Evault.run("tenants", "--json", "--vault", vault).ends(0).json()) {
            tenants.put(entry.path("tenant").asText(), entry.path("records").asLong());
        }
        assertEquals(summary.path("tenants").asInt(), tenants.size());
        assertEquals(
                summary.path("stored").asLong(),
                tenants.values().stream().mapToLong(n -> n).sum());

        Map<String, Integer> expected = new LinkedHashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            if (!rejected.contains(i + 1L)) {
                expected.merge(new String(lines.get(i), StandardCharsets.ISO_8859_1), 1, Integer::sum);
            }
        }
        int number = 0;
        for (Map.Entry<String, Long> each : tenants.entrySet()) {
            Path order = directory.resolve("order-" + number + ".json");
            Path bundle = directory.resolve("bundle-" + number++ + ".zip");
            Files.writeString(order, order(each.getKey(), ""));
            Evault.run("export", "--vault", vault, "--order", order, "--out", bundle)
                    .ends(0);
            Evault.run("verify", bundle).ends(0);
            List<byte[]> originals = originals(bundle);
            assertEquals(each.getValue(), originals.size());
            requireInOrder(lines, rejected, originals);
            for (byte[] original : originals) {
                expected.merge(new String(original, StandardCharsets.ISO_8859_1), -1, Integer::sum);
            }
        }
        assertTrue(expected.values().stream().allMatch(n -> n == 0), "every stored line came back exactly once");
        Evault.run("verify", vault).ends(0);
        Evault.run(Map.of(), "", "verify", vault).ends(0);
    }

    /** The originals of a tenant are a subsequence of the log. */
    private static void requireInOrder(List<byte[]> lines, Set<Long> rejected, List<byte[]> originals) {
        int at = 0;
        for (byte[] original : originals) {
            while (rejected.contains(at + 1L) || !java.util.Arrays.equals(lines.get(at), original)) {
                at++;
            }
            at++;
        }
    }

    private static List<byte[]> originals(Path bundle) throws Exception {
        try (BundleFiles files = BundleFiles.open(bundle);
                InputStream in = files.open(BundleLayout.ORIGINALS)) {
            return lines(in.readAllBytes());
        }
    }

    private static List<byte[]> lines(byte[] content) {
        List<byte[]> lines = new java.util.ArrayList<>();
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (byte b : content) {
            if (b == '\n') {
                lines.add(line.toByteArray());
                line.reset();
            } else {
                line.write(b);
            }
        }
        if (line.size() > 0) {
            lines.add(line.toByteArray());
        }
        return lines;
    }

    @Test
    void theBundleOfOneTenantIsSilentAboutTheOthers() throws Exception {
        Path vault = directory.resolve("vault");
        Evault.run("init", "--vault", vault).ends(0);
        StringBuilder log = new StringBuilder();
        for (int i = 0; i < 300; i++) {
            String tenant = List.of("alpha", "bravo", "charlie").get(i % 3);
            log.append("{\"t\":\"" + tenant + "-tenant\",\"who\":\"" + tenant + "-user\",\"id\":\"" + tenant + "-id-"
                    + i + "\",\"at\":\"2026-05-01T00:00:00Z\",\"what\":\"read\"}\n");
        }
        Path map = directory.resolve("map.json");
        Files.writeString(
                map,
                "{\"name\":\"m\",\"fields\":{\"tenant\":[\"/t\"],\"actor\":[\"/who\"],\"time\":[\"/at\"],"
                        + "\"id\":[\"/id\"],\"action\":[\"/what\"]}}");
        Evault.run(Evault.ENVIRONMENT, log.toString(), "ingest", "--vault", vault, "--map", map, "-")
                .ends(0);
        Path order = directory.resolve("order.json");
        Files.writeString(order, order("bravo-tenant", ""));
        Path bundle = directory.resolve("bundle.zip");
        Evault.run("export", "--vault", vault, "--order", order, "--out", bundle)
                .ends(0);
        String bytes = new String(Files.readAllBytes(bundle), StandardCharsets.ISO_8859_1);
        assertTrue(bytes.contains("bravo-id-1") && bytes.contains("bravo-user"));
        for (String canary : List.of("alpha-", "charlie-")) {
            assertEquals(-1, bytes.indexOf(canary), canary);
        }
        try (var files = Files.walk(vault)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                for (String canary : List.of("alpha", "bravo", "charlie", "-user", "-id-")) {
                    assertEquals(-1, content.indexOf(canary), canary + " in " + file);
                }
            }
        }
    }

    @Test
    void searchAnswersByEveryCondition() throws Exception {
        Path vault = directory.resolve("vault");
        Evault.run("init", "--vault", vault).ends(0);
        String log = "{\"t\":\"a\",\"u\":\"bob\",\"at\":\"2026-05-01T00:00:00Z\",\"do\":\"login\",\"ok\":\"success\"}\n"
                + "{\"t\":\"a\",\"u\":\"root\",\"at\":\"2026-05-02T00:00:00Z\",\"do\":\"drop\",\"ok\":\"failure\"}\n"
                + "{\"t\":\"b\",\"u\":\"root\",\"at\":\"2026-05-02T00:00:00Z\",\"do\":\"drop\",\"ok\":\"failure\"}\n";
        Path map = directory.resolve("map.json");
        Files.writeString(
                map,
                "{\"name\":\"m\",\"service\":\"db\",\"fields\":{\"tenant\":[\"/t\"],\"actor\":[\"/u\"],"
                        + "\"time\":[\"/at\"],\"action\":[\"/do\"],\"outcome\":[\"/ok\"]},"
                        + "\"privileged\":[{\"pointer\":\"/u\",\"equals\":\"root\"}]}");
        Evault.run(Evault.ENVIRONMENT, log, "ingest", "--vault", vault, "--map", map, "-")
                .ends(0);
        for (String[] condition : new String[][] {
            {"--actor", "root"},
            {"--privileged"},
            {"--action", "drop"},
            {"--outcome", "failure"},
            {"--from", "2026-05-02"},
            {"--text", "DROP"},
        }) {
            Object[] args = new Object[condition.length + 5];
            System.arraycopy(new Object[] {"search", "--json", "--vault", vault, "--tenant=a"}, 0, args, 0, 5);
            System.arraycopy(condition, 0, args, 5, condition.length);
            Evault search = Evault.run(args).ends(0);
            assertEquals(1, search.out().lines().count(), String.join(" ", condition));
            JsonNode record = search.json();
            assertEquals("drop", record.path("action").asText());
            assertEquals(log.lines().toList().get(1), record.path("original").asText());
        }
        Evault.run("search", "--vault", vault, "--tenant", "a", "--service", "db", "--count")
                .ends(0);
        assertEquals(
                "{\"count\":2}\n",
                Evault.run("search", "--vault", vault, "--tenant", "a", "--service", "db", "--count", "--json")
                        .out());
        assertEquals(
                1,
                Evault.run("search", "--vault", vault, "--tenant", "a", "--limit", 1)
                        .out()
                        .lines()
                        .count());
        assertEquals(
                "1\n",
                Evault.run("search", "--vault", vault, "--tenant", "a", "--to", "2026-05-02", "--count")
                        .out());
    }

    @Test
    void theReportIsOfTheBundleAndTellsItsVerdict() throws Exception {
        Path vault = directory.resolve("vault");
        String key = Evault.run("init", "--json", "--vault", vault)
                .ends(0)
                .json()
                .path("verifierKey")
                .asText();
        String log = "<13>1 2026-05-01T00:00:00Z host app - - - a </script> in a log\n";
        Evault.run(Evault.ENVIRONMENT, log, "ingest", "--vault", vault, "--format", "syslog", "--tenant", "t", "-")
                .ends(0);
        Path order = Files.writeString(directory.resolve("order.json"), order("t", ""));
        Path bundle = directory.resolve("bundle.zip");
        Evault.run("export", "--vault", vault, "--order", order, "--out", bundle)
                .ends(0);
        Path page = directory.resolve("report.html");
        Evault report = Evault.run("report", bundle, "--out", page).ends(0);
        assertTrue(report.out().endsWith("PASSED\n"), report.out());
        Path again = directory.resolve("again.html");
        Evault json = Evault.run("report", "--json", bundle, "--out", again).ends(0);
        assertEquals("passed", json.json().path("verdict").asText());
        assertEquals(-1, Files.mismatch(page, again));
        assertTrue(Files.readString(page).contains("a \\u003c/script\\u003e in a log"));

        Path withKey = directory.resolve("with-key.html");
        Evault.run("report", bundle, "--out", withKey, "--key", key).ends(0);
        assertTrue(Files.readString(withKey).contains("signed with the key " + key + ", which was asked for"));
        byte[] bytes = Files.readAllBytes(bundle);
        bytes[new String(bytes, StandardCharsets.ISO_8859_1).indexOf(" in a log")] = '_';
        Files.write(bundle, bytes);
        Path failed = directory.resolve("failed.html");
        assertTrue(Evault.run("report", bundle, "--out", failed).ends(3).out().endsWith("FAILED\n"));
        assertTrue(Files.readString(failed).contains("\"verdict\":\"failed\""));
    }

    @Test
    void theDemoTellsItsStory() throws Exception {
        Evault demo = Evault.run("demo", "--dir", directory.resolve("demo")).ends(0);
        assertTrue(demo.out().contains("evidence.zip: passed"), demo.out());
        assertTrue(demo.out().contains("is not the record"), demo.out());
        Evault json = Evault.run("demo", "--json", "--dir", directory.resolve("demo2"))
                .ends(0);
        assertEquals("passed", json.json().path("verdict").asText());
        Evault.run("verify", json.json().path("bundle").asText()).ends(0);
        assertArrayEquals(new int[] {3}, new int[] {
            Evault.run("verify", directory.resolve("demo").resolve("vault-changed"))
                    .exitCode()
        });
    }

    private static void copy(Path from, Path to) throws Exception {
        try (var files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file)));
            }
        }
    }

    private static Map<String, String> contents(Path vault) throws Exception {
        Map<String, String> contents = new LinkedHashMap<>();
        try (var files = Files.walk(vault)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                contents.put(file.toString(), new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
        return contents;
    }

    @Test
    void aVaultWhoseWriterWasKilledIsSearchedAndExportedWhole() throws Exception {
        Path vault = directory.resolve("vault");
        Path killed = directory.resolve("killed");
        try (Vault open = Vault.create(vault, VaultSecret.passphrase("correct horse"), InitCommand.options())) {
            for (int i = 0; i < 5; i++) {
                open.tenant("t").appendAndWait(Event.of("act-" + i).build());
            }
            copy(vault, killed);
        }
        Evault.run("verify", killed).ends(0);
        assertEquals(
                "5\n",
                Evault.run("search", "--vault", killed, "--tenant", "t", "--count")
                        .out());
        Path order = Files.writeString(directory.resolve("order.json"), order("t", ""));
        Path bundle = directory.resolve("bundle.zip");
        Evault export = Evault.run("export", "--json", "--vault", killed, "--order", order, "--out", bundle);
        assertEquals(5, export.ends(0).json().path("records").asInt());
        assertTrue(export.err().contains("killed"), export.err());
        Evault.run("verify", killed).ends(0);
        Evault.run("verify", bundle).ends(0);
        Map<String, String> before = contents(killed);
        Evault.run("export", "--vault", killed, "--order", order, "--out", directory.resolve("again.zip"))
                .ends(0);
        assertEquals(before, contents(killed), "an export of a vault that was closed changes nothing in it");
    }

    @Test
    void aKeptCheckpointAndAPinnedKeyTellTheRightVault() throws Exception {
        Path vault = directory.resolve("vault");
        Path map = Files.writeString(
                directory.resolve("map.json"), "{\"name\":\"m\",\"fields\":{\"tenant\":[\"/t\"],\"time\":[\"/at\"]}}");
        String line = "{\"t\":\"a\",\"at\":\"2026-05-01T00:00:00Z\"}";
        String key = Evault.run("init", "--json", "--vault", vault)
                .json()
                .path("verifierKey")
                .asText();
        Evault.run(Evault.ENVIRONMENT, line, "ingest", "--vault", vault, "--map", map, "-")
                .ends(0);
        Path older = directory.resolve("older");
        copy(vault, older);
        Evault.run(Evault.ENVIRONMENT, line, "ingest", "--vault", vault, "--map", map, "-")
                .ends(0);
        Path kept = Files.copy(vault.resolve("anchors").resolve("checkpoint"), directory.resolve("kept"));
        Evault.run("verify", older).ends(0);
        Evault found = Evault.run("verify", "--checkpoint", kept, older).ends(3);
        assertTrue(found.out().contains("the kept checkpoint"), found.out());
        Evault.run("verify", "--checkpoint", kept, "--key", key, vault).ends(0);
        Evault.run("verify", "--checkpoint", older.resolve("anchors").resolve("checkpoint"), vault)
                .ends(0);
        Evault.run("verify", "--checkpoint", map, vault).ends(2);

        Path order = Files.writeString(directory.resolve("order.json"), order("a", ""));
        Path bundle = directory.resolve("bundle.zip");
        Evault.run("export", "--vault", vault, "--order", order, "--out", bundle)
                .ends(0);
        Evault.run("verify", "--key", key, bundle).ends(0);
        Path keyFile = Files.writeString(directory.resolve("key"), key + "\n");
        Evault.run("verify", "--key", keyFile, bundle).ends(0);
        Evault.run("verify", "--checkpoint", kept, bundle).ends(2);
        Path other = directory.resolve("other");
        String otherKey = Evault.run("init", "--json", "--vault", other)
                .json()
                .path("verifierKey")
                .asText();
        Evault.run("verify", "--key", otherKey, bundle).ends(3);
        Evault.run("verify", "--key", otherKey, vault).ends(3);
    }

    @Test
    void viewsCanBeLeftOutOfABundle() throws Exception {
        Path vault = directory.resolve("vault");
        Evault.run("init", "--vault", vault).ends(0);
        Path map = Files.writeString(
                directory.resolve("map.json"),
                "{\"name\":\"m\",\"fields\":{\"tenant\":[\"/t\"],\"actor\":[\"/u\"],\"time\":[\"/at\"],\"action\":[\"/what\"]}}");
        Evault.run(
                        Evault.ENVIRONMENT,
                        "{\"t\":\"a\",\"u\":\"x\",\"at\":\"2026-05-01T00:00:00Z\",\"what\":\"read\"}",
                        "ingest",
                        "--vault",
                        vault,
                        "--map",
                        map,
                        "-")
                .ends(0);
        Path order = Files.writeString(directory.resolve("order.json"), order("a", ""));
        Path whole = directory.resolve("whole.zip");
        Path without = directory.resolve("without.zip");
        Evault.run("export", "--vault", vault, "--order", order, "--out", whole).ends(0);
        Evault.run("export", "--no-views", "--vault", vault, "--order", order, "--out", without)
                .ends(0);
        Evault.run("verify", without).ends(0);
        Evault.run("report", without, "--out", directory.resolve("report.html")).ends(0);
        try (BundleFiles all = BundleFiles.open(whole);
                BundleFiles some = BundleFiles.open(without)) {
            Set<String> left = new TreeSet<>(all.sizes().keySet());
            left.removeAll(some.sizes().keySet());
            assertEquals(new TreeSet<>(PaperFiles.payload()), left);
        }
    }
}
