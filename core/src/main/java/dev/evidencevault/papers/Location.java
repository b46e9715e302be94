package dev.evidencevault.papers;

import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.format.Seal;
import org.jspecify.annotations.Nullable;

/**
 * A segment of the log, as far as the bundle knows it, and what of it is shown.
 *
 * @param sealRecord the segment's seal as a record; absent where the bundle does not show it
 * @param seal what that says
 * @param sealHash the hash of the seal's leaf
 * @param records how many records of it are shown
 * @param first the seq of the first of them, or -1
 * @param last the seq of the last, or -1
 */
record Location(
        @Nullable LogRecord sealRecord,
        @Nullable Seal seal,
        @Nullable Digest sealHash,
        long records,
        long first,
        long last) {}
