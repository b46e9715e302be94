package dev.evidencevault.cli;

import dev.evidencevault.crypto.keys.KeySource;
import dev.evidencevault.crypto.keys.TokenKeySource;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.kms.KeySources;
import dev.evidencevault.kms.TransitKeySource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A key that is kept elsewhere, in a token or by a server, and under which the key of a vault is wrapped. */
final class KeySourceOption {
    static final String PIN_VARIABLE = "EVAULT_PIN";
    static final String TRANSIT_VARIABLE = "VAULT_TOKEN";

    static final Duration TIMEOUT = Duration.ofSeconds(30);

    @Option(
            names = "--key-token",
            paramLabel = "FILE",
            description = "for a vault whose key is wrapped by a token (PKCS #11): the configuration of Java's provider"
                    + " SunPKCS11; PIN in $" + PIN_VARIABLE)
    private @Nullable Path token;

    @Option(
            names = "--key-label",
            paramLabel = "NAME",
            defaultValue = "evault",
            description = "the label of the AES key in the token (default: ${DEFAULT-VALUE})")
    private String label = "evault";

    @Option(
            names = "--key-pin-file",
            paramLabel = "FILE",
            description = "the PIN of the token: the file's first line, instead of $" + PIN_VARIABLE)
    private @Nullable Path pinFile;

    @Option(
            names = "--key-transit",
            paramLabel = "URL",
            description = "for a vault whose key is wrapped by HashiCorp Vault or OpenBao:"
                    + " https://host:8200/v1/transit/keys/NAME; token in $" + TRANSIT_VARIABLE)
    private @Nullable String transit;

    @Option(
            names = "--key-transit-token-file",
            paramLabel = "FILE",
            description = "the server's token: the file's first line, instead of $" + TRANSIT_VARIABLE)
    private @Nullable Path transitTokenFile;

    @Option(
            names = "--key-kms",
            paramLabel = "URI",
            description = "for a vault whose key is wrapped by AWS KMS (aws-kms://arn:aws:kms:…; $AWS_ACCESS_KEY_ID,"
                    + " $AWS_SECRET_ACCESS_KEY) or Google Cloud KMS (gcp-kms://projects/…; $"
                    + KeySources.GOOGLE_TOKEN_VARIABLE + ")")
    private @Nullable String kms;

    /** Returns how many such keys were given. */
    int count() {
        return (token == null ? 0 : 1) + (transit == null ? 0 : 1) + (kms == null ? 0 : 1);
    }

    /** Returns the key, if one was given; asks nobody at the terminal. */
    Optional<KeySource> given(Shell shell) throws IOException, KeyUnavailableException {
        Path configuration = token;
        if (configuration != null) {
            KeyOption.small(configuration);
            char[] pin = credential(pinFile, PIN_VARIABLE, "the token's PIN", "--key-pin-file", shell)
                    .toCharArray();
            try {
                return Optional.of(TokenKeySource.open(configuration, pin, label));
            } catch (WrongKeyException e) {
                throw new KeyUnavailableException(String.valueOf(e.getMessage()));
            } finally {
                Arrays.fill(pin, '\0');
            }
        }
        String address = transit;
        if (address != null) {
            String credential = credential(
                    transitTokenFile, TRANSIT_VARIABLE, "the server's token", "--key-transit-token-file", shell);
            return Optional.of(new TransitKeySource(address, credential, TIMEOUT));
        }
        return kms == null ? Optional.empty() : Optional.of(ofService(kms, shell.environment()));
    }

    /** Returns the key of a service, with credentials out of the environment. */
    static KeySource ofService(String uri, Map<String, String> environment) throws KeyUnavailableException {
        try {
            return KeySources.open(uri, environment);
        } catch (IllegalArgumentException e) {
            throw new KeyUnavailableException(String.valueOf(e.getMessage()));
        }
    }

    private static String credential(@Nullable Path file, String variable, String what, String option, Shell shell)
            throws IOException, KeyUnavailableException {
        if (file != null) {
            return SecretOptions.firstLine(file);
        }
        String value = shell.environment().get(variable);
        if (value == null || value.isEmpty()) {
            throw new KeyUnavailableException(what + " is needed: set " + variable + ", or give " + option + " FILE");
        }
        return value;
    }
}
