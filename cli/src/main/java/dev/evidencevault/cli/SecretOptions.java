package dev.evidencevault.cli;

import dev.evidencevault.crypto.keys.KeySource;
import dev.evidencevault.crypto.keys.VaultSecret;
import java.io.Console;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Where the secret of a vault comes from: a file, the environment, the person at the terminal, or a key that is kept
 * elsewhere.
 */
final class SecretOptions {
    static final String VARIABLE = "EVAULT_PASSPHRASE";

    private static final int FILE_BYTES_MAX = 64 << 10;

    @Option(
            names = "--passphrase-file",
            paramLabel = "FILE",
            description = "the vault's passphrase: the file's first line (else $" + VARIABLE + ")")
    private @Nullable Path passphraseFile;

    @Option(
            names = "--key-file",
            paramLabel = "FILE",
            description = "for a vault whose key is a file: 32 or more random bytes")
    private @Nullable Path keyFile;

    @Option(
            names = "--tenant-keys",
            paramLabel = "FILE",
            description = "the key sources of tenants that bring their own (docs/operations.md)")
    private @Nullable Path tenantKeys;

    @Mixin
    private KeySourceOption source = new KeySourceOption();

    /** Returns the secret, if one was given or can be asked for. */
    VaultSecret secret(Shell shell, boolean isNew) throws IOException, KeyUnavailableException {
        VaultSecret secret = ofVault(shell, isNew);
        return tenantKeys == null ? secret : secret.withTenants(TenantKeysFile.read(tenantKeys, shell.environment()));
    }

    private VaultSecret ofVault(Shell shell, boolean isNew) throws IOException, KeyUnavailableException {
        Optional<VaultSecret> given = givenOfVault(shell);
        if (given.isPresent()) {
            return given.get();
        }
        if (shell.console() == null) {
            throw new KeyUnavailableException("the vault's passphrase is needed: set " + VARIABLE
                    + ", or give --passphrase-file FILE or --key-file FILE");
        }
        return VaultSecret.passphrase(ask(shell.console(), "Passphrase of the vault: ", isNew));
    }

    /** Asks at the terminal; twice for what is new. */
    static String ask(Console console, String prompt, boolean isNew) throws KeyUnavailableException {
        char[] passphrase = console.readPassword(prompt);
        if (isNew && passphrase != null) {
            char[] again = console.readPassword("The same again: ");
            if (!Arrays.equals(passphrase, again)) {
                throw new KeyUnavailableException("the two passphrases differ");
            }
        }
        if (passphrase == null || passphrase.length == 0) {
            throw new KeyUnavailableException("no passphrase was given");
        }
        return new String(passphrase);
    }

    /** Returns the secret, if one was given; asks nobody. */
    Optional<VaultSecret> given(Shell shell) throws IOException, KeyUnavailableException {
        Optional<VaultSecret> given = givenOfVault(shell);
        return given.isEmpty() || tenantKeys == null
                ? given
                : Optional.of(given.get().withTenants(TenantKeysFile.read(tenantKeys, shell.environment())));
    }

    private Optional<VaultSecret> givenOfVault(Shell shell) throws IOException, KeyUnavailableException {
        if ((passphraseFile == null ? 0 : 1) + (keyFile == null ? 0 : 1) + source.count() > 1) {
            throw new UsageException(
                    "expected one of --passphrase-file, --key-file, --key-token, --key-transit and --key-kms, found more");
        }
        Optional<KeySource> elsewhere = source.given(shell);
        if (elsewhere.isPresent()) {
            return elsewhere.map(VaultSecret::keySource);
        }
        Optional<VaultSecret> file = fromFiles(passphraseFile, keyFile);
        if (file.isPresent()) {
            return file;
        }
        String variable = shell.environment().get(VARIABLE);
        return variable == null || variable.isEmpty()
                ? Optional.empty()
                : Optional.of(VaultSecret.passphrase(variable));
    }

    /** Returns the secret that a file holds, if one is given. */
    static Optional<VaultSecret> fromFiles(@Nullable Path passphraseFile, @Nullable Path keyFile)
            throws IOException, KeyUnavailableException {
        if (keyFile != null) {
            return Optional.of(keyFile(keyFile));
        }
        return passphraseFile == null
                ? Optional.empty()
                : Optional.of(VaultSecret.passphrase(firstLine(passphraseFile)));
    }

    static VaultSecret keyFile(Path file) throws IOException, KeyUnavailableException {
        byte[] content = read(file);
        if (content.length < VaultSecret.KEY_FILE_BYTES_MIN) {
            throw new KeyUnavailableException(file + ": a key file holds at least " + VaultSecret.KEY_FILE_BYTES_MIN
                    + " random bytes, found " + content.length);
        }
        return VaultSecret.keyFile(content);
    }

    static String firstLine(Path file) throws IOException, KeyUnavailableException {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(read(file)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new KeyUnavailableException(file + ": a passphrase is UTF-8 text; for random bytes use --key-file");
        }
        String line = text.lines().findFirst().orElse("");
        if (line.isEmpty()) {
            throw new KeyUnavailableException(file + ": expected a passphrase in the first line, found nothing");
        }
        return line;
    }

    private static byte[] read(Path file) throws IOException, KeyUnavailableException {
        if (Files.isRegularFile(file) && Files.size(file) > FILE_BYTES_MAX) {
            throw new KeyUnavailableException(file + ": expected at most 64 KiB");
        }
        return Files.readAllBytes(file);
    }
}
