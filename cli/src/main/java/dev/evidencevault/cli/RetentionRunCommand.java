package dev.evidencevault.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.RetentionRun;
import dev.evidencevault.Vault;
import dev.evidencevault.cases.CaseDesk;
import dev.evidencevault.cases.Holds;
import dev.evidencevault.crypto.keys.KeySourceException;
import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.Timestamps;
import dev.evidencevault.reader.TenantReader;
import dev.evidencevault.reader.VaultReader;
import dev.evidencevault.retention.RetentionPlan;
import dev.evidencevault.retention.RetentionPlanner;
import dev.evidencevault.retention.RetentionRules;
import dev.evidencevault.storage.LocalStorage;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Applies the rules. */
@CommandLine.Command(
        name = "run",
        description = {
            "Destroy the records whose time is over, by destroying their keys; proofs of them stay and verify.",
            "They go in whole segments, from the beginning of a log on, with all that is under the same key. So that this"
                    + " is not long after their time, a run also gives logs new keys: run it every day."
        })
final class RetentionRunCommand extends Command {
    @Mixin
    private VaultOption vault = new VaultOption();

    @Option(names = "--tenant", paramLabel = "T", description = "of this tenant only; can be given more than once")
    private @Nullable List<String> only;

    @Option(names = "--dry-run", description = "show what would go, and what keeps it; change nothing")
    private boolean dryRun;

    @Mixin
    private SinkOption sinks = new SinkOption();

    RetentionRunCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws IOException, KeyUnavailableException, WrongKeyException {
        VaultSecret secret = vault.secret.secret(shell(), false);
        if (dryRun) {
            show(plans(VaultReader.open(vault.directory, secret)));
            return ExitCode.PASSED;
        }
        try (Vault open = Vault.open(vault.directory, secret, sinks.in(InitCommand.options(), shell()))) {
            shell().tellRecovery(open);
            RetentionRun run = open.applyRetention(tenants(open.tenants()));
            show(run);
            if (run.failures().isEmpty()) {
                return ExitCode.PASSED;
            }
            boolean keys = run.failures().values().stream().allMatch(KeySourceException.class::isInstance);
            return keys ? ExitCode.KEY_UNAVAILABLE : ExitCode.INTERNAL_ERROR;
        }
    }

    private Collection<String> tenants(Collection<String> known) {
        if (only == null) {
            return known;
        }
        for (String name : only) {
            if (!known.contains(name)) {
                throw new UsageException(
                        "the vault has no tenant \"" + Shell.printable(name) + "\"; see evault tenants");
            }
        }
        return only;
    }

    private SortedMap<String, RetentionPlan> plans(VaultReader reader) throws IOException, WrongKeyException {
        CaseDesk desk = new CaseDesk(reader.unlocked(), new LocalStorage(), Clock.systemUTC(), new SecureRandom());
        RetentionPlanner planner = new RetentionPlanner(
                RetentionRules.read(reader.unlocked()),
                Holds.read(desk),
                Timestamps.nanos(Clock.systemUTC().instant()));
        SortedMap<String, RetentionPlan> plans = new TreeMap<>();
        for (String name : tenants(reader.tenants())) {
            try {
                TenantReader tenant = reader.tenant(name).orElseThrow();
                plans.put(name, planner.plan(name, tenant.sealedLog()));
            } catch (KeySourceException e) {
                shell().message(Shell.printable(name + ": not looked at: " + e.getMessage()));
            }
        }
        return plans;
    }

    private void show(SortedMap<String, RetentionPlan> plans) {
        ObjectNode all = Json.object();
        ObjectNode tenants = all.putObject("tenants");
        plans.forEach((name, plan) -> {
            if (plan.isOver() || plan.waitingSegments() > 0 || plan.rotationDue()) {
                put(tenants.putObject(name), plan);
                tell(name, plan, plan.isDue() ? "would go" : "is over");
            }
        });
        if (json()) {
            print(all);
        } else if (tenants.isEmpty()) {
            print("nothing is over");
        }
    }

    private void show(RetentionRun run) {
        ObjectNode all = Json.object();
        ObjectNode destroyed = all.putObject("destroyed");
        run.destroyed().forEach((name, plan) -> {
            put(destroyed.putObject(name), plan);
            tell(name, plan, "is destroyed");
        });
        ObjectNode held = all.putObject("held");
        run.held().forEach((name, plan) -> {
            put(held.putObject(name), plan);
            tell(name, plan, "is over and stays");
        });
        ObjectNode rotated = all.putObject("rotated");
        run.rotated().forEach((name, epoch) -> {
            rotated.put(name, epoch);
            line(name + ": new keys, epoch " + epoch);
        });
        ObjectNode failures = all.putObject("failures");
        for (Map.Entry<String, IOException> failure : run.failures().entrySet()) {
            failures.put(failure.getKey(), String.valueOf(failure.getValue().getMessage()));
            shell().message(Shell.printable(
                    failure.getKey() + ": not destroyed: " + failure.getValue().getMessage()));
        }
        if (json()) {
            print(all);
        } else if (run.destroyed().isEmpty() && run.held().isEmpty()) {
            print("nothing was destroyed");
        }
    }

    private void line(String text) {
        if (!json()) {
            print(Shell.printable(text));
        }
    }

    private void tell(String name, RetentionPlan plan, String what) {
        if (plan.isOver()) {
            line(name + ": segments " + plan.from() + " to " + plan.segments() + ", " + plan.records() + " records, "
                    + plan.bytes() + " bytes: " + what);
            plan.services()
                    .forEach((service, part) -> line("  "
                            + (service.isEmpty() ? "(no service)" : service) + ": " + part.records() + " records from "
                            + Timestamps.format(part.oldest()) + " to " + Timestamps.format(part.newest())
                            + (part.rule() == null ? "" : "; " + part.rule().told())));
        }
        if (plan.waitingSegments() > 0) {
            line(name + ": " + plan.waitingSegments() + " segments more are over and go with the rest of what is under"
                    + " their key");
        }
        plan.holds()
                .forEach(hold -> line("  held until " + Timestamps.format(hold.until()) + " by case " + hold.id() + ": "
                        + hold.reason()));
        if (plan.rotationDue() && dryRun) {
            line(name + ": would get new keys");
        }
    }

    private static void put(ObjectNode json, RetentionPlan plan) {
        json.put("fromSegment", plan.from())
                .put("toSegment", plan.segments())
                .put("records", plan.records())
                .put("bytes", plan.bytes())
                .put("waitingSegments", plan.waitingSegments())
                .put("rotationDue", plan.rotationDue());
        var services = json.putArray("services");
        plan.services().forEach((service, part) -> {
            ObjectNode each = services.addObject();
            if (!service.isEmpty()) {
                each.put("service", service);
            }
            each.put("records", part.records())
                    .put("oldest", Timestamps.format(part.oldest()))
                    .put("newest", Timestamps.format(part.newest()));
            if (part.rule() != null) {
                each.put("days", part.rule().period().days());
            }
        });
        var holds = json.putArray("holds");
        plan.holds()
                .forEach(hold -> holds.addObject()
                        .put("case", hold.id().toString())
                        .put("until", Timestamps.format(hold.until()))
                        .put("reason", hold.reason()));
    }
}
