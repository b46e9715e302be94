package dev.evidencevault.cli;

import dev.evidencevault.crypto.cms.CertifiedKey;
import dev.evidencevault.format.Json;
import java.io.Console;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A person's certificate and private key. */
final class PersonalKeyOption {
    @Option(
            names = "--cert",
            paramLabel = "FILE",
            required = true,
            description =
                    "the certificate and those up to the root (PEM), or certificate and key in one (PKCS #12: .p12, .pfx)")
    private Path certificate = Path.of("");

    @Option(
            names = "--cert-key",
            paramLabel = "FILE",
            description = "the private key (PEM, PKCS #8), with --cert in PEM")
    private @Nullable Path key;

    @Option(
            names = "--cert-passphrase-file",
            paramLabel = "FILE",
            description = "the passphrase of the private key: the file's first line (else it is asked for)")
    private @Nullable Path passphraseFile;

    /** Reads the key. */
    CertifiedKey read(Shell shell) throws IOException, KeyUnavailableException {
        String name = certificate.toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".p12") || name.endsWith(".pfx")) {
            if (key != null) {
                throw new UsageException(
                        "--cert-key is for a certificate in PEM; " + certificate + " holds the key itself");
            }
            return readPkcs12(shell);
        }
        if (key == null) {
            throw new UsageException("expected --cert-key FILE beside a certificate in PEM");
        }
        boolean encrypted = new String(KeyOption.small(key), StandardCharsets.ISO_8859_1).contains("ENCRYPTED");
        char @Nullable [] passphrase = encrypted ? passphrase(shell, key) : null;
        try {
            return CertifiedKey.readPem(certificate, key, passphrase);
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) {
            throw new KeyUnavailableException(Json.firstLine(e));
        } finally {
            forget(passphrase);
        }
    }

    private CertifiedKey readPkcs12(Shell shell) throws IOException, KeyUnavailableException {
        char[] passphrase = passphrase(shell, certificate);
        try {
            return CertifiedKey.readPkcs12(certificate, passphrase, Optional.empty());
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) {
            throw new KeyUnavailableException(Json.firstLine(e));
        } finally {
            forget(passphrase);
        }
    }

    private char[] passphrase(Shell shell, Path file) throws IOException, KeyUnavailableException {
        if (passphraseFile != null) {
            return Files.readString(passphraseFile)
                    .lines()
                    .findFirst()
                    .orElse("")
                    .toCharArray();
        }
        Console console = shell.console();
        char[] typed = console == null ? null : console.readPassword("Passphrase of %s: ", file);
        if (typed == null) {
            throw new KeyUnavailableException(
                    "the passphrase of " + file + " is needed: give --cert-passphrase-file FILE");
        }
        return typed;
    }

    private static void forget(char @Nullable [] passphrase) {
        if (passphrase != null) {
            Arrays.fill(passphrase, '\0');
        }
    }
}
