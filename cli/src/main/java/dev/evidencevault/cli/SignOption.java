package dev.evidencevault.cli;

import dev.evidencevault.cases.PersonKeyFile;
import dev.evidencevault.cases.PersonSigner;
import dev.evidencevault.crypto.cms.CertifiedKey;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.format.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
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
        CertifiedKeys.Passphrase passphrase = unused -> secret.passphrase(shell);
        if (token != null) {
            return certified(CertifiedKeys.token(token, alias, passphrase));
        }
        Path key = Objects.requireNonNull(file);
        if (CertifiedKeys.isPkcs12(key)) {
            return certified(CertifiedKeys.pkcs12(key, alias, passphrase));
        }
        if (privateKey != null) {
            return certified(CertifiedKeys.pem(key, privateKey, passphrase));
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
}
