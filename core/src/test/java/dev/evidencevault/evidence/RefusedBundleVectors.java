package dev.evidencevault.evidence;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.SmallVault;
import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.bundle.HiddenRun;
import dev.evidencevault.bundle.LeafLine;
import dev.evidencevault.bundle.PaperFiles;
import dev.evidencevault.crypto.merkle.CompactRange;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.note.CheckpointSigner;
import dev.evidencevault.docs.FormatVectors;
import dev.evidencevault.format.Json;
import dev.evidencevault.reader.VaultReader;
import dev.evidencevault.verify.Claim;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * Writes {@code docs/formats/vectors/refused-bundles}: bundles of the small vault, each with one thing wrong, made by who
 * holds every key, and the claim that has to fail. Run it once, by hand; the result is kept.
 */
final class RefusedBundleVectors {
    static final String LIST = "expected.json";

    private final Path directory;
    private final ArrayNode expected = Json.object().putArray("bundles");
    private final ForgedBundle index;
    private final ForgedBundle headers;
    private final ForgedBundle range;
    private final ForgedBundle other;

    private RefusedBundleVectors(Path directory) throws Exception {
        this.directory = directory;
        VaultReader reader = SmallVault.open(FormatVectors.path("small-vault"));
        CheckpointSigner signer = reader.unlocked().checkpointSigner();
        this.index = ForgedBundle.of(FormatVectors.path(SmallBundleVectors.INDEX), signer);
        this.headers = ForgedBundle.of(FormatVectors.path(SmallBundleVectors.HEADERS), signer);
        this.range = ForgedBundle.of(FormatVectors.path(SmallBundleVectors.RANGE), signer);
        Path whole = Files.createTempDirectory("whole").resolve("whole.zip");
        new EvidenceExport(reader, Clock.systemUTC())
                .export(
                        EvidenceExportTest.order(
                                "'actors':['" + SmallVault.OTHER_ACTOR + "']", SmallVault.OTHER_TENANT),
                        whole);
        this.other = ForgedBundle.of(whole, signer).withoutCompanions();
    }

    /** Writes the directory, which is empty. */
    public static void main(String[] args) throws Exception {
        new RefusedBundleVectors(Path.of(args[0])).write();
    }

    private void write() throws Exception {
        text("a record is changed", index, BundleLayout.RECORDS, "document.read", "document.rEad", Claim.RECORDS);
        lines("two records changed places", index, BundleLayout.RECORDS, Claim.RECORDS, lines -> {
            Collections.swap(lines, 0, 1);
            return lines;
        });
        lines("a leaf is gone", headers, BundleLayout.LEAVES, Claim.SEGMENTS, lines -> {
            lines.remove(3);
            return lines;
        });
        lines("a leaf stands twice", headers, BundleLayout.LEAVES, Claim.SEGMENTS, lines -> {
            lines.add(3, lines.get(3));
            return lines;
        });
        lines("the last segment is cut off", index, BundleLayout.SEGMENTS, Claim.SEGMENTS, lines -> {
            lines.remove(lines.size() - 1);
            return lines;
        });
        withheld("a record of the actor is withheld", index);
        withheld("a record of the actor is withheld among all headers", headers);
        hidden();
        text(
                "the index says another count",
                index,
                BundleLayout.SEGMENTS,
                "00010000000000000003",
                "00010000000000000004",
                Claim.COMPLETENESS);
        lines("the index of another segment", index, BundleLayout.SEGMENTS, Claim.COMPLETENESS, lines -> {
            String second = items(lines.get(1));
            String third = items(lines.get(2));
            lines.set(1, lines.get(1).replace(second, third));
            return lines;
        });
        text("a proof of another name", index, BundleLayout.SCOPE, "\"alice\":", "\"alicf\":", Claim.ORDER);
        lines(
                "the pseudonym is another's",
                index,
                BundleLayout.SCOPE,
                Claim.COMPLETENESS,
                lines -> {
                    String tag = lines.get(0).replaceFirst(".*\"tag\":\"([0-9a-f]{32})\".*", "$1");
                    lines.set(0, lines.get(0).replace(tag, "00112233445566778899aabbccddeeff"));
                    return lines;
                },
                true);
        text(
                "an order that indexes cannot answer",
                index,
                BundleLayout.ORDER,
                "\"actors\":[\"alice\"],",
                "",
                Claim.ORDER);
        text("another tenant's order", index, BundleLayout.ORDER, "\"acme\"", "\"acne\"", Claim.RECORDS);
        transplanted();
        lines(
                "the post-quantum line of the checkpoint is gone",
                index,
                BundleLayout.NODE_CHECKPOINT,
                Claim.ANCHORS,
                lines -> {
                    lines.remove(lines.size() - 1);
                    return lines;
                });
        lines("the checkpoint is of another size", index, BundleLayout.CHECKPOINT, Claim.ANCHORS, lines -> {
            lines.set(1, "11");
            return lines;
        });
        text(
                "it was made after the order had expired",
                index,
                BundleLayout.ORDER,
                "\"tenant\":",
                "\"expires\":\"2026-01-01T00:00:00Z\",\"tenant\":",
                Claim.ORDER);
        text("requested and approved by one person", index, BundleLayout.ORDER, "\"Sato\"", "\"Mori\"", Claim.ORDER);
        text(
                "the statement counts other records",
                index,
                BundleLayout.EXPORT,
                "\"records\":4",
                "\"records\":3",
                Claim.ORDER);
        withheld("a record of the actor is withheld in a range", range);
        lines("a range has a hole", range, BundleLayout.LEAVES, Claim.SEGMENTS, lines -> {
            lines.set(3, runOf(lines.get(3)));
            return lines;
        });
        lines("the header before a range is hidden", range, BundleLayout.LEAVES, Claim.SEGMENTS, lines -> {
            lines.set(0, runFrom(0, lines.get(0), lines.get(1)));
            lines.remove(1);
            return lines;
        });
        lines("the header after a range is hidden", range, BundleLayout.LEAVES, Claim.COMPLETENESS, lines -> {
            int last = lines.size() - 1;
            lines.set(last, runOf(lines.get(last)));
            return lines;
        });
        text(
                "a range answers an order of another clock",
                range,
                BundleLayout.ORDER,
                "\"clock\":\"recorded\"",
                "\"clock\":\"occurred\"",
                Claim.COMPLETENESS);
        postQuantum();
        companions();
        signatureOverBoth();
        Files.write(directory.resolve(LIST), Json.bytes(Json.object().set("bundles", expected)));
    }

    private static String items(String segment) {
        return segment.replaceFirst(".*(\"actors\":\\[.*\\]),\"seal\":\".*", "$1");
    }

    private void add(String why, ForgedBundle bundle, Claim claim) throws IOException {
        addSigned(why, bundle.sign(), claim);
    }

    private void addSigned(String why, ForgedBundle bundle, Claim claim) throws IOException {
        String file = String.format("%02d.zip", expected.size() + 1);
        bundle.write(directory.resolve(file));
        expected.addObject().put("file", file).put("why", why).put("claim", claim.label());
    }

    private void text(String why, ForgedBundle good, String file, String from, String to, Claim claim)
            throws IOException {
        ForgedBundle bundle = good.copy();
        String text = bundle.text(file);
        if (!text.contains(from)) {
            throw new IOException(why + ": there is no " + from);
        }
        add(why, bundle.put(file, text.replace(from, to)), claim);
    }

    private void lines(String why, ForgedBundle good, String file, Claim claim, UnaryOperator<List<String>> change)
            throws IOException {
        add(why, good.copy().putLines(file, change.apply(good.lines(file))), claim);
    }

    private void lines(
            String why,
            ForgedBundle good,
            String file,
            Claim claim,
            UnaryOperator<List<String>> change,
            boolean withoutLineFeed)
            throws IOException {
        ForgedBundle bundle = good.copy();
        String text = String.join("\n", change.apply(good.lines(file)));
        add(why, bundle.put(file, withoutLineFeed ? text : text + "\n"), claim);
    }

    /** Takes the first record out of the files that hold records, and out of the statement. */
    private static ForgedBundle withoutFirstRecord(ForgedBundle good) {
        List<String> records = good.lines(BundleLayout.RECORDS);
        records.remove(0);
        List<String> originals = good.lines(BundleLayout.ORIGINALS);
        originals.remove(0);
        return good.copy()
                .putLines(BundleLayout.RECORDS, records)
                .putLines(BundleLayout.ORIGINALS, originals)
                .put(BundleLayout.EXPORT, good.text(BundleLayout.EXPORT).replace("\"records\":4", "\"records\":3"));
    }

    private void withheld(String why, ForgedBundle good) throws IOException {
        List<String> leaves = good.lines(BundleLayout.LEAVES);
        for (int i = 0; i < leaves.size(); i++) {
            if (leaves.get(i).contains("\"salt\"")) {
                leaves.set(i, leaves.get(i).replaceFirst(",\"salt\":\"[0-9a-f]+\"", ""));
                break;
            }
        }
        add(why, withoutFirstRecord(good).putLines(BundleLayout.LEAVES, leaves), Claim.COMPLETENESS);
    }

    /** The run of the one leaf of a line. */
    private static String runOf(String line) {
        LeafLine leaf = LeafLine.parse(line.getBytes(StandardCharsets.UTF_8));
        CompactRange run = new CompactRange(leaf.header().seq());
        run.append(leaf.header().leafHash());
        return text(run);
    }

    /** A run that has the leaf of the next line as well. */
    private static String runFrom(long from, String run, String next) {
        HiddenRun before = LeafLine.parse(run.getBytes(StandardCharsets.UTF_8)).run();
        CompactRange tree = new CompactRange(from);
        if (before != null) {
            before.appendTo(tree);
        }
        tree.append(
                LeafLine.parse(next.getBytes(StandardCharsets.UTF_8)).header().leafHash());
        return text(tree);
    }

    private static String text(CompactRange run) {
        return new String(LeafLine.hidden(HiddenRun.of(run)).format(), StandardCharsets.UTF_8);
    }

    private void hidden() throws IOException {
        List<String> leaves = index.lines(BundleLayout.LEAVES);
        leaves.set(0, runOf(leaves.get(0)));
        add(
                "a record of the actor is hidden in a run",
                withoutFirstRecord(index).putLines(BundleLayout.LEAVES, leaves),
                Claim.COMPLETENESS);
    }

    /** Another tenant's log under this tenant's head. */
    private void transplanted() throws IOException {
        ForgedBundle bundle = index.copy();
        for (String file : List.of(BundleLayout.SEGMENTS, BundleLayout.LEAVES)) {
            bundle.put(file, other.text(file));
        }
        add("another tenant's segments", bundle, Claim.SEGMENTS);
    }

    /** The signature over the manifest with the second key is not there, is over another, or has no key in the scope. */
    private void postQuantum() throws IOException {
        String name = BundleLayout.POST_QUANTUM_SIGNATURE;
        ForgedBundle removed = index.copy();
        removed.files().remove(name);
        addSigned("the post-quantum signature was removed", removed, Claim.SIGNATURE);
        addSigned(
                "the post-quantum signature is over another manifest",
                index.copy().put(name, headers.text(name)).putSignature(),
                Claim.SIGNATURE);
        String own = index.text(name);
        String second = headers.text(name);
        addSigned(
                "the post-quantum signature over another manifest stands under this one",
                index.copy()
                        .put(name, own.substring(0, own.indexOf("\n\n")) + second.substring(second.indexOf("\n\n")))
                        .putSignature(),
                Claim.SIGNATURE);
        addSigned(
                "a note of the other key in place of the post-quantum signature",
                index.copy()
                        .putSignature(index.signedText())
                        .copyFile(BundleLayout.SIGNATURE, name)
                        .putSignature(),
                Claim.SIGNATURE);
        ForgedBundle unasked = withoutPostQuantumKey(index.copy()).sign();
        addSigned(
                "a post-quantum signature with a key that the scope does not have",
                unasked.putSignature(unasked.signedText()),
                Claim.FILES);
    }

    /** The Ed25519 signature names the other one if and only if there has to be one, and in the one spelling. */
    private void signatureOverBoth() throws IOException {
        String text = index.signedText();
        Digest second = index.digest(BundleLayout.POST_QUANTUM_SIGNATURE);
        addSigned(
                "the signature does not name the post-quantum signature",
                index.copy().putSignature(text),
                Claim.SIGNATURE);
        addSigned(
                "the signature names another post-quantum signature",
                index.copy()
                        .putSignature(text
                                + headers.digest(BundleLayout.POST_QUANTUM_SIGNATURE)
                                        .hex() + "\n"),
                Claim.SIGNATURE);
        addSigned(
                "the signature names the post-quantum signature in capital letters",
                index.copy().putSignature(text + second.hex().toUpperCase(Locale.ROOT) + "\n"),
                Claim.SIGNATURE);
        addSigned(
                "the signature names the post-quantum signature twice",
                index.copy().putSignature(text + (second.hex() + "\n").repeat(2)),
                Claim.SIGNATURE);
        ForgedBundle without = withoutPostQuantumKey(index.copy()).sign();
        without.files().remove(BundleLayout.POST_QUANTUM_SIGNATURE);
        addSigned(
                "the signature names a post-quantum signature with a key that the scope does not have",
                without,
                Claim.SIGNATURE);
    }

    /** Key and line of the checkpoint are left out. */
    private static ForgedBundle withoutPostQuantumKey(ForgedBundle bundle) {
        List<String> checkpoint = bundle.lines(BundleLayout.NODE_CHECKPOINT);
        checkpoint.remove(checkpoint.size() - 1);
        return bundle.putLines(BundleLayout.NODE_CHECKPOINT, checkpoint)
                .put(
                        BundleLayout.SCOPE,
                        bundle.text(BundleLayout.SCOPE).replaceFirst(",\"postQuantumKey\":\"[^\"]*\"", ""));
    }

    private void companions() throws IOException {
        ForgedBundle unknown = index.copy().put("custody/notes.txt", "mine");
        List<String> tags = new ArrayList<>(BundleLayout.tags(unknown.files()::containsKey));
        tags.add("custody/notes.txt");
        unknown.sign(BundleLayout.payload(unknown.files()::containsKey), tags);
        addSigned("a file that no bundle has", unknown, Claim.FILES);

        ForgedBundle unlisted = index.copy().put(PaperFiles.ITEMS, "mine");
        addSigned("a paper that no manifest lists", unlisted, Claim.MANIFEST);

        ForgedBundle missing = index.copy().put(PaperFiles.ITEMS, "mine");
        missing.sign(
                BundleLayout.payload(missing.files()::containsKey), BundleLayout.tags(missing.files()::containsKey));
        missing.files().remove(PaperFiles.ITEMS);
        addSigned("a paper that is listed and not there", missing, Claim.MANIFEST);

        ForgedBundle changed = index.copy().put(BundleLayout.REPORT, "as it was");
        changed.sign(
                BundleLayout.payload(changed.files()::containsKey), BundleLayout.tags(changed.files()::containsKey));
        addSigned("a report that was changed", changed.put(BundleLayout.REPORT, "as it is"), Claim.MANIFEST);

        ForgedBundle misplaced = index.copy().put(PaperFiles.RECORDS_VIEW, "mine");
        List<String> both = new ArrayList<>(BundleLayout.tags(misplaced.files()::containsKey));
        both.add(PaperFiles.RECORDS_VIEW);
        misplaced.sign(BundleLayout.payload(index.files()::containsKey), both);
        addSigned("a paper of the payload in the tag manifest", misplaced, Claim.MANIFEST);
    }

    /** What is expected of the bundles in a directory of vectors. */
    static List<ObjectNode> read(String directory) throws Exception {
        List<ObjectNode> bundles = new ArrayList<>();
        Json.parseObject(Files.readAllBytes(FormatVectors.path(directory).resolve(LIST)), "the list")
                .path("bundles")
                .forEach(bundle -> bundles.add((ObjectNode) bundle));
        return bundles;
    }
}
