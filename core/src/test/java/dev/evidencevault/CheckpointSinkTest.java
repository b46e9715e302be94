package dev.evidencevault;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.evidencevault.anchor.Anchor;
import dev.evidencevault.crypto.note.Checkpoint;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.sink.CheckpointSink;
import dev.evidencevault.sink.CommandSink;
import dev.evidencevault.sink.DirectorySink;
import dev.evidencevault.sink.HttpSink;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Settings;
import dev.evidencevault.verify.VaultVerifier;
import dev.evidencevault.verify.Verdict;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What was shown outside cannot be taken back: a vault that is restored, cut off or forked is refused. */
class CheckpointSinkTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    @TempDir
    private Path directory;

    private Path vault;
    private Path outside;

    @BeforeEach
    void write() throws IOException {
        vault = directory.resolve("vault");
        outside = Files.createDirectory(directory.resolve("outside"));
        SmallVault.write(vault);
    }

    private VaultOptions watched() {
        return SmallVault.options().withSinks(List.of(new DirectorySink(outside)));
    }

    private static void append(Path to, VaultOptions options, String action) throws Exception {
        try (Vault open = Vault.open(to, SmallVault.SECRET, options)) {
            open.tenant("acme").appendAndWait(Event.of(action).build());
        }
    }

    private SignedNote kept() throws IOException {
        try (var files = Files.list(outside)) {
            List<Path> all = files.toList();
            assertEquals(1, all.size(), all::toString);
            return SignedNote.parse(Files.readAllBytes(all.get(0)));
        }
    }

    private static void requireRefused(Path refused, VaultOptions options, String reason) throws IOException {
        Map<String, byte[]> before = SmallVault.contents(refused);
        IOException e = assertThrows(IOException.class, () -> Vault.open(refused, SmallVault.SECRET, options));
        assertTrue(String.valueOf(e.getMessage()).contains(reason), e::toString);
        Map<String, byte[]> after = SmallVault.contents(refused);
        assertEquals(before.keySet(), after.keySet());
        // The text in it says who held the lock last, and since when.
        before.remove("lock");
        before.forEach((name, bytes) -> assertArrayEquals(bytes, after.get(name), name));
    }

    /** A sink of which the test says what it does with a checkpoint; it cannot be read. */
    private record Receiver(Consumer<SignedNote> receives) implements CheckpointSink {
        @Override
        public String name() {
            return "receiver";
        }

        @Override
        public void deliver(SignedNote checkpoint) {
            receives.accept(checkpoint);
        }
    }

    private static void await(CountDownLatch latch, String what) {
        try {
            assertTrue(latch.await(60, TimeUnit.SECONDS), what);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Path> directories(Path of) throws IOException {
        try (Stream<Path> all = Files.walk(of)) {
            return all.filter(Files::isDirectory).sorted().toList();
        }
    }

    @Test
    void nothingIsMendedBeforeTheSinkWasAsked() throws Exception {
        append(vault, watched(), "one");
        Path old = directory.resolve("old");
        CopiedVault.copy(vault, old);
        Path killed = directory.resolve("killed");
        try (Vault open = Vault.open(vault, SmallVault.SECRET, watched())) {
            open.tenant("acme").appendAndWait(Event.of("waits in the journal").build());
            CopiedVault.copy(vault, killed);
        }
        append(vault, watched(), "two");
        byte[] behind = Anchor.read(
                        new Layout(old), 3, Settings.read(new Layout(old)).keys())
                .note()
                .format();
        for (Path copy : List.of(old, killed)) {
            // All that opening removes, finishes or brings up to date.
            Files.write(copy.resolve("anchors/checkpoint"), behind);
            Files.writeString(copy.resolve("anchors/00000005.eva.tmp"), "unfinished");
            Files.writeString(copy.resolve("service/log/00000009.evs.tmp"), "unfinished");
            Path log = Files.createDirectory(copy.resolve("tenants/00112233445566778899aabbccddeeff.tmp"));
            Files.createDirectory(log.resolve("index"));
            Files.writeString(log.resolve("keys.json"), "unfinished");
            List<Path> directories = directories(copy);
            requireRefused(copy, watched(), "restored from a backup");
            assertEquals(directories, directories(copy));
        }
        // It was the sink that kept them closed.
        append(old, SmallVault.options(), "another");
        append(killed, SmallVault.options(), "another");
        assertEquals(
                Verdict.PASSED, new VaultVerifier(null, null).verify(killed).verdict());
    }

    @Test
    void anAnchorOfTheSeenHistoryBesideAnothersIsRefused() throws Exception {
        Path fork = directory.resolve("fork");
        CopiedVault.copy(vault, fork);
        append(vault, watched(), "one");
        append(fork, SmallVault.options(), "another");
        append(fork, SmallVault.options(), "and another");
        long seen = Checkpoint.parse(kept().text()).size();
        Files.copy(new Layout(vault).anchor(seen), new Layout(fork).anchor(seen), StandardCopyOption.REPLACE_EXISTING);
        requireRefused(fork, watched(), "one that its latest does not continue");
    }

    @Test
    void anAnchorThatIsGoneSinceTheSinkSawOneIsMissed() throws Exception {
        append(vault, watched(), "one");
        append(vault, SmallVault.options(), "two");
        append(vault, SmallVault.options(), "three");
        Files.delete(vault.resolve("anchors/00000005.eva"));
        requireRefused(vault, watched(), "the anchor is missing");
    }

    @Test
    void whatAKilledWriterDidNotDeliverGoesOutWhenItIsOpened() throws Exception {
        Path killed = directory.resolve("killed");
        CountDownLatch goOn = new CountDownLatch(1);
        CheckpointSink stuck = new Receiver(note -> await(goOn, "the test goes on"));
        try (Vault open =
                Vault.open(vault, SmallVault.SECRET, SmallVault.options().withSinks(List.of(stuck)))) {
            open.tenant("acme").appendAndWait(Event.of("one").build());
            open.seal();
            CopiedVault.copy(vault, killed);
            goOn.countDown();
        }
        byte[] checkpoint = Files.readAllBytes(killed.resolve("anchors/checkpoint"));
        CountDownLatch delivered = new CountDownLatch(1);
        List<SignedNote> notes = new ArrayList<>();
        CheckpointSink receiver = new Receiver(note -> {
            notes.add(note);
            delivered.countDown();
        });
        try (Vault open =
                Vault.open(killed, SmallVault.SECRET, SmallVault.options().withSinks(List.of(receiver)))) {
            await(delivered, "delivered though nothing is written");
            assertArrayEquals(checkpoint, notes.get(0).format());
            assertEquals(0, open.recoveredRecords());
        }
        assertEquals(1, notes.size());
        assertEquals(4, anchors(killed), "no new anchor was made for it");
    }

    private static int anchors(Path of) throws IOException {
        return Layout.numbers(of.resolve("anchors"), Layout.ANCHOR_SUFFIX).size();
    }

    @Test
    void theLatestCheckpointIsOutsideWhenTheVaultIsClosed() throws Exception {
        append(vault, watched(), "one");
        assertArrayEquals(Files.readAllBytes(vault.resolve("anchors/checkpoint")), kept().format());
        append(vault, watched(), "two");
        assertArrayEquals(Files.readAllBytes(vault.resolve("anchors/checkpoint")), kept().format());
    }

    @Test
    void aRestoredBackupIsRefused() throws Exception {
        append(vault, watched(), "one");
        Path backup = directory.resolve("backup");
        CopiedVault.copy(vault, backup);
        append(vault, watched(), "two");
        requireRefused(backup, watched(), "restored from a backup");
        append(vault, watched(), "three");
    }

    @Test
    void aSecondHistoryIsRefused() throws Exception {
        append(vault, watched(), "one");
        Path fork = directory.resolve("fork");
        CopiedVault.copy(vault, fork);
        append(vault, watched(), "two");
        append(fork, SmallVault.options(), "another");
        append(fork, SmallVault.options(), "and another");
        requireRefused(fork, watched(), "two histories");
    }

    @Test
    void aSinkThatCannotBeReadKeepsTheVaultClosed() throws Exception {
        VaultOptions gone = SmallVault.options().withSinks(List.of(new DirectorySink(directory.resolve("nosuch"))));
        requireRefused(vault, gone, "nosuch");
        append(vault, watched(), "one");
        Path file;
        try (var files = Files.list(outside)) {
            file = files.findFirst().orElseThrow();
        }
        Files.writeString(file, "garbage\n");
        requireRefused(vault, watched(), "no checkpoint of");
    }

    @Test
    void aCheckpointOfAnotherKeyUnderThisVaultsNameIsNotTaken() throws Exception {
        append(vault, watched(), "one");
        Path other = directory.resolve("other");
        SmallVault.write(other);
        SignedNote foreign = SignedNote.parse(Files.readAllBytes(other.resolve("anchors/checkpoint")));
        SignedNote own = kept();
        Path file;
        try (var files = Files.list(outside)) {
            file = files.findFirst().orElseThrow();
        }
        Files.write(file, new SignedNote(own.text(), foreign.signatures()).format());
        requireRefused(vault, watched(), "not signed with");
    }

    @Test
    void aSinkThatFailsStopsNobodyAndGetsTheNext() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        AtomicInteger told = new AtomicInteger();
        List<Long> delivered = new ArrayList<>();
        CheckpointSink flaky = new CheckpointSink() {
            @Override
            public String name() {
                return "flaky";
            }

            @Override
            public void deliver(SignedNote checkpoint) throws IOException {
                if (calls.incrementAndGet() == 1) {
                    throw new IOException("not now");
                }
                delivered.add(Checkpoint.parse(checkpoint.text()).size());
            }
        };
        VaultOptions options = SmallVault.options().withSinks(List.of(flaky)).withObserver(new VaultObserver() {
            @Override
            public void deliveryFailed(String sink) {
                told.incrementAndGet();
            }
        });
        append(vault, options, "one");
        append(vault, options, "two");
        assertEquals(1, told.get());
        long anchors = Checkpoint.parse(SignedNote.parse(Files.readAllBytes(vault.resolve("anchors/checkpoint")))
                        .text())
                .size();
        assertEquals(anchors, delivered.get(delivered.size() - 1));
    }

    @Test
    void aQuietVaultIsAnchoredAgainAndAgain() throws Exception {
        CountDownLatch two = new CountDownLatch(2);
        CheckpointSink counting = new CheckpointSink() {
            @Override
            public String name() {
                return "counting";
            }

            @Override
            public void deliver(SignedNote checkpoint) {
                two.countDown();
            }
        };
        byte[] before = Files.readAllBytes(vault.resolve("anchors/checkpoint"));
        try (Vault open = Vault.open(
                vault,
                SmallVault.SECRET,
                SmallVault.options().withAnchorEvery(Duration.ofSeconds(1)).withSinks(List.of(counting)))) {
            assertTrue(two.await(60, TimeUnit.SECONDS), "two anchors of a vault in which nothing happens");
        }
        assertTrue(!Arrays.equals(before, Files.readAllBytes(vault.resolve("anchors/checkpoint"))));
        append(vault, SmallVault.options(), "later");
    }

    @Test
    void aCommandGetsTheNote() throws Exception {
        SignedNote note = SignedNote.parse(Files.readAllBytes(vault.resolve("anchors/checkpoint")));
        Path file = directory.resolve("note");
        new CommandSink(List.of("sh", "-c", "cat > \"$0\"", file.toString()), TIMEOUT).deliver(note);
        assertArrayEquals(note.format(), Files.readAllBytes(file));
        IOException failed = assertThrows(
                IOException.class, () -> new CommandSink(List.of("sh", "-c", "exit 3"), TIMEOUT).deliver(note));
        assertTrue(failed.getMessage().contains("3"), failed::toString);
        IOException slow = assertThrows(
                IOException.class,
                () -> new CommandSink(List.of("sh", "-c", "exec sleep 600"), Duration.ofSeconds(1)).deliver(note));
        assertTrue(slow.getMessage().contains("did not end"), slow::toString);
        assertThrows(
                IOException.class,
                () -> new CommandSink(List.of(directory.resolve("nosuch").toString()), TIMEOUT).deliver(note));
    }

    @Test
    void aServerGetsTheNote() throws Exception {
        SignedNote note = SignedNote.parse(Files.readAllBytes(vault.resolve("anchors/checkpoint")));
        List<String> bodies = new ArrayList<>();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(exchange.getRequestURI().getPath().equals("/full") ? 507 : 204, -1);
            exchange.close();
        });
        server.start();
        try {
            URI base = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
            new HttpSink(base.resolve("keep"), TIMEOUT).deliver(note);
            assertEquals(List.of(new String(note.format(), StandardCharsets.UTF_8)), bodies);
            IOException full =
                    assertThrows(IOException.class, () -> new HttpSink(base.resolve("full"), TIMEOUT).deliver(note));
            assertTrue(full.getMessage().contains("507"), full::toString);
        } finally {
            server.stop(0);
        }
        assertThrows(IllegalArgumentException.class, () -> new HttpSink(URI.create("file:///tmp/x"), TIMEOUT));
    }

    /** A server whose answer has a beginning and no end. */
    private static final class EndlessServer implements AutoCloseable {
        private final ServerSocket server = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
        private final List<Socket> clients = new CopyOnWriteArrayList<>();

        EndlessServer(String headers) throws IOException {
            Thread thread = new Thread(() -> {
                try {
                    while (true) {
                        Socket client = server.accept();
                        clients.add(client);
                        client.getInputStream().read();
                        client.getOutputStream()
                                .write(("HTTP/1.1 200 OK\r\n" + headers + "\r\n").getBytes(StandardCharsets.US_ASCII));
                        client.getOutputStream().flush();
                    }
                } catch (IOException e) {
                    // The test is over.
                    return;
                }
            });
            thread.setDaemon(true);
            thread.start();
        }

        URI uri() {
            return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/");
        }

        @Override
        public void close() throws IOException {
            server.close();
            for (Socket client : clients) {
                client.close();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 10\r\n", "Transfer-Encoding: chunked\r\n", "Connection: close\r\n"})
    void aServerWhoseAnswerDoesNotEndHoldsNobody(String headers) throws Exception {
        SignedNote note = SignedNote.parse(Files.readAllBytes(vault.resolve("anchors/checkpoint")));
        Duration timeout = Duration.ofMillis(300);
        AtomicInteger told = new AtomicInteger();
        VaultObserver observer = new VaultObserver() {
            @Override
            public void deliveryFailed(String sink) {
                told.incrementAndGet();
            }
        };
        try (EndlessServer server = new EndlessServer(headers)) {
            HttpSink sink = new HttpSink(server.uri(), timeout);
            IOException e = assertTimeoutPreemptively(
                    Duration.ofSeconds(60), () -> assertThrows(IOException.class, () -> sink.deliver(note)));
            assertTrue(String.valueOf(e.getMessage()).contains("no whole answer within 300 ms"), e::toString);
            assertTimeoutPreemptively(
                    Duration.ofSeconds(60),
                    () -> append(
                            vault, SmallVault.options().withSinks(List.of(sink)).withObserver(observer), "one"));
        }
        assertTrue(told.get() > 0);
        assertEquals(Verdict.PASSED, new VaultVerifier(null, null).verify(vault).verdict());
    }

    @Test
    void aDirectoryNeverGoesBack() throws Exception {
        SignedNote early = SignedNote.parse(Files.readAllBytes(vault.resolve("anchors/checkpoint")));
        append(vault, watched(), "one");
        assertThrows(IOException.class, () -> new DirectorySink(outside).deliver(early));
    }
}
