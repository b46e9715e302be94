package dev.evidencevault.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.s3.Radosgw;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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
        }
    }
}
