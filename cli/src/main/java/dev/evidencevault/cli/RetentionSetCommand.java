package dev.evidencevault.cli;

import dev.evidencevault.Vault;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.retention.RetentionPeriod;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says how long records are kept. */
@CommandLine.Command(
        name = "set",
        description = {
            "Say how long records are kept after they were recorded; the logs that it is about record it.",
            "Nothing is destroyed before evault retention run. What no rule is about is kept for ever. The rule of a"
                    + " tenant's service counts before the tenant's, that before the service's, that before the one of all."
        })
final class RetentionSetCommand extends Command {
    @Mixin
    private VaultOption vault = new VaultOption();

    @Option(
            names = "--tenant",
            paramLabel = "T",
            description = "of this tenant; without, of all that have no rule of their own")
    private @Nullable String tenant;

    @Option(
            names = "--service",
            paramLabel = "S",
            description = "of this service; without, of all that have no rule of their own")
    private @Nullable String service;

    @ArgGroup(multiplicity = "1")
    private HowLong howLong = new HowLong();

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "why: the contract, the law")
    private String reason = "";

    @Mixin
    private SinkOption sinks = new SinkOption();

    /** How long. */
    private static final class HowLong {
        @Option(
                names = "--days",
                paramLabel = "N",
                description = "so many days of 24 hours, 1 to " + RetentionPeriod.DAYS_MAX)
        private @Nullable Integer days;

        @Option(names = "--ever", description = "for ever")
        private boolean ever;

        @Option(names = "--no-rule", description = "take back what was said: what another rule says counts")
        private boolean none;
    }

    RetentionSetCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws IOException, KeyUnavailableException, WrongKeyException {
        if (reason.isBlank()) {
            throw new UsageException("--reason: expected a text");
        }
        RetentionPeriod period = period();
        try (Vault open = Vault.open(
                vault.directory, vault.secret.secret(shell(), false), sinks.in(InitCommand.options(), shell()))) {
            shell().tellRecovery(open);
            if (tenant != null && !open.tenants().contains(tenant)) {
                throw new UsageException(
                        "the vault has no tenant \"" + Shell.printable(tenant) + "\"; see evault tenants");
            }
            open.setRetention(tenant, service, period, reason);
        }
        if (!json()) {
            print(Shell.printable((tenant == null ? "all tenants" : tenant) + ", "
                    + (service == null ? "all services" : service) + ": "
                    + (period == null ? "no rule" : "kept " + period)));
        }
        return ExitCode.PASSED;
    }

    private @Nullable RetentionPeriod period() {
        if (howLong.none) {
            return null;
        }
        if (howLong.ever) {
            return RetentionPeriod.forEver();
        }
        Integer days = howLong.days;
        if (days == null) {
            throw new UsageException("expected --days, --ever or --no-rule");
        }
        try {
            return RetentionPeriod.ofDays(days);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--days: " + e.getMessage());
        }
    }
}
