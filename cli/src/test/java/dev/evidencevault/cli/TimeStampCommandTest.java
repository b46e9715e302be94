package dev.evidencevault.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.Vault;
import dev.evidencevault.crypto.keys.VaultSecret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Time stamps as a user asks for them, and wants them judged. */
class TimeStampCommandTest {
    @TempDir
    private Path directory;

    private Path vault;
    private Path root;
    private Path other;
    private TimeStampServer server;
    private String address;

    @BeforeEach
    void serve() throws Exception {
        vault = directory.resolve("vault");
        server = new TimeStampServer();
        root = server.root(directory.resolve("root.pem"));
        other = TimeStampServer.pem(directory.resolve("other.pem"), TimeStampServer.authority());
        address = server.address();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private String tsa() {
        return "--tsa=" + address + "/tsa";
    }

    private String gone() {
        return "--tsa=" + address + "/nosuch";
    }

    private Evault ingest(String... more) {
        Object[] args = new Object[8 + more.length];
        List<Object> fixed = List.of("ingest", "--vault", vault, "--format", "syslog", "--tenant", "t", "-");
        for (int i = 0; i < args.length; i++) {
            args[i] = i < fixed.size() ? fixed.get(i) : more[i - fixed.size()];
        }
        return Evault.run(Evault.ENVIRONMENT, "<13>1 2026-05-01T00:00:00Z host app - - - hello\n", args);
    }

    private Path export() throws IOException {
        Path order = Files.writeString(directory.resolve("order.json"), ContractTest.order("t", ""));
        Path bundle = directory.resolve("bundle.zip");
        Evault.run("export", "--vault", vault, "--order", order, "--out", bundle)
                .ends(0);
        return bundle;
    }

    private boolean hasTimeStamps() {
        return Files.exists(vault.resolve("attestations"));
    }

    @Test
    void whatIsIngestedIsStampedAndTheBundleSaysWhen() throws Exception {
        Evault.run("init", "--vault", vault).ends(0);
        ingest(tsa()).ends(0);
        Path bundle = export();
        String judged = Evault.run("verify", bundle, "--tsa-root", root).ends(0).out();
        assertTrue(judged.contains("passed         time          proofs/timestamp-1.tsr"), judged);
        assertTrue(judged.contains("says CN=test"), judged);
        String unjudged = Evault.run("verify", bundle).ends(0).out();
        assertTrue(unjudged.contains("was not judged") && !unjudged.contains("  time  "), unjudged);
        Evault.run("verify", bundle, "--tsa-root", other).ends(3);
        Evault.run("verify", bundle, "--tsa-root", other, "--tsa-root", root).ends(0);
        assertTrue(Evault.run("verify", vault, "--tsa-root", root).ends(0).out().contains("passed         time"));
        Evault.run("verify", vault, "--tsa-root", other).ends(3);
    }

    @Test
    void anIdleVaultIsStampedByHand() throws Exception {
        Evault.run("init", "--vault", vault).ends(0);
        ingest().ends(0);
        String none = Evault.run("verify", export(), "--tsa-root", root).ends(4).out();
        assertTrue(none.contains("no time stamp"), none);
        Evault.run("verify", vault, "--tsa-root", root).ends(4);
        Evault stamped =
                Evault.run("stamp", "--vault", vault, tsa(), "--tsa-root", root).ends(0);
        assertTrue(stamped.out().contains("existed by 20") && stamped.out().contains("CN=test"), stamped.out());
        assertTrue(stamped.out().lines().allMatch(line -> line.length() <= 80), stamped.out());
        Evault.run("verify", vault, "--tsa-root", root).ends(0);
        Evault again =
                Evault.run("stamp", "--json", "--vault", vault, tsa(), gone()).ends(5);
        assertEquals(1, again.json().size());
        assertTrue(again.err().contains("404"), again.err());
        Evault.run("verify", vault, "--tsa-root", root).ends(0);
    }

    @Test
    void anAnswerThatIsNotUnderTheRootIsNotKept() {
        Evault.run("init", "--vault", vault).ends(0);
        Evault refused = Evault.run("stamp", "--vault", vault, tsa(), "--tsa-root", other)
                .ends(5);
        assertTrue(refused.err().contains("trust anchor"), refused.err());
        assertFalse(hasTimeStamps());
        Evault unstamped = ingest(tsa(), "--tsa-root=" + other).ends(0);
        assertTrue(unstamped.err().contains("not delivered to time stamp authority 127.0.0.1"), unstamped.err());
        assertFalse(hasTimeStamps());
    }

    @Test
    void argumentsThatCannotBe() throws Exception {
        Evault.run("stamp", "--vault", vault, tsa()).ends(2);
        Evault.run("init", "--vault", vault, "--tsa-root", root).ends(2);
        assertFalse(Files.exists(vault));
        Evault.run("init", "--vault", vault).ends(0);
        Evault.run("stamp", "--vault", vault).ends(2);
        Evault.run("stamp", "--vault", vault, tsa(), tsa(), tsa()).ends(2);
        Evault.run("stamp", "--vault", vault, "--tsa", "ftp://example.org/").ends(2);
        Evault.run("stamp", "--vault", vault, "--tsa", "not an address").ends(2);
        Evault.run("stamp", "--vault", vault, tsa(), "--tsa-root", vault.resolve("vault.json"))
                .ends(2);
        Evault.run("stamp", "--vault", vault, tsa(), "--tsa-root", directory.resolve("nosuch"))
                .ends(2);
        ingest().ends(0);
        Path proof = directory.resolve("proof.json");
        Evault.run("prove", "--vault", vault, "--tenant", "t", "--seq", "0", "--out", proof)
                .ends(0);
        Evault.run("verify", proof, "--tsa-root", root).ends(2);
        VaultSecret secret = VaultSecret.passphrase(Evault.ENVIRONMENT.get(SecretOptions.VARIABLE));
        Vault open = Vault.open(vault, secret, InitCommand.options());
        Evault.run("stamp", "--vault", vault, tsa()).ends(6);
        open.close();
        assertFalse(hasTimeStamps());
    }

    @Test
    void theDemosBundleHasATimeStamp() throws Exception {
        Path demo = directory.resolve("d");
        Evault run = Evault.run("demo", "--dir", demo).ends(0);
        assertTrue(run.out().contains("passed: time - the checkpoint existed by 20"), run.out());
        // A path and a key are longer, and are not cut.
        run.out()
                .lines()
                .filter(line ->
                        !line.contains(directory.toString()) && line.strip().contains(" "))
                .forEach(line -> assertTrue(line.length() <= 80, line));
        String judged = Evault.run("verify", demo.resolve("evidence.zip"), "--tsa-root", demo.resolve("tsa-root.pem"))
                .ends(0)
                .out();
        assertTrue(judged.contains("passed         time"), judged);
        judged.lines().forEach(line -> assertTrue(line.length() <= 80 || line.contains("+"), line));
    }
}
