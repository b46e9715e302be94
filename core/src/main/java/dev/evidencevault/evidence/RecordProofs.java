package dev.evidencevault.evidence;

import dev.evidencevault.anchor.Anchor;
import dev.evidencevault.anchor.AnchorProof;
import dev.evidencevault.bundle.LeafLine;
import dev.evidencevault.crypto.merkle.CompactRange;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.merkle.InclusionPath;
import dev.evidencevault.crypto.note.Checkpoint;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.LeafHeader;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.proof.RecordProof;
import dev.evidencevault.reader.TenantReader;
import dev.evidencevault.reader.VaultReader;
import dev.evidencevault.segment.ActorCounters;
import dev.evidencevault.segment.Pseudonyms;
import dev.evidencevault.segment.SegmentContent;
import dev.evidencevault.segment.SegmentFile;
import dev.evidencevault.segment.SegmentFile.BlockRef;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Cuts proofs of single records out of a vault. Reads the log's leaves once for each. Safe for use by several threads. */
public final class RecordProofs {
    private final VaultReader vault;

    /** Creates the proofs of a vault. */
    public RecordProofs(VaultReader vault) {
        this.vault = vault;
    }

    /**
     * Returns the proof of a record; empty if the latest anchor does not cover it, or if a seal stands in that place.
     *
     * @param seq its place in the log
     * @throws dev.evidencevault.segment.DestroyedRecordsException if the record was destroyed
     * @throws CorruptFileException if the log is not the one that was anchored
     */
    public Optional<RecordProof> of(TenantReader tenant, long seq) throws IOException {
        Optional<Anchor> anchor = tenant.latestAnchor();
        Anchor.Entry entry = anchor.isEmpty() ? null : anchor.get().entries().get(tenant.logId());
        if (anchor.isEmpty() || entry == null || seq < 0 || seq >= entry.size()) {
            return Optional.empty();
        }
        Optional<AnchorProof> way =
                AnchorProof.of(anchor.get(), tenant.logId(), vault.unlocked().nodeKeys());
        Checkpoint head = entry.checkpoint(tenant.logId());
        InclusionPath path = new InclusionPath(seq, head.size());
        CompactRange tree = new CompactRange();
        Shown shown = null;
        for (long number : tenant.segmentNumbers()) {
            if (tree.to() >= head.size()) {
                break;
            }
            try (SegmentFile file = tenant.segment(number)) {
                for (BlockRef block : file.blocks()) {
                    if (block.records()) {
                        for (Digest leaf : file.leafHashes(block)) {
                            tree.append(leaf);
                            path.append(leaf);
                        }
                    }
                }
                tree.append(file.sealHeader().leafHash());
                path.append(file.sealHeader().leafHash());
                if (file.firstSeq() <= seq && seq < file.sealRecord().seq()) {
                    shown = show(tenant, file, seq);
                }
            }
        }
        if (tree.to() != head.size() || !tree.root().equals(head.root())) {
            throw new CorruptFileException(
                    tenant.directory().segments(),
                    0,
                    "the segments are not what the latest anchor covers; run evault verify");
        }
        if (shown == null || way.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new RecordProof(
                shown.line(),
                shown.leaf(),
                path.path(),
                head,
                way.get(),
                vault.unlocked().settings().keys()));
    }

    private record Shown(String line, LeafLine leaf) {}

    private static @Nullable Shown show(TenantReader tenant, SegmentFile file, long seq) throws IOException {
        SegmentContent content = new SegmentContent(file, tenant.keys());
        ActorCounters counters = new ActorCounters(new Pseudonyms(tenant.keys()));
        content.rewind(counters);
        for (BlockRef block : file.blocks()) {
            if (!block.records() || block.firstSeq() > seq) {
                continue;
            }
            List<LogRecord> records = content.records(block);
            for (LogRecord record : records) {
                byte[] salt = tenant.keys().salt(record.seq());
                LeafHeader header =
                        counters.place(record).header(tenant.logId(), salt, tenant.commitments(), file, block);
                if (record.seq() == seq) {
                    return new Shown(new String(record.line(), StandardCharsets.UTF_8), LeafLine.shown(header, salt));
                }
            }
        }
        return null;
    }
}
