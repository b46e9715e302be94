package dev.evidencevault.place;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.storage.FailingStorage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryStoreTest {
    private static final byte[] TEXT = bytes("what is kept");

    @TempDir
    Path directory;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private DirectoryStore store() {
        return new DirectoryStore(directory.resolve("place"));
    }

    @Test
    void keepsWhatItIsGivenAndGivesPartsOfIt() throws Exception {
        DirectoryStore store = store();
        assertEquals(List.of(), store.list(""));
        store.put("a/b/one.bin", ObjectContent.of(TEXT), null);
        store.put("a/two.bin", ObjectContent.of(new byte[0]), null);
        assertEquals(
                List.of(new StoredObject("a/b/one.bin", TEXT.length), new StoredObject("a/two.bin", 0)),
                store.list(""));
        assertEquals(List.of(new StoredObject("a/b/one.bin", TEXT.length)), store.list("a/b/"));
        assertEquals(List.of(), store.list("b/"));
        assertArrayEquals(TEXT, store.read("a/b/one.bin", TEXT.length));
        assertThrows(IOException.class, () -> store.read("a/b/one.bin", TEXT.length - 1));
        assertArrayEquals(bytes("is"), store.get("a/b/one.bin", 5, 2).readAllBytes());
        assertArrayEquals(bytes("kept"), store.get("a/b/one.bin", 8, 100).readAllBytes());
        assertEquals(Digest.sha256(TEXT), store.digest("a/b/one.bin"));
        assertThrows(NoSuchFileException.class, () -> store.get("a/b", 0, 1));
        assertThrows(NoSuchFileException.class, () -> store.get("a/three", 0, 1));
    }

    @Test
    void neverChangesAnObjectButReplacesWhatMayChange() throws Exception {
        DirectoryStore store = store();
        store.put("one", ObjectContent.of(TEXT), null);
        store.put("one", ObjectContent.of(TEXT), null);
        assertThrows(
                FileAlreadyExistsException.class,
                () -> store.put("one", ObjectContent.of(bytes("what is kepT")), null));
        assertArrayEquals(TEXT, store.read("one", 100));
        store.replace("one", bytes("other"));
        store.replace("two", bytes("new"));
        assertArrayEquals(bytes("other"), store.read("one", 100));
        assertArrayEquals(bytes("new"), store.read("two", 100));
        store.delete("one");
        store.delete("one");
        store.delete("never/there");
        assertEquals(List.of(new StoredObject("two", 3)), store.list(""));
    }

    /** A process that was killed leaves what it was writing, which can be keys. */
    @Test
    void removesWhatAKilledProcessLeft() throws Exception {
        DirectoryStore store = store();
        store.tidy("keys/");
        store.replace("keys/one.json", TEXT);
        store.replace("other/one.bin", TEXT);
        for (String left : List.of("keys/0123456789abcdef.tmp", "other/0123456789abcdef.tmp")) {
            Files.write(store.root().resolve(left), TEXT);
        }
        store.tidy("keys/");
        assertFalse(Files.exists(store.root().resolve("keys/0123456789abcdef.tmp")));
        assertTrue(Files.exists(store.root().resolve("other/0123456789abcdef.tmp")));
        assertArrayEquals(TEXT, store.read("keys/one.json", 100));
    }

    @Test
    void keepsNothingThatIsNotWhatItsDigestSays() throws Exception {
        DirectoryStore store = store();
        ObjectContent changed = new ObjectContent(
                TEXT.length, Digest.sha256(TEXT), () -> new ByteArrayInputStream(bytes("WHAT is kept")));
        assertThrows(IOException.class, () -> store.put("one", changed, null));
        assertEquals(List.of(), store.list(""));
        assertNothingUnfinished();
    }

    @Test
    void refusesToRetainAndNamesThatLeadElsewhere() {
        DirectoryStore store = store();
        assertFalse(store.canRetain());
        assertThrows(
                IllegalArgumentException.class,
                () -> store.put("one", ObjectContent.of(TEXT), Instant.parse("2030-01-01T00:00:00Z")));
        for (String key :
                List.of("", "/a", "a/", "a//b", "../a", "a/../b", "a/./b", "a\\b", "a b", "x.tmp", "ä", ".a")) {
            assertThrows(IllegalArgumentException.class, () -> store.put(key, ObjectContent.of(TEXT), null), key);
        }
        assertThrows(IllegalArgumentException.class, () -> ObjectKey.require("a/".repeat(256) + "a"));
        assertThrows(IllegalArgumentException.class, () -> ObjectStores.open("nosuch://place", Map.of()));
    }

    @Test
    void isWholeOrNotThereWhicheverStepFails() throws Exception {
        for (FailingStorage.Failure kind : FailingStorage.Failure.values()) {
            int step = 0;
            boolean failed = true;
            while (failed) {
                Path place = directory.resolve(kind + "-" + step);
                FailingStorage failing = new FailingStorage(step, kind);
                DirectoryStore store = new DirectoryStore(place, failing);
                failed = false;
                try {
                    store.put("a/one", ObjectContent.of(TEXT), null);
                } catch (IOException e) {
                    failed = true;
                }
                DirectoryStore after = new DirectoryStore(place);
                for (StoredObject object : after.list("")) {
                    assertEquals(new StoredObject("a/one", TEXT.length), object);
                    assertArrayEquals(TEXT, after.read("a/one", 100));
                }
                after.put("a/one", ObjectContent.of(TEXT), null);
                assertArrayEquals(TEXT, after.read("a/one", 100));
                step++;
            }
            assertTrue(step > 4, "expected that more steps are tried, found " + step);
        }
    }

    private void assertNothingUnfinished() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            assertEquals(List.of(), files.filter(Files::isRegularFile).toList());
        }
    }
}
