package dev.evidencevault.awskms;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Speaks the part of AWS KMS's protocol that is used: Encrypt and Decrypt of one key with an encryption context, in AWS JSON 1.1,
 * as its API reference describes them. It looks at who signed a request, not at the signature, and is no such server.
 */
final class KmsServer implements AutoCloseable {
    static final String ARN = "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    static final String ID = "AKIDEXAMPLE";

    private static final int IV_BYTES = 12;

    private final HttpServer server;
    private final byte[] key = new byte[32];
    private final SecureRandom random = new SecureRandom();
    final AtomicInteger calls = new AtomicInteger();

    /** The error that is answered instead, if it is not empty. */
    volatile String refusal = "";

    KmsServer() throws IOException {
        random.nextBytes(key);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    Map<String, String> environment() {
        return Map.of(
                "AWS_ACCESS_KEY_ID",
                ID,
                "AWS_SECRET_ACCESS_KEY",
                "secret",
                "AWS_ENDPOINT_URL_KMS",
                "http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void answer(HttpExchange exchange) throws IOException {
        calls.incrementAndGet();
        try (exchange) {
            ObjectNode request = Json.parseObject(exchange.getRequestBody().readAllBytes(), "the request");
            String signed = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
            if (!refusal.isEmpty()) {
                error(exchange, refusal);
            } else if (!signed.startsWith("AWS4-HMAC-SHA256 Credential=" + ID + "/")
                    || !signed.contains("/eu-central-1/kms/aws4_request")) {
                error(exchange, "UnrecognizedClientException");
            } else if (!request.path("KeyId").asText().equals(ARN)) {
                error(exchange, "NotFoundException");
            } else {
                switch (String.valueOf(exchange.getRequestHeaders().getFirst("X-Amz-Target"))) {
                    case "TrentService.Encrypt" -> encrypt(exchange, request);
                    case "TrentService.Decrypt" -> decrypt(exchange, request);
                    default -> error(exchange, "UnknownOperationException");
                }
            }
        }
    }

    private void encrypt(HttpExchange exchange, ObjectNode request) throws IOException {
        byte[] iv = new byte[IV_BYTES];
        random.nextBytes(iv);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, iv, request).doFinal(base64(request, "Plaintext"));
            byte[] both = Arrays.copyOf(iv, IV_BYTES + sealed.length);
            System.arraycopy(sealed, 0, both, IV_BYTES, sealed.length);
            send(exchange, 200, member("CiphertextBlob", both));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private void decrypt(HttpExchange exchange, ObjectNode request) throws IOException {
        try {
            byte[] both = base64(request, "CiphertextBlob");
            if (both.length < IV_BYTES) {
                throw new GeneralSecurityException("too short");
            }
            byte[] plain = cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(both, IV_BYTES), request)
                    .doFinal(both, IV_BYTES, both.length - IV_BYTES);
            send(exchange, 200, member("Plaintext", plain));
        } catch (GeneralSecurityException e) {
            error(exchange, "InvalidCiphertextException");
        }
    }

    private Cipher cipher(int mode, byte[] iv, ObjectNode request) throws GeneralSecurityException {
        Map<String, String> context = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry :
                request.path("EncryptionContext").properties()) {
            context.put(entry.getKey(), entry.getValue().asText());
        }
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, iv));
        cipher.updateAAD(context.toString().getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    private static byte[] base64(ObjectNode request, String member) {
        return Base64.getDecoder().decode(Json.text(request, member));
    }

    private static ObjectNode member(String name, byte[] value) {
        return Json.object()
                .put("KeyId", ARN)
                .put(name, Base64.getEncoder().encodeToString(value))
                .put("EncryptionAlgorithm", "SYMMETRIC_DEFAULT");
    }

    private static void error(HttpExchange exchange, String type) throws IOException {
        send(exchange, 400, Json.object().put("__type", type).put("message", "refused"));
    }

    private static void send(HttpExchange exchange, int status, ObjectNode answer) throws IOException {
        byte[] bytes = Json.bytes(answer);
        exchange.getResponseHeaders().add("Content-Type", "application/x-amz-json-1.1");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
