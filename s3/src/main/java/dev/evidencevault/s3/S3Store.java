package dev.evidencevault.s3;

import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.place.ObjectContent;
import dev.evidencevault.place.ObjectKey;
import dev.evidencevault.place.ObjectStore;
import dev.evidencevault.place.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.ObjectLockConfiguration;
import software.amazon.awssdk.services.s3.model.ObjectLockEnabled;
import software.amazon.awssdk.services.s3.model.ObjectLockMode;
import software.amazon.awssdk.services.s3.model.ObjectLockRetention;
import software.amazon.awssdk.services.s3.model.ObjectLockRetentionMode;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * A bucket, or the part of one below a prefix, as a store.
 *
 * <p>An object is put with one request, which S3 does whole or not at all, and is then read back. Nothing relies on
 * conditional requests: buckets with Object Lock of some makers ignore them. In a bucket that keeps versions, what is
 * replaced or deleted goes with all its versions, or the call fails.
 */
public final class S3Store implements ObjectStore {
    /** The most that one request puts (5 GiB). */
    private static final long OBJECT_BYTES_MAX = 5L << 30;

    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int RANGE_NOT_SATISFIABLE = 416;
    private static final Duration CONNECTION_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(60);

    private final S3Place place;
    private final S3Client client;

    private S3Store(S3Place place, S3Client client) {
        this.place = place;
        this.client = client;
    }

    /** Opens a store. Nothing is asked of the server yet. */
    static S3Store open(S3Place place) {
        S3Place.Credentials from = place.credentials();
        AwsCredentials credentials = from.token() == null
                ? AwsBasicCredentials.create(from.id(), from.secret())
                : AwsSessionCredentials.create(from.id(), from.secret(), from.token());
        ProfileFile noFile = ProfileFile.aggregator().build();
        S3ClientBuilder builder = S3Client.builder()
                .region(Region.of(place.region()))
                .credentialsProvider(StaticCredentialsProvider.create(credentials))
                // Stores other than Amazon's refuse the trailing checksums that are the default.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                // Ceph takes no empty object in chunks that are signed one by one.
                .serviceConfiguration(options -> options.chunkedEncodingEnabled(false))
                .overrideConfiguration(options -> options.defaultProfileFile(noFile))
                .httpClient(UrlConnectionHttpClient.builder()
                        .connectionTimeout(CONNECTION_TIMEOUT)
                        .socketTimeout(SOCKET_TIMEOUT)
                        .build());
        URI endpoint = place.endpoint();
        if (endpoint != null) {
            builder.endpointOverride(endpoint).forcePathStyle(true);
        }
        return new S3Store(place, builder.build());
    }

    @Override
    public String name() {
        return place.name();
    }

    @Override
    public String location() {
        return place.location();
    }

    @Override
    public boolean canRetain() throws IOException {
        ObjectLockConfiguration lock = lock();
        return lock != null && lock.objectLockEnabled() == ObjectLockEnabled.ENABLED;
    }

    @Override
    public boolean retainsByItself() throws IOException {
        ObjectLockConfiguration lock = lock();
        return lock != null && lock.rule() != null;
    }

    private @Nullable ObjectLockConfiguration lock() throws IOException {
        try {
            return client.getObjectLockConfiguration(request -> request.bucket(place.bucket()))
                    .objectLockConfiguration();
        } catch (S3Exception e) {
            if (e.statusCode() == NOT_FOUND
                    && "ObjectLockConfigurationNotFoundError"
                            .equals(e.awsErrorDetails().errorCode())) {
                return null;
            }
            throw failed("be asked for Object Lock", e);
        } catch (SdkException e) {
            throw failed("be asked for Object Lock", e);
        }
    }

    @Override
    public void put(String key, ObjectContent content, @Nullable Instant retainUntil) throws IOException {
        if (content.bytes() > OBJECT_BYTES_MAX) {
            throw new IOException(name() + " takes objects of at most " + OBJECT_BYTES_MAX + " bytes, " + key + " has "
                    + content.bytes());
        }
        if (exists(key)) {
            requireSame(key, content);
            if (retainUntil != null) {
                retain(key, retainUntil);
            }
            return;
        }
        PutObjectRequest.Builder request = PutObjectRequest.builder()
                .bucket(place.bucket())
                .key(full(key))
                .checksumSHA256(
                        Base64.getEncoder().encodeToString(content.digest().bytes()));
        if (retainUntil != null) {
            requireLocking();
            request.objectLockMode(ObjectLockMode.COMPLIANCE).objectLockRetainUntilDate(retainUntil);
        }
        ContentStreamProvider source = () -> {
            try {
                return content.source().open();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
        PutObjectRequest built = request.build();
        ask(
                "take " + key,
                () -> client.putObject(
                        built, RequestBody.fromContentProvider(source, content.bytes(), "application/octet-stream")));
        requireSame(key, content);
    }

    private void requireLocking() throws IOException {
        if (!canRetain()) {
            throw new IllegalArgumentException(
                    name() + " cannot retain objects: the bucket was created without Object Lock");
        }
    }

    @Override
    public void retain(String key, Instant until) throws IOException {
        try {
            client.putObjectRetention(request -> request.bucket(place.bucket())
                    .key(full(key))
                    .retention(retention ->
                            retention.mode(ObjectLockRetentionMode.COMPLIANCE).retainUntilDate(until)));
        } catch (S3Exception e) {
            // A store refuses to shorten a time; the object has a longer one, and that is as well.
            if (e.statusCode() != FORBIDDEN || retainedUntil(key).isBefore(until)) {
                requireLocking();
                throw failed("retain " + key, e);
            }
        } catch (SdkException e) {
            throw failed("retain " + key, e);
        }
    }

    private Instant retainedUntil(String key) throws IOException {
        ObjectLockRetention retention = ask(
                "be asked until when it retains " + key,
                () -> client.getObjectRetention(
                                request -> request.bucket(place.bucket()).key(full(key)))
                        .retention());
        return retention == null || retention.mode() != ObjectLockRetentionMode.COMPLIANCE
                ? Instant.EPOCH
                : retention.retainUntilDate();
    }

    private void requireSame(String key, ObjectContent content) throws IOException {
        Digest found = digest(key);
        if (!found.equals(content.digest())) {
            throw new FileAlreadyExistsException(
                    name() + key,
                    null,
                    "there is another object of this name, which never changes: expected SHA-256 " + content.digest()
                            + ", found " + found);
        }
    }

    @Override
    public void replace(String key, byte[] content) throws IOException {
        List<String> before = versions(key);
        String written = ask(
                        "take " + key,
                        () -> client.putObject(
                                request -> request.bucket(place.bucket()).key(full(key)),
                                RequestBody.fromBytes(content)))
                .versionId();
        if (!digest(key).equals(Digest.sha256(content))) {
            throw new IOException(name() + " does not give back what was written to " + key
                    + ": another process writes there, or the store is broken");
        }
        if (written != null && !written.equals("null")) {
            for (String version : before) {
                delete(key, version);
            }
        }
    }

    @Override
    public InputStream get(String key, long offset, long bytes) throws IOException {
        if (bytes == 0) {
            return InputStream.nullInputStream();
        }
        GetObjectRequest.Builder request =
                GetObjectRequest.builder().bucket(place.bucket()).key(full(key));
        if (offset > 0 || bytes < Long.MAX_VALUE) {
            String last = bytes > Long.MAX_VALUE - offset ? "" : Long.toString(offset + bytes - 1);
            request.range("bytes=" + offset + "-" + last);
        }
        try {
            return client.getObject(request.build());
        } catch (S3Exception e) {
            if (e.statusCode() == NOT_FOUND) {
                throw new NoSuchFileException(name() + key);
            }
            if (e.statusCode() == RANGE_NOT_SATISFIABLE) {
                return InputStream.nullInputStream();
            }
            throw failed("give " + key, e);
        } catch (SdkException e) {
            throw failed("give " + key, e);
        }
    }

    private boolean exists(String key) throws IOException {
        try {
            client.headObject(request -> request.bucket(place.bucket()).key(full(key)));
            return true;
        } catch (S3Exception e) {
            if (e.statusCode() == NOT_FOUND) {
                return false;
            }
            throw failed("be asked for " + key, e);
        } catch (SdkException e) {
            throw failed("be asked for " + key, e);
        }
    }

    @Override
    public List<StoredObject> list(String prefix) throws IOException {
        List<StoredObject> objects = new ArrayList<>();
        ask("list " + prefix, () -> {
            client.listObjectsV2Paginator(
                            request -> request.bucket(place.bucket()).prefix(full(prefix)))
                    .contents()
                    .forEach(object -> objects.add(new StoredObject(key(object.key()), object.size())));
            return objects;
        });
        objects.sort(Comparator.comparing(StoredObject::key));
        return objects;
    }

    @Override
    public void delete(String key) throws IOException {
        for (String version : versions(key)) {
            delete(key, version);
        }
        if (exists(key)) {
            throw new IOException(name() + " still has " + key + ": another process writes there");
        }
    }

    private void delete(String key, String version) throws IOException {
        ask(
                "delete " + key + ", which may be retained",
                () -> client.deleteObject(
                        request -> request.bucket(place.bucket()).key(full(key)).versionId(version)));
    }

    @Override
    public void tidy(String prefix) throws IOException {
        for (Kept each : kept(prefix)) {
            if (!each.current()) {
                delete(each.key(), each.version());
            }
        }
    }

    /** Returns the versions of an object, and the marks that it was deleted. */
    private List<String> versions(String key) throws IOException {
        return kept(key).stream()
                .filter(each -> each.key().equals(key))
                .map(Kept::version)
                .toList();
    }

    /**
     * What the store keeps of an object.
     *
     * @param version the version, or the mark that it was deleted, which the store keeps likewise
     * @param current whether it is what the object is now
     */
    private record Kept(String key, String version, boolean current) {}

    private List<Kept> kept(String prefix) throws IOException {
        List<Kept> kept = new ArrayList<>();
        ask("list the versions of " + prefix, () -> {
            client.listObjectVersionsPaginator(
                            request -> request.bucket(place.bucket()).prefix(full(prefix)))
                    .forEach(page -> {
                        // A store that does not say which is current must not lose any.
                        page.versions()
                                .forEach(version -> kept.add(new Kept(
                                        key(version.key()),
                                        version.versionId(),
                                        !Boolean.FALSE.equals(version.isLatest()))));
                        page.deleteMarkers()
                                .forEach(mark -> kept.add(new Kept(key(mark.key()), mark.versionId(), false)));
                    });
            return kept;
        });
        return kept;
    }

    /** Returns the key of an object of this place, as {@link #full} has it in the bucket. */
    private String key(String full) {
        return full.substring(place.prefix().length());
    }

    private String full(String key) {
        if (!key.isEmpty() && !key.endsWith("/")) {
            ObjectKey.require(key);
        }
        return place.prefix() + key;
    }

    private <T> T ask(String what, Supplier<T> request) throws IOException {
        try {
            return request.get();
        } catch (UncheckedIOException e) {
            throw new IOException(name() + " could not " + what + ": " + e.getMessage(), e);
        } catch (SdkException e) {
            throw failed(what, e);
        }
    }

    private IOException failed(String what, SdkException e) {
        String why = e instanceof S3Exception s3 && s3.awsErrorDetails() != null
                ? s3.statusCode() + " " + s3.awsErrorDetails().errorCode()
                : String.valueOf(e.getMessage());
        return new IOException(name() + " could not " + what + ": " + why, e);
    }

    @Override
    public void close() {
        client.close();
    }
}
