package dev.evidencevault.attest;

import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.crypto.timestamp.TimeStamp;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.Json;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The attestations of a vault's checkpoints as they lie in its directory {@code attestations}: for an anchor
 * {@code NNNNNNNN.note}, its checkpoint with the vault's and the witnesses' signature lines, and for each time stamp
 * authority {@code NNNNNNNN.N.tsr}, an RFC 3161 response. None of them has to be there. For one writing thread.
 *
 * <p>The first time stamp of an authority, which says the earliest time, is never replaced: a later one of the same
 * anchor lies beside it, under the authority's number and {@value #AUTHORITIES_MAX} more, and is replaced by later ones.
 */
public final class Attestations {
    /** How many time stamp authorities there may be. */
    public static final int AUTHORITIES_MAX = 2;

    private static final int TIME_STAMPS_MAX = 2 * AUTHORITIES_MAX;

    private static final String NOTE_SUFFIX = ".note";
    private static final String TIME_STAMP_SUFFIX = ".tsr";

    private final Layout layout;

    /** Creates the attestations of a vault. */
    public Attestations(Layout layout) {
        this.layout = layout;
    }

    private Path note(long anchor) {
        return layout.attestations().resolve(Layout.numbered(anchor, NOTE_SUFFIX));
    }

    private Path timeStamp(long anchor, int place) {
        return layout.root().resolve(timeStampName(anchor, place));
    }

    /** Says whether a name in the directory is one of these. */
    public static boolean isName(String name) {
        return name.matches("(?!0{8})[0-9]{8}\\.(note|[1-" + TIME_STAMPS_MAX + "]\\.tsr)");
    }

    /**
     * Says whether a name is that of an attestation that was not finished. They are written beside everything else, the
     * last one after all else of a vault was closed: a kill can leave one at any time.
     */
    public static boolean isUnfinishedName(String name) {
        return name.endsWith(Layout.TEMPORARY_SUFFIX)
                && isName(name.substring(0, name.length() - Layout.TEMPORARY_SUFFIX.length()));
    }

    /** Removes what a writer that was killed had not finished. */
    public void removeUnfinished(Storage storage) throws IOException {
        for (Path file : Layout.list(layout.attestations())) {
            if (isUnfinishedName(String.valueOf(file.getFileName()))) {
                storage.delete(file);
            }
        }
    }

    /** Returns the numbers of the anchors of which there are witnesses' lines, ascending. */
    public List<Long> witnessed() throws IOException {
        return Layout.numbers(layout.attestations(), NOTE_SUFFIX);
    }

    /**
     * Returns the checkpoint of an anchor with all signature lines; empty if no witness cosigned it.
     *
     * @throws CorruptFileException if the file is no signed note
     */
    public Optional<SignedNote> witnessedNote(long anchor) throws IOException {
        Path file = note(anchor);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(SignedNote.parse(small(file, SignedNote.BYTES_MAX)));
        } catch (IllegalArgumentException e) {
            throw new CorruptFileException(file, 0, Json.firstLine(e));
        }
    }

    /**
     * Returns what a time stamp is over: SHA-256 of an anchor's checkpoint, a signed note, as the vault signed it, without
     * lines of witnesses.
     */
    public static Digest imprint(SignedNote checkpoint) {
        return Digest.sha256(checkpoint.format());
    }

    /** Returns the numbers of the anchors of which there are time stamps, ascending. */
    public SortedSet<Long> timeStamped() throws IOException {
        SortedSet<Long> numbers = new TreeSet<>();
        for (int place = 1; place <= TIME_STAMPS_MAX; place++) {
            numbers.addAll(Layout.numbers(layout.attestations(), "." + place + TIME_STAMP_SUFFIX));
        }
        return numbers;
    }

    /**
     * Returns the time stamps of an anchor's checkpoint as they lie there, each an RFC 3161 response in DER: from 1 the
     * first of each authority, and after {@value #AUTHORITIES_MAX} the later ones.
     *
     * @throws CorruptFileException if one is too long to be one
     */
    public SortedMap<Integer, byte[]> timeStamps(long anchor) throws IOException {
        SortedMap<Integer, byte[]> responses = new TreeMap<>();
        for (int place = 1; place <= TIME_STAMPS_MAX; place++) {
            Path file = timeStamp(anchor, place);
            if (Files.isRegularFile(file)) {
                responses.put(place, small(file, TimeStamp.BYTES_MAX));
            }
        }
        return responses;
    }

    /** Returns the file of a time stamp, relative to the vault. */
    public static String timeStampName(long anchor, int place) {
        return "attestations/" + Layout.numbered(anchor, "." + place + TIME_STAMP_SUFFIX);
    }

    private static byte[] small(Path file, int bytesMax) throws IOException {
        if (Files.size(file) > bytesMax) {
            throw new CorruptFileException(file, bytesMax, "the file has at most " + bytesMax + " bytes");
        }
        return Files.readAllBytes(file);
    }

    /** Adds signature lines of witnesses below those that an anchor's checkpoint has. */
    void addLines(long anchor, SignedNote checkpoint, List<SignedNote.Signature> lines, Storage storage)
            throws IOException {
        SignedNote known = witnessedNote(anchor)
                .filter(note -> note.text().equals(checkpoint.text()))
                .orElse(checkpoint);
        List<SignedNote.Signature> all = new ArrayList<>(known.signatures());
        lines.stream().filter(line -> !all.contains(line)).forEach(all::add);
        replace(note(anchor), new SignedNote(checkpoint.text(), all).format(), storage);
    }

    /** Keeps a time stamp: as the authority's first if there is none, else beside it. */
    void addTimeStamp(long anchor, int authority, TimeStamp stamp, Storage storage) throws IOException {
        Path first = timeStamp(anchor, authority);
        replace(Files.exists(first) ? timeStamp(anchor, authority + AUTHORITIES_MAX) : first, stamp.bytes(), storage);
    }

    private void replace(Path file, byte[] content, Storage storage) throws IOException {
        if (!Files.exists(layout.attestations())) {
            storage.createDirectory(layout.attestations());
            storage.syncDirectory(layout.root());
        }
        storage.replace(file, content);
    }
}
