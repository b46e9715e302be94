package dev.evidencevault.crypto.timestamp;

import dev.evidencevault.crypto.http.BoundedBody;
import dev.evidencevault.crypto.merkle.Digest;
import java.io.IOException;
import java.math.BigInteger;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.bouncycastle.tsp.TSPAlgorithms;
import org.bouncycastle.tsp.TimeStampRequestGenerator;

/**
 * Asks time stamp authorities over HTTP and HTTPS (RFC 3161 section 3.4). Safe for use by several threads.
 *
 * <p>An authority learns the digest, a random number and the address of the machine, and that is all. Redirects are not
 * followed, and nothing is sent to say who asks: authorities that want a password are not served. Nothing is tried twice.
 */
public final class TimeStampClient implements AutoCloseable {
    private static final String QUERY = "application/timestamp-query";
    private static final String REPLY = "application/timestamp-reply";
    private static final int NONCE_BYTES = 8;
    private static final int OK = 200;

    private final HttpClient http;
    private final SecureRandom random;
    private final Duration totalTimeout;

    /**
     * Creates a client.
     *
     * @param random where nonces are taken from
     * @param connectTimeout how long a connection may take to come about; more than nothing
     * @param totalTimeout how long it may take until the whole answer is there, connection included; more than nothing
     * @throws IllegalArgumentException if a timeout is zero or negative
     */
    public TimeStampClient(SecureRandom random, Duration connectTimeout, Duration totalTimeout) {
        if (connectTimeout.isNegative()
                || connectTimeout.isZero()
                || totalTimeout.isNegative()
                || totalTimeout.isZero()) {
            throw new IllegalArgumentException(
                    "timeouts are more than nothing, found " + connectTimeout + " and " + totalTimeout);
        }
        this.random = random;
        this.totalTimeout = totalTimeout;
        this.http = HttpClient.newBuilder()
                .version(Version.HTTP_1_1)
                .followRedirects(Redirect.NEVER)
                .connectTimeout(connectTimeout)
                .build();
    }

    /**
     * Asks an authority to stamp a digest, and checks its answer: for this digest, with the nonce that was sent, and
     * verified against the authority's trust anchors as {@link TimeStamp#verify} does; if it has none, as {@link
     * TimeStamp#requireSigned} does.
     *
     * @return the whole answer in DER ({@code TimeStampResp}), at most {@link TimeStamp#BYTES_MAX} bytes
     * @throws HttpTimeoutException if the connection or the answer took too long
     * @throws IOException if the authority cannot be reached, refuses, or answers with anything else than such a token;
     *     the message names the authority
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public byte[] stamp(TimeStampAuthority authority, Digest digest) throws IOException, InterruptedException {
        byte[] bytes = new byte[NONCE_BYTES];
        random.nextBytes(bytes);
        BigInteger nonce = new BigInteger(1, bytes);
        HttpResponse<byte[]> response = send(authority, query(digest, nonce));
        if (response.statusCode() != OK) {
            throw failure(authority, "expected HTTP status " + OK + ", found " + response.statusCode());
        }
        String type = response.headers().firstValue("Content-Type").orElse("none");
        if (!type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals(REPLY)) {
            throw failure(authority, "expected content of type " + REPLY + ", found " + type);
        }
        TimeStamp stamp;
        try {
            stamp = TimeStamp.parse(response.body());
        } catch (IllegalArgumentException e) {
            throw new IOException(message(authority, String.valueOf(e.getMessage())), e);
        }
        if (!nonce.equals(stamp.nonce())) {
            throw failure(authority, "expected a token with the nonce " + nonce + ", found " + stamp.nonce());
        }
        if (authority.trustAnchors().isEmpty()) {
            try {
                stamp.requireSigned(digest);
                return stamp.bytes();
            } catch (GeneralSecurityException e) {
                throw new IOException(message(authority, String.valueOf(e.getMessage())), e);
            }
        }
        return switch (stamp.verify(digest, authority.trustAnchors())) {
            case TimeStampVerdict.Good good -> stamp.bytes();
            case TimeStampVerdict.Bad bad -> throw failure(authority, bad.reason());
        };
    }

    private static byte[] query(Digest digest, BigInteger nonce) throws IOException {
        TimeStampRequestGenerator generator = new TimeStampRequestGenerator();
        generator.setCertReq(true);
        return generator.generate(TSPAlgorithms.SHA256, digest.bytes(), nonce).getEncoded();
    }

    private HttpResponse<byte[]> send(TimeStampAuthority authority, byte[] query)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(authority.uri())
                .header("Content-Type", QUERY)
                .header("Accept", REPLY)
                .POST(BodyPublishers.ofByteArray(query))
                .build();
        // The platform's own timeout of a request ends with the headers of the answer; this one is for the body too.
        CompletableFuture<HttpResponse<byte[]>> pending =
                http.sendAsync(request, info -> new BoundedBody(TimeStamp.BYTES_MAX));
        try {
            return pending.get(totalTimeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            HttpTimeoutException timeout = new HttpTimeoutException(
                    message(authority, "no whole answer within " + totalTimeout.toMillis() + " ms"));
            timeout.initCause(e);
            throw timeout;
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            if (cause instanceof HttpTimeoutException) {
                HttpTimeoutException timeout = new HttpTimeoutException(message(authority, "no connection in time"));
                timeout.initCause(cause);
                throw timeout;
            }
            throw new IOException(message(authority, "no answer: " + cause), cause);
        } finally {
            pending.cancel(true);
        }
    }

    private static IOException failure(TimeStampAuthority authority, String reason) {
        return new IOException(message(authority, reason));
    }

    private static String message(TimeStampAuthority authority, String reason) {
        return "time stamp authority " + authority + ": " + reason;
    }

    /** Gives up connections and requests that are under way. */
    @Override
    public void close() {
        http.shutdownNow();
    }
}
