package dev.evidencevault;

import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.reader.VaultReader;
import dev.evidencevault.storage.UnsyncedStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A vault that is small enough to try everything on it: two tenants, three segments each, every kind of field. */
public final class SmallVault {
    public static final VaultSecret SECRET = VaultSecret.passphrase("correct horse");
    public static final String OTHER_TENANT = "umbrella-corp";
    public static final String OTHER_ACTOR = "wesker@umbrella";

    private SmallVault() {}

    public static VaultOptions options() {
        return VaultOptions.defaults()
                .withArgon2MemoryKib(64)
                .withJournalBytesMax(64 << 10)
                .withStorage(new UnsyncedStorage());
    }

    /** Writes the vault. Tenant "acme" has nine events, at noon of the first nine days of May 2026. */
    public static void write(Path directory) throws IOException {
        write(directory, options());
    }

    /** Writes the same vault in another way. */
    public static void write(Path directory, VaultOptions options) throws IOException {
        try (Vault vault = Vault.create(directory, SECRET, options)) {
            for (int day = 1; day <= 9; day++) {
                Instant time = Instant.parse("2026-05-0" + day + "T12:00:00Z");
                vault.tenant("acme").appendAndWait(event(day, time));
                vault.tenant(OTHER_TENANT)
                        .appendAndWait(Event.of("sample.ship")
                                .id("other-" + day)
                                .occurredAt(time)
                                .actor(Actor.tenant(OTHER_ACTOR))
                                .original("{\"virus\":" + day + "}")
                                .build());
                if (day % 3 == 0) {
                    vault.seal();
                }
            }
        }
    }

    private static Event event(int day, Instant time) {
        Actor actor = Actor.tenant(day % 2 == 0 ? "alice" : "bob");
        Event.Builder event = Event.of(day % 4 == 0 ? "document.delete" : "document.read")
                .id("event-" + day)
                .occurredAt(time)
                .service(day % 3 == 0 ? "billing" : "files")
                .actor(day == 5 ? Actor.provider("operator").privileged().onBehalfOf("alice") : actor)
                .target("document", "doc-" + day)
                .outcome(Event.Outcome.SUCCESS);
        if (day != 2) {
            event.original("{\"n\":" + day + ",\"text\":\"caf\u00e9 \\u0000\"}");
        }
        return event.build();
    }

    public static VaultReader open(Path directory) throws Exception {
        return VaultReader.open(directory, SECRET);
    }

    /** Returns the contents of all files below a directory, by their paths relative to it. */
    public static Map<String, byte[]> contents(Path directory) throws IOException {
        Map<String, byte[]> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                try {
                    contents.put(directory.relativize(file).toString(), Files.readAllBytes(file));
                } catch (NoSuchFileException e) {
                    // A writer at work gave it its name, or took it away: what there is now is read anew.
                    return contents(directory);
                }
            }
        }
        return contents;
    }
}
