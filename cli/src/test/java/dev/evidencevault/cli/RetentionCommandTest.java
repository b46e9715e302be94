package dev.evidencevault.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.evidencevault.Event;
import dev.evidencevault.Vault;
import dev.evidencevault.VaultOptions;
import dev.evidencevault.crypto.keys.VaultSecret;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code evault retention}, as a user runs it. */
class RetentionCommandTest {
    private static final VaultSecret SECRET = VaultSecret.passphrase("correct horse");

    @TempDir
    private Path directory;

    private Path vault;

    /** Writes one day's records of a year ago, and others half a year ago, under other keys. */
    @BeforeEach
    void write() throws Exception {
        vault = directory.resolve("vault");
        Vault.create(vault, SECRET, options(365)).close();
        for (int daysAgo : List.of(365, 180)) {
            try (Vault open = Vault.open(vault, SECRET, options(daysAgo))) {
                for (String tenant : List.of("acme", "initech")) {
                    open.tenant(tenant)
                            .appendAndWait(
                                    Event.of("act-" + daysAgo).service("web").build());
                }
                open.rotateKeys(open.tenants(), "yearly");
            }
        }
    }

    private static VaultOptions options(int daysAgo) {
        return VaultOptions.defaults()
                .withArgon2MemoryKib(64)
                .withClock(Clock.offset(Clock.systemUTC(), Duration.ofDays(-daysAgo)));
    }

    private Evault retention(String command, Object... more) {
        Object[] args = new Object[4 + more.length];
        args[0] = "retention";
        args[1] = command;
        args[2] = "--vault";
        args[3] = vault;
        System.arraycopy(more, 0, args, 4, more.length);
        return Evault.run(args);
    }

    private String search(String tenant) {
        return Evault.run("search", "--vault", vault, "--tenant", tenant)
                .ends(0)
                .out();
    }

    @Test
    void aRunDestroysWhatADryRunShows() throws Exception {
        retention("set", "--days", "300", "--service", "web", "--reason", "terms")
                .ends(0);
        retention("set", "--ever", "--tenant", "initech", "--reason", "contract")
                .ends(0);
        String shown = retention("show").ends(0).out();
        assertTrue(shown.contains("all tenants, service \"web\": kept for 300 days"), shown);
        assertTrue(shown.contains("initech, all services: kept for ever"), shown);
        JsonNode plan = retention("run", "--dry-run", "--json").ends(0).json().path("tenants");
        assertEquals(
                List.of("acme"),
                List.copyOf(plan.propertyStream().map(each -> each.getKey()).toList()));
        assertEquals(1, plan.path("acme").path("fromSegment").intValue());
        JsonNode part = plan.path("acme").path("services").path(1);
        assertEquals("web", part.path("service").textValue());
        assertEquals(300, part.path("days").intValue());
        assertTrue(search("acme").contains("act-365"), "a dry run changes nothing");
        String told = retention("run").ends(0).out();
        assertTrue(told.contains("is destroyed") && told.contains("web: 1 records"), told);
        assertFalse(search("acme").contains("act-365"));
        assertTrue(search("acme").contains("act-180"));
        assertTrue(search("initech").contains("act-365"));
        assertTrue(retention("run").ends(0).out().contains("nothing was destroyed"));
        Evault.run("verify", vault).ends(0);
        Evault.run("keys", "check", "--vault", vault).ends(0);
        String keys = Evault.run("keys", "list", "--vault", vault).ends(0).out();
        assertEquals(2, keys.split("leaves\\s+were\\s+destroyed", -1).length, keys);
        Evault.run("index", "check", "--vault", vault, "--tenant", "acme").ends(0);
        Evault.run("prove", "--vault", vault, "--tenant", "acme", "--seq", "0", "--out", directory.resolve("p"))
                .ends(6);
    }

    @Test
    void whatIsNotUnderstoodIsRefused() throws Exception {
        retention("set", "--days", "0", "--reason", "x").ends(2);
        retention("set", "--days", "40000", "--reason", "x").ends(2);
        retention("set", "--days", "1", "--ever", "--reason", "x").ends(2);
        retention("set", "--reason", "x").ends(2);
        retention("set", "--days", "1", "--reason", " ").ends(2);
        retention("set", "--days", "1", "--tenant", "nobody", "--reason", "x").ends(2);
        retention("run", "--tenant", "nobody").ends(2);
        retention("run", "--tenant", "nobody", "--dry-run").ends(2);
        assertTrue(retention("show").ends(0).out().contains("all is kept for ever"));
        retention("set", "--days", "1", "--reason", "x").ends(0);
        retention("set", "--no-rule", "--reason", "x").ends(0);
        assertEquals(0, retention("show", "--json").ends(0).json().path("rules").size());
    }
}
