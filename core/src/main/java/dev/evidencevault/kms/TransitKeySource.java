package dev.evidencevault.kms;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.crypto.http.BoundedBody;
import dev.evidencevault.crypto.keys.KeySource;
import dev.evidencevault.crypto.keys.KeySourceException;
import dev.evidencevault.crypto.keys.WrappedKey;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.format.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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

    private static final int ANSWER_BYTES_MAX = 64 << 10;
    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;

    private final String uri;
    private final String engine;
    private final String name;
    private final String token;
    private final Duration timeout;
    private final HttpClient http;

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
        if (token.isEmpty() || !token.chars().allMatch(c -> c > ' ' && c <= '~')) {
            throw new IllegalArgumentException("expected a token of printable characters without spaces");
        }
        this.uri = address;
        this.engine = parts.group(1) + "/v1/" + parts.group(2);
        this.name = parts.group(3);
        this.token = token;
        this.timeout = timeout;
        this.http = HttpClient.newBuilder()
                .connectTimeout(timeout)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    @Override
    public String uri() {
        return uri;
    }

    @Override
    public byte[] wrap(byte[] key, byte[] associatedData) throws KeySourceException {
        ObjectNode request = request(associatedData);
        request.put("plaintext", Base64.getEncoder().encodeToString(key));
        Answer answer = call("encrypt", request);
        answer.requireOk();
        byte[] wrapped = answer.text("ciphertext").getBytes(StandardCharsets.UTF_8);
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
        Answer answer = call("decrypt", request);
        if (answer.status() == BAD_REQUEST) {
            throw new WrongKeyException(uri + " does not open the vault's key: " + answer.errors());
        }
        answer.requireOk();
        try {
            return Base64.getDecoder().decode(answer.text("plaintext"));
        } catch (IllegalArgumentException e) {
            throw new KeySourceException(uri + ": expected a plaintext in base64", e);
        }
    }

    private static ObjectNode request(byte[] associatedData) {
        return Json.object().put("associated_data", Base64.getEncoder().encodeToString(associatedData));
    }

    private Answer call(String operation, ObjectNode body) throws KeySourceException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(engine + "/" + operation + "/" + name))
                .header("X-Vault-Token", token)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(body)))
                .build();
        // The platform's own timeout of a request ends with the headers of the answer; this one is for the body too.
        CompletableFuture<HttpResponse<byte[]>> pending =
                http.sendAsync(request, info -> new BoundedBody(ANSWER_BYTES_MAX));
        try {
            HttpResponse<byte[]> response = pending.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            return new Answer(response.statusCode(), response.body());
        } catch (TimeoutException e) {
            throw new KeySourceException(uri + " gave no whole answer within " + timeout.toMillis() + " ms", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KeySourceException("interrupted while " + uri + " was asked", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() instanceof IOException failed ? failed : e;
            throw new KeySourceException(uri + " cannot be reached: " + cause, cause);
        } finally {
            pending.cancel(true);
        }
    }

    /** What the server said. */
    private final class Answer {
        private final int status;
        private final byte[] body;

        Answer(int status, byte[] body) {
            this.status = status;
            this.body = body;
        }

        int status() {
            return status;
        }

        void requireOk() throws KeySourceException {
            if (status != OK) {
                throw new KeySourceException(uri + ": expected HTTP status 200, found " + status + ": " + errors());
            }
        }

        String text(String member) throws KeySourceException {
            try {
                return Json.text(Json.parseObject(body, "the answer").path("data"), member);
            } catch (IllegalArgumentException e) {
                throw new KeySourceException(uri + ": " + Json.firstLine(e), e);
            }
        }

        /** Returns what the server says of its refusal, for people. */
        String errors() {
            try {
                return Json.parseObject(body, "the answer").path("errors").toString();
            } catch (IllegalArgumentException e) {
                return "no reason given";
            }
        }
    }
}
