package dev.evidencevault.crypto.keys;

import dev.evidencevault.crypto.vrf.VrfProof;
import dev.evidencevault.crypto.vrf.VrfPublicKey;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** What a pseudonym stands for. The same name as actor and as service has two pseudonyms that have nothing in common. */
public enum Pseudonym {
    /** Whoever acts, or on whose behalf is acted. */
    ACTOR("actor/v1"),
    /** The service in which it happened. */
    SERVICE("service/v1");

    private final String label;

    Pseudonym(String label) {
        this.label = label;
    }

    /** Returns what the random function is computed of: the label, a zero byte, the name in UTF-8. */
    byte[] input(String name) {
        return (label + '\0' + name).getBytes(StandardCharsets.UTF_8);
    }

    /** Returns the pseudonym that a proof is of, 16 bytes; nothing if it proves none for this name. */
    public Optional<byte[]> proven(VrfPublicKey key, String name, VrfProof proof) {
        return key.verify(input(name), proof).map(value -> Arrays.copyOf(value, TenantKeys.TAG_BYTES));
    }
}
