package dev.evidencevault.kms;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.crypto.http.BoundedBody;
import dev.evidencevault.crypto.keys.KeySourceException;
import dev.evidencevault.format.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A server that keeps keys and is asked in JSON over HTTP. Nothing is tried twice, redirects are not followed, and what is read
 * is bounded. Safe for use by several threads.
 */
final class KeyServer {
    private static final int ANSWER_BYTES_MAX = 64 << 10;
    private static final int OK = 200;

    private final String uri;
    private final String reasons;
    private final Duration timeout;
    private final HttpClient http;

    /**
     * Creates a server.
     *
     * @param uri what exceptions call it
     * @param reasons the member of an answer that says why something was refused
     * @param timeout for a whole call
     */
    KeyServer(String uri, String reasons, Duration timeout) {
        this.uri = uri;
        this.reasons = reasons;
        this.timeout = timeout;
        this.http = HttpClient.newBuilder()
                .connectTimeout(timeout)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /** Checks that something can stand in a header: printable characters without spaces. */
    static String requireToken(String token) {
        if (token.isEmpty() || !token.chars().allMatch(c -> c > ' ' && c <= '~')) {
            throw new IllegalArgumentException("expected a token of printable characters without spaces");
        }
        return token;
    }

    /**
     * Asks.
     *
     * @param header the name of the header that says who asks, and its value
     */
    Answer call(String address, String header, String value, ObjectNode body) throws KeySourceException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address))
                .header(header, value)
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
    final class Answer {
        private final int status;
        private final byte[] body;

        private Answer(int status, byte[] body) {
            this.status = status;
            this.body = body;
        }

        int status() {
            return status;
        }

        /** Returns the object that was answered. */
        JsonNode ok() throws KeySourceException {
            if (status != OK) {
                throw new KeySourceException(uri + ": expected HTTP status 200, found " + status + ": " + why());
            }
            try {
                return Json.parseObject(body, "the answer");
            } catch (IllegalArgumentException e) {
                throw new KeySourceException(uri + ": " + Json.firstLine(e), e);
            }
        }

        /** Returns what the server says of its refusal, for people. */
        String why() {
            try {
                return Json.parseObject(body, "the answer").path(reasons).toString();
            } catch (IllegalArgumentException e) {
                return "no reason given";
            }
        }
    }
}
