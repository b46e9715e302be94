package dev.evidencevault.evidence;

import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.LeafHeader;
import dev.evidencevault.format.LogRecord;

/** A record that was read and is the one that its leaf commits to. */
final class ReadLeaf {
    private final LogRecord record;
    private final LeafHeader header;
    private final byte[] salt;
    private final Digest hash;

    ReadLeaf(LogRecord record, LeafHeader header, byte[] salt, Digest hash) {
        this.record = record;
        this.header = header;
        this.salt = salt;
        this.hash = hash;
    }

    LogRecord record() {
        return record;
    }

    LeafHeader header() {
        return header;
    }

    byte[] salt() {
        return salt;
    }

    Digest hash() {
        return hash;
    }
}
