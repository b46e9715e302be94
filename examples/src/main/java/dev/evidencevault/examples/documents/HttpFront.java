package dev.evidencevault.examples.documents;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.evidencevault.examples.documents.Decision.Reply;
import dev.evidencevault.examples.documents.Request.Body;
import dev.evidencevault.examples.documents.Request.Support;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Turns HTTP exchanges into requests and replies into answers. Speaks plain HTTP: TLS ends in front of it.
 *
 * <pre>{@code
 * GET, PUT, DELETE  /tenants/{tenant}/documents/{document}
 * POST              /tenants/{tenant}/members/{member}/role        member or admin
 * GET               /support/tenants/{tenant}/documents/{document}
 *                   Support-Ticket, Support-Justification, Support-On-Behalf-Of
 * }</pre>
 *
 * <p>Every request carries {@code Authorization: Bearer token}; every answer carries the {@code Request-Id} under which
 * its event stands in the log. What the HTTP server itself does not understand never gets here and is not recorded.
 */
final class HttpFront implements Closeable {
    /** The longest text that is taken, in bytes. */
    static final int BODY_BYTES_MAX = 1 << 20;

    private static final int HEADER_CHARS_MAX = 200;
    private static final int THREADS = 32;
    private static final int STOP_SECONDS_MAX = 2;

    private final HttpServer server;
    private final ExecutorService threads;
    private final Directory directory;
    private final DocumentService service;

    private HttpFront(HttpServer server, ExecutorService threads, Directory directory, DocumentService service) {
        this.server = server;
        this.threads = threads;
        this.directory = directory;
        this.service = service;
    }

    /** Starts to answer at an address. */
    static HttpFront start(InetSocketAddress address, Directory directory, DocumentService service) throws IOException {
        HttpServer server = HttpServer.create(address, 0);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        HttpFront front = new HttpFront(server, threads, directory, service);
        server.setExecutor(threads);
        server.createContext("/", front::handle);
        server.start();
        return front;
    }

    /** Returns the port that it listens on. */
    int port() {
        return server.getAddress().getPort();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Request request = request(exchange);
            Reply reply = service.answer(request);
            byte[] text = reply.text().getBytes(StandardCharsets.UTF_8);
            Headers headers = exchange.getResponseHeaders();
            headers.set("Content-Type", "text/plain; charset=utf-8");
            headers.set("Request-Id", request.id());
            boolean empty = text.length == 0 || exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(reply.status(), empty ? -1 : text.length);
            if (!empty) {
                exchange.getResponseBody().write(text);
            }
        }
    }

    private Request request(HttpExchange exchange) {
        String path = Objects.requireNonNullElse(exchange.getRequestURI().getPath(), "");
        return new Request(
                UUID.randomUUID().toString(),
                directory.caller(token(exchange)),
                Route.of(exchange.getRequestMethod(), path),
                new Support(
                        header(exchange, "Support-Ticket"),
                        header(exchange, "Support-Justification"),
                        header(exchange, "Support-On-Behalf-Of")),
                exchange.getRemoteAddress().getAddress().getHostAddress(),
                body(exchange));
    }

    private static @Nullable String token(HttpExchange exchange) {
        String value = header(exchange, "Authorization");
        return value != null && value.startsWith("Bearer ") ? value.substring("Bearer ".length()) : null;
    }

    /** Returns a header, unless it is empty or longer than anything that is of use here. */
    private static @Nullable String header(HttpExchange exchange, String name) {
        String value = exchange.getRequestHeaders().getFirst(name);
        return value == null || value.isBlank() || value.length() > HEADER_CHARS_MAX ? null : value;
    }

    private static Body body(HttpExchange exchange) {
        try {
            byte[] bytes = exchange.getRequestBody().readNBytes(BODY_BYTES_MAX + 1);
            if (bytes.length > BODY_BYTES_MAX) {
                return new Body.Unusable(413, "a text has at most " + BODY_BYTES_MAX + " bytes");
            }
            return new Body.Text(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException e) {
            return new Body.Unusable(400, "a text is in UTF-8");
        } catch (IOException e) {
            return new Body.Unusable(400, "the text broke off");
        }
    }

    /** Takes no more requests, and returns when those under way are recorded. */
    @Override
    public void close() {
        server.stop(STOP_SECONDS_MAX);
        threads.shutdown();
        boolean interrupted = false;
        while (!threads.isTerminated()) {
            try {
                threads.awaitTermination(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
