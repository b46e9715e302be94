package dev.evidencevault.cli;

import dev.evidencevault.cases.PersonKeyFile;
import dev.evidencevault.cases.PersonSigner;
import dev.evidencevault.crypto.keys.WrongKeyException;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** With whose key a step is signed. */
final class SignOption {
    @Option(
            names = "--sign-with",
            required = true,
            paramLabel = "FILE",
            description = "the key of the person who does it (evault case key)")
    private Path file = Path.of("");

    @Mixin
    private PersonSecretOption secret = new PersonSecretOption();

    PersonSigner signer(Shell shell) throws IOException, KeyUnavailableException {
        return signer(file, secret, shell);
    }

    static PersonSigner signer(Path file, PersonSecretOption secret, Shell shell)
            throws IOException, KeyUnavailableException {
        try {
            return PersonKeyFile.open(file, secret.secret(shell, false));
        } catch (WrongKeyException e) {
            throw new KeyUnavailableException(file + ": the passphrase does not open this key");
        }
    }
}
