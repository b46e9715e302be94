package dev.evidencevault.redaction;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.bundle.LeafLine;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.CommitmentScheme;
import dev.evidencevault.format.LeafHasher;
import dev.evidencevault.format.LeafHeader;
import dev.evidencevault.format.LeafHeader.Tag;
import dev.evidencevault.format.LineFields;
import dev.evidencevault.format.LogId;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.format.RecordKind;
import dev.evidencevault.format.ShownFields;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Lines cut into pieces: nothing is lost or ambiguous, and every set of them can be withheld and no byte of the rest changed. */
class FieldCommitmentTest {
    private static final LogId LOG = new LogId(1, 2);

    private static LeafHeader header(byte[] salt, byte[] line) {
        return new LeafHeader(
                LOG,
                7,
                0,
                0,
                RecordKind.EVENT,
                false,
                Tag.NONE,
                List.of(),
                CommitmentScheme.FIELDS.commitment(salt, line),
                CommitmentScheme.FIELDS);
    }

    private static byte[] salt(Random random) {
        byte[] salt = new byte[32];
        random.nextBytes(salt);
        return salt;
    }

    private static List<byte[]> pieces(LineFields fields) {
        List<byte[]> pieces = new ArrayList<>();
        for (int i = 0; i < fields.count(); i++) {
            pieces.add(fields.piece(i));
        }
        return pieces;
    }

    /** Puts the values in place of the zero bytes, and knows nothing of JSON. */
    private static byte[] join(List<byte[]> pieces) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next = 1;
        for (byte b : pieces.get(0)) {
            if (b == 0) {
                line.writeBytes(pieces.get(next++));
            } else {
                line.write(b);
            }
        }
        assertEquals(pieces.size(), next);
        return line.toByteArray();
    }

    @Property(tries = 500)
    void whatIsCutCanBeJoined(@ForAll long seed) {
        byte[] line = new RandomEvents(seed).next();
        LogRecord.parse(line);
        assertArrayEquals(line, join(pieces(LineFields.of(line))));
    }

    /** Lines that differ in little but white space: no two have the same pieces. */
    @Test
    void whiteSpaceIsPartOfTheSkeleton() {
        Map<String, String> seen = new HashMap<>();
        for (String details : List.of(
                "{\"a\":1}",
                "{\"a\" :1}",
                "{\"a\": 1}",
                "{\"a\":1 }",
                "{ \"a\":1}",
                "{\"a\":\"1\"}",
                "{\"a\":[1]}",
                "{\"a\":[]}",
                "{\"a\":[ ]}",
                "{\"a\":{}}",
                "{}",
                "{ }",
                "[1,2]",
                "[1 ,2]",
                "[1, 2]",
                "[12]",
                "[]",
                "\"\"",
                "1",
                " 1",
                "1 ")) {
            String line = "{\"details\":" + details + "}";
            StringBuilder cut = new StringBuilder();
            pieces(LineFields.of(line.getBytes(StandardCharsets.UTF_8)))
                    .forEach(piece -> cut.append(new String(piece, StandardCharsets.UTF_8))
                            .append('|'));
            assertEquals(null, seen.put(cut.toString(), line), line);
        }
    }

    @Property(tries = 300)
    void whateverIsWithheldTheRestVerifies(@ForAll long seed) {
        Random random = new Random(seed);
        byte[] line = new RandomEvents(seed).next();
        byte[] salt = salt(random);
        LeafHeader header = header(salt, line);
        assertTrue(LeafLine.shown(header, salt).opens(line));
        LineFields fields = LineFields.of(line);
        byte[][] replacements = new byte[fields.count()][];
        replacements[1 + random.nextInt(fields.count() - 1)] = Redaction.placeholderBytes(1);
        for (int i = 1; i < replacements.length; i++) {
            if (random.nextInt(3) == 0) {
                replacements[i] = Redaction.placeholderBytes(1 + random.nextInt(50));
            }
        }
        byte[] shown = fields.replace(replacements);
        ShownFields openings = ShownFields.of(salt, fields, i -> replacements[i] != null);
        LeafLine leaf = LeafLine.parse(LeafLine.redacted(header, openings).format());
        assertTrue(leaf.opens(shown));
        LogRecord.parse(shown);
        for (int i = 0; i < 50; i++) {
            byte[] changed = shown.clone();
            int at = random.nextInt(changed.length);
            changed[at] ^= (byte) (1 << random.nextInt(7));
            assertFalse(opens(leaf, changed, shown), () -> new String(changed, StandardCharsets.UTF_8));
        }
        assertFalse(leaf.opens(Arrays.copyOf(shown, shown.length - 1)));
        byte[] longer = Arrays.copyOf(shown, shown.length + 1);
        longer[shown.length] = ' ';
        assertFalse(leaf.opens(longer));
    }

    /** What stands in place of a value that is withheld is for the rules to judge, not for the commitment. */
    private static boolean opens(LeafLine leaf, byte[] changed, byte[] shown) {
        if (!leaf.opens(changed)) {
            return false;
        }
        LineFields now = LineFields.of(changed);
        LineFields before = LineFields.of(shown);
        for (int i = 0; i < now.count(); i++) {
            if (!leaf.fields().isWithheld(i) && !Arrays.equals(now.piece(i), before.piece(i))) {
                return true;
            }
        }
        return false;
    }

    /** What seals records, many one after the other, gives what verifies them. */
    @Property(tries = 50)
    void manyAreHashedAsOneIs(@ForAll long seed) {
        RandomEvents events = new RandomEvents(seed);
        Random random = new Random(seed);
        LeafHasher hasher = new LeafHasher(LOG, CommitmentScheme.FIELDS);
        for (int i = 0; i < 20; i++) {
            byte[] line = events.next();
            byte[] salt = salt(random);
            byte[] hash = new byte[Digest.BYTES];
            boolean event = random.nextInt(4) > 0;
            byte kind = (byte) (event ? RecordKind.EVENT : RecordKind.CHANGE).code();
            hasher.commit(kind, salt, 0, line, 0, line.length);
            hasher.leaf(kind, false, 7, 0, 0, Tag.NONE, null, 0, null, 0, hash, 0);
            LeafHeader other = new LeafHeader(
                    LOG, 7, 0, 0, RecordKind.CHANGE, false, Tag.NONE, List.of(), LeafHeader.commitment(salt, line));
            assertEquals(event ? header(salt, line).leafHash() : other.leafHash(), Digest.of(hash));
        }
    }

    /** What the writer can write has far fewer pieces than there are salts for. */
    @Test
    void theLargestLineOfTheWriterHas315Pieces() {
        StringBuilder line = new StringBuilder("{\"v\":1,\"seq\":7,\"recordedAt\":\"\",\"type\":\"event\",\"id\":\"e\","
                + "\"tenant\":\"acme\",\"service\":\"s\",\"occurredAt\":\"\",\"action\":\"a\",\"outcome\":\"success\","
                + "\"reason\":\"r\",\"actor\":{\"side\":\"tenant\",\"type\":\"t\",\"id\":\"i\",\"privileged\":true,"
                + "\"onBehalfOf\":\"o\",\"session\":\"s\"},\"privilege\":{\"role\":\"r\",\"ticket\":\"t\","
                + "\"approval\":\"a\",\"justification\":\"j\"}");
        line.append(",\"targets\":[{\"id\":\"t\"}").append(",{\"id\":\"t\"}".repeat(99));
        line.append("],\"source\":{\"ip\":\"::1\"},\"sharedEventId\":\"x\",\"assumed\":[\"a\"");
        line.append(",\"a\"".repeat(99)).append("],\"details\":{\"m\":[]");
        for (int i = 1; i < 100; i++) {
            line.append(",\"m").append(i).append("\":{}");
        }
        line.append("},\"original\":\"o\"}");
        byte[] largest = line.toString().getBytes(StandardCharsets.UTF_8);
        assertEquals(315, LineFields.of(largest).count());
        byte[] salt = new byte[32];
        assertTrue(LeafLine.shown(header(salt, largest), salt).opens(largest));
        ShownFields least = ShownFields.of(salt, LineFields.of(largest), i -> i > 0);
        assertTrue(LeafLine.redacted(header(salt, largest), least).format().length <= LeafLine.BYTES_MAX);
    }

    @Test
    void aHeaderSaysHowItCommits() {
        byte[] line = new RandomEvents(1).next();
        byte[] salt = salt(new Random(1));
        LeafHeader fields = header(salt, line);
        assertEquals(fields, LeafHeader.decode(fields.encode()));
        assertEquals(2, fields.encode()[2]);
        assertNotEquals(LeafHeader.commitment(salt, line), fields.commitment());
    }
}
