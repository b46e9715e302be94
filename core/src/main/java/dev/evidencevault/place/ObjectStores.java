package dev.evidencevault.place;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the store that a user names: a directory by its path, others by {@code scheme://…}. */
public final class ObjectStores {
    private static final Pattern WITH_SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+-]{1,15})://.+");

    private ObjectStores() {}

    /** Says whether a place is named by a scheme, and so is no directory of this machine. */
    public static boolean hasScheme(String location) {
        return WITH_SCHEME.matcher(location).matches();
    }

    /**
     * Opens a store.
     *
     * @param location a path, or {@code scheme://…}
     * @param environment where its credentials may stand
     * @throws IllegalArgumentException if no module that is present knows the scheme
     */
    public static ObjectStore open(String location, Map<String, String> environment) throws IOException {
        Matcher scheme = WITH_SCHEME.matcher(location);
        if (!scheme.matches()) {
            return new DirectoryStore(Path.of(location));
        }
        String wanted = scheme.group(1).toLowerCase(Locale.ROOT);
        for (ObjectStoreProvider provider : ServiceLoader.load(ObjectStoreProvider.class)) {
            if (provider.scheme().equals(wanted)) {
                return provider.open(location, environment);
            }
        }
        throw new IllegalArgumentException(
                "expected a directory or a place of a kind that is installed, found " + wanted + "://");
    }
}
