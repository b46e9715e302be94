package dev.evidencevault.segment;

import java.util.Arrays;
import java.util.Optional;

/** What a block of a segment holds. */
public enum BlockKind {
    /** Records. */
    RECORDS(1),
    /** The index of the segment's actors. */
    ACTORS(2),
    /** The digests of deposits that the segment's records tell of, in the clear. */
    DEPOSITS(3);

    final byte code;

    BlockKind(int code) {
        this.code = (byte) code;
    }

    static Optional<BlockKind> ofCode(byte code) {
        return Arrays.stream(values()).filter(kind -> kind.code == code).findFirst();
    }
}
