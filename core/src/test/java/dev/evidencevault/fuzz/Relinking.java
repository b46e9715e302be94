package dev.evidencevault.fuzz;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.actorindex.ActorEntry;
import dev.evidencevault.actorindex.ActorIndex;
import dev.evidencevault.actorindex.ActorIndexBuilder;
import dev.evidencevault.actorindex.ActorIndexProof;
import dev.evidencevault.anchor.Anchor;
import dev.evidencevault.anchor.AnchorProof;
import dev.evidencevault.bundle.AnchorFile;
import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.bundle.HiddenRun;
import dev.evidencevault.bundle.LeafLine;
import dev.evidencevault.bundle.SegmentLine;
import dev.evidencevault.crypto.merkle.CompactRange;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.merkle.Rfc6962;
import dev.evidencevault.crypto.merkle.TreeHead;
import dev.evidencevault.crypto.note.Checkpoint;
import dev.evidencevault.crypto.note.CheckpointSigner;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.LeafHeader;
import dev.evidencevault.format.LogId;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.format.Seal;
import dev.evidencevault.format.Timestamps;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes a log out of the changed lines of a bundle, as who holds every key can: commitments, trees, seals, indexes of
 * actors, checkpoint and anchor are made to fit, now and then one of them is not. What is no line any more ends the log.
 */
final class Relinking {
    private static final int LEFT_ALONE = 25;

    private final Random random;
    private final Map<String, byte[]> files;
    private final Iterator<byte[]> records;
    private final Iterator<byte[]> leaves;
    private final CompactRange tree = new CompactRange();
    private final List<byte[]> newLeaves = new ArrayList<>();
    private final List<byte[]> newSegments = new ArrayList<>();
    private @Nullable Digest lastSeal;
    private long events;

    private Relinking(Random random, Map<String, byte[]> files) {
        this.random = random;
        this.files = files;
        this.records = lines(files, BundleLayout.RECORDS);
        this.leaves = lines(files, BundleLayout.LEAVES);
    }

    /** Changes the files of a log so that they fit, as far as that is possible. */
    static void relink(Random random, Map<String, byte[]> files, LogId logId, CheckpointSigner signer) {
        new Relinking(random, files).run(logId, signer);
    }

    private static Iterator<byte[]> lines(Map<String, byte[]> files, String name) {
        String text = new String(files.getOrDefault(name, new byte[0]), StandardCharsets.ISO_8859_1);
        String whole = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
        return Arrays.stream(text.isEmpty() ? new String[0] : whole.split("\n", -1))
                .map(line -> line.getBytes(StandardCharsets.ISO_8859_1))
                .iterator();
    }

    private boolean fits() {
        return random.nextInt(LEFT_ALONE) > 0;
    }

    private void run(LogId logId, CheckpointSigner signer) {
        Iterator<byte[]> segments = lines(files, BundleLayout.SEGMENTS);
        try {
            while (segments.hasNext()) {
                segment(SegmentLine.parse(segments.next()), logId);
            }
        } catch (IllegalArgumentException e) {
            // The lines that could be taken are the log.
        }
        while (leaves.hasNext()) {
            newLeaves.add(leaves.next());
        }
        put(BundleLayout.LEAVES, newLeaves);
        put(BundleLayout.SEGMENTS, newSegments);
        try {
            anchor(new Checkpoint(logId.origin(), tree.to(), tree.root()), signer);
        } catch (IllegalArgumentException e) {
            // The anchor was changed beyond use; the old one stays.
        }
    }

    private void put(String name, List<byte[]> lines) {
        byte[] all = new byte[0];
        for (byte[] line : lines) {
            all = ByteMutation.joined(all, line, new byte[] {'\n'});
        }
        files.put(name, all);
    }

    private void segment(SegmentLine line, LogId logId) {
        LogRecord record = line.seal();
        Seal seal = Seal.of(record);
        long from = tree.to();
        ActorIndexBuilder shown = new ActorIndexBuilder();
        boolean whole = true;
        long notices = 0;
        List<Digest> subtrees = line.subtrees();
        if (subtrees != null) {
            tree.append(CompactRange.of(tree.to(), record.seq(), subtrees));
            whole = false;
        }
        while (tree.to() < record.seq() && leaves.hasNext()) {
            byte[] bytes = leaves.next();
            newLeaves.add(bytes);
            LeafLine leaf = LeafLine.parse(bytes);
            HiddenRun run = leaf.run();
            if (run != null) {
                run.appendTo(tree);
                whole = false;
            } else {
                LeafLine fitting = fitting(leaf);
                newLeaves.set(newLeaves.size() - 1, fitting.format());
                Digest hash = fitting.header().leafHash();
                shown.add(fitting.header(), hash);
                notices += fitting.header().kind().isNotice() ? 1 : 0;
                tree.append(hash);
            }
        }
        seal(line, seal, logId, from, shown.build(), whole, notices);
    }

    /** The leaf with the place that it has, and the commitment to the next record. */
    private LeafLine fitting(LeafLine leaf) {
        LeafHeader header = leaf.header();
        byte[] salt = leaf.salt();
        Digest commitment = header.commitment();
        long recordedAt = header.recordedAt();
        long occurredAt = header.occurredAt();
        boolean privileged = header.privileged();
        if (salt != null && records.hasNext()) {
            byte[] record = records.next();
            commitment = LeafHeader.commitment(salt, record);
            try {
                LogRecord parsed = LogRecord.parse(record);
                recordedAt = fits() ? parsed.recordedAt() : recordedAt;
                occurredAt = fits() ? parsed.occurredAt() : occurredAt;
                privileged = fits() ? parsed.privileged() : privileged;
            } catch (IllegalArgumentException e) {
                // It is committed to all the same.
            }
        }
        LeafHeader changed = new LeafHeader(
                header.logId(),
                fits() ? tree.to() : header.seq(),
                recordedAt,
                occurredAt,
                header.kind(),
                privileged,
                header.serviceTag(),
                header.actors(),
                commitment);
        return salt == null ? LeafLine.withheld(changed) : LeafLine.shown(changed, salt);
    }

    private void seal(
            SegmentLine line, Seal seal, LogId logId, long from, ActorIndex shown, boolean whole, long notices) {
        LogRecord record = line.seal();
        long seq = fits() ? tree.to() : record.seq();
        ObjectNode json = record.json().deepCopy();
        json.put("seq", seq);
        ObjectNode changed = (ObjectNode) json.path("seal");
        changed.put("tree", tree.root().hex());
        ActorIndexProof proof = line.actors();
        if (whole || proof != null) {
            changed.put("firstSeq", from).put("events", events + (seq - from));
            if (lastSeal != null) {
                changed.put("previousSeal", lastSeal.hex());
            }
        }
        if (whole && fits()) {
            put(changed, proof == null ? shown.head() : seal.actors());
            if (notices > 0) {
                changed.put("notices", notices);
            }
        }
        if (proof != null) {
            proof = fitting(proof, shown);
            put(changed, head(proof));
        }
        LogRecord sealed = LogRecord.parse(Json.bytes(json));
        events = Seal.of(sealed).events();
        List<Digest> subtrees = line.subtrees();
        SegmentLine again = subtrees != null
                ? SegmentLine.outside(line.salt(), subtrees, sealed)
                : proof != null
                        ? SegmentLine.indexed(line.salt(), proof, sealed)
                        : SegmentLine.shown(line.salt(), sealed);
        newSegments.add(again.format());
        lastSeal = Seal.header(logId, sealed.seq(), sealed.recordedAt(), line.salt(), sealed.line())
                .leafHash();
        tree.append(lastSeal);
    }

    private static void put(ObjectNode seal, TreeHead actors) {
        seal.putObject("actors")
                .put("size", actors.size())
                .put("root", actors.root().hex());
    }

    /** The proof with the entries that follow from the leaves which are shown. */
    private static ActorIndexProof fitting(ActorIndexProof proof, ActorIndex shown) {
        Map<LeafHeader.Tag, ActorEntry> entries = new TreeMap<>();
        shown.entries().forEach(entry -> entries.put(entry.tag(), entry));
        List<ActorIndexProof.Item> items = new ArrayList<>();
        for (ActorIndexProof.Item item : proof.items()) {
            items.add(
                    item instanceof ActorIndexProof.Shown part
                            ? new ActorIndexProof.Shown(
                                    entries.getOrDefault(part.entry().tag(), part.entry()))
                            : item);
        }
        return new ActorIndexProof(items);
    }

    private static TreeHead head(ActorIndexProof proof) {
        CompactRange index = new CompactRange();
        for (ActorIndexProof.Item item : proof.items()) {
            if (item instanceof ActorIndexProof.Shown part) {
                index.append(new ActorIndex(List.of(part.entry())).head().root());
            } else if (item instanceof ActorIndexProof.Hidden part) {
                index.append(CompactRange.of(index.to(), part.to(), part.subtrees()));
            }
        }
        return new TreeHead(index.to(), index.root());
    }

    /** The only anchor of the node's log, over this head. */
    private void anchor(Checkpoint head, CheckpointSigner signer) {
        SignedNote old = SignedNote.parse(files.getOrDefault(BundleLayout.NODE_CHECKPOINT, new byte[0]));
        AnchorProof proof = AnchorFile.parse(files.getOrDefault(BundleLayout.ANCHOR, new byte[0]), old);
        Digest hash = Rfc6962.leaf(ByteMutation.joined(
                proof.nonce().bytes(),
                Digest.sha256(head.format().getBytes(StandardCharsets.UTF_8)).bytes()));
        int slot = proof.slot();
        for (Digest sibling : proof.superPath()) {
            hash = (slot & 1) == 1 ? Rfc6962.node(sibling, hash) : Rfc6962.node(hash, sibling);
            slot >>>= 1;
        }
        long time = random.nextInt(3) == 0
                ? ByteMutation.near(random, proof.head().time())
                : Math.max(proof.head().time(), Timestamps.parse("2027-01-01T00:00:00.000000000Z"));
        Anchor.Head anchor = new Anchor.Head(0, time, hash, proof.head().entries());
        Checkpoint node = new Checkpoint(signer.keys().verifier().name(), 1, anchor.leafHash());
        SignedNote note = signer.sign(node);
        files.put(BundleLayout.CHECKPOINT, head.format().getBytes(StandardCharsets.UTF_8));
        files.put(BundleLayout.NODE_CHECKPOINT, note.format());
        files.put(
                BundleLayout.ANCHOR,
                AnchorFile.format(
                        new AnchorProof(anchor, proof.slot(), proof.nonce(), proof.superPath(), List.of(), note)));
    }
}
