package dev.evidencevault.papers;

import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.shred.DestructionCertificate;
import dev.evidencevault.shred.ShredRequest;
import dev.evidencevault.storage.LocalStorage;
import dev.evidencevault.storage.Storage;
import dev.evidencevault.storage.UnlockedVault;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The directory with a certificate of destruction, what it is about, and the same as pages for people. */
public final class DestructionFiles {
    /** The certificate. */
    public static final String JSON = "certificate.json";

    /** The vault's signatures over it. */
    public static final String SIGNATURE = "certificate.note";

    /** The approved request. */
    public static final String REQUEST = "request.note";

    /** The tombstone. */
    public static final String TOMBSTONE = "tombstone.note";

    private DestructionFiles() {}

    /** Returns the pages by their names, in English and Japanese. */
    public static Map<String, byte[]> pages(DestructionCertificate certificate) throws IOException {
        Map<String, byte[]> pages = new TreeMap<>();
        pages.put("certificate.md", DestructionPaper.page("en", certificate));
        pages.put("certificate.ja.md", DestructionPaper.page("ja", certificate));
        return pages;
    }

    /** Returns all files by their names. */
    private static Map<String, byte[]> files(
            UnlockedVault vault, ShredRequest request, DestructionCertificate certificate) throws IOException {
        Map<String, byte[]> files = pages(certificate);
        String text = certificate.signedText();
        List<SignedNote.Signature> lines =
                new ArrayList<>(vault.checkpointSigner().signText(text).signatures());
        vault.checkpointSigner().signTextPostQuantum(text).ifPresent(second -> lines.addAll(second.signatures()));
        files.put(JSON, certificate.format());
        files.put(SIGNATURE, new SignedNote(text, lines).format());
        files.put(REQUEST, request.format());
        files.put(
                TOMBSTONE,
                Files.readAllBytes(
                        vault.layout().tenant(certificate.tombstone().logId()).tombstone()));
        return files;
    }

    /**
     * Writes the directory. It appears under its name when it is whole.
     *
     * @return SHA-256 of the certificate
     * @throws FileAlreadyExistsException if the directory is there
     */
    public static Digest write(
            UnlockedVault vault, ShredRequest request, DestructionCertificate certificate, Path directory)
            throws IOException {
        Path unfinished = Storage.temporary(directory);
        for (Path path : List.of(directory, unfinished)) {
            if (Files.exists(path)) {
                throw new FileAlreadyExistsException(path.toString(), null, "a certificate gets a new directory");
            }
        }
        LocalStorage storage = new LocalStorage();
        storage.createDirectory(unfinished);
        for (Map.Entry<String, byte[]> file : files(vault, request, certificate).entrySet()) {
            storage.createSynced(unfinished.resolve(file.getKey()), file.getValue());
        }
        storage.syncDirectory(unfinished);
        storage.rename(unfinished, directory);
        storage.syncDirectory(Storage.directoryOf(directory));
        return Digest.sha256(certificate.format());
    }
}
