package dev.evidencevault.kms;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.crypto.keys.KeySource;
import dev.evidencevault.crypto.keys.KeySourceException;
import dev.evidencevault.crypto.keys.WrappedKey;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.format.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A key of the transit engine of HashiCorp Vault or OpenBao, over its HTTP API ({@code POST /v1/transit/encrypt/:name} and
 * {@code /decrypt/:name}). The key has to be of a type that takes associated data: {@code aes256-gcm96} or
 * {@code chacha20-poly1305}. Safe for use by several threads.
 *
 * <p>Nothing is tried twice, redirects are not followed. What is wrapped is kept as the server gave it, {@code vault:v1:…}, so that the
 * server's own rotation of the key changes nothing here.
 */
public final class TransitKeySource implements KeySource {
    /** An address is {@code https://host:port/v1/<mount>/keys/<name>}, as the server's own documentation has it. */
    private static final Pattern ADDRESS =
            Pattern.compile("(https?://[^/?#@\\s]+)/v1/([A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)*)/keys/([A-Za-z0-9_.-]+)");

    private static final int BAD_REQUEST = 400;

    private final String uri;
    private final String engine;
    private final String name;
    private final String token;
    private final KeyServer server;

    /**
     * Creates a source.
     *
     * @param address {@code https://host:port/v1/transit/keys/name}; http only where nobody listens
     * @param token what the server knows the caller by ({@code X-Vault-Token}); not part of the key's name
     * @param timeout for a whole call, more than nothing
     * @throws IllegalArgumentException if the address is of another form
     */
    public TransitKeySource(String address, String token, Duration timeout) {
        Matcher parts = ADDRESS.matcher(address);
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "expected a key of a transit engine as https://host:8200/v1/transit/keys/name, found " + address);
        }
        this.uri = address;
        this.engine = parts.group(1) + "/v1/" + parts.group(2);
        this.name = parts.group(3);
        this.token = KeyServer.requireToken(token);
        this.server = new KeyServer(address, "errors", timeout);
    }

    @Override
    public String uri() {
        return uri;
    }

    @Override
    public byte[] wrap(byte[] key, byte[] associatedData) throws KeySourceException {
        ObjectNode request = request(associatedData);
        request.put("plaintext", Base64.getEncoder().encodeToString(key));
        byte[] wrapped = text(call("encrypt", request), "ciphertext").getBytes(StandardCharsets.UTF_8);
        if (wrapped.length == 0 || wrapped.length > WrappedKey.BYTES_MAX) {
            throw new KeySourceException(uri + ": expected a ciphertext of 1 to " + WrappedKey.BYTES_MAX
                    + " bytes, found " + wrapped.length);
        }
        return wrapped;
    }

    @Override
    public byte[] unwrap(byte[] wrapped, byte[] associatedData) throws KeySourceException, WrongKeyException {
        ObjectNode request = request(associatedData);
        request.put("ciphertext", new String(wrapped, StandardCharsets.UTF_8));
        KeyServer.Answer answer = call("decrypt", request);
        if (answer.status() == BAD_REQUEST) {
            throw new WrongKeyException(uri + " does not open the vault's key: " + answer.why());
        }
        try {
            return Base64.getDecoder().decode(text(answer, "plaintext"));
        } catch (IllegalArgumentException e) {
            throw new KeySourceException(uri + ": expected a plaintext in base64", e);
        }
    }

    private static ObjectNode request(byte[] associatedData) {
        return Json.object().put("associated_data", Base64.getEncoder().encodeToString(associatedData));
    }

    private KeyServer.Answer call(String operation, ObjectNode body) throws KeySourceException {
        return server.call(engine + "/" + operation + "/" + name, "X-Vault-Token", token, body);
    }

    private String text(KeyServer.Answer answer, String member) throws KeySourceException {
        try {
            return Json.text(answer.ok().path("data"), member);
        } catch (IllegalArgumentException e) {
            throw new KeySourceException(uri + ": " + Json.firstLine(e), e);
        }
    }
}
