package dev.evidencevault.bundle;

import dev.evidencevault.crypto.asic.AsicWriter;
import dev.evidencevault.crypto.cms.CadesSigner;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.zip.StoredZip;
import dev.evidencevault.crypto.zip.StoredZip.Source;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** Puts bundles into ASiC-E containers, with the signatures of people over them. */
public final class BundleContainer {
    private BundleContainer() {}

    /**
     * Signs a bundle. One that lies in a ZIP file or a directory is put into a container; in a container, the signature is
     * added to those that are there. That the bundle verifies is not checked: see {@code BundleVerifier}.
     *
     * @param bundle stays as it is
     * @param out appears under its name only when it is whole
     * @throws MalformedBundleException if {@code bundle} is none
     * @throws FileAlreadyExistsException if there is a file {@code out}
     * @throws IOException if nothing can be signed, stamped or written
     * @throws InterruptedException if the thread is interrupted while it waits for an authority
     */
    public static void sign(Path bundle, Path out, CadesSigner signer) throws IOException, InterruptedException {
        if (Files.isRegularFile(bundle) && ContainedFiles.looksLikeOne(bundle)) {
            AsicWriter.addSignature(bundle, out, signer);
            return;
        }
        try (BundleFiles files = BundleFiles.open(bundle)) {
            List<Source> sources = new ArrayList<>();
            for (String name : files.sizes().keySet()) {
                sources.add(new Source(BundleLayout.BAG + name, () -> files.open(name)));
            }
            AsicWriter.create(out, sources, signer);
        }
    }

    /**
     * Returns the SHA-256 of the ZIP file of a bundle, which is the same whether it lies in that file or in a container: every byte
     * of it follows from the files. For a container the file is written beside it for a moment.
     *
     * @throws MalformedBundleException if {@code bundle} begins as a container does and is none
     */
    public static Digest bundleDigest(Path bundle) throws IOException {
        if (!ContainedFiles.looksLikeOne(bundle)) {
            return Digest.sha256(bundle);
        }
        Path copy = Files.createTempFile(bundle.toAbsolutePath().getParent(), ".", ".tmp");
        try (FileChannel out = FileChannel.open(copy, StandardOpenOption.WRITE);
                BundleFiles files = BundleFiles.open(bundle)) {
            List<Source> sources = new ArrayList<>();
            for (String name : files.sizes().keySet()) {
                sources.add(new Source(BundleLayout.BAG + name, () -> files.open(name)));
            }
            StoredZip.write(out, sources);
            return Digest.sha256(copy);
        } finally {
            Files.deleteIfExists(copy);
        }
    }
}
