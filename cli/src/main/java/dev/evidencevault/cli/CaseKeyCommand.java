package dev.evidencevault.cli;

import dev.evidencevault.cases.PersonKey;
import dev.evidencevault.cases.PersonKeyFile;
import dev.evidencevault.crypto.keys.KeyDerivation;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.format.Json;
import dev.evidencevault.storage.LocalStorage;
import dev.evidencevault.storage.Storage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes the key with which a person signs. */
@CommandLine.Command(
        name = "key",
        description =
                "Make the key with which a person signs: a file under a passphrase, and beside it, with .pub at its"
                        + " end, one with the public key.")
final class CaseKeyCommand extends Command {
    @Option(
            names = "--id",
            required = true,
            paramLabel = "ID",
            description = "the person's id: a to z, 0 to 9, . and -")
    private String id = "";

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "the key, a new file")
    private Path out = Path.of("");

    @Mixin
    private PersonSecretOption secret = new PersonSecretOption();

    CaseKeyCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws IOException, KeyUnavailableException, WrongKeyException {
        if (!id.matches("[a-z0-9][a-z0-9.-]{0,63}")) {
            throw new UsageException("expected 1 to 64 characters of a to z, 0 to 9, . and - for --id, found " + id);
        }
        Path published = out.resolveSibling(out.getFileName() + ".pub");
        if (Files.exists(published)) {
            throw new FileAlreadyExistsException(published.toString(), null, "a key is never overwritten");
        }
        PersonKey key = PersonKeyFile.create(
                out,
                id,
                secret.secret(shell(), true),
                KeyDerivation.Argon2id.recommended().memoryKib());
        Storage storage = new LocalStorage();
        storage.replace(published, (key.text() + "\n").getBytes(StandardCharsets.UTF_8));
        if (json()) {
            print(Json.object().put("out", out.toString()).put("key", key.text()));
        } else {
            print("The key of " + id + " is in " + out + "; its public half, which is in " + published + ":");
            print("  " + key.text());
        }
        return ExitCode.PASSED;
    }
}
