package dev.evidencevault.crypto.age;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgeKeysTest {
    /** The identity and the recipient that the specification has as its example: 32 bytes of 0x42. */
    private static final String IDENTITY = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX";

    private static final String RECIPIENT = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj";

    @Test
    void theSpecificationsExample() {
        AgeIdentity identity = AgeIdentity.parse(IDENTITY);
        assertEquals(RECIPIENT, identity.recipient().toString());
        assertEquals(identity.recipient(), AgeRecipient.parse(RECIPIENT));
        assertEquals(IDENTITY, identity.text());
        assertFalse(identity.toString().contains("SECRET"));
    }

    @Test
    void textIsBack() {
        SecureRandom random = new SecureRandom();
        for (int i = 0; i < 100; i++) {
            AgeIdentity identity = AgeIdentity.generate(random);
            assertEquals(identity.text(), AgeIdentity.parse(identity.text()).text());
            assertEquals(
                    identity.recipient(),
                    AgeRecipient.parse(identity.recipient().toString()));
        }
    }

    @Test
    void filesOfIdentitiesAreRead(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("keys.txt");
        Files.writeString(file, "# created today\n\n" + IDENTITY + "\r\n" + IDENTITY);
        assertEquals(
                List.of(RECIPIENT, RECIPIENT),
                AgeIdentity.readAll(file).stream()
                        .map(identity -> identity.recipient().toString())
                        .toList());
        for (String text : List.of("", "# nothing", RECIPIENT, IDENTITY + "\n " + IDENTITY, "#".repeat(70_000))) {
            Files.writeString(file, text);
            IOException e = assertThrows(IOException.class, () -> AgeIdentity.readAll(file));
            assertFalse(e.getMessage().contains("GFPYY"), e.getMessage());
        }
    }

    @Property
    void bech32IsBack(@ForAll byte[] bytes) {
        String text = Bech32.format("age", bytes);
        assertArrayEquals(bytes, Bech32.parse("age", text));
        assertArrayEquals(bytes, Bech32.parse("age", text.toUpperCase(Locale.ROOT)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "age", "age1", "age1qqqqqq", "AGE1ZVKYG2", "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2"})
    void otherTextIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> AgeRecipient.parse(text));
        assertThrows(IllegalArgumentException.class, () -> AgeIdentity.parse(text));
    }

    @Test
    void typingErrorsAreRefused() {
        for (int at = 0; at < RECIPIENT.length(); at++) {
            for (char other : "q1bA! ".toCharArray()) {
                String text = RECIPIENT.substring(0, at) + other + RECIPIENT.substring(at + 1);
                if (!text.equals(RECIPIENT)) {
                    assertThrows(IllegalArgumentException.class, () -> AgeRecipient.parse(text), text);
                }
            }
        }
        assertThrows(IllegalArgumentException.class, () -> AgeRecipient.parse(RECIPIENT.toUpperCase(Locale.ROOT)));
        assertThrows(IllegalArgumentException.class, () -> AgeIdentity.parse(IDENTITY.toLowerCase(Locale.ROOT)));
        assertThrows(IllegalArgumentException.class, () -> AgeIdentity.parse(RECIPIENT));
    }

    @Test
    void pointsOfLowOrderAreRefused() {
        String zero = Bech32.format("age", new byte[32]);
        assertThrows(IllegalArgumentException.class, () -> AgeRecipient.parse(zero));
        assertThrows(IllegalArgumentException.class, () -> AgeRecipient.parse(Bech32.format("age", new byte[31])));
    }
}
