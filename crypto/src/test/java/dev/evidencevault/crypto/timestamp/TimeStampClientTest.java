package dev.evidencevault.crypto.timestamp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.timestamp.LocalTimeStampAuthority.KeyType;
import dev.evidencevault.crypto.timestamp.LocalTimeStampServer.Answers;
import dev.evidencevault.crypto.timestamp.LocalTimeStampServer.Behaviour;
import dev.evidencevault.crypto.timestamp.TimeStampVerdict.Good;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.http.HttpTimeoutException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.bouncycastle.tsp.TSPAlgorithms;
import org.bouncycastle.tsp.TimeStampRequest;
import org.bouncycastle.tsp.TimeStampRequestGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class TimeStampClientTest {
    private static final Digest DIGEST = Digest.sha256(new byte[] {1});
    private static final Digest OTHER = Digest.sha256(new byte[] {2});
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(400);
    private static final LocalTimeStampAuthority AUTHORITY = authority(KeyType.ECDSA_P256);

    private static LocalTimeStampAuthority authority(KeyType keyType) {
        return LocalTimeStampAuthority.create("test", keyType, Clock.systemUTC(), new SecureRandom());
    }

    private static byte[] stamp(LocalTimeStampServer server, LocalTimeStampAuthority authority, Duration timeout)
            throws Exception {
        try (TimeStampClient client = new TimeStampClient(new SecureRandom(), LONG, timeout)) {
            return client.stamp(authority.at(server.uri()), DIGEST);
        }
    }

    private static void assertFails(String words, LocalTimeStampServer server) {
        IOException failure = assertThrows(IOException.class, () -> stamp(server, AUTHORITY, LONG));
        String message = String.valueOf(failure.getMessage());
        assertTrue(message.contains(words) && message.contains(server.uri().toString()), message);
    }

    private static void assertAnswerFails(String words, Answers answers) throws IOException {
        try (LocalTimeStampServer server = LocalTimeStampServer.answering(answers)) {
            assertFails(words, server);
        }
    }

    private static void assertFails(String words, Behaviour behaviour) throws IOException {
        try (LocalTimeStampServer server = LocalTimeStampServer.behaving(behaviour)) {
            assertFails(words, server);
        }
    }

    /** Asks the authority for something else than what the client asked for. */
    private static byte[] otherwise(byte[] request, Digest digest, Function<BigInteger, BigInteger> nonce)
            throws IOException {
        TimeStampRequestGenerator generator = new TimeStampRequestGenerator();
        generator.setCertReq(true);
        BigInteger asked = new TimeStampRequest(request).getNonce();
        return AUTHORITY.answer(generator
                .generate(TSPAlgorithms.SHA256, digest.bytes(), nonce.apply(asked))
                .getEncoded());
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] bytes) throws IOException {
        exchange.getRequestBody().readAllBytes();
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @ParameterizedTest
    @EnumSource(KeyType.class)
    void stampsComeBackVerified(KeyType keyType) throws Exception {
        LocalTimeStampAuthority authority = authority(keyType);
        List<byte[]> requests = Collections.synchronizedList(new ArrayList<>());
        try (LocalTimeStampServer server = LocalTimeStampServer.behaving(exchange -> {
            byte[] request = exchange.getRequestBody().readAllBytes();
            requests.add(request);
            boolean asked = exchange.getRequestMethod().equals("POST")
                    && "application/timestamp-query"
                            .equals(exchange.getRequestHeaders().getFirst("Content-Type"));
            send(exchange, asked ? 200 : 400, "Application/Timestamp-Reply; x=y", authority.answer(request));
        })) {
            for (int i = 0; i < 3; i++) {
                byte[] bytes = stamp(server, authority, LONG);
                assertInstanceOf(Good.class, TimeStamp.parse(bytes).verify(DIGEST, List.of(authority.root())));
            }
        }
        Set<BigInteger> nonces = new HashSet<>();
        for (byte[] bytes : requests) {
            TimeStampRequest request = new TimeStampRequest(bytes);
            assertTrue(request.getCertReq());
            assertEquals(DIGEST, Digest.of(request.getMessageImprintDigest()));
            assertEquals(TSPAlgorithms.SHA256, request.getMessageImprintAlgOID());
            assertTrue(request.getNonce().signum() >= 0 && request.getNonce().bitLength() <= 64);
            nonces.add(request.getNonce());
        }
        assertEquals(3, nonces.size());
    }

    @Test
    void tokensOverAnotherImprintAreRefused() throws Exception {
        assertAnswerFails("expected a time stamp of " + DIGEST, request -> otherwise(request, OTHER, nonce -> nonce));
    }

    @Test
    void tokensWithAnotherNonceAreRefused() throws Exception {
        assertAnswerFails("nonce", request -> otherwise(request, DIGEST, nonce -> nonce.flipBit(0)));
        byte[] replayed = stampOnce();
        assertAnswerFails("nonce", request -> replayed);
    }

    private static byte[] stampOnce() throws Exception {
        try (LocalTimeStampServer server = LocalTimeStampServer.answering(AUTHORITY::answer)) {
            return stamp(server, AUTHORITY, LONG);
        }
    }

    @Test
    void tokensOfAnotherAuthorityAreRefused() throws Exception {
        assertAnswerFails("to a trust anchor", authority(KeyType.ECDSA_P256)::answer);
    }

    @Test
    void withoutTrustAnchorsAnyAuthorityWillDoButNoBadSignature() throws Exception {
        try (LocalTimeStampServer server = LocalTimeStampServer.answering(AUTHORITY::answer);
                LocalTimeStampServer broken = LocalTimeStampServer.answering(request -> {
                    byte[] answer = AUTHORITY.answer(request);
                    answer[answer.length - 3] ^= 1;
                    return answer;
                });
                TimeStampClient client = new TimeStampClient(new SecureRandom(), LONG, LONG)) {
            byte[] bytes = client.stamp(new TimeStampAuthority("any", server.uri(), List.of()), DIGEST);
            assertInstanceOf(Good.class, TimeStamp.parse(bytes).verify(DIGEST, List.of(AUTHORITY.root())));
            assertThrows(
                    IOException.class,
                    () -> client.stamp(new TimeStampAuthority("any", broken.uri(), List.of()), DIGEST));
        }
    }

    @Test
    void rejectionsAreTold() throws Exception {
        assertAnswerFails("found rejection, failure badDataFormat", request -> AUTHORITY.answer(new byte[] {0}));
    }

    @Test
    void answersThatAreNoneAreRefused() throws Exception {
        assertAnswerFails("DER", request -> new byte[0]);
        assertAnswerFails("DER", request -> new byte[] {0x30});
        assertAnswerFails("", request -> new byte[] {0x30, 0});
        assertFails(
                "type application/timestamp-reply, found text/html",
                exchange -> send(exchange, 200, "text/html", AUTHORITY.answer(new byte[] {0})));
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 307, 403, 500})
    void otherStatusesAreRefusedAndRedirectsNotFollowed(int status) throws Exception {
        AtomicInteger requests = new AtomicInteger();
        assertFails("expected HTTP status 200, found " + status, exchange -> {
            requests.incrementAndGet();
            exchange.getResponseHeaders()
                    .set("Location", exchange.getRequestURI().toString());
            send(exchange, status, "text/plain", new byte[] {0});
        });
        assertEquals(1, requests.get());
    }

    @Test
    void oversizedAnswersAreRefused() throws Exception {
        assertAnswerFails("expected at most 65536 bytes", request -> new byte[TimeStamp.BYTES_MAX + 1]);
        assertAnswerFails("DER", request -> new byte[TimeStamp.BYTES_MAX]);
        assertFails("expected at most 65536 bytes", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("Content-Type", "application/timestamp-reply");
            exchange.sendResponseHeaders(200, 0);
            // Without end, until the client gives the connection up.
            for (int i = 0; i < 1 << 16; i++) {
                exchange.getResponseBody().write(new byte[1 << 10]);
            }
        });
    }

    /** Before the answer, and in its midst. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void answersThatDoNotComeAreGivenUp(boolean begun) throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        try (LocalTimeStampServer server = LocalTimeStampServer.behaving(exchange -> {
            exchange.getRequestBody().readAllBytes();
            if (begun) {
                exchange.getResponseHeaders().set("Content-Type", "application/timestamp-reply");
                exchange.sendResponseHeaders(200, 100);
                exchange.getResponseBody().write(0x30);
                exchange.getResponseBody().flush();
            }
            try {
                done.await();
            } catch (InterruptedException e) {
                throw new UncheckedIOException(new IOException(e));
            }
        })) {
            HttpTimeoutException failure =
                    assertThrows(HttpTimeoutException.class, () -> stamp(server, AUTHORITY, SHORT));
            assertTrue(String.valueOf(failure.getMessage()).contains("no whole answer within 400 ms"));
        } finally {
            done.countDown();
        }
    }

    @Test
    void authoritiesThatAreNotThereAreTold() throws Exception {
        LocalTimeStampServer server = LocalTimeStampServer.answering(AUTHORITY::answer);
        server.close();
        assertFails("no answer", server);
    }

    @Test
    void timeoutsAreMoreThanNothing() {
        assertThrows(
                IllegalArgumentException.class, () -> new TimeStampClient(new SecureRandom(), Duration.ZERO, LONG));
        assertThrows(
                IllegalArgumentException.class,
                () -> new TimeStampClient(new SecureRandom(), LONG, Duration.ofMillis(-1)));
    }
}
