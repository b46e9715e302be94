package dev.evidencevault.s3;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** A Ceph object gateway with one monitor, one manager and one store, on loopback, as long as a test needs it. */
public final class Radosgw implements AutoCloseable {
    private static final List<String> PROGRAMS =
            List.of("radosgw", "ceph-mon", "ceph-osd", "ceph-mgr", "ceph", "monmaptool", "radosgw-admin");
    private static final int START_SECONDS_MAX = 180;

    /** What radosgw.sh gives to the one user. */
    private static final String KEY_ID = "ak";

    private static final String SECRET = "sk";

    private final Path directory;
    private final int port;

    private Radosgw(Path directory, int port) {
        this.directory = directory;
        this.port = port;
    }

    /** Says whether all programs are there. */
    public static boolean isInstalled() {
        List<String> path = Arrays.asList(
                Optional.ofNullable(System.getenv("PATH")).orElse("").split(File.pathSeparator, -1));
        return PROGRAMS.stream()
                .allMatch(program -> path.stream().anyMatch(each -> Files.isExecutable(Path.of(each, program))));
    }

    /** Starts one in a new directory; once more if a port was taken meanwhile. */
    public static Radosgw start(Path directory) throws IOException, InterruptedException {
        try {
            return startOnce(directory.resolve("first"));
        } catch (IOException e) {
            return startOnce(directory.resolve("second"));
        }
    }

    private static Radosgw startOnce(Path directory) throws IOException, InterruptedException {
        Files.createDirectories(directory);
        Path script = directory.resolve("up.sh");
        try (InputStream in = Radosgw.class.getResourceAsStream("radosgw.sh")) {
            if (in == null) {
                throw new IOException("radosgw.sh is not among the resources of the tests");
            }
            Files.write(script, in.readAllBytes());
        }
        Radosgw gateway = new Radosgw(directory, freePort());
        Path log = directory.resolve("up.log");
        ProcessBuilder builder = new ProcessBuilder(
                        "bash",
                        script.toString(),
                        directory.resolve("run").toString(),
                        Integer.toString(gateway.port),
                        Integer.toString(freePort()))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        Process process = builder.start();
        boolean ended = process.waitFor(START_SECONDS_MAX, TimeUnit.SECONDS);
        if (!ended || process.exitValue() != 0) {
            process.destroyForcibly();
            gateway.close();
            throw new IOException("the gateway did not start:\n" + Files.readString(log, StandardCharsets.UTF_8));
        }
        return gateway;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Returns where it answers. */
    public String endpoint() {
        return "http://127.0.0.1:" + port;
    }

    /** Returns a client of it. */
    S3Client client() {
        return S3Client.builder()
                .region(Region.US_EAST_1)
                .endpointOverride(URI.create(endpoint()))
                .forcePathStyle(true)
                // It refuses the trailing checksums that are the default.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(KEY_ID, SECRET)))
                .httpClient(UrlConnectionHttpClient.create())
                .build();
    }

    /** Returns where its credentials stand, as in an environment. */
    public static Map<String, String> credentials() {
        return Map.of("AWS_ACCESS_KEY_ID", KEY_ID, "AWS_SECRET_ACCESS_KEY", SECRET);
    }

    /** Creates a bucket, with Object Lock or without, and in neither case with a default retention. */
    public void createBucket(String bucket, boolean locking) {
        try (S3Client client = client()) {
            client.createBucket(request -> request.bucket(bucket).objectLockEnabledForBucket(locking));
        }
    }

    /** Returns the keys of all versions under a prefix, a key once for each version. */
    public List<String> versions(String bucket, String prefix) {
        try (S3Client client = client()) {
            return client
                    .listObjectVersionsPaginator(
                            request -> request.bucket(bucket).prefix(prefix))
                    .versions()
                    .stream()
                    .map(version -> version.key())
                    .toList();
        }
    }

    /** Returns until when the newest version of each object of a bucket is locked; nothing of one that is not. */
    public SortedMap<String, Instant> retained(String bucket) {
        SortedMap<String, Instant> retained = new TreeMap<>();
        try (S3Client client = client()) {
            client.listObjectsV2Paginator(request -> request.bucket(bucket))
                    .contents()
                    .forEach(object -> {
                        Instant until = client.headObject(
                                        request -> request.bucket(bucket).key(object.key()))
                                .objectLockRetainUntilDate();
                        if (until != null) {
                            retained.put(object.key(), until);
                        }
                    });
        }
        return retained;
    }

    /** Ends the processes whose ids the daemons have written down. */
    @Override
    public void close() throws IOException {
        Path run = directory.resolve("run");
        if (!Files.isDirectory(run)) {
            return;
        }
        List<ProcessHandle> ended = new ArrayList<>();
        try (Stream<Path> files = Files.list(run)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".pid")).toList()) {
                long id = Long.parseLong(
                        Files.readString(file, StandardCharsets.UTF_8).strip());
                ProcessHandle.of(id).ifPresent(ended::add);
            }
        }
        ended.forEach(ProcessHandle::destroyForcibly);
        ended.forEach(
                process -> process.onExit().orTimeout(10, TimeUnit.SECONDS).join());
    }
}
