package dev.evidencevault.crypto.asic;

import dev.evidencevault.crypto.cms.CadesSigner;
import dev.evidencevault.crypto.file.PendingFile;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.zip.StoredZip;
import dev.evidencevault.crypto.zip.StoredZip.Source;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Writes containers: all bytes follow from the files, but for signatures and their time stamps. A container appears under
 * its name only when it is whole.
 */
public final class AsicWriter {
    private AsicWriter() {}

    /**
     * Writes a container with one signature, over all of its files.
     *
     * @param files at least one, outside {@code META-INF}, under the names that {@link StoredZip} allows, in any order. Each
     *     is read twice
     * @throws IllegalArgumentException if names are not allowed or come twice, or the container would become larger than 4
     *     GiB
     * @throws FileAlreadyExistsException if {@code target} exists
     * @throws IOException if a file cannot be read or changes meanwhile, or nothing can be signed or stamped
     * @throws InterruptedException if the thread is interrupted while it waits for an authority
     */
    public static void create(Path target, List<Source> files, CadesSigner signer)
            throws IOException, InterruptedException {
        SortedMap<String, Digest> digests = new TreeMap<>();
        for (Source file : files) {
            if (ContainerNames.isMeta(file.name()) || file.name().equals(StoredZip.MIMETYPE)) {
                throw new IllegalArgumentException("not the name of a file in a container: " + file.name());
            }
            try (InputStream in = file.content().open()) {
                if (digests.put(file.name(), Digest.sha256(in)) != null) {
                    throw new IllegalArgumentException("the name " + file.name() + " comes twice");
                }
            }
        }
        if (files.isEmpty()) {
            throw new IllegalArgumentException("expected at least one file for a container, found none");
        }
        List<Source> sources = new ArrayList<>();
        for (Source file : files) {
            Digest digest = Objects.requireNonNull(digests.get(file.name()));
            sources.add(new Source(
                    file.name(),
                    () -> new UnchangedStream(file.name(), file.content().open(), digest)));
        }
        sources.add(bytes(StoredZip.MIMETYPE, ContainerNames.type()));
        sources.addAll(signature(1, digests, signer));
        write(target, sources);
    }

    /**
     * Writes a container anew with a further signature, of another person mostly. Everything that was in it is in the new
     * one, byte for byte. That its files are those that the signatures before were made over is checked; whose signatures
     * these are is not: see {@link AsicContainer#verify}.
     *
     * @throws FileAlreadyExistsException if {@code target} exists
     * @throws MalformedContainerException if {@code container} is not of the form that is read here, its files were changed,
     *     or it has 99 signatures already
     * @throws IOException if it cannot be read, or nothing can be signed or stamped
     * @throws InterruptedException if the thread is interrupted while it waits for an authority
     */
    public static void addSignature(Path container, Path target, CadesSigner signer)
            throws IOException, InterruptedException {
        try (AsicContainer before = AsicContainer.open(container)) {
            SortedMap<String, Digest> digests = before.digests();
            int number = before.signatures() + 1;
            if (number > ContainerNames.SIGNATURES_MAX) {
                throw new MalformedContainerException(
                        "a container has at most " + ContainerNames.SIGNATURES_MAX + " signatures");
            }
            List<Source> sources = new ArrayList<>();
            sources.add(bytes(StoredZip.MIMETYPE, ContainerNames.type()));
            for (int i = 1; i < number; i++) {
                byte[] manifest = before.manifest(i);
                requireFiles(i, manifest, digests);
                sources.add(bytes(ContainerNames.manifest(i), manifest));
                sources.add(bytes(ContainerNames.signature(i), before.signature(i)));
            }
            digests.forEach((name, digest) ->
                    sources.add(new Source(name, () -> new UnchangedStream(name, before.open(name), digest))));
            sources.addAll(signature(number, digests, signer));
            write(target, sources);
        }
    }

    private static void requireFiles(int number, byte[] manifest, SortedMap<String, Digest> digests)
            throws MalformedContainerException {
        try {
            AsicManifest.parse(number, manifest).requireFiles(digests);
        } catch (IllegalArgumentException e) {
            MalformedContainerException malformed = new MalformedContainerException(String.valueOf(e.getMessage()));
            malformed.initCause(e);
            throw malformed;
        }
    }

    private static List<Source> signature(int number, SortedMap<String, Digest> digests, CadesSigner signer)
            throws IOException, InterruptedException {
        byte[] manifest = AsicManifest.of(number, digests).format();
        byte[] signature = signer.sign(new ByteArrayInputStream(manifest)).bytes();
        return List.of(
                bytes(ContainerNames.manifest(number), manifest), bytes(ContainerNames.signature(number), signature));
    }

    private static Source bytes(String name, byte[] bytes) {
        return new Source(name, () -> new ByteArrayInputStream(bytes));
    }

    private static void write(Path target, List<Source> sources) throws IOException {
        Comparator<Source> mimetypeFirst =
                Comparator.comparing(source -> !source.name().equals(StoredZip.MIMETYPE));
        try (PendingFile file = PendingFile.create(target)) {
            StoredZip.write(
                    file.channel(),
                    sources.stream()
                            .sorted(mimetypeFirst.thenComparing(Source::name))
                            .toList());
            file.commit();
        }
    }

    /** A file that was digested before: at its end it has to have the same digest. */
    private static final class UnchangedStream extends FilterInputStream {
        private final String name;
        private final Digest expected;
        private final MessageDigest digest = Digest.computation();

        UnchangedStream(String name, InputStream in, Digest expected) {
            super(in);
            this.name = name;
            this.expected = expected;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int read = super.read(target, offset, length);
            if (read >= 0) {
                digest.update(target, offset, read);
            } else if (!Digest.of(digest.digest()).equals(expected)) {
                throw new IOException("the file " + name + " changed while it was signed");
            }
            return read;
        }
    }
}
