package dev.evidencevault;

import dev.evidencevault.cases.CaseDesk;
import dev.evidencevault.cases.HeldException;
import dev.evidencevault.cases.Holds;
import dev.evidencevault.format.Change;
import dev.evidencevault.format.LogId;
import dev.evidencevault.format.Timestamps;
import dev.evidencevault.retention.RetentionPeriod;
import dev.evidencevault.retention.RetentionPlan;
import dev.evidencevault.retention.RetentionPlanner;
import dev.evidencevault.retention.RetentionRule;
import dev.evidencevault.retention.RetentionRules;
import dev.evidencevault.segment.SealedLog;
import dev.evidencevault.storage.LogKeys;
import dev.evidencevault.storage.Storage;
import dev.evidencevault.storage.UnlockedVault;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Changes the rules of retention and applies them. Rules are in place before the change of them is recorded. Records are
 * destroyed by a rotation that leaves out their keys, and so in the order that {@link KeyRotator} keeps. For one thread at a
 * time, but for {@link #run}.
 */
final class RetentionRunner {
    private final UnlockedVault vault;
    private final Storage storage;
    private final Clock clock;
    private final KeyRotator rotator;
    private final CaseDesk desk;

    RetentionRunner(UnlockedVault vault, Storage storage, Clock clock, SecureRandom random, KeyRotator rotator) {
        this.vault = vault;
        this.storage = storage;
        this.clock = clock;
        this.rotator = rotator;
        this.desk = new CaseDesk(vault, storage, clock, random);
    }

    RetentionRules rules() throws IOException {
        return RetentionRules.read(vault);
    }

    /** Changes the rule about some records; returns the change. */
    Change set(@Nullable LogId log, @Nullable String service, @Nullable RetentionPeriod period, String reason)
            throws IOException {
        RetentionRules known = rules();
        String before = known.about(log, service).map(RetentionRule::told).orElse(null);
        storage.replace(
                vault.layout().retention(), known.with(log, service, period).sign(vault.nodeKeys(), vault.signer()));
        String after = period == null ? null : new RetentionRule(log, service, period).told();
        return new Change(Change.What.POLICY, told(before), told(after), reason);
    }

    private static @Nullable String told(@Nullable String rule) {
        return rule == null ? null : "retention, " + rule;
    }

    /**
     * Applies the rules to the logs of tenants. All that was appended before is sealed and anchored, and no journal file holds any
     * of it.
     */
    synchronized RetentionRun run(List<String> tenants, KeyRotator.Loader logs) throws IOException {
        RetentionPlanner planner = new RetentionPlanner(rules(), Holds.read(desk), Timestamps.nanos(clock.instant()));
        SortedMap<String, RetentionPlan> over = new TreeMap<>();
        SortedMap<String, RetentionPlan> held = new TreeMap<>();
        SortedMap<String, IOException> failures = new TreeMap<>();
        List<KeyRotator.Wanted> wanted = new ArrayList<>();
        for (String tenant : tenants) {
            try {
                LogState log = logs.load(tenant);
                DestroyedFiles.remove(log.directory(), storage);
                RetentionPlan plan = planner.plan(
                        tenant,
                        new SealedLog(log.logId(), log.directory(), log.open().keys()));
                if (plan.isDue()) {
                    over.put(tenant, plan);
                } else if (plan.isOver()) {
                    held.put(tenant, plan);
                }
                if (plan.isDue() || plan.rotationDue()) {
                    wanted.add(wanted(plan, log));
                }
            } catch (IOException e) {
                failures.put(tenant, e);
            }
        }
        KeyRotation rotation = rotator.rotate(wanted, logs);
        rotation.failures().forEach((tenant, failure) -> {
            RetentionPlan plan = over.remove(tenant);
            if (plan != null && failure.getCause() instanceof HeldException) {
                held.put(tenant, plan);
            } else {
                failures.put(tenant, failure);
            }
        });
        SortedMap<String, Integer> rotated = new TreeMap<>(rotation.epochs());
        rotated.keySet().removeAll(over.keySet());
        return new RetentionRun(over, held, rotated, failures);
    }

    private KeyRotator.Wanted wanted(RetentionPlan plan, LogState log) throws IOException {
        boolean own = LogKeys.read(log.directory()).ownKey() != null;
        return plan.isDue()
                ? KeyRotator.Wanted.destroying(
                        plan.tenant(),
                        plan.reason(),
                        own,
                        new KeyRotator.Destruction(
                                plan.oldestKeys(),
                                plan.from(),
                                plan.segments(),
                                plan.leaves(),
                                () -> requireNotHeld(plan)))
                : KeyRotator.Wanted.ofRecords(
                        plan.tenant(), "retention: what comes next can go without what follows", own);
    }

    /** A hold may have been placed since the plan was made. */
    private void requireNotHeld(RetentionPlan plan) throws IOException {
        try {
            Holds.read(desk)
                    .requireNone(
                            plan.tenant(),
                            "the destruction of records",
                            plan.oldest(),
                            Timestamps.nanos(clock.instant()));
        } catch (HeldException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
