package dev.evidencevault.verify;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.actorindex.ActorEntry;
import dev.evidencevault.actorindex.ActorIndex;
import dev.evidencevault.actorindex.ActorIndexProof;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.docs.FormatVectors;
import dev.evidencevault.format.LeafHeader.Tag;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.format.Seal;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** A seal that does not count the gaps and changes which stand in the index of actors beside it. */
class IndexedSegmentTest {
    private static final Tag ABSENT = new Tag(1, 0);
    private static final Tag OTHER = new Tag(2, 0);
    private static final Tag LAST = new Tag(3, 0);
    private static final Digest ROOT = Digest.sha256();

    private static Seal seal(ActorIndex index, long notices) throws Exception {
        Seal any = Seal.of(LogRecord.parse(FormatVectors.utf8(
                FormatVectors.read("record.json").path("seal").path("line"))));
        return new Seal(
                any.segment(),
                any.firstSeq(),
                any.events(),
                notices,
                any.occurredFrom(),
                any.occurredTo(),
                any.previousSeal(),
                any.fileHeader(),
                any.blocks(),
                any.tree(),
                index.head(),
                any.tagKey(),
                any.keys(),
                any.searchIndex());
    }

    private static ActorIndex index() {
        return new ActorIndex(List.of(
                new ActorEntry(ActorEntry.NOTICES, 0, 2, ROOT),
                new ActorEntry(OTHER, 0, 1, ROOT),
                new ActorEntry(LAST, 0, 1, ROOT)));
    }

    private static void requireAll(long notices, Tag asked) throws Exception {
        ActorIndex index = index();
        SortedSet<Tag> tags = new TreeSet<>(List.of(asked));
        ActorIndexProof proof = index.prove(tags);
        new IndexedSegment(seal(index, notices), tags).requireAll(proof);
    }

    @Test
    void isFoundWhereTheEntryIsShownAsANeighbour() {
        IllegalArgumentException found = assertThrows(IllegalArgumentException.class, () -> requireAll(0, ABSENT));
        assertTrue(String.valueOf(found.getMessage()).contains("count other gaps and changes"), found.getMessage());
    }

    @Test
    void isNotFoundWhereItIsNotShown() {
        assertDoesNotThrow(() -> requireAll(0, new Tag(2, 1)));
    }
}
