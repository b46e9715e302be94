package dev.evidencevault.witness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.evidencevault.crypto.note.CosignatureSigner;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WitnessTest {
    private static String key(int seed) {
        byte[] bytes = new byte[32];
        bytes[0] = (byte) seed;
        return CosignatureSigner.ed25519("witness.example.org", bytes)
                .verifier()
                .format();
    }

    @Test
    void anAddressHasOneSpelling() {
        for (String prefix :
                List.of("https://w.example.org/a", "https://w.example.org/a/", "https://w.example.org/a//")) {
            Witness witness = Witness.parse("w", prefix, List.of(key(1)));
            assertEquals("https://w.example.org/a", witness.prefix().toString());
            assertEquals(
                    "https://w.example.org/a/add-checkpoint",
                    witness.addCheckpoint().toString());
        }
        assertEquals(
                "http://[::1]:8080/add-checkpoint",
                Witness.parse("w", "http://[::1]:8080/", List.of(key(1)))
                        .addCheckpoint()
                        .toString());
    }

    @Test
    void otherAddressesAreRefused() {
        for (String prefix : List.of(
                "",
                "w.example.org",
                "/a",
                "ftp://w.example.org",
                "https:w.example.org",
                "https:///a",
                "https://user@w.example.org/",
                "https://w.example.org/?a",
                "https://w.example.org/#a",
                "https://w example.org/")) {
            assertThrows(IllegalArgumentException.class, () -> Witness.parse("w", prefix, List.of(key(1))), prefix);
        }
    }

    @Test
    void aWitnessHasANameAndAFewKeys() {
        String prefix = "https://w.example.org";
        for (String name : List.of("", "a\nb", "a\u0000")) {
            assertThrows(IllegalArgumentException.class, () -> Witness.parse(name, prefix, List.of(key(1))));
        }
        assertThrows(IllegalArgumentException.class, () -> Witness.parse("w", prefix, List.of()));
        assertThrows(IllegalArgumentException.class, () -> Witness.parse("w", prefix, Collections.nCopies(2, key(1))));
        assertThrows(IllegalArgumentException.class, () -> Witness.parse("w", prefix, List.of("w+00000000+AAAA")));
        List<String> many = IntStream.range(0, 17).mapToObj(WitnessTest::key).toList();
        assertThrows(IllegalArgumentException.class, () -> Witness.parse("w", prefix, many));
        assertEquals(16, Witness.parse("w", prefix, many.subList(0, 16)).keys().size());
    }
}
