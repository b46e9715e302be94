package dev.evidencevault.campaign;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.evidencevault.campaign.Strace.Call;
import dev.evidencevault.campaign.Strace.Point;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The system calls of a writer's small life fail, one at a time, or the writer is killed at them: it stops and says what
 * failed, nothing that was acknowledged is lost, and the vault goes on. Which calls there are, a first life shows. Needs
 * strace and the right to trace.
 */
class StraceFaultTest {
    /** How many points of each kind, spread over the life; 0 for all. */
    private static final int POINTS = Campaign.length("strace.points", 2);

    private static final int KILLED = 137;
    private static final int OCCURRENCES_MAX = 20;

    @TempDir
    private static Path temporary;

    private static Path disk;
    private static Path vault;
    private static Path template;
    private static Path log;
    private static Ledger before;
    private static List<Call> calls;
    private static List<Call> callsOfNew;

    /** What happens to which calls, and what the writer has to say of it. */
    private enum Fault {
        SYNC_FAILS(Strace.SYNCS, "error=EIO", "Input/output error"),
        DISK_FULL(Strace.WRITES, "error=ENOSPC", "No space left on device"),
        RENAME_FAILS(Strace.RENAMES, "error=EIO", "Input/output error"),
        OTHER_CALL_FAILS(Strace.OTHERS, "error=EIO", "Input/output error"),
        KILLED_AT_SYNC(Strace.SYNCS, "signal=SIGKILL", ""),
        KILLED_AT_RENAME(Strace.RENAMES, "signal=SIGKILL", "");

        private final Set<String> calls;
        private final String action;
        private final String message;

        Fault(Set<String> calls, String action, String message) {
            this.calls = calls;
            this.action = action;
            this.message = message;
        }

        boolean kills() {
            return message.isEmpty();
        }
    }

    /**
     * Makes a vault that has all tenants, so that later lives of copies of it make the same calls on the same paths, and
     * looks at the calls of a life without a fault.
     */
    @BeforeAll
    static void begin() throws Exception {
        // What strace compares with is a real path.
        Path real = temporary.toRealPath();
        String missing = Strace.missing(real);
        assumeTrue(missing.isEmpty(), "skipped: " + missing);
        disk = Files.createDirectory(real.resolve("disk"));
        vault = disk.resolve("vault");
        template = real.resolve("template");
        log = real.resolve("strace");
        before = new Ledger();
        callsOfNew = dryRun(before);
        Campaign.copy(vault, template);
        calls = dryRun(before.copy());
    }

    /** A small life: every way to append, two tenants, seals on demand, a close. */
    private static WriterPlan life(Ledger ledger) {
        return WriterPlan.of(vault, log.resolveSibling("progress"), ledger.nextRound())
                .threads(1)
                .tenants(2)
                .window(2)
                .events(16)
                .sealEvery(7)
                .sealMillis(3_600_000);
    }

    private static WriterProcess.End live(List<String> under, WriterPlan plan) throws Exception {
        Files.deleteIfExists(log);
        try (WriterProcess writer = WriterProcess.start(under, plan)) {
            return writer.end();
        }
    }

    /** Returns the calls of a life without a fault. */
    private static List<Call> dryRun(Ledger ledger) throws Exception {
        WriterPlan plan = life(ledger);
        WriterProcess.End end = live(Strace.showing(log), plan);
        assertEquals(CampaignWriter.CLOSED, end.code(), end.output());
        ledger.add(plan);
        return Strace.calls(log, disk);
    }

    private static List<Point> spread(List<Point> all, int count, Random random) {
        if (count == 0 || all.size() <= count) {
            return all;
        }
        List<Point> some = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int from = i * all.size() / count;
            int to = (i + 1) * all.size() / count;
            some.add(all.get(from + random.nextInt(to - from)));
        }
        return some;
    }

    @ParameterizedTest
    @EnumSource
    void aFaultOfAnyCallStopsTheWriterAndLosesNothing(Fault fault) throws Exception {
        List<Point> all = Strace.points(calls, fault.calls);
        assertFalse(all.isEmpty(), "the life has such calls");
        List<Point> points = spread(all, POINTS, Campaign.random(fault.name()));
        sufferAll(fault, points, point -> {
            Campaign.remove(vault);
            Campaign.copy(template, vault);
            return suffer(fault, point, before.copy());
        });
    }

    @ParameterizedTest
    @EnumSource(
            // The JVM's own writes cannot be told from the vault's here.
            mode = EnumSource.Mode.EXCLUDE,
            names = {"DISK_FULL", "OTHER_CALL_FAILS"})
    void aFaultWhileAVaultIsMadeLosesNothing(Fault fault) throws Exception {
        List<Point> all = Strace.pointsAnywhere(callsOfNew, fault.calls);
        List<Point> points = spread(all, (POINTS + 1) / 2, Campaign.random(fault.name() + " new"));
        sufferAll(fault, points, point -> {
            Campaign.remove(vault);
            return suffer(fault, point, new Ledger());
        });
    }

    private interface Life {
        boolean met(Point point) throws Exception;
    }

    /** One life for each point; all failures are told. */
    private static void sufferAll(Fault fault, List<Point> points, Life life) {
        int[] met = new int[1];
        assertAll(points.stream().map(point -> () -> met[0] += life.met(point) ? 1 : 0));
        Campaign.say(
                "strace: " + fault + ", seed " + Campaign.SEED + ": " + points.size() + " points, " + met[0] + " met");
        // Commits may be grouped in another way than in the life that was looked at.
        assertTrue(2 * met[0] >= points.size(), "met " + met[0] + " of " + points);
    }

    /** One life with one fault. Says whether it came to that. */
    private static boolean suffer(Fault fault, Point point, Ledger ledger) throws Exception {
        String context = fault + " at " + point + ", seed " + Campaign.SEED;
        WriterPlan plan = life(ledger);
        WriterProcess.End end = live(Strace.injecting(log, point, fault.action), plan);
        String traced = Files.readString(log);
        List<Call> made = Strace.calls(log, disk);
        ledger.add(plan);
        context += ", ended with " + end.code() + " and \"" + end.lastLine() + '"';
        boolean met = fault.kills() ? traced.contains("killed by SIGKILL") : traced.contains("(INJECTED)");
        if (!met) {
            assertEquals(CampaignWriter.CLOSED, end.code(), context);
        } else if (fault.kills()) {
            assertEquals(KILLED, end.code(), context);
        } else if (fault != Fault.OTHER_CALL_FAILS || end.code() != CampaignWriter.CLOSED) {
            assertEquals(CampaignWriter.FAILED, end.code(), context + end.output());
            assertTrue(end.lastLine().contains(fault.message), context + ": says what happened");
            Call failed = made.stream().filter(Call::injected).findFirst().orElseThrow();
            assertTrue(end.lastLine().contains(failed.path()), context + ": names what failed: " + failed);
            requireNoRetry(made, context);
        }
        VaultCheck.requireWhole(vault, ledger, context);
        return met;
    }

    /** After a failed sync the kernel may have dropped the pages: nothing is written to that file or synced any more. */
    private static void requireNoRetry(List<Call> made, String context) {
        Set<String> failed = new HashSet<>();
        for (Call call : made) {
            boolean touches = Strace.SYNCS.contains(call.name()) || Strace.WRITES.contains(call.name());
            assertFalse(touches && failed.contains(call.path()), context + ": tried again: " + call);
            if (call.injected() && touches && !Files.isDirectory(Path.of(call.path()))) {
                failed.add(call.path());
            }
        }
    }

    @Test
    void aWriterThatAwaitsNoReceiptIsFoundOut() throws Exception {
        // The file that is written most often is the one where events become durable.
        List<Point> points = Strace.points(calls, Fault.DISK_FULL.calls);
        Point last =
                points.stream().max(Comparator.comparing(Point::occurrence)).orElseThrow();
        List<String> problems = List.of();
        for (int n = 2; n < OCCURRENCES_MAX && problems.isEmpty(); n++) {
            Campaign.remove(vault);
            Campaign.copy(template, vault);
            Ledger ledger = before.copy();
            WriterPlan plan =
                    life(ledger).flaw(Flaw.RECEIPT_NOT_AWAITED).events(500).sealEvery(0);
            live(Strace.injecting(log, new Point(last.name(), last.path(), n), Fault.DISK_FULL.action), plan);
            ledger.add(plan);
            problems = new VaultCheck(vault, ledger).readable();
        }
        assertTrue(problems.stream().anyMatch(each -> each.contains("lost")), "the loss is found: " + problems);
    }
}
