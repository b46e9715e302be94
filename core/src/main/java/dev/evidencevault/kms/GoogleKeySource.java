package dev.evidencevault.kms;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.crypto.keys.KeySource;
import dev.evidencevault.crypto.keys.KeySourceException;
import dev.evidencevault.crypto.keys.WrappedKey;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.format.Json;
import java.time.Duration;
import java.util.Base64;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * A symmetric key of Google Cloud KMS, over its REST API ({@code projects.locations.keyRings.cryptoKeys}, methods {@code encrypt}
 * and {@code decrypt}, version 1). Safe for use by several threads.
 *
 * <p>Checksums (CRC-32C) are sent and compared, as the service's documentation on data integrity asks. Nothing is tried twice,
 * redirects are not followed. The service finds the version of the key by itself, so that its own rotation of the key changes
 * nothing here. Tested against a server that speaks the protocol; the real service was not tried.
 */
public final class GoogleKeySource implements KeySource {
    /** What the name of a key begins with, as Tink has it. */
    public static final String SCHEME = "gcp-kms://";

    private static final Pattern NAME =
            Pattern.compile("projects/[A-Za-z0-9][A-Za-z0-9:._-]{0,99}/locations/[A-Za-z0-9-]{1,63}"
                    + "/keyRings/[A-Za-z0-9_-]{1,63}/cryptoKeys/[A-Za-z0-9_-]{1,63}");

    private static final Pattern ENDPOINT = Pattern.compile("https?://[^/?#@\\s]+");
    private static final String SERVICE = "https://cloudkms.googleapis.com";
    private static final int BAD_REQUEST = 400;

    private final String name;
    private final String endpoint;
    private final Supplier<String> token;
    private final KeyServer server;

    /**
     * Creates a source.
     *
     * @param name {@code projects/…/locations/…/keyRings/…/cryptoKeys/…}, with or without {@value #SCHEME} before it
     * @param token gives an access token (OAuth 2.0) for each call, of somebody who may use the key; not part of its name
     * @param timeout for a whole call, more than nothing
     * @throws IllegalArgumentException if the name is of another form
     */
    public GoogleKeySource(String name, Supplier<String> token, Duration timeout) {
        this(name, SERVICE, token, timeout);
    }

    /**
     * Creates a source at another address, for example within a private network.
     *
     * @param endpoint scheme, host and port; http only where nobody listens
     */
    public GoogleKeySource(String name, String endpoint, Supplier<String> token, Duration timeout) {
        this.name = name.startsWith(SCHEME) ? name.substring(SCHEME.length()) : name;
        if (!NAME.matcher(this.name).matches()) {
            throw new IllegalArgumentException("expected a key of Google Cloud KMS as"
                    + " projects/P/locations/L/keyRings/R/cryptoKeys/K, found " + name);
        }
        if (!ENDPOINT.matcher(endpoint).matches()) {
            throw new IllegalArgumentException("expected an address as https://host, found " + endpoint);
        }
        this.endpoint = endpoint;
        this.token = token;
        this.server = new KeyServer(uri(), "error", timeout);
    }

    @Override
    public String uri() {
        return SCHEME + name;
    }

    @Override
    public byte[] wrap(byte[] key, byte[] associatedData) throws KeySourceException {
        ObjectNode request = request("plaintext", key, associatedData);
        JsonNode answer = call("encrypt", request).ok();
        byte[] wrapped = bytes(answer, "ciphertext");
        if (!answer.path("verifiedPlaintextCrc32c").asBoolean()
                || !answer.path("verifiedAdditionalAuthenticatedDataCrc32c").asBoolean()) {
            throw new KeySourceException(uri() + ": what was sent arrived changed, or the service did not compare it");
        }
        if (wrapped.length == 0 || wrapped.length > WrappedKey.BYTES_MAX) {
            throw new KeySourceException(uri() + ": expected a ciphertext of 1 to " + WrappedKey.BYTES_MAX
                    + " bytes, found " + wrapped.length);
        }
        return wrapped;
    }

    @Override
    public byte[] unwrap(byte[] wrapped, byte[] associatedData) throws KeySourceException, WrongKeyException {
        KeyServer.Answer answer = call("decrypt", request("ciphertext", wrapped, associatedData));
        if (answer.status() == BAD_REQUEST) {
            throw new WrongKeyException(uri() + " does not open the vault's key: " + answer.why());
        }
        return bytes(answer.ok(), "plaintext");
    }

    private static ObjectNode request(String what, byte[] content, byte[] associatedData) {
        return Json.object()
                .put(what, Base64.getEncoder().encodeToString(content))
                .put(what + "Crc32c", checksum(content))
                .put("additionalAuthenticatedData", Base64.getEncoder().encodeToString(associatedData))
                .put("additionalAuthenticatedDataCrc32c", checksum(associatedData));
    }

    /** The service writes 64-bit numbers as texts, as JSON of protocol buffers has it. */
    private static String checksum(byte[] bytes) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes);
        return Long.toString(checksum.getValue());
    }

    private KeyServer.Answer call(String method, ObjectNode request) throws KeySourceException {
        String value;
        try {
            value = "Bearer " + KeyServer.requireToken(token.get());
        } catch (RuntimeException e) {
            throw new KeySourceException(uri() + ": there is no access token: " + e.getMessage(), e);
        }
        return server.call(endpoint + "/v1/" + name + ":" + method, "Authorization", value, request);
    }

    /** Returns the bytes of a member, which have the checksum that stands beside them. */
    private byte[] bytes(JsonNode answer, String member) throws KeySourceException {
        try {
            byte[] bytes = Base64.getDecoder().decode(Json.text(answer, member));
            if (!checksum(bytes).equals(answer.path(member + "Crc32c").asText())) {
                throw new KeySourceException(uri() + ": the answer arrived changed: " + member
                        + " has not the checksum that it was sent with");
            }
            return bytes;
        } catch (IllegalArgumentException e) {
            throw new KeySourceException(uri() + ": expected " + member + " in base64: " + e.getMessage(), e);
        }
    }
}
