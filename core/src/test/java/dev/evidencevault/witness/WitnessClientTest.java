package dev.evidencevault.witness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.crypto.keys.NodeKeys;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.merkle.HashTree;
import dev.evidencevault.crypto.note.Checkpoint;
import dev.evidencevault.crypto.note.CosignatureAlgorithm;
import dev.evidencevault.crypto.note.CosignatureSigner;
import dev.evidencevault.crypto.note.CosignatureVerdict;
import dev.evidencevault.crypto.note.NoteSigner;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.crypto.note.SignedNote.Signature;
import dev.evidencevault.witness.WitnessAnswer.Conflict;
import dev.evidencevault.witness.WitnessAnswer.Cosigned;
import dev.evidencevault.witness.WitnessException.Kind;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WitnessClientTest {
    private static final String ORIGIN = "example.org/log";
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(300);

    private final NoteSigner log = NodeKeys.generate("test").signer(ORIGIN);
    private final HashTree tree = tree(20, "honest");
    private final WitnessClient client = new WitnessClient(LONG, LONG);
    private TestWitness server;
    private Witness witness;

    @BeforeEach
    void start() throws IOException {
        server = TestWitness.start("witness.example.org");
        server.trust(log.verifier());
        witness = server.witness();
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private static HashTree tree(int size, String history) {
        HashTree tree = new HashTree();
        for (int i = 0; i < size; i++) {
            String leaf = i < 5 ? "leaf " + i : history + " leaf " + i;
            tree.append(Digest.sha256(leaf.getBytes(StandardCharsets.UTF_8)));
        }
        return tree;
    }

    private static Checkpoint checkpoint(HashTree tree, long size) {
        return new Checkpoint(ORIGIN, size, tree.root(size));
    }

    private SignedNote note(HashTree tree, long size) {
        return log.sign(checkpoint(tree, size).format());
    }

    private WitnessAnswer submit(HashTree from, long oldSize, long size) throws IOException {
        return client.addCheckpoint(witness, oldSize, from.consistencyProof(oldSize, size), note(from, size));
    }

    private Cosigned cosigned(long oldSize, long size) throws IOException {
        return assertInstanceOf(Cosigned.class, submit(tree, oldSize, size));
    }

    private WitnessException assertFails(Kind kind, HashTree from, long oldSize, long size) {
        WitnessException e = assertThrows(WitnessException.class, () -> submit(from, oldSize, size));
        assertEquals(kind, e.kind(), e.getMessage());
        assertTrue(e.getMessage().startsWith("witness witness.example.org at http://"), e.getMessage());
        return e;
    }

    private void answer(int status, String contentType, String body) {
        server.answer(status, contentType, body.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aCheckpointIsCosignedWithAllKeys() throws IOException {
        Cosigned first = cosigned(0, 7);
        assertEquals(List.of(), first.refused());
        assertEquals(
                List.of(CosignatureAlgorithm.ED25519, CosignatureAlgorithm.ML_DSA_44),
                first.cosignatures().stream()
                        .map(cosignature -> cosignature.key().algorithm())
                        .toList());
        server.setClock(1_800_000_060);
        Cosigned next = cosigned(7, 20);
        assertEquals(checkpoint(tree, 20), server.latest(ORIGIN).orElseThrow());
        List<Signature> lines = new ArrayList<>(note(tree, 20).signatures());
        next.cosignatures().forEach(cosignature -> lines.add(cosignature.line()));
        SignedNote whole = SignedNote.parse(new SignedNote(note(tree, 20).text(), lines).format());
        assertTrue(log.verifier().verifies(whole));
        for (Cosignature cosignature : next.cosignatures()) {
            assertEquals(1_800_000_060, cosignature.timeSeconds());
            assertTrue(whole.signatures().contains(cosignature.line()));
            assertEquals(
                    new CosignatureVerdict.Good(1_800_000_060),
                    cosignature.key().verify(Checkpoint.parse(whole.text()), cosignature.line()));
        }
    }

    @Test
    void theSameCheckpointIsCosignedAgain() throws IOException {
        cosigned(0, 7);
        server.setClock(1_800_000_001);
        assertEquals(1_800_000_001, cosigned(7, 7).cosignatures().get(0).timeSeconds());
    }

    @Test
    void everySizeCanFollowASmallerOne() throws IOException {
        for (long size : List.of(1L, 2L, 3L, 4L, 7L, 8L)) {
            for (long next : List.of(8L, 9L, 13L, 16L, 20L)) {
                try (TestWitness fresh = TestWitness.start("w")) {
                    fresh.trust(log.verifier());
                    witness = fresh.witness();
                    cosigned(0, size);
                    cosigned(size, next);
                }
            }
        }
    }

    @Test
    void aConflictSaysWhereToGoOnFrom() throws IOException {
        cosigned(0, 7);
        assertEquals(new Conflict(7), submit(tree, 0, 20));
        assertEquals(new Conflict(7), submit(tree, 5, 20));
        assertEquals(new Conflict(7), submit(tree, 20, 20));
        assertEquals(checkpoint(tree, 7), server.latest(ORIGIN).orElseThrow());
        cosigned(7, 20);
        assertEquals(new Conflict(20), submit(tree, 7, 12));
    }

    @Test
    void aForkedLogIsRefused() throws IOException {
        HashTree fork = tree(20, "forked");
        cosigned(0, 7);
        WitnessException grown = assertFails(Kind.INCONSISTENT, fork, 7, 20);
        assertTrue(grown.getMessage().contains("(422)"), grown.getMessage());
        WitnessException same = assertFails(Kind.INCONSISTENT, fork, 7, 7);
        assertTrue(same.getMessage().contains("(409)"), same.getMessage());
        assertEquals(checkpoint(tree, 7), server.latest(ORIGIN).orElseThrow());
        answer(409, "text/x.tlog.size", "7\n");
        assertFails(Kind.INCONSISTENT, fork, 7, 7);
        answer(422, "text/plain", "");
        assertFails(Kind.INCONSISTENT, fork, 7, 7);
    }

    @Test
    void aWrongProofIsRefused() throws IOException {
        cosigned(0, 7);
        List<Digest> proof = new ArrayList<>(tree.consistencyProof(7, 20));
        Collections.reverse(proof);
        WitnessException e =
                assertThrows(WitnessException.class, () -> client.addCheckpoint(witness, 7, proof, note(tree, 20)));
        assertEquals(Kind.INCONSISTENT, e.kind());
    }

    @Test
    void aLogThatTheWitnessDoesNotKnowIsRefused() {
        NoteSigner other = NodeKeys.generate("test").signer("example.org/other");
        SignedNote note = other.sign(new Checkpoint("example.org/other", 1, tree.root(1)).format());
        WitnessException e =
                assertThrows(WitnessException.class, () -> client.addCheckpoint(witness, 0, List.of(), note));
        assertEquals(Kind.UNKNOWN_LOG, e.kind());
        assertTrue(e.getMessage().contains("\"example.org/other\" (404)"), e.getMessage());
    }

    @Test
    void aKeyThatTheWitnessDoesNotKnowIsRefused() {
        SignedNote note = NodeKeys.generate("test")
                .signer(ORIGIN)
                .sign(checkpoint(tree, 7).format());
        WitnessException e =
                assertThrows(WitnessException.class, () -> client.addCheckpoint(witness, 0, List.of(), note));
        assertEquals(Kind.UNKNOWN_KEY, e.kind());
        assertTrue(e.getMessage().contains("no signature of a trusted key"), e.getMessage());
    }

    @Test
    void otherStatusesAreRefused() {
        for (int status : List.of(201, 204, 400, 401, 407, 429, 500, 503)) {
            answer(status, "text/plain", status == 204 ? "" : "come\r\n\u001b[31mback\u00e9 later");
            WitnessException e = assertFails(Kind.REFUSED, tree, 0, 7);
            assertTrue(e.getMessage().contains("answered " + status), e.getMessage());
            assertTrue(e.getMessage().chars().allMatch(c -> c >= 0x20 && c < 0x7f), e.getMessage());
        }
    }

    @Test
    void redirectsAreNotFollowed() throws IOException {
        try (TestWitness target = TestWitness.start("witness.example.org")) {
            target.trust(log.verifier());
            for (int status : List.of(301, 302, 303, 307, 308)) {
                server.behave((exchange, closed) -> {
                    exchange.getResponseHeaders()
                            .set("Location", target.witness().addCheckpoint().toString());
                    exchange.sendResponseHeaders(status, -1);
                });
                assertFails(Kind.REFUSED, tree, 0, 7);
            }
            assertEquals(0, target.requests());
        }
    }

    @Test
    void aConflictThatSaysNoSizeIsMalformed() {
        for (String size : List.of(
                "",
                "\n",
                "5",
                "05\n",
                "+5\n",
                "-5\n",
                " 5\n",
                "5 \n",
                "5\r\n",
                "5\n\n",
                "5\n6\n",
                "five\n",
                "0x5\n",
                "\u0665\n",
                "9223372036854775808\n",
                "99999999999999999999\n")) {
            answer(409, "text/x.tlog.size", size);
            assertFails(Kind.MALFORMED, tree, 2, 7);
        }
        answer(409, "text/x.tlog.size", "2\n");
        assertFails(Kind.MALFORMED, tree, 2, 7);
        answer(409, "text/plain", "5\n");
        assertFails(Kind.MALFORMED, tree, 2, 7);
        server.behave((exchange, closed) -> exchange.sendResponseHeaders(409, -1));
        assertFails(Kind.MALFORMED, tree, 2, 7);
    }

    @Test
    void everySizeOfAConflictIsRead() throws IOException {
        for (long size : List.of(0L, 1L, Long.MAX_VALUE)) {
            answer(409, "text/x.tlog.size", size + "\n");
            assertEquals(new Conflict(size), submit(tree, 2, 7));
        }
    }

    @Test
    void garbageIsRefused() {
        String good = TestWitness.lines(server.cosign(checkpoint(tree, 7)));
        for (String garbage : List.of(
                "",
                "\n",
                "\n\n",
                "<html></html>\n",
                good.strip(),
                good + "\n",
                "\n" + good,
                good + "\n" + good,
                "x" + good,
                good + "x\n",
                good.replace("\u2014", "-"),
                good.replace("\n", "\r\n"),
                note(tree, 7).text() + "\n" + good,
                "\u2014 witness.example.org AAAA\n",
                "\u2014 witness.example.org\n")) {
            answer(200, "text/plain", garbage);
            assertFails(Kind.MALFORMED, tree, 0, 7);
        }
        server.answer(200, "text/plain", new byte[] {(byte) 0xff, '\n'});
        assertFails(Kind.MALFORMED, tree, 0, 7);
    }

    @Test
    void anOversizedAnswerIsRefused() {
        for (int status : List.of(200, 409, 500)) {
            byte[] body = new byte[WitnessClient.ANSWER_BYTES_MAX + 1];
            Arrays.fill(body, (byte) 'x');
            server.answer(status, "text/plain", body);
            WitnessException e = assertFails(Kind.MALFORMED, tree, 0, 7);
            assertTrue(e.getMessage().contains("answered " + status + " with more than 65536 bytes"), e.getMessage());
        }
    }

    @Test
    void anEndlessAnswerIsRefused() {
        server.behave((exchange, closed) -> {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                byte[] block = new byte[8192];
                while (closed.getCount() > 0) {
                    out.write(block);
                }
            }
        });
        WitnessException e = assertFails(Kind.MALFORMED, tree, 0, 7);
        assertTrue(e.getMessage().contains("more than 65536 bytes"), e.getMessage());
    }

    @Test
    void theLongestAnswerIsRead() throws IOException {
        List<Signature> known = server.cosign(checkpoint(tree, 7));
        String good = TestWitness.lines(known);
        int left = WitnessClient.ANSWER_BYTES_MAX - good.getBytes(StandardCharsets.UTF_8).length;
        String prefix = "\u2014 ";
        int nameLength = (left - prefix.getBytes(StandardCharsets.UTF_8).length) - " AAAAAAA=\n".length();
        String filler = prefix + "n".repeat(nameLength) + " AAAAAAA=\n";
        answer(200, "text/plain", filler + good);
        assertEquals(known, lines(cosigned(0, 7)));
        answer(200, "text/plain", filler.replace(" AAAA", "n AAAA") + good);
        assertFails(Kind.MALFORMED, tree, 0, 7);
    }

    private static List<Signature> lines(Cosigned cosigned) {
        return cosigned.cosignatures().stream().map(Cosignature::line).toList();
    }

    @Test
    void aServerThatNeverAnswersIsGivenUp() {
        server.behave((exchange, closed) -> closed.await());
        assertGivenUp();
    }

    @Test
    void aServerThatNeverEndsItsAnswerIsGivenUp() {
        server.behave((exchange, closed) -> {
            exchange.sendResponseHeaders(200, 0);
            OutputStream out = exchange.getResponseBody();
            out.write('x');
            out.flush();
            closed.await();
        });
        assertGivenUp();
    }

    private void assertGivenUp() {
        try (WitnessClient impatient = new WitnessClient(LONG, SHORT)) {
            WitnessException e = assertThrows(
                    WitnessException.class, () -> impatient.addCheckpoint(witness, 0, List.of(), note(tree, 7)));
            assertEquals(Kind.UNREACHABLE, e.kind());
            assertTrue(e.getMessage().contains("gave no answer within 300 ms"), e.getMessage());
        }
    }

    @Test
    void aServerThatHangsUpIsUnreachable() {
        server.behave((exchange, closed) -> {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write('x');
            exchange.getResponseBody().flush();
            throw new IOException("hung up");
        });
        assertFails(Kind.UNREACHABLE, tree, 0, 7);
        server.close();
        assertFails(Kind.UNREACHABLE, tree, 0, 7);
    }

    @Test
    void aClosedClientSubmitsNothing() {
        client.close();
        assertFails(Kind.UNREACHABLE, tree, 0, 7);
        assertEquals(0, server.requests());
    }

    @Test
    void anInterruptedThreadStopsWaiting() {
        server.behave((exchange, closed) -> closed.await());
        Thread.currentThread().interrupt();
        assertThrows(InterruptedIOException.class, () -> submit(tree, 0, 7));
        assertTrue(Thread.interrupted());
    }

    @Test
    void aWitnessWithOtherKeysIsNotBelieved() throws IOException {
        try (TestWitness other = TestWitness.start("other.example.org")) {
            other.trust(log.verifier());
            Witness mixed = new Witness("witness.example.org", other.witness().prefix(), witness.keys());
            witness = mixed;
            WitnessException e = assertFails(Kind.MALFORMED, tree, 0, 7);
            assertTrue(e.getMessage().contains("no good cosignature of a known key"), e.getMessage());
        }
    }

    @Test
    void otherKeysUnderTheSameNameAndIdAreNotBelieved() {
        Checkpoint checkpoint = checkpoint(tree, 7);
        CosignatureSigner honest = server.signers().get(0);
        Signature foreign = CosignatureSigner.ed25519(honest.verifier().name(), new byte[32])
                .cosign(checkpoint, 1);
        Signature honestLine = honest.cosign(checkpoint, 1);
        Signature colliding = new Signature(honestLine.name(), honestLine.keyId(), foreign.bytes());
        answer(200, "text/plain", TestWitness.lines(List.of(colliding)));
        WitnessException e = assertFails(Kind.MALFORMED, tree, 0, 7);
        assertTrue(e.getMessage().contains("did not sign size 7"), e.getMessage());
    }

    @Test
    void cosignaturesOfAnotherCheckpointAreNotBelieved() {
        answer(200, "text/plain", TestWitness.lines(server.cosign(checkpoint(tree, 8))));
        assertFails(Kind.MALFORMED, tree, 0, 7);
        Checkpoint renamed = new Checkpoint("example.org/other", 7, tree.root(7));
        answer(200, "text/plain", TestWitness.lines(server.cosign(renamed)));
        assertFails(Kind.MALFORMED, tree, 0, 7);
        answer(200, "text/plain", TestWitness.lines(note(tree, 7).signatures()));
        assertFails(Kind.MALFORMED, tree, 0, 7);
    }

    @Test
    void cosignaturesWithoutATimeAreNotBelieved() {
        server.setClock(0);
        WitnessException e = assertFails(Kind.MALFORMED, tree, 0, 7);
        assertTrue(e.getMessage().contains("without a time"), e.getMessage());
    }

    @Test
    void theGoodOnesAreTakenFromAMixedAnswer() throws IOException {
        Checkpoint checkpoint = checkpoint(tree, 7);
        List<Signature> good = server.cosign(checkpoint);
        List<Signature> wrong = server.cosign(checkpoint(tree, 8));
        Signature unknown =
                CosignatureSigner.ed25519("unknown.example.org", new byte[32]).cosign(checkpoint, 1);
        answer(200, "text/plain", TestWitness.lines(List.of(unknown, wrong.get(1), good.get(0), good.get(0))));
        Cosigned cosigned = cosigned(0, 7);
        assertEquals(List.of(good.get(0)), lines(cosigned));
        assertEquals(1, cosigned.refused().size());
        assertTrue(
                cosigned.refused().get(0).contains("did not sign size 7"),
                cosigned.refused().get(0));
    }

    @Test
    void mistakesOfTheCallerAreToldBeforeAnythingIsSent() {
        SignedNote note = note(tree, 7);
        List<Digest> hash = List.of(tree.root(1));
        List<Digest> tooMany = Collections.nCopies(64, tree.root(1));
        SignedNote prose = log.sign("no checkpoint\n");
        assertRefused(-1, List.of(), note);
        assertRefused(8, List.of(), note);
        assertRefused(0, hash, note);
        assertRefused(7, hash, note);
        assertRefused(3, tooMany, note);
        assertRefused(0, List.of(), prose);
        assertEquals(0, server.requests());
        for (Duration timeout : List.of(Duration.ZERO, Duration.ofNanos(-1), Duration.ofHours(2))) {
            assertThrows(IllegalArgumentException.class, () -> new WitnessClient(timeout, LONG));
            assertThrows(IllegalArgumentException.class, () -> new WitnessClient(LONG, timeout));
        }
    }

    private void assertRefused(long oldSize, List<Digest> proof, SignedNote note) {
        assertThrows(IllegalArgumentException.class, () -> client.addCheckpoint(witness, oldSize, proof, note));
    }

    /** Malformed requests do not come from the client, but other tests rely on this witness. */
    @Test
    void theTestWitnessAnswers404OffItsPath() {
        witness = new Witness("witness.example.org", URI.create(witness.prefix() + "/elsewhere"), witness.keys());
        assertFails(Kind.UNKNOWN_LOG, tree, 0, 7);
    }
}
