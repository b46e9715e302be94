package dev.evidencevault.fuzz;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.evidencevault.SmallVault;
import dev.evidencevault.actorindex.ActorEntry;
import dev.evidencevault.actorindex.ActorIndex;
import dev.evidencevault.anchor.Anchor;
import dev.evidencevault.bundle.AnchorFile;
import dev.evidencevault.bundle.BagManifest;
import dev.evidencevault.bundle.BundleFiles;
import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.bundle.ExportStatement;
import dev.evidencevault.bundle.LeafLine;
import dev.evidencevault.bundle.Scope;
import dev.evidencevault.bundle.SegmentLine;
import dev.evidencevault.cases.Order;
import dev.evidencevault.cases.OrderRefusedException;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.note.Checkpoint;
import dev.evidencevault.crypto.note.CheckpointKeys;
import dev.evidencevault.crypto.note.CosignatureVerifier;
import dev.evidencevault.crypto.note.NoteVerifier;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.crypto.timestamp.TimeStamp;
import dev.evidencevault.crypto.timestamp.TimeStampVerdict;
import dev.evidencevault.crypto.vrf.VrfProof;
import dev.evidencevault.crypto.vrf.VrfPublicKey;
import dev.evidencevault.docs.FormatVectors;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.LeafHeader;
import dev.evidencevault.format.LogId;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.format.Seal;
import dev.evidencevault.format.Timestamps;
import dev.evidencevault.proof.RecordProof;
import dev.evidencevault.reader.VaultReader;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Settings;
import dev.evidencevault.verify.RecordProofVerifier;
import dev.evidencevault.verify.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Everything that is parsed while verifying, from good texts that were changed at random, and from random ones: either it is
 * refused in the way that is documented, or what was read is written as it stood. Memory is bounded by the text's length.
 */
@Timeout(3600)
class ParserFuzzTest {
    private static final int TEXTS = 6_000;
    private static final long BYTES_MAX = 8 << 20;
    private static final long BYTES_PER_BYTE = 300;

    @TempDir
    private static Path directory;

    /** Good texts, by the name of what reads them. */
    private static final Map<String, List<byte[]>> GOOD = new TreeMap<>();

    private static final Map<String, Parser> PARSERS = new TreeMap<>();
    private static final TimeStamps STAMPS = TimeStamps.of(11);

    /** Reads a text and writes what it read, in the one spelling; or returns null for a form without one. */
    @FunctionalInterface
    private interface Parser {
        byte[] again(byte[] bytes) throws Exception;
    }

    private static void add(String name, Parser parser, byte[]... good) {
        PARSERS.put(name, parser);
        GOOD.computeIfAbsent(name, none -> new ArrayList<>()).addAll(List.of(good));
    }

    /** A form that is read from a text, and not from bytes. */
    private static Parser spelled(UnaryOperator<String> again) {
        return bytes -> {
            String text = text(bytes);
            String written = again.apply(text);
            return written.equals(text) ? bytes : utf8(written);
        };
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static void read() throws Exception {
        for (String bundle : List.of("small-bundle.zip", "small-bundle-headers.zip", "small-bundle-range.zip")) {
            try (BundleFiles files = BundleFiles.open(FormatVectors.path(bundle))) {
                bundle(files);
            }
        }
        notes();
        vault();
        hashes();
        JsonNode proof = FormatVectors.read("record-proof.json").path("proof");
        add("record proof", ParserFuzzTest::recordProof, utf8(proof.isTextual() ? proof.asText() : proof.toString()));
        add("time stamp", ParserFuzzTest::timeStamp, STAMPS.stamp(Digest.sha256(utf8("text"))));
    }

    private static void bundle(BundleFiles files) throws IOException {
        byte[] note = files.read(BundleLayout.NODE_CHECKPOINT, 1 << 20);
        SignedNote parsed = SignedNote.parse(note);
        add("note", bytes -> SignedNote.parse(bytes).format(), note, files.read(BundleLayout.SIGNATURE, 1 << 20));
        add(
                "checkpoint",
                spelled(text -> Checkpoint.parse(text).format()),
                files.read(BundleLayout.CHECKPOINT, 1 << 20),
                utf8(parsed.text()));
        add("scope", bytes -> Scope.parse(bytes).format(), files.read(BundleLayout.SCOPE, 1 << 20));
        add(
                "anchor proof",
                bytes -> {
                    var proof = AnchorFile.parse(bytes, parsed);
                    Scope scope = Scope.parse(files(BundleLayout.SCOPE));
                    proof.check(new Checkpoint("x", 1, Digest.sha256()), scope.keys());
                    return AnchorFile.format(proof);
                },
                files.read(BundleLayout.ANCHOR, 1 << 20));
        add("export", bytes -> ExportStatement.parse(bytes).format(), files.read(BundleLayout.EXPORT, 1 << 20));
        add("manifest", bytes -> BagManifest.parse(bytes).format(), files.read(BundleLayout.TAG_MANIFEST, 1 << 20));
        add("order", bytes -> Order.parse(bytes).text().bytes(), files.read(BundleLayout.ORDER, 1 << 20));
        add("segment line", bytes -> SegmentLine.parse(bytes).format(), lines(files, BundleLayout.SEGMENTS));
        add("leaf line", bytes -> LeafLine.parse(bytes).format(), lines(files, BundleLayout.LEAVES));
        add("record", bytes -> LogRecord.parse(bytes).line(), lines(files, BundleLayout.RECORDS));
        for (byte[] line : lines(files, BundleLayout.SEGMENTS)) {
            add("seal", ParserFuzzTest::seal, SegmentLine.parse(line).seal().line());
        }
        for (byte[] line : lines(files, BundleLayout.LEAVES)) {
            LeafLine leaf = LeafLine.parse(line);
            if (leaf.run() == null) {
                add(
                        "leaf header",
                        bytes -> LeafHeader.decode(bytes).encode(),
                        leaf.header().encode());
            }
        }
    }

    private static byte[] files(String name) throws IOException {
        try (BundleFiles files = BundleFiles.open(FormatVectors.path("small-bundle.zip"))) {
            return files.read(name, 1 << 20);
        }
    }

    private static byte[][] lines(BundleFiles files, String name) throws IOException {
        return text(files.read(name, 1 << 22)).lines().map(ParserFuzzTest::utf8).toArray(byte[][]::new);
    }

    private static void notes() throws IOException {
        Scope scope = Scope.parse(files(BundleLayout.SCOPE));
        CheckpointKeys keys = scope.keys().current();
        add(
                "verifier key",
                spelled(text -> NoteVerifier.parse(text).format()),
                utf8(keys.verifier().format()));
        CosignatureVerifier second = keys.postQuantum();
        assertNotNull(second);
        add("cosigner key", spelled(text -> CosignatureVerifier.parse(text).format()), utf8(second.format()));
        add(
                "signed checkpoint",
                bytes -> {
                    SignedNote note = SignedNote.parse(bytes);
                    if (keys.verifiesFirst(note)) {
                        assertArrayEquals(
                                files(BundleLayout.NODE_CHECKPOINT),
                                keys.own(note).format());
                    }
                    return note.format();
                },
                files(BundleLayout.NODE_CHECKPOINT));
        scope.actors().values().forEach(tag -> {
            byte[] hex = utf8(tag.proof().hex());
            add("VRF proof", spelled(text -> VrfProof.parse(text).hex()), hex);
        });
    }

    private static void vault() throws Exception {
        Path vault = FormatVectors.path("small-vault");
        VaultReader reader = SmallVault.open(vault);
        add(
                "settings",
                bytes -> {
                    Path copy = Files.createDirectories(directory.resolve("vault"));
                    Files.write(copy.resolve("vault.json"), bytes);
                    String signed = "evidence-vault/settings/v1\n"
                            + Digest.sha256(bytes).hex() + "\n";
                    Files.write(
                            copy.resolve("vault.sig"),
                            reader.signer().sign(signed).format());
                    return Settings.read(new Layout(copy)).format();
                },
                Files.readAllBytes(vault.resolve("vault.json")));
        Anchor.Head head = Anchor.readHead(new Layout(vault), 1);
        add("head of an anchor", bytes -> Anchor.Head.decode(bytes).encode(), head.encode());
    }

    private static void hashes() throws IOException {
        byte[] index = FormatVectors.hex(FormatVectors.read("segment.json").path("actorIndex"));
        add("index of actors", bytes -> ActorIndex.decode(bytes).encode(), index);
        add("entry", bytes -> ActorEntry.decode(bytes).encode(), java.util.Arrays.copyOf(index, ActorEntry.BYTES));
        String digest = Digest.sha256(index).hex();
        add("digest", spelled(text -> Digest.parseHex(text).hex()), utf8(digest));
        add(
                "digest in base64",
                spelled(text -> Digest.parseBase64(text).base64()),
                utf8(Digest.sha256(index).base64()));
        add("log id", spelled(text -> LogId.parse(text).toString()), utf8(digest.substring(32)));
        add("tag", spelled(text -> LeafHeader.Tag.parse(text).toString()), utf8(digest.substring(32)));
        add(
                "time",
                spelled(text -> Timestamps.format(Timestamps.parse(text))),
                utf8("2026-11-23T02:19:23.000000000Z"),
                utf8(Timestamps.format(Long.MAX_VALUE)),
                utf8("1677-09-21T00:12:44.000000000Z"));
        String key = Seal.of(SegmentLine.parse(text(files(BundleLayout.SEGMENTS))
                                .lines()
                                .map(ParserFuzzTest::utf8)
                                .findFirst()
                                .orElseThrow())
                        .seal())
                .tagKey()
                .hex();
        add("VRF key", spelled(text -> VrfPublicKey.parse(text).hex()), utf8(key));
    }

    /** A seal is read from its record, whose line is kept; what was read is written in the one spelling of its writer. */
    private static byte[] seal(byte[] bytes) {
        LogRecord record = LogRecord.parse(bytes);
        Seal.of(record).toBody();
        return record.line();
    }

    private static byte[] recordProof(byte[] bytes) {
        boolean good = java.util.Arrays.equals(
                GOOD.getOrDefault("record proof", List.of()).get(0), bytes);
        var report = new RecordProofVerifier(null).verify(bytes);
        if (!good) {
            assertEquals(Verdict.FAILED, report.verdict(), report::toString);
        }
        return RecordProof.parse(bytes).format();
    }

    private static byte[] timeStamp(byte[] bytes) {
        TimeStamp stamp = TimeStamp.parse(bytes);
        TimeStampVerdict other = stamp.verify(Digest.sha256(utf8("another text")), List.of(STAMPS.root()));
        assertInstanceOf(TimeStampVerdict.Bad.class, other, "a time stamp of another text");
        stamp.verify(Digest.sha256(utf8("text")), List.of(STAMPS.root()));
        return stamp.bytes();
    }

    /** Also loads every class that takes part, which would count as memory of the first text. */
    @BeforeAll
    static void theGoodTextsAreRead() throws Exception {
        read();
        for (String name : PARSERS.keySet()) {
            for (byte[] good : GOOD.getOrDefault(name, List.of())) {
                Parser parser = PARSERS.get(name);
                assertNotNull(parser);
                assertArrayEquals(good, parser.again(good), name);
            }
        }
        assertTrue(PARSERS.size() > 20);
    }

    @Test
    void whatIsReadIsWrittenAsItStood() {
        List<String> names = List.copyOf(PARSERS.keySet());
        Fuzz.run("parsers", TEXTS, (random, number) -> {
            String name = names.get(random.nextInt(names.size()));
            byte[] bytes = changed(random, GOOD.getOrDefault(name, List.of()));
            Parser parser = PARSERS.get(name);
            assertNotNull(parser);
            try {
                byte[] again = Fuzz.within(BYTES_MAX + BYTES_PER_BYTE * bytes.length, () -> parser.again(bytes));
                assertArrayEquals(
                        bytes, again, () -> name + " of " + HexFormat.of().formatHex(bytes));
            } catch (IllegalArgumentException | OrderRefusedException | CorruptFileException e) {
                assertNotNull(e.getMessage(), name);
            } catch (Exception | Error e) {
                throw new AssertionError(name + ": " + e, e);
            }
        });
    }

    private static byte[] changed(Random random, List<byte[]> good) {
        byte[] bytes = good.get(random.nextInt(good.size()));
        byte[] other = good.get(random.nextInt(good.size()));
        for (int i = random.nextInt(6) == 0 ? 2 : 1; i > 0; i--) {
            bytes = switch (random.nextInt(6)) {
                case 0, 1 -> ByteMutation.mutate(random, bytes, other);
                case 2 -> LineMutation.mutate(random, bytes, other);
                case 3 -> JsonMutation.mutate(random, bytes);
                case 4 -> BundleMutation.words(random, bytes);
                default -> LineMutation.one(random, bytes, line -> BundleMutation.words(random, line));
            };
        }
        return random.nextInt(50) == 0 ? ByteMutation.random(random, random.nextInt(200)) : bytes;
    }
}
