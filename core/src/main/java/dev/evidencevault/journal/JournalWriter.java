package dev.evidencevault.journal;

import dev.evidencevault.crypto.aead.DataKey;
import dev.evidencevault.crypto.keys.TenantKeys;
import dev.evidencevault.journal.JournalFormat.FileHeader;
import dev.evidencevault.storage.Storage;
import dev.evidencevault.storage.Storage.BlockFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * One journal file, written from its beginning in one process life. Its length is fixed and its name durable before the
 * first commit. A file that was closed is never opened for appending again, and every file has keys of its own, so that no
 * key and nonce come twice. Safe for one thread that asks and one that writes.
 */
public final class JournalWriter implements Closeable {
    private final Path file;
    private final BlockFile blocks;
    private final FileHeader header;
    private final long length;

    /** Belongs to the thread that plans commits. */
    private long planned = JournalFormat.BLOCK_BYTES;

    /** Belongs to the thread that writes them. */
    private long written = JournalFormat.BLOCK_BYTES;

    JournalWriter(Path file, BlockFile blocks, FileHeader header, long length) {
        this.file = file;
        this.blocks = blocks;
        this.header = header;
        this.length = length;
    }

    /** Returns the file. */
    public Path file() {
        return file;
    }

    /** Returns the file's length in bytes. */
    public long length() {
        return length;
    }

    long tag() {
        return header.tag();
    }

    /** Derives a tenant's key for this file. */
    public DataKey key(TenantKeys keys) {
        byte[] salt = new byte[JournalFormat.SALT_BYTES];
        header.salt().duplicate().get(salt);
        return keys.journalKey(salt);
    }

    /** Reserves room for a commit of this many bytes; says whether there is enough. */
    public boolean reserve(long bytes) {
        if (planned + bytes > length) {
            return false;
        }
        planned += bytes;
        return true;
    }

    /** Says how many bytes are neither written nor reserved. */
    public long room() {
        return length - planned;
    }

    /** Writes a commit for which room was reserved. It is not durable before {@link #sync}. */
    public void write(ByteBuffer commit) throws IOException {
        int bytes = commit.remaining();
        blocks.write(written, commit);
        written += bytes;
    }

    /** Syncs what was written. The return from here is the commit point: what was written is durable from then on. */
    public void sync() throws IOException {
        blocks.sync();
    }

    @Override
    public void close() throws IOException {
        blocks.close();
    }

    /** Opens a prepared file, whose header is durable, for its commits. */
    static JournalWriter open(Storage storage, Path file, FileHeader header, long length) throws IOException {
        return new JournalWriter(file, storage.openBlocks(file), header, length);
    }
}
