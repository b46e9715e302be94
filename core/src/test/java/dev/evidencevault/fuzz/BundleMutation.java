package dev.evidencevault.fuzz;

import dev.evidencevault.bundle.BagManifest;
import dev.evidencevault.bundle.BagSignatures;
import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.bundle.Scope;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.note.CheckpointSigner;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Changes of the files of a bundle: of one by its bytes, lines or values, or of which files there are. */
final class BundleMutation {
    private static final Set<String> LINES =
            Set.of(BundleLayout.LEAVES, BundleLayout.SEGMENTS, BundleLayout.RECORDS, BundleLayout.ORIGINALS);
    private static final Set<String> JSON =
            Set.of(BundleLayout.ORDER, BundleLayout.EXPORT, BundleLayout.SCOPE, BundleLayout.ANCHOR);
    /** What says something that can be said wrongly, more often than the rest. */
    private static final List<String> LIKELY = List.of(
            BundleLayout.LEAVES,
            BundleLayout.SEGMENTS,
            BundleLayout.RECORDS,
            BundleLayout.ORDER,
            BundleLayout.EXPORT,
            BundleLayout.SCOPE,
            BundleLayout.ANCHOR,
            BundleLayout.CHECKPOINT,
            BundleLayout.NODE_CHECKPOINT);

    private BundleMutation() {}

    /** Changes one file, or which files there are; {@code other} are those of another bundle. */
    static void mutate(Random random, SortedMap<String, byte[]> files, SortedMap<String, byte[]> other) {
        if (random.nextInt(12) == 0) {
            files(random, files, other);
            return;
        }
        List<String> names = random.nextInt(4) > 0 ? LIKELY : new ArrayList<>(files.keySet());
        content(random, names.get(random.nextInt(names.size())), files, other);
    }

    private static void files(Random random, SortedMap<String, byte[]> files, SortedMap<String, byte[]> other) {
        List<String> names = new ArrayList<>(files.keySet());
        if (names.isEmpty()) {
            return;
        }
        String name = names.get(random.nextInt(names.size()));
        String with = names.get(random.nextInt(names.size()));
        byte[] content = files.getOrDefault(name, new byte[0]);
        switch (random.nextInt(8)) {
            case 0 -> files.remove(name);
            case 1 -> files.put(name + "x", content);
            case 2 -> files.put(name, new byte[0]);
            case 3 -> files.put(name, files.getOrDefault(with, new byte[0]));
            case 4 -> {
                files.put(name, files.getOrDefault(with, new byte[0]));
                files.put(with, content);
            }
            case 5 -> files.put(name, other.getOrDefault(name, new byte[0]));
            case 6 -> files.put(optional(random), content);
            default ->
                other.forEach((file, theirs) -> {
                    if (random.nextBoolean()) {
                        files.put(file, theirs);
                    }
                });
        }
    }

    /** A file that a bundle may have, or one that it may almost have. */
    private static String optional(Random random) {
        List<String> companions = BundleLayout.companions();
        return random.nextBoolean()
                ? "proofs/timestamp-" + random.nextInt(4) + ".tsr"
                : companions.get(random.nextInt(companions.size()));
    }

    private static void content(
            Random random, String name, SortedMap<String, byte[]> files, SortedMap<String, byte[]> other) {
        byte[] content = files.getOrDefault(name, new byte[0]);
        byte[] theirs = other.getOrDefault(name, new byte[0]);
        int kind = random.nextInt(10);
        byte[] changed;
        if (kind == 0) {
            changed = ByteMutation.mutate(random, content, theirs);
        } else if (LINES.contains(name)) {
            changed = kind < 4
                    ? LineMutation.mutate(random, content, theirs)
                    : LineMutation.one(random, content, line -> JsonMutation.mutate(random, line));
        } else if (JSON.contains(name)) {
            changed = JsonMutation.mutate(random, content);
        } else {
            changed = kind < 6
                    ? LineMutation.mutate(random, content, theirs)
                    : LineMutation.one(random, content, line -> words(random, line));
        }
        files.put(name, changed);
    }

    /** Changes a line of words: of a checkpoint, a note, a manifest. */
    static byte[] words(Random random, byte[] line) {
        String text = new String(line, StandardCharsets.UTF_8);
        if (text.matches("[0-9]{1,18}")) {
            return String.valueOf(ByteMutation.near(random, Long.parseLong(text)))
                    .getBytes(StandardCharsets.UTF_8);
        }
        return random.nextBoolean()
                ? JsonMutation.text(random, text).getBytes(StandardCharsets.UTF_8)
                : ByteMutation.mutate(random, line, line);
    }

    /** Makes manifests and signature that fit, as who holds the signing key can. */
    static void sign(Map<String, byte[]> files, CheckpointSigner signer) {
        files.put(BundleLayout.MANIFEST, manifest(files, BundleLayout.payload(files::containsKey)));
        byte[] tagManifest = manifest(files, BundleLayout.tags(files::containsKey));
        files.put(BundleLayout.TAG_MANIFEST, tagManifest);
        files.putAll(BagSignatures.of(tagManifest, signer));
        if (!hasPostQuantumKey(files)) {
            files.remove(BundleLayout.POST_QUANTUM_SIGNATURE);
            String text = BundleLayout.signedText(Digest.sha256(tagManifest));
            files.put(BundleLayout.SIGNATURE, signer.signText(text).format());
        }
    }

    private static boolean hasPostQuantumKey(Map<String, byte[]> files) {
        try {
            return Scope.parse(files.getOrDefault(BundleLayout.SCOPE, new byte[0]))
                            .keys()
                            .current()
                            .postQuantum()
                    != null;
        } catch (IllegalArgumentException e) {
            return true;
        }
    }

    private static byte[] manifest(Map<String, byte[]> files, List<String> names) {
        SortedMap<String, Digest> digests = new TreeMap<>();
        names.forEach(name -> digests.put(name, Digest.sha256(files.getOrDefault(name, new byte[0]))));
        return new BagManifest(digests).format();
    }
}
