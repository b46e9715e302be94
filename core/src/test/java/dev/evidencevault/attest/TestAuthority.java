package dev.evidencevault.attest;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.evidencevault.crypto.timestamp.LocalTimeStampAuthority;
import dev.evidencevault.crypto.timestamp.LocalTimeStampAuthority.KeyType;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A time stamp authority that is served over HTTP in this process, and can be made to answer something else. */
public final class TestAuthority implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicInteger requests = new AtomicInteger();
    private final LocalTimeStampAuthority authority;
    private volatile Behaviour behaviour;

    /** What it makes of a request. */
    @FunctionalInterface
    public interface Behaviour {
        byte[] answer(byte[] request) throws IOException, InterruptedException;
    }

    private TestAuthority(String name, Clock clock) throws IOException {
        authority = LocalTimeStampAuthority.create(name, KeyType.ECDSA_P256, clock, new SecureRandom());
        behaviour = authority::answer;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    public static TestAuthority start(String name, Clock clock) throws IOException {
        return new TestAuthority(name, clock);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            requests.incrementAndGet();
            byte[] answer = behaviour.answer(exchange.getRequestBody().readAllBytes());
            exchange.getResponseHeaders().set("Content-Type", "application/timestamp-reply");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public LocalTimeStampAuthority authority() {
        return authority;
    }

    public X509Certificate root() {
        return authority.root();
    }

    public URI uri() {
        return URI.create("http://" + server.getAddress().getAddress().getHostAddress() + ":"
                + server.getAddress().getPort() + "/tsa");
    }

    public TimeStamper stamper() {
        return new HttpTimeStamper(authority.at(uri()), Duration.ofSeconds(30));
    }

    /** The same for who is in a hurry. */
    public TimeStamper stamperWithin(Duration timeout) {
        return new HttpTimeStamper(authority.at(uri()), timeout);
    }

    public int requests() {
        return requests.get();
    }

    public void behave(Behaviour value) {
        behaviour = value;
    }

    /** Answers nothing until it is closed. */
    public byte[] hang(byte[] request) throws InterruptedException {
        closed.await();
        return request;
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
