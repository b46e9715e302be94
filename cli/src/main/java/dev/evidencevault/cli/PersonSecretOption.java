package dev.evidencevault.cli;

import dev.evidencevault.crypto.keys.VaultSecret;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the passphrase of a person's key comes from: a file, the environment, or the person at the terminal. */
final class PersonSecretOption {
    static final String VARIABLE = "EVAULT_PERSON_PASSPHRASE";

    @Option(
            names = "--sign-passphrase-file",
            paramLabel = "FILE",
            description = "the passphrase of the person's key: the file's first line (else $" + VARIABLE + ")")
    private @Nullable Path passphraseFile;

    VaultSecret secret(Shell shell, boolean isNew) throws IOException, KeyUnavailableException {
        return VaultSecret.passphrase(text(shell, isNew));
    }

    /** Returns the passphrase of a key in a file that is not ours, or the PIN of a token. */
    char[] passphrase(Shell shell) throws IOException, KeyUnavailableException {
        return text(shell, false).toCharArray();
    }

    private String text(Shell shell, boolean isNew) throws IOException, KeyUnavailableException {
        if (passphraseFile != null) {
            return SecretOptions.firstLine(passphraseFile);
        }
        String variable = shell.environment().get(VARIABLE);
        if (variable != null && !variable.isEmpty()) {
            return variable;
        }
        if (shell.console() == null) {
            throw new KeyUnavailableException("the passphrase of the person's key is needed: set " + VARIABLE
                    + ", or give --sign-passphrase-file FILE");
        }
        return SecretOptions.ask(shell.console(), "Passphrase of the person's key: ", isNew);
    }
}
