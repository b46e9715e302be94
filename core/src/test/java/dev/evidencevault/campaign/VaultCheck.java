package dev.evidencevault.campaign;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.evidencevault.Vault;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.reader.TenantReader;
import dev.evidencevault.reader.VaultReader;
import dev.evidencevault.storage.UnlockedVault;
import dev.evidencevault.verify.VaultVerifier;
import dev.evidencevault.verify.Verdict;
import dev.evidencevault.verify.VerificationReport;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Compares a vault with the ledger of its writers. What is found is a list of problems, empty if all is well. */
final class VaultCheck {
    private static final int AFTER_BYTES = 10;

    private final Path vault;
    private final Ledger ledger;
    private long found;

    VaultCheck(Path vault, Ledger ledger) {
        this.vault = vault;
        this.ledger = ledger;
    }

    /** Requires that {@link #whole} finds no problem. */
    static void requireWhole(Path vault, Ledger ledger, String context) {
        assertEquals(List.of(), new VaultCheck(vault, ledger).whole(), context);
    }

    /** Returns how many events the last reading found. */
    long found() {
        return found;
    }

    /** Reads beside a writer or after its end, and changes nothing. */
    List<String> readable() {
        try {
            VaultReader reader = VaultReader.open(vault, WriterPlan.SECRET);
            found = 0;
            List<String> problems = new ArrayList<>();
            List<String> strangers = new ArrayList<>(reader.tenants());
            IntStream.range(0, ledger.tenants()).mapToObj(WriterPlan::tenant).forEach(strangers::remove);
            strangers.forEach(name -> problems.add("a tenant that nobody wrote for: " + name));
            IntStream.range(0, ledger.tenants())
                    .parallel()
                    .mapToObj(tenant -> tally(reader, tenant))
                    .toList()
                    .forEach(tally -> {
                        found += tally.found();
                        problems.addAll(tally.problems());
                    });
            return problems;
        } catch (NoSuchFileException e) {
            return ledger.acknowledged() == 0 ? List.of() : List.of("there is no vault: " + e);
        } catch (Exception e) {
            return List.of("the vault cannot be read: " + e);
        }
    }

    /** Counts without reading all: less than the ledger has is a loss. */
    List<String> countable() {
        List<String> problems = new ArrayList<>();
        try {
            VaultReader reader = VaultReader.open(vault, WriterPlan.SECRET);
            for (int tenant = 0; tenant < ledger.tenants(); tenant++) {
                Optional<TenantReader> log = reader.tenant(WriterPlan.tenant(tenant));
                long count = log.isPresent() ? log.get().eventCount() : 0;
                if (count < ledger.acknowledgedOf(tenant)) {
                    problems.add(WriterPlan.tenant(tenant) + ": lost: acknowledged " + ledger.acknowledgedOf(tenant)
                            + ", found " + count);
                }
            }
        } catch (NoSuchFileException e) {
            if (ledger.acknowledged() > 0) {
                problems.add("there is no vault: " + e);
            }
        } catch (Exception e) {
            problems.add("the vault cannot be read: " + e);
        }
        return problems;
    }

    /** Reads, recovers, writes on, closes, reads again and verifies, without keys and with them. */
    List<String> whole() {
        List<String> before = readable();
        if (!before.isEmpty()) {
            return before.stream().map(each -> "before reopening: " + each).toList();
        }
        try {
            writeOn();
            List<String> problems = new ArrayList<>(readable());
            verify("without keys", new VaultVerifier(null, null).verify(vault), problems);
            UnlockedVault unlocked = UnlockedVault.unlock(vault, WriterPlan.SECRET);
            verify("with keys", new VaultVerifier(null, null).verify(unlocked), problems);
            return problems.stream().map(each -> "after reopening: " + each).toList();
        } catch (NoSuchFileException e) {
            return ledger.acknowledged() == 0 ? List.of() : List.of("there is no vault: " + e);
        } catch (Exception e) {
            return List.of("the vault cannot be opened again: " + e);
        }
    }

    /**
     * Recovers, writes on, closes, reads once and verifies once, with keys: what {@link #whole} finds, without the
     * comparison of before and after, for vaults that take minutes to read.
     */
    List<String> once() {
        try {
            writeOn();
            List<String> problems = new ArrayList<>(readable());
            UnlockedVault unlocked = UnlockedVault.unlock(vault, WriterPlan.SECRET);
            verify("with keys", new VaultVerifier(null, null).verify(unlocked), problems);
            return problems;
        } catch (Exception e) {
            return List.of("the vault cannot be opened again: " + e);
        }
    }

    private void writeOn() throws Exception {
        Progress progress = Progress.of(ledger.nextRound(), 1, 1, AFTER_BYTES);
        try (Vault open = Vault.open(vault, WriterPlan.SECRET, WriterPlan.smallOptions())) {
            ledger.add(progress);
            progress.append(0, 0, 1);
            open.tenant(WriterPlan.tenant(0))
                    .appendAndWait(new NumberedEvent(progress.round(), 0, 0).event(AFTER_BYTES));
            progress.acknowledge(0, 0, 1);
        }
    }

    private static void verify(String how, VerificationReport report, List<String> problems) {
        if (report.verdict() != Verdict.PASSED) {
            problems.add("verified " + how + ": " + report.toJson());
        }
    }

    private Ledger.Tally tally(VaultReader reader, int tenant) {
        Ledger.Tally tally = ledger.new Tally(tenant);
        try {
            Optional<TenantReader> log = reader.tenant(WriterPlan.tenant(tenant));
            if (log.isPresent()) {
                log.get().events(record -> {
                    find(record, tenant, tally);
                    return true;
                });
            }
        } catch (Exception e) {
            tally.wrong("cannot be read: " + e);
        }
        return tally;
    }

    private static void find(LogRecord record, int tenant, Ledger.Tally tally) throws IOException {
        Optional<NumberedEvent> event = NumberedEvent.of(record);
        if (event.isEmpty()) {
            tally.wrong("never appended: " + record.id());
            return;
        }
        tally.find(event.get());
        if (!event.get().original(tally.eventBytes(event.get())).equals(record.original())
                || !WriterPlan.tenant(tenant).equals(record.tenant())) {
            tally.wrong("not what was appended: " + event.get().id());
        }
    }
}
