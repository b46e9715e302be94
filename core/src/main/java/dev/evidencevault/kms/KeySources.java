package dev.evidencevault.kms;

import dev.evidencevault.crypto.keys.KeySource;
import java.time.Duration;
import java.util.Map;
import java.util.ServiceLoader;

/** Finds the source of a key that a user names by {@code scheme://…}. */
public final class KeySources {
    /** Where the access token for Google Cloud KMS stands, as {@code gcloud auth print-access-token} gives it. */
    public static final String GOOGLE_TOKEN_VARIABLE = "GOOGLE_OAUTH_ACCESS_TOKEN";

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private KeySources() {}

    /**
     * Opens the source of a key. Nothing is asked of the service yet.
     *
     * @param uri {@code gcp-kms://…}, or that of a module that is present, such as {@code aws-kms://…}
     * @param environment where credentials stand
     * @throws IllegalArgumentException if no module that is present knows the scheme, the name is none of a key, or a
     *     credential is missing
     */
    public static KeySource open(String uri, Map<String, String> environment) {
        if (uri.startsWith(GoogleKeySource.SCHEME)) {
            String token = environment.getOrDefault(GOOGLE_TOKEN_VARIABLE, "");
            if (token.isEmpty()) {
                throw new IllegalArgumentException(
                        "an access token for Google Cloud KMS is needed: set " + GOOGLE_TOKEN_VARIABLE);
            }
            return new GoogleKeySource(uri, () -> token, TIMEOUT);
        }
        for (KeySourceProvider provider : ServiceLoader.load(KeySourceProvider.class)) {
            if (uri.startsWith(provider.scheme() + "://")) {
                return provider.open(uri, environment);
            }
        }
        throw new IllegalArgumentException(
                "expected gcp-kms://… or a key of a service whose module is installed, found " + uri);
    }
}
