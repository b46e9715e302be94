package dev.evidencevault.examples;

import dev.evidencevault.Actor;
import dev.evidencevault.Event;
import dev.evidencevault.Event.Outcome;
import dev.evidencevault.Receipt;
import dev.evidencevault.Vault;
import dev.evidencevault.VaultOptions;
import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.reader.TenantReader;
import dev.evidencevault.reader.VaultReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Writes an event into a vault and reads the tenant's log back. Arguments: the vault's directory; the passphrase is in
 * the environment variable {@code EVAULT_PASSPHRASE}.
 */
public final class Quickstart {
    private Quickstart() {}

    /** Runs it. */
    public static void main(String[] args) throws Exception {
        run(Path.of(args[0]), VaultSecret.passphrase(System.getenv("EVAULT_PASSPHRASE")));
    }

    static void run(Path directory, VaultSecret secret) throws Exception {
        VaultOptions options = VaultOptions.defaults();
        try (Vault vault = Vault.openOrCreate(directory, secret, options)) {
            Event event = Event.of("document.delete")
                    .actor(Actor.tenant("alice").privileged())
                    .target("document", "q3-report")
                    .outcome(Outcome.SUCCESS)
                    .build();
            Receipt receipt = vault.tenant("acme").appendAndWait(event);
            System.out.println("on disk as number " + receipt.seq());
        }
        TenantReader log = VaultReader.open(directory, secret).tenant("acme").orElseThrow();
        log.events(record -> {
            System.out.println(new String(record.line(), StandardCharsets.UTF_8));
            return true;
        });
    }
}
