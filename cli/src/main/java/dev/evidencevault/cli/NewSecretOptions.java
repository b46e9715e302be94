package dev.evidencevault.cli;

import dev.evidencevault.crypto.keys.KeySource;
import dev.evidencevault.crypto.keys.TokenKeySource;
import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.kms.TransitKeySource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is to open a vault from now on. */
final class NewSecretOptions {
    @Option(names = "--new-passphrase-file", paramLabel = "FILE", description = "a passphrase: the file's first line")
    private @Nullable Path passphraseFile;

    @Option(names = "--new-key-file", paramLabel = "FILE", description = "a key file: 32 or more random bytes")
    private @Nullable Path keyFile;

    @Option(
            names = "--new-key-token",
            paramLabel = "FILE",
            description = "a key in a token (PKCS #11): the configuration of Java's provider SunPKCS11")
    private @Nullable Path token;

    @Option(
            names = "--new-key-label",
            paramLabel = "NAME",
            defaultValue = "evault",
            description = "the label of the AES key in the token (default: ${DEFAULT-VALUE})")
    private String label = "evault";

    @Option(
            names = "--new-key-pin-file",
            paramLabel = "FILE",
            description = "the PIN of the token: the file's first line")
    private @Nullable Path pinFile;

    @Option(
            names = "--new-key-transit",
            paramLabel = "URL",
            description = "a key of HashiCorp Vault or OpenBao: https://host:8200/v1/transit/keys/NAME")
    private @Nullable String transit;

    @Option(
            names = "--new-key-transit-token-file",
            paramLabel = "FILE",
            description = "the server's token: the file's first line")
    private @Nullable Path transitTokenFile;

    @Option(
            names = "--new-key-kms",
            paramLabel = "URI",
            description = "a key of AWS KMS or Google Cloud KMS, as --key-kms has it")
    private @Nullable String kms;

    /** Returns the secret; asks nobody. */
    VaultSecret secret(Shell shell) throws IOException, KeyUnavailableException {
        long given = Stream.of(passphraseFile, keyFile, token, transit, kms)
                .filter(Objects::nonNull)
                .count();
        if (given != 1) {
            throw new UsageException("expected one of --new-passphrase-file, --new-key-file, --new-key-token,"
                    + " --new-key-transit and --new-key-kms, found " + given);
        }
        if (passphraseFile != null) {
            return VaultSecret.passphrase(SecretOptions.firstLine(passphraseFile));
        }
        if (keyFile != null) {
            return SecretOptions.keyFile(keyFile);
        }
        return VaultSecret.keySource(kms == null ? elsewhere() : KeySourceOption.ofService(kms, shell.environment()));
    }

    private KeySource elsewhere() throws IOException, KeyUnavailableException {
        String address = transit;
        if (address != null) {
            return new TransitKeySource(
                    address,
                    SecretOptions.firstLine(required(transitTokenFile, "--new-key-transit-token-file")),
                    KeySourceOption.TIMEOUT);
        }
        char[] pin =
                SecretOptions.firstLine(required(pinFile, "--new-key-pin-file")).toCharArray();
        try {
            return TokenKeySource.open(required(token, "--new-key-token"), pin, label);
        } catch (WrongKeyException e) {
            throw new KeyUnavailableException(String.valueOf(e.getMessage()));
        } finally {
            Arrays.fill(pin, '\0');
        }
    }

    private static Path required(@Nullable Path file, String option) {
        if (file == null) {
            throw new UsageException(option + " FILE is needed");
        }
        return file;
    }
}
