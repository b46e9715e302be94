package dev.evidencevault.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.KeyRotation;
import dev.evidencevault.Vault;
import dev.evidencevault.crypto.keys.KeySourceException;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.format.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Gives logs new keys. */
@CommandLine.Command(
        name = "rotate",
        description =
                "Give tenants new keys, under which is written from now on. What is there stays as it is: no record, proof or"
                        + " file but the keys changes. A tenant that --tenant-keys names gets keys that its own source wraps.")
final class KeysRotateCommand extends Command {
    @Mixin
    private VaultOption vault = new VaultOption();

    @Mixin
    private SinkOption sinks = new SinkOption();

    @ArgGroup(multiplicity = "1")
    private Which which = new Which();

    @Option(
            names = "--reason",
            required = true,
            paramLabel = "TEXT",
            description = "why; stands in the log of each tenant whose keys are rotated")
    private String reason = "";

    @Option(
            names = "--under-vault",
            description = "have the vault's key wrap the new keys, whoever wrapped them before")
    private boolean underVault;

    /** Whose keys. */
    private static final class Which {
        @Option(names = "--tenant", paramLabel = "T", description = "of this tenant; can be given more than once")
        private @Nullable List<String> tenants;

        @Option(names = "--all", description = "of all tenants and of the vault's own log")
        private boolean all;
    }

    KeysRotateCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws IOException, KeyUnavailableException, WrongKeyException {
        if (reason.isBlank()) {
            throw new UsageException("--reason: expected a text");
        }
        try (Vault open = Vault.open(
                vault.directory, vault.secret.secret(shell(), false), sinks.in(InitCommand.options(), shell()))) {
            List<String> names = which.tenants == null ? List.copyOf(open.tenants()) : which.tenants;
            for (String name : names) {
                if (!open.tenants().contains(name)) {
                    throw new UsageException(
                            "the vault has no tenant \"" + Shell.printable(name) + "\"; see evault tenants");
                }
            }
            KeyRotation rotation =
                    underVault ? open.rotateKeysUnderVault(names, reason) : open.rotateKeys(names, reason);
            Integer service = which.all ? open.rotateServiceKeys(reason) : null;
            show(rotation, service);
            if (rotation.failures().isEmpty()) {
                return ExitCode.PASSED;
            }
            boolean keys = rotation.failures().values().stream().allMatch(KeySourceException.class::isInstance);
            return keys ? ExitCode.KEY_UNAVAILABLE : ExitCode.INTERNAL_ERROR;
        }
    }

    private void show(KeyRotation rotation, @Nullable Integer service) {
        List<String> lines = new ArrayList<>();
        ObjectNode result = Json.object();
        ObjectNode epochs = result.putObject("epochs");
        rotation.epochs().forEach((tenant, epoch) -> {
            epochs.put(tenant, epoch);
            lines.add(tenant + ": epoch " + epoch);
        });
        if (service != null) {
            result.put("serviceEpoch", service);
            lines.add("the vault's own log: epoch " + service);
        }
        ObjectNode failures = result.putObject("failures");
        rotation.failures().forEach((tenant, failure) -> {
            failures.put(tenant, String.valueOf(failure.getMessage()));
            shell().message(Shell.printable(tenant + ": not rotated: " + failure.getMessage()));
        });
        if (json()) {
            print(result);
        } else {
            lines.forEach(line -> print(Text.wrap(Shell.printable(line), "  ", 80)));
        }
    }
}
