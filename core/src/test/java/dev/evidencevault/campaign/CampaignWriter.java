package dev.evidencevault.campaign;

import dev.evidencevault.Event;
import dev.evidencevault.Vault;
import dev.evidencevault.VaultFailedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A process that appends numbered events to a vault, which it creates if there is none. Its last line and its exit code
 * tell how it ended: closed after the last event; failed, as the vault said; or broken, which no fault may cause.
 */
public final class CampaignWriter {
    /** All events were appended and the vault was closed. */
    static final int CLOSED = 0;
    /** The vault failed and said why. */
    static final int FAILED = 3;
    /** Something happened that must not happen. */
    static final int BROKEN = 4;

    private CampaignWriter() {}

    /** Writes as its {@link WriterPlan} says. */
    public static void main(String[] args) {
        int code = run(WriterPlan.parse(args));
        System.out.flush();
        Runtime.getRuntime().halt(code);
    }

    private static int run(WriterPlan plan) {
        try {
            Progress progress =
                    Progress.create(plan.progress(), plan.round(), plan.threads(), plan.tenants(), plan.eventBytes());
            try (Vault vault = Vault.openOrCreate(plan.vault(), WriterPlan.SECRET, plan.options())) {
                List<Throwable> failures = append(vault, plan, progress);
                if (!failures.isEmpty()) {
                    return failed(vault, failures);
                }
            }
            System.out.println("closed");
            return CLOSED;
        } catch (IOException | VaultFailedException e) {
            return say("failed: ", e, FAILED);
        } catch (Exception | Error e) {
            e.printStackTrace();
            return say("broken: ", e, BROKEN);
        }
    }

    private static List<Throwable> append(Vault vault, WriterPlan plan, Progress progress) throws InterruptedException {
        ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < plan.threads(); t++) {
            AppendingThread appending = new AppendingThread(vault, plan, progress, t);
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    appending.run();
                } catch (Exception | Error e) {
                    failures.add(e instanceof CompletionException && e.getCause() != null ? e.getCause() : e);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return List.copyOf(failures);
    }

    /** A failed vault takes nothing more, and its close tells so. */
    private static int failed(Vault vault, List<Throwable> failures) throws Exception {
        for (Throwable failure : failures) {
            if (!(failure instanceof VaultFailedException) && !(failure instanceof IOException)) {
                failure.printStackTrace();
                return say("broken: ", failure, BROKEN);
            }
        }
        if (failures.get(0) instanceof VaultFailedException) {
            try {
                vault.tenant(WriterPlan.tenant(0))
                        .appendAndWait(Event.of("late").build());
                System.out.println("broken: an event was acknowledged after the failure " + failures);
                return BROKEN;
            } catch (VaultFailedException e) {
                // As it has to be.
            }
            try {
                vault.close();
                System.out.println("broken: the vault closed as if it had not failed with " + failures);
                return BROKEN;
            } catch (IOException e) {
                return say("failed: ", failures.get(0), FAILED);
            }
        }
        return say("failed: ", failures.get(0), FAILED);
    }

    private static int say(String how, Throwable e, int code) {
        String message = e.getClass().getSimpleName() + ": " + e.getMessage();
        System.out.println(how + message.replace('\n', ' '));
        return code;
    }
}
