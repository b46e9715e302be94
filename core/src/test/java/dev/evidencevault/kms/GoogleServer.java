package dev.evidencevault.kms;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.evidencevault.format.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32C;

/**
 * Speaks the part of Google Cloud KMS's protocol that is used: encrypt and decrypt of one key with additional data and
 * checksums, as the reference of its REST API describes them. It is no such server.
 */
final class GoogleServer implements AutoCloseable {
    static final String NAME = "projects/p-1/locations/europe-west3/keyRings/evault/cryptoKeys/kek";
    static final String TOKEN = "ya29.test";

    private final HttpServer server;
    private final ServerKey key = new ServerKey();
    final AtomicInteger calls = new AtomicInteger();

    /** What becomes of a good answer. */
    volatile UnaryOperator<ObjectNode> onTheWay = UnaryOperator.identity();

    GoogleServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        calls.incrementAndGet();
        try (exchange) {
            ObjectNode request = Json.parseObject(exchange.getRequestBody().readAllBytes(), "the request");
            String path = exchange.getRequestURI().getPath();
            if (!("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                send(exchange, 401, error(401, "UNAUTHENTICATED"));
            } else if (path.equals("/v1/" + NAME + ":encrypt")) {
                encrypt(exchange, request);
            } else if (path.equals("/v1/" + NAME + ":decrypt")) {
                decrypt(exchange, request);
            } else {
                send(exchange, 403, error(403, "PERMISSION_DENIED"));
            }
        }
    }

    private void encrypt(HttpExchange exchange, ObjectNode request) throws IOException {
        byte[] plain = base64(request, "plaintext");
        byte[] associated = base64(request, "additionalAuthenticatedData");
        if (!isWhole(request, "plaintext", plain) || !isWhole(request, "additionalAuthenticatedData", associated)) {
            send(exchange, 400, error(400, "INVALID_ARGUMENT"));
            return;
        }
        byte[] sealed = key.encrypt(plain, associated);
        send(
                exchange,
                200,
                onTheWay.apply(Json.object()
                        .put("name", NAME + "/cryptoKeyVersions/3")
                        .put("ciphertext", Base64.getEncoder().encodeToString(sealed))
                        .put("ciphertextCrc32c", crc(sealed))
                        .put("verifiedPlaintextCrc32c", true)
                        .put("verifiedAdditionalAuthenticatedDataCrc32c", true)
                        .put("protectionLevel", "HSM")));
    }

    private void decrypt(HttpExchange exchange, ObjectNode request) throws IOException {
        byte[] sealed = base64(request, "ciphertext");
        byte[] associated = base64(request, "additionalAuthenticatedData");
        try {
            if (!isWhole(request, "ciphertext", sealed)
                    || !isWhole(request, "additionalAuthenticatedData", associated)) {
                throw new GeneralSecurityException("checksum");
            }
            byte[] plain = key.decrypt(sealed, associated);
            send(
                    exchange,
                    200,
                    onTheWay.apply(Json.object()
                            .put("plaintext", Base64.getEncoder().encodeToString(plain))
                            .put("plaintextCrc32c", crc(plain))
                            .put("usedPrimary", true)));
        } catch (GeneralSecurityException e) {
            send(exchange, 400, error(400, "INVALID_ARGUMENT"));
        }
    }

    private static boolean isWhole(ObjectNode request, String member, byte[] bytes) {
        return crc(bytes).equals(request.path(member + "Crc32c").asText());
    }

    static String crc(byte[] bytes) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes);
        return Long.toString(checksum.getValue());
    }

    private static byte[] base64(ObjectNode request, String member) {
        return Base64.getDecoder().decode(Json.text(request, member));
    }

    private static ObjectNode error(int code, String status) {
        ObjectNode answer = Json.object();
        answer.putObject("error").put("code", code).put("message", "refused").put("status", status);
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
