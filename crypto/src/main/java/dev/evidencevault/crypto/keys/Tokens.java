package dev.evidencevault.crypto.keys;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Provider;
import java.security.ProviderException;
import java.security.Security;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import javax.security.auth.login.FailedLoginException;

/**
 * Opens tokens (PKCS #11) through the platform's provider SunPKCS11. A token's session stays open until this process ends. Safe
 * for use by several threads.
 */
public final class Tokens {
    /** The providers of the tokens that are open, by their configurations. */
    private static final Map<Path, Provider> OPEN = new ConcurrentHashMap<>();

    private Tokens() {}

    /**
     * Opens the keys of a token.
     *
     * @param configuration a file as SunPKCS11 reads it, with the token's library and slot
     * @param pin the PIN of the token's user; not kept
     * @throws WrongKeyException if the token refuses the PIN
     * @throws KeySourceException if the token cannot be used
     * @throws java.nio.file.NoSuchFileException if there is no such configuration
     */
    public static KeyStore open(Path configuration, char[] pin) throws IOException, WrongKeyException {
        Path file = configuration.toRealPath();
        try {
            Provider provider = OPEN.computeIfAbsent(file, Tokens::installed);
            KeyStore store = KeyStore.getInstance("PKCS11", provider);
            store.load(null, pin);
            return store;
        } catch (GeneralSecurityException | ProviderException | IOException | IllegalArgumentException e) {
            if (isRefusedPin(e)) {
                throw new WrongKeyException("the token of " + configuration + " refuses the PIN");
            }
            throw new KeySourceException("the token of " + configuration + " cannot be used: " + e.getMessage(), e);
        }
    }

    /** Installs the provider of a token: signatures are made by an installed one that knows the key. */
    private static Provider installed(Path configuration) {
        Provider provider = Security.getProvider("SunPKCS11").configure(configuration.toString());
        if (Security.addProvider(provider) < 0) {
            throw new IllegalArgumentException("another token's configuration has the same name " + provider.getName());
        }
        return provider;
    }

    /** The platform wraps it several times, or gives only the name of the token's error (PKCS #11, CKR_PIN_INCORRECT). */
    private static boolean isRefusedPin(Throwable thrown) {
        return Stream.iterate(thrown, Objects::nonNull, Throwable::getCause)
                .anyMatch(cause -> cause instanceof FailedLoginException
                        || String.valueOf(cause.getMessage()).contains("CKR_PIN_"));
    }
}
