package dev.evidencevault.evidence;

import dev.evidencevault.anchor.Anchor;
import dev.evidencevault.attest.Attestations;
import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.timestamp.TimeStamp;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.storage.Layout;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The time stamps of the anchor that a bundle shows: of each authority the first one, which says the earliest time.
 *
 * @param responses the RFC 3161 responses by authority, from 1
 */
record BundledTimeStamps(SortedMap<Integer, byte[]> responses) {
    /**
     * Reads those that are there. One that is damaged, or over something else, is left out, as if it had not come: the
     * vault's verifier says so of it.
     */
    static BundledTimeStamps of(Anchor anchor, Layout layout) throws IOException {
        Digest imprint = Attestations.imprint(anchor.note());
        SortedMap<Integer, byte[]> good = new TreeMap<>();
        try {
            good.putAll(new Attestations(layout).timeStamps(anchor.head().index() + 1));
        } catch (CorruptFileException e) {
            return new BundledTimeStamps(good);
        }
        good.entrySet()
                .removeIf(entry -> entry.getKey() > Attestations.AUTHORITIES_MAX || !isOver(imprint, entry.getValue()));
        return new BundledTimeStamps(good);
    }

    private static boolean isOver(Digest imprint, byte[] response) {
        try {
            TimeStamp.parse(response).requireSigned(imprint);
            return true;
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            return false;
        }
    }

    void write(WorkDirectory work) throws IOException {
        List<String> names = BundleLayout.timeStamps();
        for (var response : responses.entrySet()) {
            work.write(names.get(response.getKey() - 1), response.getValue());
        }
    }
}
