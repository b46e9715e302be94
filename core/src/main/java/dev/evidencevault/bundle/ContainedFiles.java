package dev.evidencevault.bundle;

import dev.evidencevault.crypto.asic.AsicContainer;
import dev.evidencevault.crypto.asic.AsicFinding;
import dev.evidencevault.crypto.asic.MalformedContainerException;
import dev.evidencevault.crypto.cms.SignatureTrust;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** A bag that lies in an ASiC-E container, beside the signatures of people over it. */
final class ContainedFiles extends BundleFiles {
    private static final int NAME_AT = 30;
    private static final byte[] MIMETYPE = "mimetype".getBytes(StandardCharsets.US_ASCII);

    private final AsicContainer container;
    private final SortedMap<String, Long> sizes = new TreeMap<>();

    private ContainedFiles(AsicContainer container) {
        this.container = container;
    }

    /** Says whether a file begins as a container does: a ZIP file whose first entry is {@code mimetype}. */
    static boolean looksLikeOne(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] start = in.readNBytes(NAME_AT + MIMETYPE.length);
            return start.length == NAME_AT + MIMETYPE.length
                    && Arrays.equals(start, NAME_AT, start.length, MIMETYPE, 0, MIMETYPE.length);
        }
    }

    static ContainedFiles of(Path path) throws IOException {
        AsicContainer container;
        try {
            container = AsicContainer.open(path);
        } catch (MalformedContainerException e) {
            MalformedBundleException malformed = new MalformedBundleException("bundle", String.valueOf(e.getMessage()));
            malformed.initCause(e);
            throw malformed;
        }
        ContainedFiles files = new ContainedFiles(container);
        for (var file : container.files().entrySet()) {
            if (!file.getKey().startsWith(BundleLayout.BAG)) {
                container.close();
                throw new MalformedBundleException(
                        file.getKey(),
                        "every file of a bundle lies in " + BundleLayout.BAG + ", but for the container's own");
            }
            files.sizes.put(file.getKey().substring(BundleLayout.BAG.length()), file.getValue());
        }
        return files;
    }

    @Override
    public SortedMap<String, Long> sizes() {
        return Collections.unmodifiableSortedMap(sizes);
    }

    @Override
    public InputStream open(String name) throws IOException {
        if (!sizes.containsKey(name)) {
            throw missing(name);
        }
        return container.open(BundleLayout.BAG + name);
    }

    @Override
    public boolean hasItsChecksum(String name) throws IOException {
        return sizes.containsKey(name) && container.hasItsChecksum(BundleLayout.BAG + name);
    }

    @Override
    public List<AsicFinding> signers(SignatureTrust trust) throws IOException {
        return container.verify(trust);
    }

    @Override
    public void close() throws IOException {
        container.close();
    }
}
