package dev.evidencevault.examples.documents;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.evidencevault.VaultOptions;
import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.reader.VaultReader;
import dev.evidencevault.storage.Storage;
import dev.evidencevault.verify.VaultVerifier;
import dev.evidencevault.verify.Verdict;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The document server on a port of its own, and a client. Safe for use by several threads. */
final class RunningServer implements Closeable {
    static final VaultSecret SECRET = VaultSecret.passphrase("correct horse");

    private static final String PEOPLE = "a1=acme/alice@acme:admin, a2=acme/bob@acme:member,"
            + "u1=umbrella/wesker@umbrella:admin, u2=umbrella/birkin@umbrella:member,"
            + "i1=initech/lumbergh@initech:admin, i2=initech/milton@initech:member, op=olga@provider";

    private final DocumentServer server;
    private final HttpClient client = HttpClient.newHttpClient();

    /** An answer. */
    record Answer(int status, String id, String text) {}

    private RunningServer(DocumentServer server) {
        this.server = server;
    }

    static RunningServer start(Path directory) throws Exception {
        return start(directory, options(), Documents.inMemory());
    }

    static RunningServer start(Path directory, VaultOptions options, Documents documents) throws Exception {
        return new RunningServer(
                DocumentServer.start(0, directory, SECRET, options, Directory.parse(PEOPLE), documents));
    }

    static VaultOptions options() {
        return VaultOptions.defaults().withArgon2MemoryKib(64);
    }

    static VaultOptions options(Storage storage) {
        return options().withStorage(storage);
    }

    /** Sends a request; further arguments are names and values of headers. */
    Answer send(String token, String method, String path, String body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + path))
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return new Answer(
                response.statusCode(),
                response.headers().firstValue("Request-Id").orElseThrow(),
                response.body());
    }

    /** Sends a request as an operator with all that support needs. */
    Answer support(String tenant, String document, String ticket, String member) throws Exception {
        return send(
                "op",
                "GET",
                "/support/tenants/" + tenant + "/documents/" + document,
                "",
                "Support-Ticket",
                ticket,
                "Support-Justification",
                "cannot open it",
                "Support-On-Behalf-Of",
                member);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    /** Verifies the vault that a server left. */
    static void verify(Path directory) throws Exception {
        assertEquals(
                Verdict.PASSED,
                new VaultVerifier(null, null)
                        .verify(VaultReader.open(directory, SECRET).unlocked())
                        .verdict());
    }

    /** Reads a tenant's events. */
    static List<LogRecord> events(Path directory, String tenant) throws Exception {
        List<LogRecord> events = new ArrayList<>();
        VaultReader.open(directory, SECRET).tenant(tenant).orElseThrow().events(events::add);
        return events;
    }
}
