package dev.evidencevault;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A process that writes a vault until it is killed: prints every event's id after its receipt came. Rolls and seals as
 * often as it can, so that a kill meets every step.
 */
public final class KilledWriter {
    private static final int THREADS = 3;

    private KilledWriter() {}

    static VaultOptions options() {
        return SmallVault.options().withJournalBytesMax(64 << 10).withSealAfter(Duration.ofMillis(10));
    }

    public static void main(String[] args) throws Exception {
        Vault vault = Vault.openOrCreate(Path.of(args[0]), SmallVault.SECRET, options());
        PrintStream out = new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.out), true);
        for (int t = 0; t < THREADS; t++) {
            int thread = t;
            new Thread(() -> write(vault, args[1] + "-" + thread, out)).start();
        }
    }

    private static void write(Vault vault, String prefix, PrintStream out) {
        try {
            for (int i = 0; ; i++) {
                String tenant = "tenant-" + i % 4;
                String id = prefix + "-" + i;
                vault.tenant(tenant)
                        .appendAndWait(Event.of("act")
                                .id(id)
                                .actor(Actor.tenant("user-" + i % 7))
                                .original("x".repeat(i % 300))
                                .build());
                out.println(tenant + " " + id);
            }
        } catch (Exception e) {
            e.printStackTrace();
        }
    }
}
