package dev.evidencevault.copy;

import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.Json;
import dev.evidencevault.place.ObjectStore;
import dev.evidencevault.place.StoredObject;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The manifests of one part of a copy, all of them, in their order. Immutable.
 *
 * @param part the part
 * @param manifests the manifests, from number 1 on
 * @param files as what objects they lie there, in the same order
 */
public record CopyChain(CopyPart part, List<CopyManifest> manifests, List<CopyManifest.Entry> files) {
    private static final String SUFFIX = ".note";

    /** Copies the lists. */
    public CopyChain {
        manifests = List.copyOf(manifests);
        files = List.copyOf(files);
    }

    /**
     * Reads all manifests of a part and checks that each follows the one before it.
     *
     * @throws CorruptFileException if one is missing, is not signed, or does not follow
     */
    public static CopyChain read(ObjectStore store, CopyPart part, Settings settings) throws IOException {
        List<CopyManifest> manifests = new ArrayList<>();
        List<CopyManifest.Entry> files = new ArrayList<>();
        Set<String> known = new HashSet<>();
        for (long number : numbers(store, part)) {
            String key = CopyManifest.key(part, manifests.size() + 1);
            if (number != manifests.size() + 1) {
                throw new CorruptFileException(Path.of(key), 0, "the manifest is missing; the next is " + number);
            }
            CopyManifest.Entry before = files.isEmpty() ? null : files.get(files.size() - 1);
            byte[] bytes = store.read(key, SignedNote.BYTES_MAX);
            CopyManifest manifest = parse(bytes, key, part, number, settings);
            CopyManifest last = manifests.isEmpty() ? null : manifests.get(manifests.size() - 1);
            if (before != null && !before.digest().equals(manifest.previous())
                    || last != null
                            && (manifest.leaves() < last.leaves()
                                    || manifest.segments() < last.segments()
                                    || manifest.anchor() < last.anchor())) {
                throw new CorruptFileException(Path.of(key), 0, "the manifest does not follow the one before it");
            }
            for (CopyManifest.Entry entry : manifest.objects()) {
                if (!known.add(entry.key())) {
                    throw new CorruptFileException(Path.of(key), 0, entry.key() + " was added before");
                }
            }
            manifests.add(manifest);
            files.add(new CopyManifest.Entry(Digest.sha256(bytes), bytes.length, key));
        }
        return new CopyChain(part, manifests, files);
    }

    /** Reads the last manifest of a part and no other; null if there is none. What is before it is not looked at. */
    static @Nullable CopyManifest last(ObjectStore store, CopyPart part, Settings settings) throws IOException {
        List<Long> numbers = numbers(store, part);
        if (numbers.isEmpty()) {
            return null;
        }
        long number = numbers.get(numbers.size() - 1);
        String key = CopyManifest.key(part, number);
        return parse(store.read(key, SignedNote.BYTES_MAX), key, part, number, settings);
    }

    private static CopyManifest parse(byte[] bytes, String key, CopyPart part, long number, Settings settings)
            throws CorruptFileException {
        CopyManifest manifest;
        try {
            manifest = CopyManifest.parse(bytes, settings.keys());
        } catch (IllegalArgumentException e) {
            throw new CorruptFileException(Path.of(key), 0, Json.firstLine(e));
        }
        if (manifest.number() != number
                || !manifest.part().equals(part.name())
                || !manifest.vaultId().equals(settings.vaultId())) {
            throw new CorruptFileException(Path.of(key), 0, "the manifest is of another place");
        }
        return manifest;
    }

    private static List<Long> numbers(ObjectStore store, CopyPart part) throws IOException {
        List<Long> numbers = new ArrayList<>();
        for (StoredObject object : store.list(part.manifests())) {
            String name = object.key().substring(part.manifests().length());
            if (!Layout.isNumbered(name, SUFFIX)) {
                throw new CorruptFileException(Path.of(object.key()), 0, "nothing of this name belongs here");
            }
            numbers.add(Long.parseLong(name.substring(0, name.length() - SUFFIX.length())));
        }
        return numbers;
    }

    /** Returns the last manifest; null if there is none. */
    public @Nullable CopyManifest last() {
        return manifests.isEmpty() ? null : manifests.get(manifests.size() - 1);
    }

    /** Returns the keys that were announced last; null if the log has those that it had at first. */
    public @Nullable Digest keys() {
        return manifests.stream()
                .map(CopyManifest::keys)
                .filter(Objects::nonNull)
                .reduce((before, later) -> later)
                .orElse(null);
    }

    /** Returns all objects of the part, in the order in which they were added. */
    public List<CopyManifest.Entry> objects() {
        return manifests.stream()
                .flatMap(manifest -> manifest.objects().stream())
                .toList();
    }

    /** Returns the same with one more manifest. */
    CopyChain plus(CopyManifest manifest, CopyManifest.Entry file) {
        List<CopyManifest> more = new ArrayList<>(manifests);
        more.add(manifest);
        List<CopyManifest.Entry> moreFiles = new ArrayList<>(files);
        moreFiles.add(file);
        return new CopyChain(part, more, moreFiles);
    }
}
