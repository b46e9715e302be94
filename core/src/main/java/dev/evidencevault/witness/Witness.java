package dev.evidencevault.witness;

import dev.evidencevault.crypto.note.CosignatureVerifier;
import java.net.URI;
import java.util.List;

/**
 * A witness: where checkpoints are submitted to it, and whose cosignatures are believed.
 *
 * @param name what messages call it: not empty, one line
 * @param prefix its submission prefix (c2sp.org/tlog-witness, "HTTP Interface"): an http or https address without user,
 *     query and fragment; slashes at its end are dropped
 * @param keys the verifier keys, 1 to 16, none twice; others that it signs with are ignored
 */
public record Witness(String name, URI prefix, List<CosignatureVerifier> keys) {
    private static final int KEYS_MAX = 16;

    /**
     * Checks the parts.
     *
     * @throws IllegalArgumentException if one is not as described
     */
    public Witness {
        if (name.isEmpty() || name.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("the name of a witness is one line that is not empty");
        }
        prefix = normal(prefix);
        keys = List.copyOf(keys);
        if (keys.isEmpty() || keys.size() > KEYS_MAX || keys.stream().distinct().count() != keys.size()) {
            throw new IllegalArgumentException(
                    "a witness has 1 to " + KEYS_MAX + " keys, none twice, found " + keys.size() + ": " + keys);
        }
    }

    /**
     * Returns the witness that these texts describe.
     *
     * @param keys verifier keys of types 4 and 6, {@code name+keyid+base64}
     * @throws IllegalArgumentException if one is not as described
     */
    public static Witness parse(String name, String prefix, List<String> keys) {
        return new Witness(
                name,
                URI.create(prefix),
                keys.stream().map(CosignatureVerifier::parse).toList());
    }

    private static URI normal(URI prefix) {
        String scheme = String.valueOf(prefix.getScheme());
        if (!scheme.equals("http") && !scheme.equals("https")
                || prefix.getHost() == null
                || prefix.getRawUserInfo() != null
                || prefix.getRawQuery() != null
                || prefix.getRawFragment() != null) {
            throw new IllegalArgumentException(
                    "expected an http or https address without user, query and fragment, found " + prefix);
        }
        return URI.create(prefix.toString().replaceFirst("/+$", ""));
    }

    /** Returns where checkpoints are posted to. */
    URI addCheckpoint() {
        return URI.create(prefix + "/add-checkpoint");
    }
}
