package dev.evidencevault.cli;

import dev.evidencevault.Vault;
import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.format.Json;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Settings;
import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

/** Gives a vault another secret. */
@CommandLine.Command(
        name = "rewrap",
        description =
                "Give a vault another secret: passphrase, key file, or a key that is kept elsewhere. Only vault.json and"
                        + " vault.sig change. If somebody may know the old secret who should not, rotate all keys afterwards.")
final class KeysRewrapCommand extends Command {
    @Mixin
    private VaultOption vault = new VaultOption();

    @Mixin
    private NewSecretOptions next = new NewSecretOptions();

    @Mixin
    private SinkOption sinks = new SinkOption();

    KeysRewrapCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws IOException, KeyUnavailableException, WrongKeyException {
        VaultSecret before = vault.secret.secret(shell(), false);
        VaultSecret after = next.secret(shell()).withTenants(before.ofTenants());
        Vault.changeSecret(vault.directory, before, after, sinks.in(InitCommand.options(), shell()));
        Settings settings = Settings.read(new Layout(vault.directory));
        Settings.VaultKey key = settings.vaultKey();
        if (json()) {
            print(Json.object()
                    .put("secret", settings.derivation().kind())
                    .put("secretEpoch", key == null ? 0 : key.epoch()));
        } else {
            print(Text.wrap(
                    Shell.printable("the vault is opened by another secret now: "
                            + settings.derivation().kind()),
                    "  ",
                    80));
        }
        return ExitCode.PASSED;
    }
}
