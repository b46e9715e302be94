package dev.evidencevault.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.copy.CopyRefusedException;
import dev.evidencevault.copy.FetchedCopy;
import dev.evidencevault.format.LogId;
import dev.evidencevault.place.ObjectStore;
import dev.evidencevault.place.ObjectStores;
import dev.evidencevault.verify.VaultVerifier;
import dev.evidencevault.verify.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class S3CopyTest {
    @TempDir
    Path directory;

    private static ObjectStore open(FakeS3 server) throws IOException {
        return ObjectStores.open(server.location("place"), S3StoreTest.CREDENTIALS);
    }

    @Test
    void keepsACopyThatNobodyDeletesAndWhoseKeysCanBeDestroyed() throws Exception {
        try (FakeS3 server = new FakeS3(true, false);
                ObjectStore store = open(server)) {
            TwoTenants.copyVerifyAndFetch(directory.resolve("vaults"), store);
        }
    }

    @Test
    void asksForNothingOfAnotherTenant() throws Exception {
        Path vault = directory.resolve("vault");
        Map<String, LogId> tenants = TwoTenants.write(vault);
        String own = Objects.requireNonNull(tenants.get("acme")).toString();
        String other = Objects.requireNonNull(tenants.get("umbrella")).toString();
        try (FakeS3 server = new FakeS3(true, false);
                ObjectStore store = open(server)) {
            TwoTenants.copy(vault, store);
            server.requests().clear();
            FetchedCopy.tenant(store, TwoTenants.SECRET, "acme").close();
            List<String> requests = List.copyOf(server.requests());
            assertTrue(requests.stream().anyMatch(request -> request.contains("tenants/" + own)));
            assertTrue(requests.stream().noneMatch(request -> request.contains(other)), requests::toString);
            assertTrue(
                    requests.stream()
                            .filter(request -> request.contains("?prefix="))
                            .allMatch(request -> request.contains(own)
                                    || request.endsWith("place/anchors/")
                                    || request.endsWith("place/successions/")
                                    || request.endsWith("place/attestations/")),
                    requests::toString);
            // settings 3, successions 1, register 1, name 1, keys 1; manifests and log of one, the anchors
            assertFalse(requests.size() > 25, requests::toString);
        }
    }

    @Test
    void saysThatTheBucketIsFullAndGoesOnWhenItIsNot() throws Exception {
        Path vault = directory.resolve("vault");
        TwoTenants.write(vault);
        try (FakeS3 server = new FakeS3(true, false);
                ObjectStore store = open(server)) {
            server.limit(6000);
            IOException full = assertThrows(IOException.class, () -> TwoTenants.copy(vault, store));
            assertTrue(String.valueOf(full.getMessage()).contains("QuotaExceeded"), full.getMessage());
            server.limit(Long.MAX_VALUE);
            TwoTenants.copy(vault, store);
            try (FetchedCopy whole = FetchedCopy.whole(store)) {
                assertEquals(
                        Verdict.PASSED,
                        new VaultVerifier(null, null).verify(whole.directory()).verdict());
            }
        }
    }

    @Test
    void refusesABucketThatWouldRetainKeys() throws Exception {
        Path vault = directory.resolve("vault");
        TwoTenants.write(vault);
        try (FakeS3 server = new FakeS3(true, true);
                ObjectStore store = open(server)) {
            CopyRefusedException refused =
                    assertThrows(CopyRefusedException.class, () -> TwoTenants.copy(vault, store));
            assertTrue(String.valueOf(refused.getMessage()).contains("default retention"), refused.getMessage());
            assertEquals(List.of(), store.list(""));
        }
    }
}
