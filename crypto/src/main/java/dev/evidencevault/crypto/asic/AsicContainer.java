package dev.evidencevault.crypto.asic;

import dev.evidencevault.crypto.cms.CadesSignature;
import dev.evidencevault.crypto.cms.CadesVerdict;
import dev.evidencevault.crypto.cms.CadesVerdict.Failed;
import dev.evidencevault.crypto.cms.SignatureTrust;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.zip.MalformedZipException;
import dev.evidencevault.crypto.zip.StoredZip;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A container that was opened: its files, and signatures that nobody has verified yet. Safe for use by several threads; the
 * file must not change meanwhile.
 *
 * <p>Opening checks the form: a {@link StoredZip} that begins with {@code mimetype}; manifests and signatures numbered from 1
 * without a gap, 1 to 99 of each; nothing else in {@code META-INF}; at least one file outside.
 */
public final class AsicContainer implements Closeable {
    private final FileChannel zip;
    private final Map<String, StoredZip.Entry> entries;
    private final SortedMap<String, Long> files = new TreeMap<>();
    private final int signatures;

    private AsicContainer(FileChannel zip, Map<String, StoredZip.Entry> entries, int signatures) {
        this.zip = zip;
        this.entries = entries;
        this.signatures = signatures;
        entries.forEach((name, entry) -> {
            if (!name.equals(StoredZip.MIMETYPE) && !ContainerNames.isMeta(name)) {
                files.put(name, entry.bytes());
            }
        });
    }

    /**
     * Opens a container.
     *
     * @throws MalformedContainerException if it is not of the form that is read here
     */
    public static AsicContainer open(Path path) throws IOException {
        FileChannel zip = FileChannel.open(path, StandardOpenOption.READ);
        try {
            Map<String, StoredZip.Entry> entries = new TreeMap<>();
            List<StoredZip.Entry> read = StoredZip.read(zip);
            read.forEach(entry -> entries.put(entry.name(), entry));
            int signatures = 0;
            while (entries.containsKey(ContainerNames.manifest(signatures + 1))
                    && entries.containsKey(ContainerNames.signature(signatures + 1))) {
                signatures++;
            }
            AsicContainer container = new AsicContainer(zip, entries, signatures);
            container.requireForm(read.get(0));
            return container;
        } catch (MalformedZipException e) {
            zip.close();
            MalformedContainerException malformed = new MalformedContainerException(path + ": " + e.getMessage());
            malformed.initCause(e);
            throw malformed;
        } catch (IOException | RuntimeException e) {
            zip.close();
            throw e;
        }
    }

    private void requireForm(StoredZip.Entry first) throws IOException {
        if (!first.name().equals(StoredZip.MIMETYPE)
                || first.bytes() != ContainerNames.type().length
                || !Arrays.equals(small(StoredZip.MIMETYPE, ContainerNames.type().length), ContainerNames.type())
                || !hasItsChecksum(StoredZip.MIMETYPE)) {
            throw new MalformedContainerException("expected " + StoredZip.MIMETYPE
                    + " of an ASiC-E container as first file, found " + first.name() + " or another content");
        }
        if (signatures < 1
                || signatures > ContainerNames.SIGNATURES_MAX
                || entries.size() != 1 + 2 * signatures + files.size()) {
            throw new MalformedContainerException("expected 1 to " + ContainerNames.SIGNATURES_MAX
                    + " manifests, each with its signature, and nothing else in META-INF; found "
                    + entries.keySet().stream()
                            .filter(ContainerNames::isMeta)
                            .limit(10)
                            .toList());
        }
        if (files.isEmpty()) {
            throw new MalformedContainerException("expected a file outside META-INF, found none");
        }
    }

    /** Returns the names of the files outside {@code META-INF} but {@code mimetype}, and their lengths in bytes. */
    public SortedMap<String, Long> files() {
        return Collections.unmodifiableSortedMap(files);
    }

    /** Returns how many signatures there are: 1 to 99. */
    public int signatures() {
        return signatures;
    }

    /**
     * Opens a file.
     *
     * @throws FileNotFoundException if there is none of that name
     */
    public InputStream open(String name) throws IOException {
        return StoredZip.open(zip, entry(name));
    }

    /**
     * Says whether a file has the CRC-32 that the ZIP file says.
     *
     * @throws FileNotFoundException if there is none of that name
     */
    public boolean hasItsChecksum(String name) throws IOException {
        return StoredZip.hasItsChecksum(zip, entry(name));
    }

    private StoredZip.Entry entry(String name) throws FileNotFoundException {
        StoredZip.Entry entry = entries.get(name);
        if (entry == null) {
            throw new FileNotFoundException("there is no file " + name + " in the container");
        }
        return entry;
    }

    private byte[] small(String name, int bytesMax) throws IOException {
        try (InputStream in = open(name)) {
            byte[] bytes = in.readNBytes(bytesMax);
            if (in.read() >= 0) {
                throw new MalformedContainerException(name + " has at most " + bytesMax + " bytes");
            }
            return bytes;
        }
    }

    /** Returns the bytes of a signature, for a look at it with other programs. */
    byte[] signature(int number) throws IOException {
        return small(ContainerNames.signature(number), CadesSignature.BYTES_MAX);
    }

    byte[] manifest(int number) throws IOException {
        return small(ContainerNames.manifest(number), AsicManifest.BYTES_MAX);
    }

    /** Computes the digests of all files, which reads all of them. */
    SortedMap<String, Digest> digests() throws IOException {
        SortedMap<String, Digest> digests = new TreeMap<>();
        for (String name : files.keySet()) {
            try (InputStream in = open(name)) {
                digests.put(name, Digest.sha256(in));
            }
        }
        return digests;
    }

    /**
     * Verifies all signatures, which reads all files twice.
     *
     * <p>A signature passes if its manifest names every file outside {@code META-INF}, and no other, with the digest that
     * it has; if every file has the checksum that the ZIP file says; and if the signature over the manifest passes as
     * {@link CadesSignature#verify} says.
     *
     * @return a finding for each signature, by number
     */
    public List<AsicFinding> verify(SignatureTrust trust) throws IOException {
        SortedMap<String, Digest> digests = digests();
        List<AsicFinding> findings = new ArrayList<>();
        for (int number = 1; number <= signatures; number++) {
            findings.add(new AsicFinding(number, verdict(number, digests, trust)));
        }
        for (String name : entries.keySet()) {
            if (!hasItsChecksum(name)) {
                String reason = "the file " + name + " does not have the checksum that the ZIP file says";
                findings.replaceAll(finding -> new AsicFinding(finding.number(), new Failed(reason)));
            }
        }
        return List.copyOf(findings);
    }

    private CadesVerdict verdict(int number, SortedMap<String, Digest> digests, SignatureTrust trust)
            throws IOException {
        try {
            byte[] manifest = manifest(number);
            AsicManifest.parse(number, manifest).requireFiles(digests);
            return CadesSignature.parse(signature(number)).verify(new ByteArrayInputStream(manifest), trust);
        } catch (IllegalArgumentException | MalformedContainerException e) {
            return new Failed(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
