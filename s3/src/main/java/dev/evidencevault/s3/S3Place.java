package dev.evidencevault.s3;

import dev.evidencevault.place.ObjectKey;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a copy lies in S3, and who asks.
 *
 * @param bucket the bucket
 * @param prefix what all keys begin with: empty, or ending in {@code /}
 * @param region the region, which is signed into each request
 * @param endpoint the server; null for that of Amazon in the region
 * @param credentials who asks
 */
record S3Place(
        String bucket,
        String prefix,
        String region,
        @Nullable URI endpoint,
        Credentials credentials) {
    private static final String FORM =
            "a place in S3 is s3://bucket/prefix?region=NAME&endpoint=URL, its prefix, region and endpoint left out or not";

    /** An access key, and the token of a session if there is one. */
    record Credentials(String id, String secret, @Nullable String token) {
        @Override
        public String toString() {
            return "access key " + id;
        }
    }

    /**
     * Parses the name of a place.
     *
     * @throws IllegalArgumentException if it is none, or there are no credentials
     */
    static S3Place parse(String location, Map<String, String> environment) {
        URI uri;
        try {
            uri = URI.create(location);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(FORM + "; found " + location, e);
        }
        String bucket = uri.getAuthority();
        String path = uri.getPath() == null ? "" : uri.getPath();
        if (bucket == null || !bucket.matches("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]") || uri.getFragment() != null) {
            throw new IllegalArgumentException(FORM + "; found " + location);
        }
        String prefix = path.replaceAll("^/+|/+$", "");
        if (!prefix.isEmpty()) {
            prefix = ObjectKey.require(prefix) + "/";
        }
        String region = environment.getOrDefault("AWS_REGION", "us-east-1");
        URI endpoint = null;
        String query = uri.getQuery() == null ? "" : uri.getQuery();
        for (String setting : query.isEmpty() ? new String[0] : query.split("&", -1)) {
            if (setting.startsWith("region=")) {
                region = setting.substring("region=".length());
            } else if (setting.startsWith("endpoint=")) {
                endpoint = URI.create(setting.substring("endpoint=".length()));
            } else {
                throw new IllegalArgumentException(FORM + "; found " + setting);
            }
        }
        return new S3Place(bucket, prefix, region, endpoint, credentials(environment));
    }

    private static Credentials credentials(Map<String, String> environment) {
        String id = environment.getOrDefault("AWS_ACCESS_KEY_ID", "");
        String secret = environment.getOrDefault("AWS_SECRET_ACCESS_KEY", "");
        if (id.isEmpty() || secret.isEmpty()) {
            throw new IllegalArgumentException(
                    "a place in S3 needs credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
        }
        return new Credentials(id, secret, environment.get("AWS_SESSION_TOKEN"));
    }

    /** Returns the one spelling of the place. */
    String location() {
        return "s3://" + bucket + "/" + prefix.replaceAll("/$", "") + "?region=" + region
                + (endpoint == null ? "" : "&endpoint=" + endpoint);
    }

    /** Returns what messages call it. */
    String name() {
        return "s3://" + bucket + "/" + prefix;
    }
}
