package dev.evidencevault.cli;

import dev.evidencevault.crypto.cms.CertifiedKey;
import dev.evidencevault.crypto.keys.KeySourceException;
import dev.evidencevault.crypto.keys.Tokens;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.format.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.ProviderException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads private keys with their certificates, from files and from tokens. */
final class CertifiedKeys {
    /** Gives the passphrase of a file, or the PIN of a token. The characters are overwritten after use. */
    @FunctionalInterface
    interface Passphrase {
        char[] of(Path file) throws IOException, KeyUnavailableException;
    }

    /** Reads a key. */
    @FunctionalInterface
    private interface Reading {
        CertifiedKey read() throws IOException;
    }

    private CertifiedKeys() {}

    /** Says whether a file is named as those that hold a key with its certificate are (PKCS #12). */
    static boolean isPkcs12(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        return name.endsWith(".p12") || name.endsWith(".pfx");
    }

    /** Reads a key from a PKCS #12 file; {@code alias} says which, if it has several. */
    static CertifiedKey pkcs12(Path file, @Nullable String alias, Passphrase secret)
            throws IOException, KeyUnavailableException {
        char[] passphrase = secret.of(file);
        try {
            return read(() -> CertifiedKey.readPkcs12(file, passphrase, Optional.ofNullable(alias)));
        } finally {
            Arrays.fill(passphrase, '\0');
        }
    }

    /** Reads a key (PEM, PKCS #8) beside its certificate (PEM). */
    static CertifiedKey pem(Path certificate, Path key, Passphrase secret) throws IOException, KeyUnavailableException {
        boolean encrypted = new String(KeyOption.small(key), StandardCharsets.ISO_8859_1).contains("ENCRYPTED");
        char @Nullable [] passphrase = encrypted ? secret.of(key) : null;
        try {
            return read(() -> CertifiedKey.readPem(certificate, key, passphrase));
        } finally {
            if (passphrase != null) {
                Arrays.fill(passphrase, '\0');
            }
        }
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

    /**
     * Opens a token (PKCS #11); its session stays open until this process ends.
     *
     * @param configuration of Java's provider SunPKCS11
     * @param alias which key, if there are several
     */
    static CertifiedKey token(Path configuration, @Nullable String alias, Passphrase secret)
            throws IOException, KeyUnavailableException {
        KeyOption.small(configuration);
        char[] pin = secret.of(configuration);
        try {
            KeyStore store = Tokens.open(configuration, pin);
            return CertifiedKey.ofKeyStore(store, alias == null ? CertifiedKey.onlyKey(store) : alias, null);
        } catch (WrongKeyException e) {
            throw new KeyUnavailableException(String.valueOf(e.getMessage()));
        } catch (GeneralSecurityException | ProviderException | KeySourceException | IllegalArgumentException e) {
            throw new KeyUnavailableException("the token of " + configuration + " gives no key: " + Json.firstLine(e));
        } finally {
            Arrays.fill(pin, '\0');
        }
    }
}
