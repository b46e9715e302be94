package dev.evidencevault.copy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.LogId;
import java.util.Arrays;
import java.util.Set;

/**
 * The first object of a copy, which says of what it is one. Because it is there, no writer opens the directory.
 *
 * @param vaultId the vault
 * @param holds which part of the vault: never both
 */
public record CopyMarker(LogId vaultId, Holds holds) {
    /** Its key. */
    public static final String KEY = "copy.json";

    /** The most that it has. */
    public static final int BYTES_MAX = 1024;

    private static final String FORMAT = "evidence-vault-copy/1";

    /** What a copy is of. */
    public enum Holds {
        /** Tenants' logs. */
        LOGS("logs"),
        /** What is the service's own: its log, and the cases. */
        CONFIGURATION("configuration");

        private final String label;

        Holds(String label) {
            this.label = label;
        }

        /** Returns the word in the file. */
        public String label() {
            return label;
        }

        private static Holds ofLabel(String label) {
            return Arrays.stream(values())
                    .filter(each -> each.label.equals(label))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "expected a copy that holds logs or configuration, found " + label));
        }
    }

    /** Returns the bytes. */
    public byte[] format() {
        return Json.bytes(Json.object()
                .put("format", FORMAT)
                .put("vaultId", vaultId.toString())
                .put("holds", holds.label));
    }

    /**
     * Parses the bytes.
     *
     * @throws IllegalArgumentException if they are not spelled as {@link #format()} does
     */
    public static CopyMarker parse(byte[] bytes) {
        ObjectNode json = Json.parseObject(bytes, KEY);
        Json.requireOnly(json, Set.of("format", "vaultId", "holds"), KEY);
        if (!Json.text(json, "format").equals(FORMAT)) {
            throw new IllegalArgumentException("expected the format " + FORMAT + ", found " + json.path("format"));
        }
        CopyMarker marker =
                new CopyMarker(LogId.parse(Json.text(json, "vaultId")), Holds.ofLabel(Json.text(json, "holds")));
        if (!Arrays.equals(marker.format(), bytes)) {
            throw new IllegalArgumentException("the file is not spelled as it was written");
        }
        return marker;
    }
}
