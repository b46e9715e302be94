package dev.evidencevault.bundle;

import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.note.CheckpointSigner;
import dev.evidencevault.crypto.note.SignedNote;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The signatures over the tag manifest of a bag: one with each key that the vault has. The first one names the other. */
public final class BagSignatures {
    private BagSignatures() {}

    /** Returns the files, by their names. */
    public static SortedMap<String, byte[]> of(byte[] tagManifest, CheckpointSigner signer) {
        Digest manifest = Digest.sha256(tagManifest);
        String text = BundleLayout.signedText(manifest);
        SortedMap<String, byte[]> files = new TreeMap<>();
        Optional<byte[]> second = signer.signTextPostQuantum(text).map(SignedNote::format);
        if (second.isPresent()) {
            files.put(BundleLayout.POST_QUANTUM_SIGNATURE, second.get());
            text = BundleLayout.signedText(manifest, Digest.sha256(second.get()));
        }
        files.put(BundleLayout.SIGNATURE, signer.signText(text).format());
        return files;
    }
}
