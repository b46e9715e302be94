package dev.evidencevault.evidence;

import dev.evidencevault.bundle.BagManifest;
import dev.evidencevault.bundle.BagSignatures;
import dev.evidencevault.bundle.BundleFiles;
import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.note.CheckpointSigner;
import dev.evidencevault.crypto.zip.StoredZip;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The files of a bundle, to be changed by who holds the signing key: manifests and signature are made anew. */
final class ForgedBundle {
    private final Map<String, byte[]> files;
    private final CheckpointSigner signer;

    private ForgedBundle(Map<String, byte[]> files, CheckpointSigner signer) {
        this.files = files;
        this.signer = signer;
    }

    static ForgedBundle of(Path bundle, CheckpointSigner signer) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (BundleFiles open = BundleFiles.open(bundle)) {
            for (String name : open.sizes().keySet()) {
                files.put(name, open.read(name, 1 << 22));
            }
        }
        return new ForgedBundle(files, signer);
    }

    ForgedBundle copy() {
        return new ForgedBundle(new TreeMap<>(files), signer);
    }

    Map<String, byte[]> files() {
        return files;
    }

    String text(String name) {
        return new String(files.getOrDefault(name, new byte[0]), StandardCharsets.UTF_8);
    }

    List<String> lines(String name) {
        return new ArrayList<>(text(name).lines().toList());
    }

    ForgedBundle put(String name, String text) {
        files.put(name, text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    ForgedBundle putLines(String name, List<String> lines) {
        return put(name, lines.isEmpty() ? "" : String.join("\n", lines) + "\n");
    }

    /** Takes the companions of the evidence out: what is left is what every bundle has. */
    ForgedBundle withoutCompanions() {
        files.keySet().removeAll(BundleLayout.companions());
        return this;
    }

    /** Writes the bundle with manifests and signatures that fit. */
    void writeSigned(Path zip) throws IOException {
        sign().write(zip);
    }

    /** Makes manifests and signatures that fit. */
    ForgedBundle sign() {
        sign(BundleLayout.payload(files::containsKey), BundleLayout.tags(files::containsKey));
        return this;
    }

    /** Makes manifests that list these files, in any order, and the signatures over them. */
    void sign(Collection<String> payload, Collection<String> tags) {
        files.put(BundleLayout.MANIFEST, manifest(payload));
        byte[] tagManifest = manifest(tags);
        files.put(BundleLayout.TAG_MANIFEST, tagManifest);
        files.putAll(BagSignatures.of(tagManifest, signer));
    }

    /** Makes the Ed25519 signature over a text. */
    ForgedBundle putSignature(String text) {
        files.put(BundleLayout.SIGNATURE, signer.signText(text).format());
        return this;
    }

    /** Makes the Ed25519 signature anew, over what stands in place of tag manifest and the other signature. */
    ForgedBundle putSignature() {
        return putSignature(BundleLayout.signedText(
                digest(BundleLayout.TAG_MANIFEST), digest(BundleLayout.POST_QUANTUM_SIGNATURE)));
    }

    /** Returns the text of a signature that names nothing but the tag manifest. */
    String signedText() {
        return BundleLayout.signedText(digest(BundleLayout.TAG_MANIFEST));
    }

    /** Puts a file in the place of another as well. */
    ForgedBundle copyFile(String name, String to) {
        return put(to, text(name));
    }

    /** Returns the digest of a file. */
    Digest digest(String name) {
        return Digest.sha256(files.getOrDefault(name, new byte[0]));
    }

    private byte[] manifest(Collection<String> names) {
        SortedMap<String, Digest> digests = new TreeMap<>();
        names.forEach(name -> digests.put(name, digest(name)));
        return new BagManifest(digests).format();
    }

    /** Writes the files as they are. */
    void write(Path zip) throws IOException {
        Files.deleteIfExists(zip);
        List<StoredZip.Source> sources = new ArrayList<>();
        files.forEach((name, bytes) ->
                sources.add(new StoredZip.Source(BundleLayout.BAG + name, () -> new ByteArrayInputStream(bytes))));
        StoredZip.write(zip, sources);
    }
}
