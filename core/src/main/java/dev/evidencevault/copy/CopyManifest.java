package dev.evidencevault.copy;

import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.note.NoteSigner;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.format.KeyHistory;
import dev.evidencevault.format.LogId;
import dev.evidencevault.format.Timestamps;
import dev.evidencevault.place.ObjectKey;
import dev.evidencevault.storage.Layout;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was added to a part of a copy, signed by the vault, and what is whole there since. It names the manifest before it by
 * its digest, so that one that is missing or changed is found.
 *
 * @param vaultId the vault
 * @param part the name of the part
 * @param number from 1
 * @param previous SHA-256 of the whole manifest before it; absent in the first
 * @param time when it was signed, in nanoseconds since 1970
 * @param anchor the number of the anchor that the run copied up to
 * @param leaves how far the part is whole: a log's leaves, of what is shared the anchors
 * @param root the root over them
 * @param segments how many segments of the log are there; of what is shared 0
 * @param keys the digest of the keys that the log has there from now on, which no seal there may name yet; null if they stay
 * @param objects what was added, at most {@value #OBJECTS_MAX}
 */
public record CopyManifest(
        LogId vaultId,
        String part,
        long number,
        @Nullable Digest previous,
        long time,
        long anchor,
        long leaves,
        Digest root,
        long segments,
        @Nullable Digest keys,
        List<Entry> objects) {
    /** The most objects of one manifest, so that it stays below what a signed note may have. */
    public static final int OBJECTS_MAX = 4096;

    private static final String LABEL = "evidence-vault/copy-manifest/v1";

    /** With a line that announces keys. */
    private static final String LABEL_2 = "evidence-vault/copy-manifest/v2";

    private static final String NONE = "none";
    private static final int HEAD_LINES = 10;

    /**
     * An object.
     *
     * @param digest SHA-256 of all of it
     * @param bytes its length
     * @param key its key
     */
    public record Entry(Digest digest, long bytes, String key) {
        /** Checks the parts. */
        public Entry {
            if (bytes < 0) {
                throw new IllegalArgumentException("a length is not negative, found " + bytes);
            }
            ObjectKey.require(key);
        }
    }

    /** Checks the parts. */
    public CopyManifest {
        objects = List.copyOf(objects);
        if (number < 1
                || number > Layout.NUMBER_MAX
                || (previous == null) != (number == 1)
                || anchor < 1
                || leaves < 0
                || segments < 0
                || objects.size() > OBJECTS_MAX) {
            throw new IllegalArgumentException("a number is out of its range in manifest " + number + " of " + part);
        }
        Set<String> named = new HashSet<>();
        for (Entry entry : objects) {
            if (!named.add(entry.key())) {
                throw new IllegalArgumentException(entry.key() + " is there twice");
            }
        }
    }

    /** Returns the key of a manifest. */
    static String key(CopyPart part, long number) {
        return part.manifests() + Layout.numbered(number, ".note");
    }

    /** Returns the manifest, signed, as bytes. */
    byte[] sign(NoteSigner signer) {
        return signer.sign(text()).format();
    }

    private String text() {
        StringBuilder text = new StringBuilder(200 + 200 * objects.size());
        text.append(keys == null ? LABEL : LABEL_2)
                .append("\nvault ")
                .append(vaultId)
                .append("\npart ")
                .append(part)
                .append("\nnumber ")
                .append(number)
                .append("\nprevious ")
                .append(previous == null ? NONE : previous.hex())
                .append("\ntime ")
                .append(Timestamps.format(time))
                .append("\nanchor ")
                .append(anchor)
                .append("\nleaves ")
                .append(leaves)
                .append(' ')
                .append(root.hex())
                .append("\nsegments ")
                .append(segments)
                .append(keys == null ? "" : "\nkeys " + keys.hex())
                .append("\nobjects ")
                .append(objects.size())
                .append('\n');
        for (Entry entry : objects) {
            text.append(entry.digest().hex())
                    .append(' ')
                    .append(entry.bytes())
                    .append(' ')
                    .append(entry.key())
                    .append('\n');
        }
        return text.toString();
    }

    /**
     * Parses a manifest.
     *
     * @throws IllegalArgumentException if it is not signed with this key alone, or not spelled as {@link #sign} does
     */
    public static CopyManifest parse(byte[] bytes, KeyHistory keys) {
        SignedNote note = SignedNote.parse(bytes);
        if (note.signatures().size() != 1 || keys.signerOf(note, 0).isEmpty()) {
            throw new IllegalArgumentException("expected a manifest that "
                    + keys.current().verifier().format() + " signed, or a key before it, and no other");
        }
        String[] lines = note.text().split("\n", -1);
        boolean announces = lines[0].equals(LABEL_2);
        int head = announces ? HEAD_LINES + 1 : HEAD_LINES;
        if (lines.length < head + 1 || !announces && !lines[0].equals(LABEL)) {
            throw new IllegalArgumentException("expected a manifest of a copy, version 1 or 2");
        }
        String previous = value(lines[4], "previous ");
        String[] leaves = value(lines[7], "leaves ").split(" ", -1);
        long count = number(value(lines[head - 1], "objects "));
        if (leaves.length != 2 || count != lines.length - head - 1L) {
            throw new IllegalArgumentException("expected " + count + " objects, found " + (lines.length - head - 1));
        }
        List<Entry> entries = new ArrayList<>();
        for (int i = head; i < lines.length - 1; i++) {
            String[] words = lines[i].split(" ", -1);
            if (words.length != 3) {
                throw new IllegalArgumentException("expected a digest, a length and a key, found " + lines[i]);
            }
            entries.add(new Entry(Digest.parseHex(words[0]), number(words[1]), words[2]));
        }
        CopyManifest manifest = new CopyManifest(
                LogId.parse(value(lines[1], "vault ")),
                value(lines[2], "part "),
                number(value(lines[3], "number ")),
                previous.equals(NONE) ? null : Digest.parseHex(previous),
                Timestamps.parse(value(lines[5], "time ")),
                number(value(lines[6], "anchor ")),
                number(leaves[0]),
                Digest.parseHex(leaves[1]),
                number(value(lines[8], "segments ")),
                announces ? Digest.parseHex(value(lines[9], "keys ")) : null,
                entries);
        if (!manifest.text().equals(note.text())) {
            throw new IllegalArgumentException("the manifest is not spelled as it was written");
        }
        return manifest;
    }

    private static String value(String line, String name) {
        if (!line.startsWith(name)) {
            throw new IllegalArgumentException("expected a line that begins with \"" + name + "\", found " + line);
        }
        return line.substring(name.length());
    }

    private static long number(String digits) {
        if (!digits.matches("0|[1-9][0-9]{0,17}")) {
            throw new IllegalArgumentException("expected a number, found " + digits);
        }
        return Long.parseLong(digits);
    }
}
