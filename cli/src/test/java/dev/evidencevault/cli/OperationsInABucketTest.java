package dev.evidencevault.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.s3.Radosgw;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The document's commands, those before an object store among them, with a real Ceph that enforces Object Lock. */
@Tag("radosgw")
class OperationsInABucketTest {
    @TempDir
    private Path directory;

    /** Of the log that the document destroys the bucket remembers no keys, in no version; of each other it has one. */
    private static void requireDestroyed(List<String> versions) {
        List<String> destroyed = versions.stream()
                .filter(key -> key.startsWith("logs/tombstones/"))
                .map(key -> key.replaceFirst("logs/tombstones/(.*)\\.note", "$1"))
                .toList();
        assertEquals(1, destroyed.size(), versions::toString);
        List<String> keys =
                versions.stream().filter(key -> key.startsWith("logs/keys/")).toList();
        assertTrue(!keys.isEmpty() && keys.stream().noneMatch(key -> key.contains(destroyed.get(0))), keys::toString);
        assertEquals(keys.size(), keys.stream().distinct().count(), keys::toString);
    }

    @Test
    void everyCommandWorks() throws Exception {
        Assumptions.assumeTrue(
                Radosgw.isInstalled(),
                "not run: no Ceph object gateway here (Debian: radosgw ceph-mon ceph-osd ceph-mgr ceph-common)");
        try (Radosgw gateway = Radosgw.start(directory.resolve("ceph"))) {
            gateway.createBucket("evidence", true);
            Path srv = Files.createDirectory(directory.resolve("srv"));
            int commands = new OperationsDocument(srv, gateway.endpoint(), Radosgw.credentials()).run();
            assertTrue(commands > 5, "only " + commands);
            SortedMap<String, Instant> retained = gateway.retained("evidence");
            Instant least = Instant.now().plus(364, ChronoUnit.DAYS);
            assertTrue(retained.size() > 10, retained::toString);
            assertTrue(
                    retained.entrySet().stream()
                            .allMatch(each -> each.getValue().isAfter(least)
                                    && !each.getKey().contains("/keys/")),
                    retained::toString);
            requireDestroyed(gateway.versions("evidence", "logs/"));
        }
    }
}
