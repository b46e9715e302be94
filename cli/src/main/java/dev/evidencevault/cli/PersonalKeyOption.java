package dev.evidencevault.cli;

import dev.evidencevault.crypto.cms.CertifiedKey;
import java.io.Console;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The certificate and private key of a person or an organisation: in files, or in a token. */
final class PersonalKeyOption {
    @Option(
            names = "--cert",
            paramLabel = "FILE",
            description =
                    "the certificate and those up to the root (PEM), or certificate and key in one (PKCS #12: .p12, .pfx)")
    private @Nullable Path certificate;

    @Option(
            names = "--cert-key",
            paramLabel = "FILE",
            description = "the private key (PEM, PKCS #8), with --cert in PEM")
    private @Nullable Path key;

    @Option(
            names = "--cert-token",
            paramLabel = "FILE",
            description = "instead of --cert: the key stays in a token (PKCS #11); the configuration of Java's provider"
                    + " SunPKCS11")
    private @Nullable Path token;

    @Option(
            names = "--cert-alias",
            paramLabel = "NAME",
            description = "which key of the token or PKCS #12 file, if it has several")
    private @Nullable String alias;

    @Option(
            names = "--cert-passphrase-file",
            paramLabel = "FILE",
            description =
                    "the passphrase of the private key, or the PIN of the token: the file's first line (else it is"
                            + " asked for)")
    private @Nullable Path passphraseFile;

    /** Reads the key. */
    CertifiedKey read(Shell shell) throws IOException, KeyUnavailableException {
        CertifiedKeys.Passphrase secret = file -> passphrase(shell, file);
        if (token != null && certificate == null) {
            return CertifiedKeys.token(token, alias, secret);
        }
        if (token != null || certificate == null) {
            throw new UsageException("expected a certificate with its key: --cert FILE, or --cert-token FILE");
        }
        if (CertifiedKeys.isPkcs12(certificate)) {
            if (key != null) {
                throw new UsageException(
                        "--cert-key is for a certificate in PEM; " + certificate + " holds the key itself");
            }
            return CertifiedKeys.pkcs12(certificate, alias, secret);
        }
        if (key == null) {
            throw new UsageException("expected --cert-key FILE beside a certificate in PEM");
        }
        return CertifiedKeys.pem(certificate, key, secret);
    }

    private char[] passphrase(Shell shell, Path file) throws IOException, KeyUnavailableException {
        if (passphraseFile != null) {
            return SecretOptions.firstLine(passphraseFile).toCharArray();
        }
        Console console = shell.console();
        char[] typed = console == null ? null : console.readPassword("Passphrase of %s: ", file);
        if (typed == null) {
            throw new KeyUnavailableException(
                    "the passphrase of " + file + " is needed: give --cert-passphrase-file FILE");
        }
        return typed;
    }
}
