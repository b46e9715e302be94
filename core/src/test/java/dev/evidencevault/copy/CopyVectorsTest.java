package dev.evidencevault.copy;

import static dev.evidencevault.docs.FormatVectors.read;
import static dev.evidencevault.docs.FormatVectors.utf8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.docs.FormatVectors;
import dev.evidencevault.format.LogId;
import dev.evidencevault.format.Timestamps;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.UnlockedVault;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The parts of copies that were not written by this code, and what is like one and is none. */
class CopyVectorsTest {
    @TempDir
    private Path directory;

    private JsonNode vector;
    private UnlockedVault vault;
    private final MemoryStore store = new MemoryStore();

    @BeforeEach
    void unlock() throws Exception {
        vector = read("copy.json");
        JsonNode settings = read("vault.json");
        Layout layout = new Layout(directory);
        Files.write(layout.settings(), utf8(settings.path("vaultJson")));
        Files.write(layout.settingsSignature(), utf8(settings.path("vaultSig")));
        vault = UnlockedVault.unlock(directory, FormatVectors.secret());
    }

    @Test
    void markersHaveOneSpelling() {
        for (JsonNode each : vector.path("markers")) {
            CopyMarker marker = CopyMarker.parse(utf8(each.path("text")));
            assertEquals(each.path("holds").textValue(), marker.holds().label());
            assertEquals(vector.path("vaultId").textValue(), marker.vaultId().toString());
            assertArrayEquals(utf8(each.path("text")), marker.format());
        }
        for (JsonNode each : vector.path("refusedMarkers")) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> CopyMarker.parse(utf8(each.path("text"))),
                    () -> each.path("why").textValue());
        }
    }

    @Test
    void manifestsFollowOneAnother() throws Exception {
        for (JsonNode each : vector.path("manifests")) {
            store.objects.put(each.path("key").textValue(), utf8(each.path("note")));
            CopyManifest manifest =
                    CopyManifest.parse(utf8(each.path("note")), vault.settings().keys());
            assertArrayEquals(utf8(each.path("note")), manifest.sign(vault.signer()));
            assertEquals(each.path("leaves").longValue(), manifest.leaves());
            assertEquals(each.path("segments").longValue(), manifest.segments());
            assertEquals(each.path("objects").intValue(), manifest.objects().size());
            Digest keys = manifest.keys();
            assertEquals(each.path("keys").textValue(), keys == null ? null : keys.hex());
        }
        CopyPart part = CopyPart.of(LogId.parse(vector.path("logId").textValue()));
        CopyChain chain = CopyChain.read(store, part, vault.settings());
        assertEquals(2, chain.manifests().size());
        assertEquals(vector.path("manifests").path(1).path("keys").textValue(), String.valueOf(chain.keys()));
        CopyChain shared = CopyChain.read(store, CopyPart.SHARED, vault.settings());
        // It names the first of the log, as it is.
        assertEquals(chain.files().get(0), shared.objects().get(1));
    }

    @Test
    void whatIsNoManifestIsRefused() {
        int refused = 0;
        for (JsonNode each : vector.path("refusedManifests")) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> CopyManifest.parse(
                            utf8(each.path("note")), vault.settings().keys()),
                    () -> each.path("why").textValue());
            refused++;
        }
        assertEquals(16, refused);
    }

    @Test
    void namesLeadToLogs() {
        for (JsonNode each : vector.path("names")) {
            assertEquals(
                    each.path("key").textValue(),
                    FetchedCopy.nameKey(vault.nodeKeys(), each.path("tenant").textValue()));
        }
    }

    @Test
    void retentionIsBelievedAsItWasSigned() throws Exception {
        JsonNode each = vector.path("retention");
        CopyPart part = CopyPart.of(LogId.parse(each.path("part").textValue()));
        CopyRetention none = CopyRetention.read(store, part, vault.settings());
        assertEquals(0, none.manifests());
        store.objects.put(CopyRetention.key(part), utf8(each.path("note")));
        CopyRetention read = CopyRetention.read(store, part, vault.settings());
        assertEquals(each.path("manifests").longValue(), read.manifests());
        assertEquals(Timestamps.instant(Timestamps.parse(each.path("until").textValue())), read.until());
        assertArrayEquals(utf8(each.path("note")), read.sign(vault.signer()));
        for (JsonNode other : vector.path("unheardRetention")) {
            store.objects.put(CopyRetention.key(part), utf8(other.path("note")));
            assertEquals(
                    none,
                    CopyRetention.read(store, part, vault.settings()),
                    () -> other.path("why").textValue());
        }
    }
}
