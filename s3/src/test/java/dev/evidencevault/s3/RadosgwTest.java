package dev.evidencevault.s3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.place.ObjectStore;
import dev.evidencevault.place.ObjectStores;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** The store before a real Ceph object gateway, which enforces Object Lock. Takes half a minute to start. */
@Tag("radosgw")
class RadosgwTest {
    @TempDir
    static Path directory;

    private static Radosgw gateway;

    @BeforeAll
    static void start() throws Exception {
        Assumptions.assumeTrue(
                Radosgw.isInstalled(),
                "not run: no Ceph object gateway here (Debian: radosgw ceph-mon ceph-osd ceph-mgr ceph-common)");
        gateway = Radosgw.start(directory.resolve("ceph"));
    }

    @AfterAll
    static void stop() throws Exception {
        if (gateway != null) {
            gateway.close();
        }
    }

    private static ObjectStore store(String bucket, boolean locking) throws IOException {
        gateway.createBucket(bucket, locking);
        return ObjectStores.open("s3://" + bucket + "/place?endpoint=" + gateway.endpoint(), Radosgw.credentials());
    }

    @Test
    void doesWhatAStoreDoes() throws Exception {
        try (ObjectStore store = store("plain", false)) {
            assertFalse(store.canRetain());
            StoreContract.check(store);
        }
        try (ObjectStore store = store("versions", true)) {
            StoreContract.check(store);
        }
    }

    @Test
    void keepsACopyThatNobodyDeletesAndWhoseKeysCanBeDestroyed() throws Exception {
        try (ObjectStore store = store("copies", true)) {
            TwoTenants.copyVerifyAndFetch(directory.resolve("vaults"), store);
        }
    }

    @Test
    void retainsAgainstEverybodyWhoAsksOverS3AndDestroysWhatIsNotLocked() throws Exception {
        try (ObjectStore store = store("locked", true);
                S3Client client = gateway.client()) {
            assertFalse(store.retainsByItself());
            StoreContract.checkRetention(store, Instant.now().plus(1, ChronoUnit.DAYS));
            String version = client.headObject(
                            request -> request.bucket("locked").key("place/locked/one"))
                    .versionId();
            S3Exception refused = assertThrows(
                    S3Exception.class,
                    () -> client.deleteObject(request -> request.bucket("locked")
                            .key("place/locked/one")
                            .versionId(version)
                            .bypassGovernanceRetention(true)));
            assertEquals(403, refused.statusCode());
            store.replace("keys/one.json", "first".getBytes(StandardCharsets.UTF_8));
            store.replace("keys/one.json", "second".getBytes(StandardCharsets.UTF_8));
            assertArrayEquals("second".getBytes(StandardCharsets.UTF_8), store.read("keys/one.json", 100));
            store.delete("keys/one.json");
            // What a process leaves that ends in the middle of that, and what a bucket remembers of others' deletions.
            for (String content : List.of("third", "fourth")) {
                client.putObject(
                        request -> request.bucket("locked").key("place/keys/two.json"),
                        RequestBody.fromString(content));
                client.putObject(
                        request -> request.bucket("locked").key("place/keys/one.json"),
                        RequestBody.fromString(content));
            }
            client.deleteObject(request -> request.bucket("locked").key("place/keys/one.json"));
            store.tidy("keys/");
            assertArrayEquals("fourth".getBytes(StandardCharsets.UTF_8), store.read("keys/two.json", 100));
            assertEquals(
                    1,
                    client.listObjectVersions(
                                    request -> request.bucket("locked").prefix("place/keys/"))
                            .versions()
                            .size());
            store.delete("keys/two.json");
            assertTrue(client.listObjectVersions(
                            request -> request.bucket("locked").prefix("place/keys/"))
                    .versions()
                    .isEmpty());
        }
    }
}
