package dev.evidencevault.cli;

import dev.evidencevault.cases.PersonKeyFile;
import dev.evidencevault.cases.PersonSigner;
import dev.evidencevault.crypto.cms.CertifiedKey;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.format.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Provider;
import java.security.ProviderException;
import java.security.Security;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import javax.security.auth.login.FailedLoginException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** With whose key a step is signed: a file of evault case key, a certificate with its key, or a token. */
final class SignOption {
    @Option(
            names = "--sign-with",
            paramLabel = "FILE",
            description =
                    "the key of the person who does it: of evault case key, PKCS #12 (.p12, .pfx), or a certificate"
                            + " (PEM) with --sign-key")
    private @Nullable Path file;

    @Option(
            names = "--sign-key",
            paramLabel = "FILE",
            description = "the private key (PEM, PKCS #8) of the certificate in --sign-with")
    private @Nullable Path privateKey;

    @Option(
            names = "--sign-token",
            paramLabel = "FILE",
            description = "instead of --sign-with: the key stays in a token (PKCS #11); the configuration of Java's"
                    + " provider SunPKCS11")
    private @Nullable Path token;

    @Option(
            names = "--sign-alias",
            paramLabel = "NAME",
            description = "which key of the token or PKCS #12 file, if it has several")
    private @Nullable String alias;

    @Option(names = "--sign-as", paramLabel = "ID", description = "the person's id, with a certificate or token")
    private @Nullable String id;

    @Mixin
    private PersonSecretOption secret = new PersonSecretOption();

    PersonSigner signer(Shell shell) throws IOException, KeyUnavailableException {
        if ((file == null) == (token == null)) {
            throw new UsageException("expected the key of the person: --sign-with FILE, or --sign-token FILE");
        }
        if (token != null) {
            return certified(token(token, shell));
        }
        Path key = Objects.requireNonNull(file);
        String name = key.toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".p12") || name.endsWith(".pfx")) {
            return certified(read(() -> {
                char[] passphrase = secret.passphrase(shell);
                try {
                    return CertifiedKey.readPkcs12(key, passphrase, Optional.ofNullable(alias));
                } finally {
                    Arrays.fill(passphrase, '\0');
                }
            }));
        }
        Path apart = privateKey;
        if (apart != null) {
            return certified(read(() -> pem(key, apart, shell)));
        }
        return signer(key, secret, shell);
    }

    static PersonSigner signer(Path file, PersonSecretOption secret, Shell shell)
            throws IOException, KeyUnavailableException {
        try {
            return PersonKeyFile.open(file, secret.secret(shell, false));
        } catch (WrongKeyException e) {
            throw new KeyUnavailableException(file + ": the passphrase does not open this key");
        }
    }

    private PersonSigner certified(CertifiedKey key) {
        if (id == null) {
            throw new UsageException("expected --sign-as ID with a certificate: the id under which it is registered");
        }
        try {
            return PersonSigner.of(id, key);
        } catch (IllegalArgumentException e) {
            throw new UsageException(Json.firstLine(e));
        }
    }

    /** Reads a key from files. */
    @FunctionalInterface
    private interface Reading {
        CertifiedKey read() throws IOException, KeyUnavailableException;
    }

    private static CertifiedKey read(Reading reading) throws IOException, KeyUnavailableException {
        try {
            return reading.read();
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) {
            throw new KeyUnavailableException(Json.firstLine(e));
        }
    }

    private CertifiedKey pem(Path certificate, Path key, Shell shell) throws IOException, KeyUnavailableException {
        boolean encrypted = new String(KeyOption.small(key), StandardCharsets.ISO_8859_1).contains("ENCRYPTED");
        char @Nullable [] passphrase = encrypted ? secret.passphrase(shell) : null;
        try {
            return CertifiedKey.readPem(certificate, key, passphrase);
        } finally {
            if (passphrase != null) {
                Arrays.fill(passphrase, '\0');
            }
        }
    }

    /** Opens the token; its session stays open until this process ends. */
    private CertifiedKey token(Path configuration, Shell shell) throws IOException, KeyUnavailableException {
        KeyOption.small(configuration);
        char[] pin = secret.passphrase(shell);
        try {
            Provider provider = Security.getProvider("SunPKCS11").configure(configuration.toString());
            Security.addProvider(provider);
            KeyStore store = KeyStore.getInstance("PKCS11", provider);
            store.load(null, pin);
            return CertifiedKey.ofKeyStore(store, alias == null ? CertifiedKey.onlyKey(store) : alias, null);
        } catch (GeneralSecurityException | ProviderException | IOException | IllegalArgumentException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new KeyUnavailableException("the token of " + configuration + " gives no key: "
                    + (cause instanceof FailedLoginException ? "the PIN is wrong" : Json.firstLine(e)));
        } finally {
            Arrays.fill(pin, '\0');
        }
    }
}
