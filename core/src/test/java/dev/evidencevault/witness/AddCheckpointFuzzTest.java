package dev.evidencevault.witness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.note.Checkpoint;
import dev.evidencevault.crypto.note.CosignatureSigner;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.fuzz.ByteMutation;
import dev.evidencevault.fuzz.Fuzz;
import dev.evidencevault.fuzz.LineMutation;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Answers of a witness, changed at random: each is understood as the specification says or refused with the exception of
 * witnesses, and a cosignature that counts is one that the witness made.
 */
@Timeout(3600)
class AddCheckpointFuzzTest {
    private static final int ANSWERS = 2_000;

    /** An answer has at most 100 lines, and each may have to be verified. */
    private static final long BYTES_MAX = 64 << 20;

    private static final long BYTES_PER_BYTE = 200;

    private static final CosignatureSigner LOG = CosignatureSigner.ed25519("log.example", new byte[32]);
    private static final CosignatureSigner WITNESS = CosignatureSigner.ed25519("witness.example/w1", new byte[32]);
    private static final Checkpoint CHECKPOINT = new Checkpoint("log.example", 7, Digest.sha256());
    private static final SignedNote NOTE = new SignedNote(CHECKPOINT.format(), List.of(LOG.cosign(CHECKPOINT, 1)));
    private static final SignedNote.Signature GOOD = WITNESS.cosign(CHECKPOINT, 1_800_000_000);

    private static byte[] good() {
        String note = new String(new SignedNote(NOTE.text(), List.of(GOOD)).format(), StandardCharsets.UTF_8);
        return note.substring(NOTE.text().length() + 1).getBytes(StandardCharsets.UTF_8);
    }

    private static AddCheckpoint request() {
        Witness witness = Witness.parse(
                "w1", "https://witness.example/", List.of(WITNESS.verifier().format()));
        return new AddCheckpoint(witness, 3, List.of(), NOTE);
    }

    @Test
    void theGoodAnswersAreUnderstood() throws Exception {
        WitnessAnswer answer = request().answer(200, Optional.empty(), good());
        assertEquals(
                1,
                assertInstanceOf(WitnessAnswer.Cosigned.class, answer)
                        .cosignatures()
                        .size());
        answer = request().answer(409, Optional.of("text/x.tlog.size"), "5\n".getBytes(StandardCharsets.UTF_8));
        assertInstanceOf(WitnessAnswer.Conflict.class, answer);
    }

    @Test
    void anyAnswerIsUnderstoodOrRefused() {
        Fuzz.run("witness", ANSWERS, (random, number) -> {
            int status = random.nextInt(3) > 0 ? 200 : Fuzz.one(random, 409, 403, 404, 422, 500, 0, -1, 201);
            byte[] body = changed(random, status == 409 ? "5\n".getBytes(StandardCharsets.UTF_8) : good());
            Optional<String> type = Fuzz.one(random, Optional.empty(), Optional.of("text/x.tlog.size"));
            try {
                WitnessAnswer answer = Fuzz.within(
                        BYTES_MAX + BYTES_PER_BYTE * body.length,
                        () -> request().answer(status, type, body));
                if (answer instanceof WitnessAnswer.Cosigned cosigned) {
                    cosigned.cosignatures().forEach(found -> assertEquals(GOOD, found.line()));
                }
            } catch (WitnessException e) {
                assertNotNull(e.getMessage());
                assertTrue(
                        e.getMessage().length() < 20_000
                                && e.getMessage().chars().noneMatch(Character::isISOControl),
                        e.getMessage());
            }
        });
    }

    private static byte[] changed(Random random, byte[] good) {
        return switch (random.nextInt(4)) {
            case 0 -> LineMutation.mutate(random, good, NOTE.format());
            case 1 -> ByteMutation.joined(good, ByteMutation.mutate(random, good, NOTE.format()));
            case 2 -> ByteMutation.random(random, random.nextInt(300));
            default -> ByteMutation.mutate(random, good, NOTE.format());
        };
    }
}
