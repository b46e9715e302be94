package dev.evidencevault.verify;

import dev.evidencevault.actorindex.ActorEntry;
import dev.evidencevault.actorindex.ActorIndexBuilder;
import dev.evidencevault.actorindex.ActorIndexProof;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.LeafHeader;
import dev.evidencevault.format.LeafHeader.Tag;
import dev.evidencevault.format.Seal;
import java.util.Collections;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Compares the leaves of a segment that are shown with what the index of actors says, whose root the seal holds. For one
 * thread, once.
 */
final class IndexedSegment {
    private final Seal seal;
    private final Set<Tag> asked;
    private final ActorIndexBuilder shown = new ActorIndexBuilder();

    /** @param asked the tags that the order makes necessary */
    IndexedSegment(Seal seal, Set<Tag> asked) {
        this.seal = seal;
        this.asked = asked;
    }

    /**
     * Takes a leaf header that is shown.
     *
     * @throws IllegalArgumentException if nothing makes it necessary to show it
     */
    void add(LeafHeader header, Digest leafHash) {
        if (Collections.disjoint(ActorIndexBuilder.tags(header), asked)) {
            throw new IllegalArgumentException(
                    "the header of record " + header.seq() + " is shown and the order asks for nothing of its actors");
        }
        if (header.occurredAt() < seal.occurredFrom() || header.occurredAt() > seal.occurredTo()) {
            throw new IllegalArgumentException(
                    "record " + header.seq() + " is not of the times that the seal of its segment says");
        }
        shown.add(header, leafHash);
    }

    /**
     * Checks that everything is shown which the index has under the tags that the order makes necessary.
     *
     * @throws IllegalArgumentException if something is missing, or the proof does not lead to the seal
     */
    void requireAll(ActorIndexProof proof) {
        SortedMap<Tag, ActorEntry> sealed = proof.open(seal.actors(), asked);
        // Where the seal counts none it is not in question; as the neighbour of another tag it may be shown all the
        // same.
        long notices = proof.shown(ActorEntry.NOTICES).map(ActorEntry::count).orElse(0L);
        if (seal.notices() != notices) {
            throw new IllegalArgumentException("the seal and its index of actors count other gaps and changes");
        }
        for (ActorEntry entry : shown.build().entries()) {
            // What is shown counts for others too, of whom not everything is shown.
            if (asked.contains(entry.tag()) && !entry.equals(sealed.get(entry.tag()))) {
                throw new IllegalArgumentException(entry.count() + " records with the pseudonym " + entry.tag()
                        + " are shown of segment " + seal.segment() + ", and its seal has "
                        + describe(sealed.get(entry.tag())));
            }
            sealed.remove(entry.tag());
        }
        sealed.values().stream().findFirst().ifPresent(missing -> {
            throw new IllegalArgumentException("no records with the pseudonym " + missing.tag()
                    + " are shown of segment " + seal.segment() + ", and its seal has " + describe(missing));
        });
    }

    private static String describe(@Nullable ActorEntry entry) {
        return entry == null
                ? "none"
                : entry.count() + " of the actor's records from " + entry.first() + " on, or others";
    }
}
