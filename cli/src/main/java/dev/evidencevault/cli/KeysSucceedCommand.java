package dev.evidencevault.cli;

import dev.evidencevault.Vault;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.crypto.note.NoteVerifier;
import dev.evidencevault.format.Json;
import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Hands the signing of a vault over to new keys. */
@CommandLine.Command(
        name = "succeed",
        description =
                "Hand the signing of a vault over to new keys, which the old ones vouch for. Nobody may be writing it."
                        + " Witnesses have to be told the new key.")
final class KeysSucceedCommand extends Command {
    @Mixin
    private VaultOption vault = new VaultOption();

    @Mixin
    private SinkOption sinks = new SinkOption();

    @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "why, for the vault's own log")
    private String reason = "";

    KeysSucceedCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws IOException, KeyUnavailableException, WrongKeyException {
        NoteVerifier next = Vault.succeedSigningKeys(
                vault.directory, vault.secret.secret(shell(), false), sinks.in(InitCommand.options(), shell()), reason);
        if (json()) {
            print(Json.object().put("vault", vault.directory.toString()).put("verifierKey", next.format()));
        } else {
            print("The vault signs with a new key from now on, which the one before vouches for:");
            print("  " + next.format());
            print("Tell it to who verifies, and to witnesses before they are asked again; evault keys history --out"
                    + " writes what proves that it is the vault's.");
        }
        return ExitCode.PASSED;
    }
}
