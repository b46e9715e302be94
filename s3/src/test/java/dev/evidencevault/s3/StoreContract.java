package dev.evidencevault.s3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.place.ObjectContent;
import dev.evidencevault.place.ObjectStore;
import dev.evidencevault.place.StoredObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** What every S3 store has to do, whoever made the server. */
final class StoreContract {
    private static final int MANY = 7;

    private StoreContract() {}

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Checks a store that is empty. */
    static void check(ObjectStore store) throws IOException {
        byte[] text = bytes("what is kept");
        assertEquals(List.of(), store.list(""));
        store.put("a/b/one.bin", ObjectContent.of(text), null);
        store.put("a/b/one.bin", ObjectContent.of(text), null);
        assertThrows(
                FileAlreadyExistsException.class,
                () -> store.put("a/b/one.bin", ObjectContent.of(bytes("what is kepT")), null));
        store.put("a/empty", ObjectContent.of(new byte[0]), null);
        assertEquals(
                List.of(new StoredObject("a/b/one.bin", text.length), new StoredObject("a/empty", 0)), store.list(""));
        assertEquals(List.of(new StoredObject("a/b/one.bin", text.length)), store.list("a/b/"));
        assertArrayEquals(text, store.read("a/b/one.bin", text.length));
        assertThrows(IOException.class, () -> store.read("a/b/one.bin", text.length - 1));
        assertArrayEquals(bytes("is"), store.get("a/b/one.bin", 5, 2).readAllBytes());
        assertArrayEquals(bytes("kept"), store.get("a/b/one.bin", 8, 100).readAllBytes());
        assertArrayEquals(new byte[0], store.get("a/b/one.bin", text.length, 1).readAllBytes());
        assertArrayEquals(new byte[0], store.read("a/empty", 10));
        assertEquals(Digest.sha256(text), store.digest("a/b/one.bin"));
        assertThrows(NoSuchFileException.class, () -> store.get("a/three", 0, 1));
        store.replace("keys/x.json", bytes("first"));
        store.replace("keys/x.json", bytes("second"));
        assertArrayEquals(bytes("second"), store.read("keys/x.json", 100));
        store.delete("keys/x.json");
        store.delete("keys/x.json");
        assertEquals(List.of(), store.list("keys/"));
        for (int i = 0; i < MANY; i++) {
            store.put("many/" + i, ObjectContent.of(bytes("" + i)), null);
        }
        assertEquals(MANY, store.list("many/").size());
        assertThrows(IllegalArgumentException.class, () -> store.put("../x", ObjectContent.of(text), null));
    }

    /** Checks a store that can retain, with a time that is not soon. */
    static void checkRetention(ObjectStore store, Instant until) throws IOException {
        assertTrue(store.canRetain());
        store.put("locked/one", ObjectContent.of(bytes("for long")), until);
        assertThrows(IOException.class, () -> store.delete("locked/one"));
        assertArrayEquals(bytes("for long"), store.read("locked/one", 100));
        // To be written again by a run that goes on is not refused.
        store.put("locked/one", ObjectContent.of(bytes("for long")), until);
        // What is there already is retained for longer, and not for a shorter time.
        store.put("locked/two", ObjectContent.of(bytes("at first not")), null);
        store.retain("locked/two", until);
        store.retain("locked/two", until.minus(1, ChronoUnit.HOURS));
        assertThrows(IOException.class, () -> store.delete("locked/two"));
        store.put("locked/three", ObjectContent.of(bytes("at first not")), null);
        store.put("locked/three", ObjectContent.of(bytes("at first not")), until);
        assertThrows(IOException.class, () -> store.delete("locked/three"));
        assertThrows(IOException.class, () -> store.retain("locked/nothing", until));
    }
}
