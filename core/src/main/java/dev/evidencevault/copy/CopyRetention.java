package dev.evidencevault.copy;

import dev.evidencevault.crypto.note.NoteSigner;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.LogId;
import dev.evidencevault.format.Timestamps;
import dev.evidencevault.place.ObjectStore;
import dev.evidencevault.storage.Settings;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Until when everything in a part of a copy is retained, as the run noted that saw to it: so that no run has to ask for it object
 * by object. Signed by the vault, so that nobody else makes it later than it is.
 *
 * @param vaultId the vault
 * @param place where the copy lies: another's note says nothing of this one
 * @param part the name of the part
 * @param manifests by how many manifests, from the first on, everything is named that is meant
 * @param until the time
 */
record CopyRetention(LogId vaultId, String place, String part, long manifests, Instant until) {
    private static final Logger LOG = LoggerFactory.getLogger(CopyRetention.class);
    private static final String LABEL = "evidence-vault/copy-retention/v1";
    private static final int BYTES_MAX = 4096;

    /** Returns the key of a part's note. */
    static String key(CopyPart part) {
        return "retained/" + part.name() + ".note";
    }

    /** Returns the note, signed, as bytes. */
    byte[] sign(NoteSigner signer) {
        return signer.sign(text()).format();
    }

    private String text() {
        return LABEL + "\nvault " + vaultId + "\nplace " + place + "\npart " + part + "\nmanifests " + manifests
                + "\nuntil " + Timestamps.format(Timestamps.nanos(until)) + "\n";
    }

    /** Reads what was noted of a part: that nothing is retained, if there is no note or none that the vault signed. */
    static CopyRetention read(ObjectStore store, CopyPart part, Settings settings) throws IOException {
        CopyRetention none = new CopyRetention(settings.vaultId(), store.location(), part.name(), 0, Instant.EPOCH);
        byte[] bytes;
        try {
            bytes = store.read(key(part), BYTES_MAX);
        } catch (NoSuchFileException e) {
            return none;
        }
        try {
            SignedNote note = SignedNote.parse(bytes);
            String[] lines = note.text().split("\n", -1);
            if (note.signatures().size() == 1
                    && settings.keys().signerOf(note, 0).isPresent()
                    && lines.length == 7) {
                CopyRetention read = new CopyRetention(
                        settings.vaultId(),
                        store.location(),
                        part.name(),
                        Long.parseLong(lines[4].substring(lines[4].indexOf(' ') + 1)),
                        Timestamps.instant(Timestamps.parse(lines[5].substring(lines[5].indexOf(' ') + 1))));
                if (read.text().equals(note.text())) {
                    return read;
                }
            }
            LOG.warn("{}: {} is no note of this vault; what it says is seen to anew", store.name(), key(part));
        } catch (IllegalArgumentException e) {
            LOG.warn("{}: {}: {}; what it says is seen to anew", store.name(), key(part), Json.firstLine(e));
        }
        return none;
    }
}
