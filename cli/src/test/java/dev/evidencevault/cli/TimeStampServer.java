package dev.evidencevault.cli;

import com.sun.net.httpserver.HttpServer;
import dev.evidencevault.crypto.timestamp.LocalTimeStampAuthority;
import dev.evidencevault.crypto.timestamp.LocalTimeStampAuthority.KeyType;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.time.Clock;
import java.util.Base64;

/** A time stamp authority on this machine. */
final class TimeStampServer implements AutoCloseable {
    private final LocalTimeStampAuthority authority = authority();
    private final HttpServer server;

    TimeStampServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/tsa", exchange -> {
            try (exchange) {
                byte[] answer = authority.answer(exchange.getRequestBody().readAllBytes());
                exchange.getResponseHeaders().set("Content-Type", "application/timestamp-reply");
                exchange.sendResponseHeaders(200, answer.length);
                exchange.getResponseBody().write(answer);
            }
        });
        server.start();
    }

    /** Returns another authority, which nobody asks. */
    static LocalTimeStampAuthority authority() {
        return LocalTimeStampAuthority.create("test", KeyType.ECDSA_P256, Clock.systemUTC(), new SecureRandom());
    }

    /** Returns the address without a path; {@code /tsa} answers. */
    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Writes the root certificate. */
    Path root(Path file) throws IOException {
        return pem(file, authority);
    }

    static Path pem(Path file, LocalTimeStampAuthority of) throws IOException {
        try {
            return Files.writeString(
                    file,
                    "-----BEGIN CERTIFICATE-----\n"
                            + Base64.getMimeEncoder(64, new byte[] {'\n'})
                                    .encodeToString(of.root().getEncoded())
                            + "\n-----END CERTIFICATE-----\n");
        } catch (CertificateEncodingException e) {
            throw new IOException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
