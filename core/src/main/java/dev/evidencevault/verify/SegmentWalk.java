package dev.evidencevault.verify;

import dev.evidencevault.bundle.SegmentLine;
import dev.evidencevault.format.Seal;
import java.io.IOException;

/** What a bundle shows of the leaves before a seal: depends on how it shows that nothing is left out. */
sealed interface SegmentWalk permits WholeLog, RangeOfLog {
    /**
     * Takes the leaves up to a seal.
     *
     * @param line the seal and what stands beside it
     * @param seal what the seal says
     * @param where where the line stands
     * @throws IllegalArgumentException if the line may not come here
     */
    void take(SegmentLine line, Seal seal, String where) throws IOException;
}
