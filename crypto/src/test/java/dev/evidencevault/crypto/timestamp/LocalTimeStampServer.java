package dev.evidencevault.crypto.timestamp;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Serves a time stamp authority over HTTP on this machine, for tests: what it stamps proves nothing. */
final class LocalTimeStampServer implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    /** Answers an exchange, or does not; the exchange is closed afterwards. */
    interface Behaviour {
        void handle(HttpExchange exchange) throws IOException;
    }

    /** What an authority makes of a request. */
    interface Answers {
        byte[] answer(byte[] request) throws IOException;
    }

    private LocalTimeStampServer(Behaviour behaviour) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/tsa", exchange -> {
            try (exchange) {
                behaviour.handle(exchange);
            }
        });
        server.start();
    }

    static LocalTimeStampServer behaving(Behaviour behaviour) throws IOException {
        return new LocalTimeStampServer(behaviour);
    }

    static LocalTimeStampServer answering(Answers answers) throws IOException {
        return new LocalTimeStampServer(exchange -> {
            byte[] answer = answers.answer(exchange.getRequestBody().readAllBytes());
            exchange.getResponseHeaders().set("Content-Type", "application/timestamp-reply");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
        });
    }

    URI uri() {
        return URI.create("http://" + server.getAddress().getAddress().getHostAddress() + ":"
                + server.getAddress().getPort() + "/tsa");
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
