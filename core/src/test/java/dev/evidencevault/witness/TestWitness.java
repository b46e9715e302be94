package dev.evidencevault.witness;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.merkle.Rfc6962;
import dev.evidencevault.crypto.merkle.TreeProofs;
import dev.evidencevault.crypto.note.Checkpoint;
import dev.evidencevault.crypto.note.CosignatureSigner;
import dev.evidencevault.crypto.note.NoteVerifier;
import dev.evidencevault.crypto.note.SignedNote;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A witness in this process, as c2sp.org/tlog-witness (version 1) wants it: for each log that it trusts it keeps the
 * latest checkpoint, checks the consistency of the next, and cosigns with Ed25519 and ML-DSA-44. It can be made to
 * answer something else. Safe for use by several threads.
 */
public final class TestWitness implements AutoCloseable {
    private static final int REQUEST_BYTES_MAX = 1 << 20;
    private static final int PROOF_LINES_MAX = 63;
    private static final String SIZE_TYPE = "text/x.tlog.size";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final String name;
    private final List<CosignatureSigner> signers;
    private final Map<String, NoteVerifier> logs = new HashMap<>();
    private final Map<String, Checkpoint> latest = new HashMap<>();
    private final AtomicLong clockSeconds = new AtomicLong(1_800_000_000);
    private final AtomicInteger requests = new AtomicInteger();
    private volatile @Nullable Behaviour behaviour;

    /** What it does in place of what it should. */
    @FunctionalInterface
    public interface Behaviour {
        /** Answers, or does not. {@code closed} is counted down when the witness closes. */
        void handle(HttpExchange exchange, CountDownLatch closed) throws IOException, InterruptedException;
    }

    private record Answer(int status, String type, String text) {}

    private TestWitness(HttpServer server, String name, List<CosignatureSigner> signers) {
        this.server = server;
        this.name = name;
        this.signers = signers;
    }

    /** Starts a witness; its keys follow from its name. */
    public static TestWitness start(String name) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byte[] seed = Digest.sha256(name.getBytes(StandardCharsets.UTF_8)).bytes();
        TestWitness witness = new TestWitness(
                server,
                name,
                List.of(
                        CosignatureSigner.ed25519(name, seed),
                        CosignatureSigner.mlDsa44(name, seed, new SecureRandom())));
        server.setExecutor(witness.threads);
        server.createContext("/", witness::handle);
        server.start();
        return witness;
    }

    /** Returns what clients are told of it. */
    public Witness witness() {
        InetSocketAddress address = server.getAddress();
        return new Witness(
                name,
                URI.create("http://" + address.getAddress().getHostAddress() + ":" + address.getPort() + "/witness/"),
                signers.stream().map(CosignatureSigner::verifier).toList());
    }

    /** Returns its keys: Ed25519 and ML-DSA-44. */
    public List<CosignatureSigner> signers() {
        return signers;
    }

    /** Makes it know a log, whose origin is the name of the key. */
    public synchronized void trust(NoteVerifier log) {
        logs.put(log.name(), log);
    }

    /** Returns the latest checkpoint of a log that it cosigned. */
    public synchronized Optional<Checkpoint> latest(String origin) {
        return Optional.ofNullable(latest.get(origin));
    }

    /** Sets its clock, in seconds since 1970. */
    public void setClock(long seconds) {
        clockSeconds.set(seconds);
    }

    /** Returns how many requests it got. */
    public int requests() {
        return requests.get();
    }

    /** Makes it behave otherwise from now on; as it should, if null. */
    public void behave(@Nullable Behaviour otherwise) {
        behaviour = otherwise;
    }

    /** Makes it answer this from now on. */
    public void answer(int status, String contentType, byte[] body) {
        behave((exchange, ignored) -> send(exchange, status, contentType, body));
    }

    private void handle(HttpExchange exchange) throws IOException {
        requests.incrementAndGet();
        try (exchange) {
            byte[] request = exchange.getRequestBody().readNBytes(REQUEST_BYTES_MAX + 1);
            Behaviour otherwise = behaviour;
            if (otherwise != null) {
                otherwise.handle(exchange, closed);
                return;
            }
            Answer answer;
            if (!exchange.getRequestURI().getPath().equals("/witness/add-checkpoint")) {
                answer = new Answer(404, "text/plain", "no such page\n");
            } else if (!exchange.getRequestMethod().equals("POST")) {
                answer = new Answer(405, "text/plain", "POST only\n");
            } else {
                answer = addCheckpoint(request);
            }
            send(exchange, answer.status(), answer.type(), answer.text().getBytes(StandardCharsets.UTF_8));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void send(HttpExchange exchange, int status, String contentType, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", contentType);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        }
    }

    /** Checks in the order of the specification. */
    private synchronized Answer addCheckpoint(byte[] request) {
        String text = new String(request, StandardCharsets.UTF_8);
        int split = text.indexOf("\n\n");
        long oldSize;
        List<Digest> proof = new ArrayList<>();
        SignedNote note;
        Checkpoint checkpoint;
        try {
            if (split < 0 || request.length > REQUEST_BYTES_MAX) {
                throw new IllegalArgumentException("a request is lines, an empty line and a checkpoint");
            }
            String[] lines = text.substring(0, split).split("\n", -1);
            if (!lines[0].matches("old (0|[1-9][0-9]{0,18})") || lines.length > 1 + PROOF_LINES_MAX) {
                throw new IllegalArgumentException("no old size, or too many hashes");
            }
            oldSize = Long.parseLong(lines[0].substring("old ".length()));
            for (int i = 1; i < lines.length; i++) {
                proof.add(Digest.parseBase64(lines[i]));
            }
            note = SignedNote.parse(text.substring(split + 2).getBytes(StandardCharsets.UTF_8));
            checkpoint = Checkpoint.parse(note.text());
        } catch (IllegalArgumentException e) {
            return new Answer(400, "text/plain", e.getMessage() + "\n");
        }
        NoteVerifier log = logs.get(checkpoint.origin());
        if (log == null) {
            return new Answer(404, "text/plain", "unknown log\n");
        }
        if (!log.verifies(note)) {
            return new Answer(403, "text/plain", "no signature of a trusted key\n");
        }
        if (oldSize > checkpoint.size()) {
            return new Answer(400, "text/plain", "the old size is beyond the checkpoint's\n");
        }
        Checkpoint known =
                latest.getOrDefault(checkpoint.origin(), new Checkpoint(checkpoint.origin(), 0, Rfc6962.emptyRoot()));
        if (known.size() != oldSize) {
            return new Answer(409, SIZE_TYPE, known.size() + "\n");
        }
        if (oldSize == checkpoint.size() && !known.root().equals(checkpoint.root())) {
            return new Answer(409, "text/plain", "another root at this size\n");
        }
        boolean consistent = oldSize == 0
                ? proof.isEmpty()
                : TreeProofs.checkConsistency(oldSize, known.root(), checkpoint.size(), checkpoint.root(), proof);
        if (!consistent) {
            return new Answer(422, "text/plain", "the consistency proof does not verify\n");
        }
        latest.put(checkpoint.origin(), checkpoint);
        return new Answer(200, "text/plain", lines(cosign(checkpoint)));
    }

    /** Returns the cosignatures of all its keys, without a look at what it knows. */
    public List<SignedNote.Signature> cosign(Checkpoint checkpoint) {
        long now = clockSeconds.get();
        return signers.stream().map(signer -> signer.cosign(checkpoint, now)).toList();
    }

    /** Returns signature lines as they stand under a note. */
    public static String lines(List<SignedNote.Signature> signatures) {
        String note = new String(new SignedNote("\n", signatures).format(), StandardCharsets.UTF_8);
        return note.substring("\n\n".length());
    }

    /** Stops it. */
    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
