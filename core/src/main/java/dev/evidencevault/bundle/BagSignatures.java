package dev.evidencevault.bundle;

import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.note.CheckpointSigner;
import java.util.SortedMap;
import java.util.TreeMap;

/** The signatures over the tag manifest of a bag: one with each key that the vault has. */
public final class BagSignatures {
    private BagSignatures() {}

    /** Returns the files, by their names. */
    public static SortedMap<String, byte[]> of(byte[] tagManifest, CheckpointSigner signer) {
        String text = BundleLayout.signedText(Digest.sha256(tagManifest));
        SortedMap<String, byte[]> files = new TreeMap<>();
        files.put(BundleLayout.SIGNATURE, signer.signText(text).format());
        signer.signTextPostQuantum(text)
                .ifPresent(note -> files.put(BundleLayout.POST_QUANTUM_SIGNATURE, note.format()));
        return files;
    }
}
