package dev.evidencevault.kms;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.evidencevault.format.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Speaks the part of the transit engine's protocol that is used: encrypt and decrypt of one key with associated data, as
 * the server's documentation of its API describes them. It is no such server.
 */
final class TransitServer implements AutoCloseable {
    static final String TOKEN = "hvs.test";

    private static final String PREFIX = "vault:v1:";

    private final HttpServer server;
    private final ServerKey key = new ServerKey();
    final AtomicInteger calls = new AtomicInteger();

    /** What is answered instead, if it is not 0. */
    volatile int outage;

    /** What is answered with status 200 instead; nothing if it is empty. */
    volatile String answer = "";

    TransitServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/transit/", this::answer);
        server.start();
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1/transit/keys/evault";
    }

    private void answer(HttpExchange exchange) throws IOException {
        calls.incrementAndGet();
        try (exchange) {
            ObjectNode request = Json.parseObject(exchange.getRequestBody().readAllBytes(), "the request");
            if (!answer.isEmpty()) {
                byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, bytes.length);
                exchange.getResponseBody().write(bytes);
            } else if (outage != 0) {
                send(exchange, outage, errors("Vault is sealed"));
            } else if (!TOKEN.equals(exchange.getRequestHeaders().getFirst("X-Vault-Token"))) {
                send(exchange, 403, errors("permission denied"));
            } else {
                switch (exchange.getRequestURI().getPath()) {
                    case "/v1/transit/encrypt/evault" -> send(exchange, 200, encrypt(request));
                    case "/v1/transit/decrypt/evault" -> decrypt(exchange, request);
                    default -> send(exchange, 404, errors());
                }
            }
        }
    }

    private ObjectNode encrypt(ObjectNode request) {
        byte[] sealed = key.encrypt(base64(request, "plaintext"), base64(request, "associated_data"));
        return data("ciphertext", PREFIX + Base64.getEncoder().encodeToString(sealed));
    }

    private void decrypt(HttpExchange exchange, ObjectNode request) throws IOException {
        try {
            String text = Json.text(request, "ciphertext");
            if (!text.startsWith(PREFIX)) {
                throw new GeneralSecurityException("no prefix");
            }
            byte[] plain = key.decrypt(
                    Base64.getDecoder().decode(text.substring(PREFIX.length())), base64(request, "associated_data"));
            send(exchange, 200, data("plaintext", Base64.getEncoder().encodeToString(plain)));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            send(exchange, 400, errors("cipher: message authentication failed"));
        }
    }

    private static byte[] base64(ObjectNode request, String member) {
        return Base64.getDecoder().decode(Json.text(request, member));
    }

    private static ObjectNode data(String member, String value) {
        ObjectNode answer = Json.object();
        answer.putObject("data").put(member, value);
        return answer;
    }

    private static ObjectNode errors(String... reasons) {
        ObjectNode answer = Json.object();
        Arrays.stream(reasons).forEach(answer.putArray("errors")::add);
        return answer;
    }

    private static void send(HttpExchange exchange, int status, ObjectNode answer) throws IOException {
        byte[] bytes = Json.bytes(answer);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
