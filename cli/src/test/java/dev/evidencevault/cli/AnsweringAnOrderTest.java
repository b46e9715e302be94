package dev.evidencevault.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.Actor;
import dev.evidencevault.Event;
import dev.evidencevault.Vault;
import dev.evidencevault.VaultOptions;
import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.crypto.merkle.Digest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs the commands of docs/answering-an-order.md, and its translation, one after the other. */
class AnsweringAnOrderTest {
    private static final Pattern BLOCK = Pattern.compile("```(sh|json)\\n(.*?)\\n```", Pattern.DOTALL);
    private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");
    private static final Pattern DATE = Pattern.compile("\\$\\(date -u -d '\\+(\\d+) days' \\+%F\\)");
    private static final Pattern DIGEST = Pattern.compile("\\$\\(sha256sum (\\S+) \\| cut -c1-64\\)");

    @TempDir
    private Path directory;

    private String substituted(String command) throws Exception {
        String dated = DATE.matcher(command)
                .replaceAll(found -> LocalDate.now(ZoneOffset.UTC)
                        .plusDays(Long.parseLong(found.group(1)))
                        .toString());
        Matcher digest = DIGEST.matcher(dated);
        return digest.find()
                ? digest.replaceAll(Digest.sha256(Files.readAllBytes(directory.resolve(digest.group(1))))
                        .hex())
                : dated;
    }

    private List<String> words(String command) {
        List<String> words = new ArrayList<>();
        for (MatchResult word : WORD.matcher(command).results().toList()) {
            String text = word.group(1) == null ? word.group(2) : word.group(1);
            boolean isFile = text.matches("[a-z.]+\\.(key|pub|json|zip|pdf|p12|txt|pem|asice|asice\\.p7m)");
            words.add(
                    text.equals("/srv/vault")
                            ? directory.resolve("vault").toString()
                            : isFile ? directory.resolve(text).toString() : text);
        }
        return words;
    }

    @ParameterizedTest
    @ValueSource(strings = {"answering-an-order.md", "answering-an-order.ja.md"})
    void everyCommandOfTheDocumentWorks(String document) throws Exception {
        try (Vault vault = Vault.create(
                directory.resolve("vault"),
                VaultSecret.passphrase("correct horse"),
                VaultOptions.defaults().withArgon2MemoryKib(64).withRedactable(true))) {
            for (int day = 1; day < 10; day++) {
                vault.tenant("acme")
                        .appendAndWait(Event.of("document.read")
                                .occurredAt(Instant.parse("2026-04-0" + day + "T12:00:00Z"))
                                .actor(Actor.tenant(day % 2 == 0 ? "alice" : "bob"))
                                .build());
            }
        }
        Files.writeString(directory.resolve("order.pdf"), "the order");
        for (String who : List.of("company", "approver")) {
            PersonalCertificates.key(directory, who);
            Files.writeString(directory.resolve(who + ".txt"), PersonalCertificates.PASSPHRASE);
        }
        PersonalCertificates.certificate(PersonalCertificates.key(directory, "court"));
        Map<String, String> environment = new HashMap<>(Evault.ENVIRONMENT);
        environment.put(PersonSecretOption.VARIABLE, "my own");
        String text = Files.readString(Path.of(System.getProperty("evidencevault.root", "."), "docs", document));
        int commands = 0;
        for (MatchResult block : BLOCK.matcher(text).results().toList()) {
            if (block.group(1).equals("json")) {
                Files.writeString(directory.resolve("scope.json"), block.group(2) + "\n");
                continue;
            }
            for (String line : block.group(2).lines().toList()) {
                List<String> words = words(substituted(line));
                assertEquals("./evault", words.get(0), line);
                Evault run = Evault.run(
                                environment, "", words.subList(1, words.size()).toArray())
                        .ends(0);
                run.out().lines().forEach(printed -> assertTrue(fits(printed), line + ": " + printed));
                commands++;
            }
        }
        assertTrue(commands > 25, "only " + commands);
    }

    /** The vault's directory and keys are as long as they are. */
    private boolean fits(String printed) {
        return printed.length() <= 80 || printed.contains(directory.toString()) || printed.contains("+A");
    }
}
