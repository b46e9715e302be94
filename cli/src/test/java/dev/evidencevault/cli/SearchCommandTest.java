package dev.evidencevault.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.Actor;
import dev.evidencevault.Event;
import dev.evidencevault.Vault;
import dev.evidencevault.VaultOptions;
import dev.evidencevault.crypto.keys.VaultSecret;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SearchCommandTest {
    private static final Instant START = Instant.parse("2026-05-01T23:00:00Z");
    private static final int EVENTS = 90;

    @TempDir
    private static Path directory;

    @BeforeAll
    static void writeVault() throws Exception {
        try (Vault vault = Vault.create(
                directory.resolve("vault"),
                VaultSecret.passphrase("correct horse"),
                VaultOptions.defaults().withArgon2MemoryKib(64))) {
            for (int i = 0; i < EVENTS; i++) {
                Actor actor = i % 3 == 0 ? Actor.provider("運用担当者" + i).privileged() : Actor.tenant("alice");
                vault.tenant("acme")
                        .append(Event.of("document.read")
                                .occurredAt(START.plus(Duration.ofMinutes(2L * i)))
                                .actor(actor)
                                .target("document", "第三四半期の売上と利益に関する取締役会への報告書 " + i)
                                .outcome(i == 0 ? Event.Outcome.FAILURE : Event.Outcome.SUCCESS)
                                .build());
            }
        }
    }

    private static Evault run(Map<String, String> environment, boolean terminal, Object... more) {
        List<Object> args =
                new ArrayList<>(List.of("search", "--vault", directory.resolve("vault"), "--tenant", "acme"));
        args.addAll(List.of(more));
        return (terminal ? Evault.atTerminal(environment, args.toArray()) : Evault.run(environment, "", args.toArray()))
                .ends(0);
    }

    private static Evault search(Object... more) {
        return run(Evault.ENVIRONMENT, false, more);
    }

    @Test
    void aTerminalShowsColumnsThatFit() {
        Map<String, String> environment = new HashMap<>(Evault.ENVIRONMENT);
        environment.put("NO_COLOR", "1");
        List<String> lines = run(environment, true).out().lines().toList();
        assertEquals(EVENTS + 1, lines.size());
        assertTrue(lines.get(0).startsWith("time (UTC)"), lines.get(0));
        int action = lines.get(0).indexOf("action");
        for (String line : lines) {
            assertTrue(Text.columns(line) <= 80, line);
            assertFalse(line.contains("\u001b"), line);
        }
        String first = lines.get(1);
        assertEquals(action, Text.columns(first.substring(0, first.indexOf("document.read"))), first);
        assertTrue(first.contains("…"), first);
        String coloured = run(Evault.ENVIRONMENT, true, "--limit", 1).out();
        assertTrue(coloured.contains("\u001b[31mfailure\u001b[0m"), coloured);
        environment.remove("NO_COLOR");
        environment.put("TERM", "dumb");
        assertFalse(run(environment, true, "--limit", 1).out().contains("\u001b"));
    }

    @Test
    void elsewhereNothingIsCutAndNothingIsColoured() {
        String out = search("--limit", 1).out();
        assertEquals("2026-05-01T23:00:00Z  * 運用担当者0  document.read  failure  第三四半期の売上と利益に関する取締役会への報告書 0\n", out);
    }

    @Test
    void pagesFollowEachOtherWithoutGapAndOverlap() {
        String whole = search("-q", "privileged:true", "--json").out();
        StringBuilder pages = new StringBuilder();
        String after = "";
        for (int page = 0; page < 5; page++) {
            Evault found = after.isEmpty()
                    ? search("-q", "privileged:true", "--json", "--limit", 7)
                    : search("-q", "privileged:true", "--json", "--limit", 7, "--after", after);
            pages.append(found.out());
            after = found.err().replaceAll("(?s).*--after (\\d+).*", "$1");
        }
        assertEquals(whole, pages.toString());
    }

    @Test
    void hoursDaysAndValuesAreCounted() {
        assertEquals(
                "          30  2026-05-01\n          60  2026-05-02\n",
                search("--histogram", "day").out());
        assertEquals(
                "{\"from\":\"2026-05-01T23:00Z\",\"count\":10}\n",
                search("--histogram", "hour", "--json", "--privileged", "--to", "2026-05-02")
                        .out());
        assertEquals(
                "          60  alice\n           1  運用担当者0\n",
                search("--top", "actor", "--limit", 2).out());
        assertEquals(
                "{\"value\":\"success\",\"count\":89}\n",
                search("--top", "OUTCOME", "--limit", 1, "--json").out());
    }

    @Test
    void aQueryThatCannotBeReadIsShownWithThePlace() {
        Path vault = directory.resolve("vault");
        Evault refused = Evault.run("search", "--vault", vault, "--tenant", "acme", "-q", "報告 AND actr:x")
                .ends(2);
        assertTrue(refused.err().startsWith("報告 AND actr:x\n         ^\n"), refused.err());
        assertTrue(refused.err().contains("at character 8: there is no field \"actr\""), refused.err());
        for (String[] wrong : new String[][] {
            {"--histogram", "week"},
            {"--top", "colour"},
            {"--after", "-1"},
            {"--histogram", "day", "--limit", "3"},
            {"--count", "--top", "actor"},
            {"--side", "us"}
        }) {
            List<Object> args = new ArrayList<>(List.of("search", "--vault", vault, "--tenant", "acme"));
            args.addAll(List.of(wrong));
            Evault.run(args.toArray()).ends(2);
        }
    }
}
