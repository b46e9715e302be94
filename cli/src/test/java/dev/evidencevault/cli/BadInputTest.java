package dev.evidencevault.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.Event;
import dev.evidencevault.Vault;
import dev.evidencevault.crypto.keys.VaultSecret;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is typed or given: a sentence that helps, an exit code, no stack trace, no file that should not be. */
class BadInputTest {
    @TempDir
    private static Path directory;

    private static Path vault;
    private static Path bundle;
    private static Path order;

    @BeforeAll
    static void makeVault() throws Exception {
        vault = directory.resolve("vault");
        Evault.run("init", "--vault", vault).ends(0);
        String log = "<13>1 2026-05-01T00:00:00Z host app - - - hello\n";
        Evault.run(Evault.ENVIRONMENT, log, "ingest", "--vault", vault, "--format", "syslog", "--tenant", "t", "-")
                .ends(0);
        order = Files.writeString(directory.resolve("order.json"), ContractTest.order("t", ""));
        bundle = directory.resolve("bundle.zip");
        Evault.run("export", "--vault", vault, "--order", order, "--out", bundle)
                .ends(0);
    }

    private static void expect(int code, String message, Object... args) {
        expect(Evault.run(args), code, message);
    }

    private static void expect(Evault result, int code, String message) {
        assertEquals(code, result.exitCode(), result::toString);
        assertTrue(result.err().contains(message), () -> "expected \"" + message + "\": " + result);
        assertEquals("", result.out());
    }

    @Test
    void argumentsThatCannotBe() throws IOException {
        expect(2, "Unknown option", "verify", "--verbose", bundle);
        expect(2, "Unmatched", lower("frobnicate"));
        expect(2, "--vault", "init");
        expect(2, "--format", "ingest", "--vault", vault, "x");
        expect(2, "mutually exclusive", "ingest", "--vault", vault, "--format=syslog", "--map=x", "x");
        expect(2, "unknown format", "ingest", "--vault", vault, "--format", "nosuch", order);
        expect(2, "there is no such file", "ingest", "--vault", vault, "--format", "syslog", "nosuch");
        expect(2, "directory", "ingest", "--vault", vault, "--format", "syslog", directory);
        expect(2, "there is no such file", "verify", "nosuch");
        expect(2, "neither a vault nor a bundle", "verify", Files.createDirectory(directory.resolve("empty")));
        expect(2, "expected a time", "search", "--vault", vault, "--tenant", "t", "--from", "yesterday");
        expect(2, "success, failure", "search", "--vault", vault, "--tenant", "t", "--outcome", "ok");
        expect(2, "no tenant", "search", "--vault", vault, "--tenant", "u");
        expect(2, "letter or digit", "search", "--vault", vault, "--tenant", "t", "--text", "!!");
        expect(2, "--limit", "search", "--vault", vault, "--tenant", "t", "--limit", "0");
        expect(2, "--limit", "search", "--vault", vault, "--tenant", "t", "--limit", "many");
        expect(2, "--key", "verify", "--key", "no+key+here", bundle);
        expect(2, "not exist or is empty", "init", "--vault", vault);
        Path page = directory.resolve("page.html");
        expect(2, "--out", "report", bundle);
        expect(2, "Missing required", "report", "--out", page);
        expect(2, "there is no such file", "report", "nosuch", "--out", page);
        expect(2, "is no bundle", "report", vault, "--out", page);
        expect(
                2,
                "no such directory",
                "report",
                bundle,
                "--out",
                directory.resolve("nowhere").resolve("x"));
        expect(2, "never overwritten", "report", bundle, "--out", order);
        expect(2, "--key", "report", "--key", "no+key+here", bundle, "--out", page);
        expect(2, "--witness", "report", "--witness", "nobody", bundle, "--out", page);
        assertFalse(Files.exists(page));
        expect(2, "new or empty", "demo", "--dir", vault);
    }

    @Test
    void helpIsGivenOnStandardOutput() {
        for (String command :
                List.of("demo", "init", "ingest", "tenants", "search", "export", "verify", "report", "mapping")) {
            Evault help = Evault.run("help", command).ends(0);
            assertTrue(help.out().contains("Usage: evault " + command), help.out());
            assertEquals(help.out(), Evault.run(command, "--help").ends(0).out());
            assertTrue(help.out().lines().allMatch(line -> line.length() <= 80), help.out());
        }
        assertTrue(Evault.run("--help").ends(0).out().lines().allMatch(line -> line.length() <= 80));
        assertTrue(Evault.run("--version").ends(0).out().startsWith("evault "));
        Evault.run().ends(2);
    }

    private static Object[] lower(String word) {
        return new Object[] {word};
    }

    @Test
    void directoriesThatAreNoVault() {
        for (String command : List.of("tenants", "search", "ingest", "export")) {
            List<Object> args = new ArrayList<>(List.of(command, "--vault", directory.resolve("nowhere")));
            switch (command) {
                case "search" -> args.addAll(List.of("--tenant", "t"));
                case "ingest" -> args.addAll(List.of("--format", "syslog", order));
                case "export" -> args.addAll(List.of("--order", order, "--out", directory.resolve("o.zip")));
                default -> {}
            }
            expect(2, "no vault here", args.toArray());
        }
        assertFalse(Files.exists(directory.resolve("nowhere")));
    }

    @Test
    void secretsThatAreMissingOrWrong() throws Exception {
        expect(Evault.run(Map.of(), "", "tenants", "--vault", vault), 7, "EVAULT_PASSPHRASE");
        expect(Evault.run(Map.of("EVAULT_PASSPHRASE", "x"), "", "tenants", "--vault", vault), 7, "not this vault's");
        expect(Evault.run(Map.of("EVAULT_PASSPHRASE", "x"), "", "verify", vault), 7, "not this vault's");
        Path file = directory.resolve("passphrase");
        Files.writeString(file, "");
        expect(7, "first line", "tenants", "--vault", vault, "--passphrase-file", file);
        Files.writeString(file, "correct horse\nbattery\n");
        Evault.run(Map.of(), "", "tenants", "--vault", vault, "--passphrase-file", file)
                .ends(0);
        Files.write(file, new byte[] {(byte) 0xff, 1});
        expect(7, "UTF-8", "tenants", "--vault", vault, "--passphrase-file", file);
        expect(2, "no such file", "tenants", "--vault", vault, "--passphrase-file", "nosuch");
        expect(7, "32 random bytes", "tenants", "--vault", vault, "--key-file", file);
        Files.write(file, new byte[32]);
        expect(7, "not this vault's", "tenants", "--vault", vault, "--key-file", file);
        expect(2, "found more", "tenants", "--vault", vault, "--key-file", file, "--passphrase-file", file);
        String address = "http://127.0.0.1:9/v1/transit/keys/evault";
        expect(2, "found more", "tenants", "--vault", vault, "--key-file", file, "--key-transit", address);
        expect(7, "set VAULT_TOKEN", "tenants", "--vault", vault, "--key-transit", address);
        expect(7, "set EVAULT_PIN", "tenants", "--vault", vault, "--key-token", file);

        Path token = Files.writeString(directory.resolve("token"), "t\n");
        expect(
                2,
                "https://host:8200/v1/transit/keys/name",
                "tenants",
                "--vault",
                vault,
                "--key-transit",
                "transit/keys/evault",
                "--key-transit-token-file",
                token);
        expect(
                7,
                "the vault is opened with a passphrase",
                "tenants",
                "--vault",
                vault,
                "--key-transit",
                address,
                "--key-transit-token-file",
                token);
        expect(
                7,
                "cannot be reached",
                "init",
                "--vault",
                directory.resolve("new"),
                "--key-transit",
                address,
                "--key-transit-token-file",
                token);
    }

    @Test
    void ordersThatAreRefusedLeaveNoFile() throws IOException {
        Path out = directory.resolve("refused.zip");
        for (String[] refused : new String[][] {
            {"{", "not JSON"},
            {"[]", "not a JSON object"},
            {"", "not a JSON object"},
            {ContractTest.order("u", ""), "no tenant"},
            {ContractTest.order("t", "\"extra\":1"), "unknown field"},
            {ContractTest.order("t", "\"expires\":\"2020-01-01\""), "expired"},
            {ContractTest.order("t", "").replace("\"B\"", "\"a \""), "same person"},
            {ContractTest.order("t", "").replace("\"tenant\":\"t\",", ""), "tenant"},
        }) {
            Path bad = Files.writeString(directory.resolve("bad-order.json"), refused[0]);
            expect(6, refused[1], "export", "--vault", vault, "--order", bad, "--out", out);
            try (Stream<Path> files = Files.list(directory)) {
                assertTrue(files.noneMatch(file -> file.toString().contains("refused")), refused[1]);
            }
        }
        expect(2, "never overwritten", "export", "--vault", vault, "--order", order, "--out", bundle);
        expect(2, "no such file", "export", "--vault", vault, "--order", "nosuch", "--out", out);
        Evault.run("export", "--vault", vault, "--order", order, "--out", directory.resolve("no/such/dir.zip"))
                .ends(2);
    }

    @Test
    void mappingsThatCannotBe() throws IOException {
        Path map = directory.resolve("bad-map.json");
        for (String text : List.of(
                "",
                "{",
                "[]",
                "{}",
                "{\"name\":\"x\",\"fields\":{\"who\":[\"/a\"]}}",
                "{\"name\":\"x\",\"fields\":{\"tenant\":[\"a\"]}}",
                "{\"name\":\"x\",\"fields\":{\"tenant\":\"/a\"}}",
                "{\"name\":\"x\",\"fields\":{\"tenant\":[\"/a\"],\"time\":[\"/t\"]},"
                        + "\"privileged\":[{\"pointer\":\"/a\",\"matches\":\"(\"}]}")) {
            Files.writeString(map, text);
            expect(2, "bad-map.json", "ingest", "--vault", vault, "--map", map, order);
        }
    }

    @Test
    void linesThatAreRejectedAreCountedNamedAndKept() throws IOException {
        Path rejects = directory.resolve("rejects.jsonl");
        String big = "{\"a\":\"" + "x".repeat(1 << 20) + "\"}";
        String log =
                "not json\n\n{\"eventTime\":\"2026-05-01T00:00:00Z\"}\n" + big + "\n{\"recipientAccountId\":\"1\"}\n"
                        + "{\"recipientAccountId\":\"1\",\"eventTime\":\"2026-05-01T00:00:00Z\",\"eventName\":\"x\"}";
        Evault ingest = Evault.run(
                Evault.ENVIRONMENT,
                log,
                "ingest",
                "--json",
                "--vault",
                vault,
                "--format",
                "cloudtrail",
                "--rejects",
                rejects,
                "-");
        ingest.ends(0);
        assertEquals("{\"read\":6,\"stored\":1,\"rejected\":5,\"tenants\":1}\n", ingest.out());
        assertTrue(ingest.err().contains("line 1 rejected: not JSON"), ingest.err());
        assertTrue(ingest.err().contains("line 3 rejected: no tenant"), ingest.err());
        assertTrue(ingest.err().contains("line 4 rejected: too large"), ingest.err());
        assertTrue(ingest.err().contains("line 5 rejected: no time"), ingest.err());
        assertEquals(5, Files.readAllLines(rejects).size());
        expect(2, "not overwritten", "ingest", "--vault", vault, "--format", "cloudtrail", "--rejects", rejects, order);
        assertEquals(
                5,
                Evault.run(Evault.ENVIRONMENT, "x\n", "ingest", "--vault", vault, "--format", "cloudtrail", "-")
                        .exitCode(),
                "nothing at all was stored");
    }

    @Test
    void aVaultThatIsBeingWrittenIsReadButNotWritten() throws Exception {
        Path other = directory.resolve("written");
        try (Vault open = Vault.create(other, VaultSecret.passphrase("correct horse"), InitCommand.options())) {
            open.tenant("t").appendAndWait(Event.of("one").build());
            expect(
                    6,
                    "process " + ProcessHandle.current().pid(),
                    "ingest",
                    "--vault",
                    other,
                    "--format",
                    "syslog",
                    order);
            assertEquals(
                    "[{\"tenant\":\"t\",\"records\":1}]\n",
                    Evault.run("tenants", "--json", "--vault", other).ends(0).out());
            assertEquals(
                    "1\n",
                    Evault.run("search", "--vault", other, "--tenant", "t", "--count")
                            .ends(0)
                            .out());
            Evault.run("verify", other).ends(0);
            Path first = directory.resolve("unsealed.zip");
            expect(
                    6,
                    "nothing of this tenant is anchored",
                    "export",
                    "--vault",
                    other,
                    "--order",
                    order,
                    "--out",
                    first);
            open.seal();
            Evault.run("export", "--vault", other, "--order", order, "--out", first)
                    .ends(0);
            open.tenant("t").appendAndWait(Event.of("two").build());
            Path second = directory.resolve("incomplete.zip");
            Evault incomplete = Evault.run("export", "--vault", other, "--order", order, "--out", second);
            incomplete.ends(5);
            assertTrue(incomplete.err().contains("1 records"), incomplete.err());
            Evault.run("verify", second).ends(4);
            assertEquals(
                    "2\n",
                    Evault.run("search", "--vault", other, "--tenant", "t", "--count")
                            .ends(0)
                            .out());
        }
        Evault.run("verify", other).ends(0);
    }

    @Test
    void filesThatAreNoBundle() throws IOException {
        Path file = directory.resolve("no-bundle");
        for (byte[] content : List.of(
                new byte[0],
                "hello".getBytes(StandardCharsets.UTF_8),
                new byte[100_000],
                "PK\3\4".getBytes(StandardCharsets.ISO_8859_1),
                Arrays.copyOf(Files.readAllBytes(bundle), 5000))) {
            Files.write(file, content);
            Evault verify = Evault.run("verify", "--json", file).ends(3);
            assertEquals("failed", verify.json().path("verdict").asText());
            Path page = directory.resolve("no-page.html");
            expect(3, "no report was written", "report", file, "--out", page);
            assertFalse(Files.exists(page) || Files.exists(directory.resolve("no-page.html.tmp")));
        }
    }

    @Test
    void hostileZipFiles() throws IOException {
        Path file = directory.resolve("hostile.zip");
        for (String name : List.of(
                "../../etc/passwd",
                "/etc/passwd",
                "bag/../../x",
                "bag/data/..",
                "C:\\x",
                "bag/a\u001b[31m",
                "bag/\u202etxt",
                "bag//x",
                "x".repeat(60_000))) {
            zip(file, List.of(name), ZipEntry.DEFLATED, new byte[10]);
            Evault.run("verify", file).ends(3);
            zip(file, List.of(name), ZipEntry.STORED, new byte[10]);
            Evault verify = Evault.run("verify", file).ends(3);
            assertFalse(verify.out().contains("\u001b"), verify.out());
        }
        zip(file, List.of("bag/bagit.txt"), ZipEntry.DEFLATED, new byte[100 << 20]);
        Evault.run("verify", file).ends(3);
        List<String> many = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            many.add("bag/" + (10_000 + i));
        }
        zip(file, many, ZipEntry.STORED, new byte[0]);
        Evault.run("verify", file).ends(3);
        assertFalse(Files.exists(directory.resolve("passwd")));
    }

    private static void zip(Path file, List<String> names, int method, byte[] content) throws IOException {
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8)) {
            for (String name : names) {
                ZipEntry entry = new ZipEntry(name);
                entry.setMethod(method);
                if (method == ZipEntry.STORED) {
                    java.util.zip.CRC32 crc = new java.util.zip.CRC32();
                    crc.update(content);
                    entry.setSize(content.length);
                    entry.setCrc(crc.getValue());
                }
                zip.putNextEntry(entry);
                zip.write(content);
                zip.closeEntry();
            }
        }
    }
}
