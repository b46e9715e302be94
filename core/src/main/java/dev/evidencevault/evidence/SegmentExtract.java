package dev.evidencevault.evidence;

import dev.evidencevault.segment.SegmentFile;
import java.io.IOException;

/** Writes what a bundle shows of a log, segment by segment: depends on how it shows that nothing is left out. */
sealed interface SegmentExtract permits WholeExtract, RangeExtract {
    /**
     * Takes the next segment.
     *
     * @param last whether it is the last under the bundle's head
     */
    void segment(SegmentFile file, boolean last) throws IOException;
}
