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
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Speaks the part of the transit engine's protocol that is used: encrypt and decrypt of one key with associated data, as
 * the server's documentation of its API describes them. It is no such server.
 */
final class TransitServer implements AutoCloseable {
    static final String TOKEN = "hvs.test";

    private static final int IV_BYTES = 12;
    private static final String PREFIX = "vault:v1:";

    private final HttpServer server;
    private final byte[] key = new byte[32];
    private final SecureRandom random = new SecureRandom();
    final AtomicInteger calls = new AtomicInteger();

    /** What is answered instead, if it is not 0. */
    volatile int outage;

    /** What is answered with status 200 instead; nothing if it is empty. */
    volatile String answer = "";

    TransitServer() throws IOException {
        random.nextBytes(key);
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
        byte[] iv = new byte[IV_BYTES];
        random.nextBytes(iv);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, iv, request).doFinal(base64(request, "plaintext"));
            byte[] both = Arrays.copyOf(iv, IV_BYTES + sealed.length);
            System.arraycopy(sealed, 0, both, IV_BYTES, sealed.length);
            return data("ciphertext", PREFIX + Base64.getEncoder().encodeToString(both));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private void decrypt(HttpExchange exchange, ObjectNode request) throws IOException {
        try {
            String text = Json.text(request, "ciphertext");
            if (!text.startsWith(PREFIX)) {
                throw new GeneralSecurityException("no prefix");
            }
            byte[] both = Base64.getDecoder().decode(text.substring(PREFIX.length()));
            byte[] iv = Arrays.copyOf(both, IV_BYTES);
            byte[] plain = cipher(Cipher.DECRYPT_MODE, iv, request).doFinal(both, IV_BYTES, both.length - IV_BYTES);
            send(exchange, 200, data("plaintext", Base64.getEncoder().encodeToString(plain)));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            send(exchange, 400, errors("cipher: message authentication failed"));
        }
    }

    private Cipher cipher(int mode, byte[] iv, ObjectNode request) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, iv));
        cipher.updateAAD(base64(request, "associated_data"));
        return cipher;
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
