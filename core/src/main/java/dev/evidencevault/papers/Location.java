package dev.evidencevault.papers;

import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.format.Seal;
import org.jspecify.annotations.Nullable;

/**
 * A segment of the log, as far as the bundle knows it, and what of it is shown.
 *
 * @param end the segment's seal; absent where the bundle does not show it
 * @param records how many records of it are shown
 * @param first the seq of the first of them, or -1
 * @param last the seq of the last, or -1
 */
record Location(@Nullable End end, long records, long first, long last) {
    /**
     * A seal.
     *
     * @param record the seal as a record
     * @param seal what it says
     * @param hash the hash of its leaf
     */
    record End(LogRecord record, Seal seal, Digest hash) {}
}
