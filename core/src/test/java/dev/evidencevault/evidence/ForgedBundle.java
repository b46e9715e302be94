package dev.evidencevault.evidence;

import dev.evidencevault.bundle.BagManifest;
import dev.evidencevault.bundle.BundleFiles;
import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.bundle.StoredZip;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.note.NoteSigner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What an attacker who holds the signing key makes of a bundle: everything that can be computed is computed anew. */
final class ForgedBundle {
    private static final int FILE_BYTES_MAX = 1 << 20;

    private ForgedBundle() {}

    /** Returns the files of a bundle. */
    static Map<String, byte[]> files(Path bundle) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (BundleFiles open = BundleFiles.open(bundle)) {
            for (String name : open.sizes().keySet()) {
                files.put(name, open.read(name, FILE_BYTES_MAX));
            }
        }
        return files;
    }

    /** Returns the files with new manifests over them and a new signature. */
    static Map<String, byte[]> signed(Map<String, byte[]> changed, NoteSigner signer) {
        Map<String, byte[]> all = new TreeMap<>(changed);
        all.put(BundleLayout.MANIFEST, manifest(all, BundleLayout.payload()));
        byte[] tagManifest = manifest(all, BundleLayout.tags());
        all.put(BundleLayout.TAG_MANIFEST, tagManifest);
        all.put(
                BundleLayout.SIGNATURE,
                signer.sign(BundleLayout.signedText(Digest.sha256(tagManifest))).format());
        return all;
    }

    private static byte[] manifest(Map<String, byte[]> all, List<String> names) {
        SortedMap<String, Digest> digests = new TreeMap<>();
        names.forEach(name -> digests.put(name, Digest.sha256(all.getOrDefault(name, new byte[0]))));
        return new BagManifest(digests).format();
    }

    /** Writes files as a bundle; those for the content of its entries lie beside it. */
    static void write(Path zip, Map<String, byte[]> files) throws IOException {
        Files.deleteIfExists(zip);
        List<StoredZip.Source> sources = new ArrayList<>();
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path content = zip.resolveSibling("content-" + sources.size());
            Files.write(content, file.getValue());
            sources.add(new StoredZip.Source(BundleLayout.BAG + file.getKey(), content));
        }
        StoredZip.write(zip, sources);
    }
}
