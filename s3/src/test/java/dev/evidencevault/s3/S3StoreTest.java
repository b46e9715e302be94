package dev.evidencevault.s3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.place.ObjectContent;
import dev.evidencevault.place.ObjectStore;
import dev.evidencevault.place.ObjectStores;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.junit.jupiter.api.Test;

class S3StoreTest {
    static final Map<String, String> CREDENTIALS = Map.of("AWS_ACCESS_KEY_ID", "ak", "AWS_SECRET_ACCESS_KEY", "sk");

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static ObjectStore open(FakeS3 server) throws IOException {
        return ObjectStores.open(server.location("place"), CREDENTIALS);
    }

    @Test
    void doesWhatAStoreDoes() throws Exception {
        for (boolean locking : new boolean[] {false, true}) {
            try (FakeS3 server = new FakeS3(locking, false);
                    ObjectStore store = open(server)) {
                StoreContract.check(store);
            }
        }
    }

    @Test
    void retainsWhatIsToBeRetainedAndDestroysTheRestWithAllItsVersions() throws Exception {
        try (FakeS3 server = new FakeS3(true, false);
                ObjectStore store = open(server)) {
            StoreContract.checkRetention(store, Instant.now().plus(1, ChronoUnit.DAYS));
            store.replace("keys/one.json", bytes("first"));
            store.replace("keys/one.json", bytes("second"));
            assertEquals(1, server.versions("place/keys/one.json"), "the first key can still be had");
            store.delete("keys/one.json");
            assertEquals(0, server.versions("place/keys/one.json"));
        }
    }

    /** A store of versions remembers what was replaced until that is deleted, and the process can end in between. */
    @Test
    void whatAReplacementLeftThatWasCutShortIsRemovedLater() throws Exception {
        try (FakeS3 server = new FakeS3(true, false);
                ObjectStore store = open(server)) {
            for (int answers = 0; server.versions("place/keys/one.json") < 2; answers++) {
                store.replace("keys/one.json", bytes("first"));
                server.refuseAfter(answers);
                assertThrows(IOException.class, () -> store.replace("keys/one.json", bytes("second")));
                server.refuseAfter(Integer.MAX_VALUE);
                store.tidy("other/");
            }
            store.put("keys/two.json", ObjectContent.of(bytes("other")), null);
            store.tidy("keys/");
            assertEquals(1, server.versions("place/keys/one.json"), "the first key can still be had");
            assertArrayEquals(bytes("second"), store.read("keys/one.json", 100));
            assertArrayEquals(bytes("other"), store.read("keys/two.json", 100));
        }
    }

    @Test
    void knowsBucketsThatCannotRetainAndThoseThatAlwaysDo() throws Exception {
        try (FakeS3 server = new FakeS3(false, false);
                ObjectStore store = open(server)) {
            assertFalse(store.canRetain());
            assertThrows(
                    IllegalArgumentException.class,
                    () -> store.put(
                            "one", ObjectContent.of(bytes("1")), Instant.now().plusSeconds(60)));
        }
        try (FakeS3 server = new FakeS3(true, true);
                ObjectStore store = open(server)) {
            assertTrue(store.canRetain());
            assertTrue(store.retainsByItself());
        }
    }

    @Test
    void saysThatTheStoreIsFullAndFindsWhatItLost() throws Exception {
        try (FakeS3 server = new FakeS3(false, false);
                ObjectStore store = open(server)) {
            server.limit(3);
            IOException full =
                    assertThrows(IOException.class, () -> store.put("one", ObjectContent.of(bytes("1234")), null));
            assertTrue(String.valueOf(full.getMessage()).contains("QuotaExceeded"), full.getMessage());
            server.limit(100);
            server.loseBytes();
            assertThrows(
                    FileAlreadyExistsException.class, () -> store.put("two", ObjectContent.of(bytes("1234")), null));
            assertThrows(IOException.class, () -> store.replace("three", bytes("1234")));
        }
    }

    @Test
    void readsTheNameOfAPlaceStrictly() {
        S3Place place =
                S3Place.parse("s3://my-bucket/a/b/?region=ap-northeast-1&endpoint=http://localhost:1", CREDENTIALS);
        assertEquals("s3://my-bucket/a/b/", place.name());
        assertEquals("ap-northeast-1", place.region());
        assertEquals("", S3Place.parse("s3://my-bucket", CREDENTIALS).prefix());
        assertFalse(place.toString().contains("sk"), place.toString());
        for (String wrong : new String[] {
            "s3://",
            "s3:///a",
            "s3://B/a",
            "s3://bucket/a/../b",
            "s3://bucket/a?region",
            "s3://bucket/a?x=y",
            "s3://bucket/a#b"
        }) {
            assertThrows(IllegalArgumentException.class, () -> S3Place.parse(wrong, CREDENTIALS), wrong);
        }
        assertThrows(IllegalArgumentException.class, () -> S3Place.parse("s3://bucket/a", Map.of()));
    }

    @Test
    void asksAnUnreachableServerForAClearError() throws Exception {
        FakeS3 gone = new FakeS3(false, false);
        gone.close();
        try (ObjectStore store = open(gone)) {
            IOException refused = assertThrows(IOException.class, () -> store.list(""));
            assertTrue(String.valueOf(refused.getMessage()).startsWith("s3://bucket/place/"), refused.getMessage());
            assertArrayEquals(new byte[0], store.get("one", 0, 0).readAllBytes());
        }
    }
}
