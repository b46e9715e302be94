package dev.evidencevault.examples.documents;

import dev.evidencevault.Vault;
import dev.evidencevault.VaultOptions;
import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.crypto.keys.WrongKeyException;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The document service with its vault: opened together, closed together. */
public final class DocumentServer implements Closeable {
    private final Vault vault;
    private final HttpFront front;

    private DocumentServer(Vault vault, HttpFront front) {
        this.vault = vault;
        this.front = front;
    }

    /**
     * Runs it on this machine's own address until the process is told to end. Arguments: the port, and the vault's
     * directory, which is created if it is not there. Secrets are in the environment: {@code EVAULT_PASSPHRASE}, and
     * {@code DOCUMENTS_TOKENS}, for example {@code t1=acme/alice:admin,t2=acme/bob:member,t3=olga}, where olga is an
     * operator.
     */
    public static void main(String[] args) throws Exception {
        if (args.length != 2) {
            System.err.println("expected two arguments: the port and the vault's directory");
            System.exit(2);
        }
        Map<String, String> environment = System.getenv();
        DocumentServer server = start(
                Integer.parseInt(args[0]),
                Path.of(args[1]),
                VaultSecret.passphrase(environment.getOrDefault("EVAULT_PASSPHRASE", "")),
                VaultOptions.defaults(),
                Directory.parse(environment.getOrDefault("DOCUMENTS_TOKENS", "")),
                Documents.inMemory());
        Runtime.getRuntime().addShutdownHook(new Thread(server::closeAtExit));
        System.out.println("listening on http://localhost:" + server.port());
    }

    static DocumentServer start(
            int port, Path directory, VaultSecret secret, VaultOptions options, Directory people, Documents documents)
            throws IOException, WrongKeyException {
        Vault vault = Files.exists(directory)
                ? Vault.open(directory, secret, options)
                : Vault.create(directory, secret, options);
        try {
            DocumentService service = new DocumentService(people, documents, new AuditTrail(vault, people));
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            return new DocumentServer(vault, HttpFront.start(address, people, service));
        } catch (IOException | RuntimeException e) {
            try (vault) {
                throw e;
            }
        }
    }

    /** Returns the port that it listens on. */
    int port() {
        return front.port();
    }

    /**
     * Answers what is under way, then seals and anchors what was recorded.
     *
     * @throws IOException if the vault had failed; opening it again recovers every event that was answered for
     */
    @Override
    public void close() throws IOException {
        front.close();
        vault.close();
    }

    private void closeAtExit() {
        try {
            close();
        } catch (IOException e) {
            System.err.println(e.getMessage());
        }
    }
}
