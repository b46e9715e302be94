package dev.evidencevault.report;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.format.Json;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A Chromium without a window, driven through its DevTools protocol. It is looked for on the path, or where the environment
 * variable {@value #VARIABLE} says; a test that needs one is skipped where there is none.
 */
final class Browser implements AutoCloseable {
    static final String VARIABLE = "EVAULT_CHROMIUM";

    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome", "chrome");
    private static final long ANSWER_SECONDS = 120;
    private static final String LISTENING = "DevTools listening on ";

    private final Process process;
    private final Path profile;
    private final AtomicLong ids = new AtomicLong();
    private final Map<Long, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
    private final List<Consumer<JsonNode>> listeners = new CopyOnWriteArrayList<>();
    private final WebSocket socket;

    /** Starts the browser, or skips the test if there is none. */
    static Browser start() throws Exception {
        Optional<Path> program = find();
        assumeTrue(
                program.isPresent(),
                "skipped: there is no Chromium on the path, and " + VARIABLE + " does not say where one is");
        return new Browser(program.orElseThrow());
    }

    private static Optional<Path> find() {
        String given = System.getenv(VARIABLE);
        if (given != null) {
            return Optional.of(Path.of(given));
        }
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.of(path.split(File.pathSeparator))
                .filter(directory -> !directory.isEmpty())
                .flatMap(directory -> NAMES.stream().map(name -> Path.of(directory, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private Browser(Path program) throws Exception {
        profile = Files.createTempDirectory("browser");
        process = new ProcessBuilder(
                        program.toString(),
                        "--headless=new",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--remote-debugging-port=0",
                        "--lang=en-US",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(address(), new Receiver())
                .get(ANSWER_SECONDS, TimeUnit.SECONDS);
    }

    /** The address that the browser prints; what else it prints is read away, so that it never waits for it. */
    private URI address() throws IOException {
        BufferedReader errors = process.errorReader();
        List<String> printed = new ArrayList<>();
        for (String line = errors.readLine(); line != null; line = errors.readLine()) {
            printed.add(line);
            if (line.startsWith(LISTENING)) {
                Thread rest = new Thread(() -> errors.lines().forEach(unused -> {}), "browser-errors");
                rest.setDaemon(true);
                rest.start();
                return URI.create(line.substring(LISTENING.length()));
            }
        }
        throw new IOException("the browser did not start: " + printed);
    }

    /** Opens a page of a size. */
    BrowserPage open(String url, int width, int height) throws Exception {
        return open(url, "", width, height);
    }

    /** Opens a page of a size, in which a script of ours runs before its own. */
    BrowserPage open(String url, String before, int width, int height) throws Exception {
        return new BrowserPage(this, url, before, width, height);
    }

    void listen(Consumer<JsonNode> listener) {
        listeners.add(listener);
    }

    /** Sends a command and waits for what it returns. */
    JsonNode call(@Nullable String session, String method, ObjectNode parameters) throws Exception {
        long id = ids.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        answers.put(id, answer);
        ObjectNode message = Json.object().put("id", id).put("method", method);
        message.set("params", parameters);
        if (session != null) {
            message.put("sessionId", session);
        }
        synchronized (socket) {
            socket.sendText(message.toString(), true).get(ANSWER_SECONDS, TimeUnit.SECONDS);
        }
        JsonNode result = answer.get(ANSWER_SECONDS, TimeUnit.SECONDS);
        if (result.has("error")) {
            throw new IOException(method + ": " + result.path("error"));
        }
        return result.path("result");
    }

    @Override
    public void close() throws Exception {
        List<ProcessHandle> all = Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .toList();
        all.forEach(ProcessHandle::destroy);
        for (ProcessHandle each : all) {
            each.onExit().get(ANSWER_SECONDS, TimeUnit.SECONDS);
        }
        try (Stream<Path> files = Files.walk(profile)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** Takes messages, which come in parts. */
    private final class Receiver implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                String message = text.toString();
                text.setLength(0);
                receive(message);
            }
            from.request(1);
            return null;
        }

        private void receive(String text) {
            JsonNode message;
            try {
                message = Json.mapper().readTree(text);
            } catch (IOException e) {
                throw new IllegalStateException("the browser sent no JSON: " + text, e);
            }
            CompletableFuture<JsonNode> answer =
                    answers.remove(message.path("id").asLong(-1));
            if (answer != null) {
                answer.complete(message);
            } else {
                listeners.forEach(listener -> listener.accept(message));
            }
        }
    }
}
