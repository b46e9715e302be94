package dev.evidencevault.bundle;

import dev.evidencevault.crypto.asic.AsicWriter;
import dev.evidencevault.crypto.cms.CadesSigner;
import dev.evidencevault.crypto.zip.StoredZip.Source;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
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
}
