package dev.evidencevault.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.evidencevault.Actor;
import dev.evidencevault.Event;
import dev.evidencevault.Event.Outcome;
import dev.evidencevault.Vault;
import dev.evidencevault.VaultOptions;
import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.format.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs every query and every command of docs/search.md over the events that stand there. */
class SearchDocumentTest {
    private static final Pattern EVENT = Pattern.compile("(?m)^\\| (e\\d+) \\|(.*)\\|$");
    private static final Pattern BLOCK = Pattern.compile("```(sh|query)\\n(.*?)\\n```", Pattern.DOTALL);
    private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

    @TempDir
    private Path directory;

    private String document = "";

    @BeforeEach
    void writeEvents() throws Exception {
        document = Files.readString(Path.of(System.getProperty("evidencevault.root", "."), "docs", "search.md"));
        int events = 0;
        try (Vault vault = Vault.create(
                directory.resolve("vault"),
                VaultSecret.passphrase("correct horse"),
                VaultOptions.defaults().withArgon2MemoryKib(64))) {
            for (MatchResult row : EVENT.matcher(document).results().toList()) {
                vault.tenant("acme").appendAndWait(event(row.group(1), cells(row.group(2))));
                events++;
            }
        }
        assertTrue(events > 5, "only " + events);
    }

    private static List<String> cells(String row) {
        return Arrays.stream(row.split("\\|", -1)).map(String::strip).toList();
    }

    private static Event event(String id, List<String> cells) {
        String[] who = cells.get(1).split(" ", 2);
        Actor actor = Actor.of(Actor.Side.valueOf(who[0].toUpperCase(Locale.ROOT)), who[1]);
        actor = cells.get(2).equals("yes") ? actor.privileged() : actor;
        actor = cells.get(8).isEmpty() ? actor : actor.session(cells.get(8));
        String[] target = cells.get(6).split(" ", 2);
        return Event.of(cells.get(3))
                .id(id)
                .occurredAt(Instant.parse(cells.get(0)))
                .actor(actor)
                .outcome(Outcome.valueOf(cells.get(4).toUpperCase(Locale.ROOT)))
                .service(cells.get(5))
                .target(target[0], target[1])
                .sourceIp(cells.get(7))
                .reason(cells.get(9))
                .build();
    }

    private Evault search(String query) {
        return Evault.run("search", "--json", "--vault", directory.resolve("vault"), "--tenant", "acme", "-q", query);
    }

    @Test
    void everyQueryFindsWhatTheDocumentSays() throws Exception {
        int queries = 0;
        for (MatchResult block : BLOCK.matcher(document).results().toList()) {
            for (String line :
                    block.group(1).equals("query") ? block.group(2).lines().toList() : List.<String>of()) {
                int comment = line.lastIndexOf('#');
                List<String> ids = new ArrayList<>();
                for (String record :
                        search(line.substring(0, comment)).ends(0).out().lines().toList()) {
                    JsonNode found = Json.mapper().readTree(record);
                    ids.add(found.path("id").asText());
                }
                assertEquals(line.substring(comment + 1).strip(), String.join(" ", ids), line);
                queries++;
            }
        }
        assertTrue(queries > 40, "only " + queries);
    }

    @Test
    void everyCommandWorks() {
        int commands = 0;
        for (MatchResult block : BLOCK.matcher(document).results().toList()) {
            for (String line :
                    block.group(1).equals("sh") ? block.group(2).lines().toList() : List.<String>of()) {
                String[] command = line.split(" # ", 2);
                List<String> words = new ArrayList<>();
                for (MatchResult word : WORD.matcher(command[0]).results().toList()) {
                    String text = word.group(1) == null ? word.group(2) : word.group(1);
                    words.add(
                            text.equals("/srv/vault")
                                    ? directory.resolve("vault").toString()
                                    : text);
                }
                assertEquals("./evault", words.get(0), line);
                Evault.run(words.subList(1, words.size()).toArray())
                        .ends(command.length == 1 ? 0 : Integer.parseInt(command[1]));
                commands++;
            }
        }
        assertTrue(commands > 10, "only " + commands);
    }
}
