package dev.evidencevault.journal;

import dev.evidencevault.crypto.aead.DataKey;
import dev.evidencevault.crypto.keys.TenantKeys;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.LogId;
import dev.evidencevault.journal.JournalFormat.CommitHeader;
import dev.evidencevault.journal.JournalFormat.FileHeader;
import dev.evidencevault.journal.JournalFormat.FrameEntry;
import dev.evidencevault.storage.Layout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a journal file commit by commit.
 *
 * <p>A crash leaves a tail of commits that were written and not synced: any part of them may be missing or garbage. Their
 * records were never acknowledged, and reading ends before the first commit that is not whole. A commit further on, in the
 * file or in a later one, that says the one there had been synced proves that it is no torn tail: acknowledged records are
 * damaged, and reading fails. A commit whose checksum is right and whose content does not decrypt was changed on purpose.
 *
 * <p>Works beside the writer, who overwrites nothing but files that it has taken away before. Not safe for use by several
 * threads at once.
 */
public final class JournalReader {
    /** Gives the keys of a log; null for one whose frames are to be passed over undecrypted. */
    @FunctionalInterface
    public interface Keys {
        /** Returns the keys of a log, or null. */
        @Nullable
        TenantKeys of(LogId logId) throws IOException;
    }

    /** Takes what was read. */
    public interface Consumer {
        /** Takes the place of a frame's records, decrypted or passed over: {@code count} of them from {@code firstSeq}. */
        default void place(LogId logId, long firstSeq, int count) throws IOException {}

        /** Takes a frame that was decrypted. */
        default void frame(JournalFrame frame) throws IOException {}
    }

    /**
     * What was found.
     *
     * @param life whose life wrote the file; null if its header cannot be read
     * @param firstCommit the number of the first commit; 0 if there is none
     * @param lastCommit the number of the last whole commit; 0 if there is none
     * @param tornAt where a torn commit begins; -1 if there is none
     * @param tornBytes how many bytes cannot be read there
     */
    public record Summary(@Nullable ByteBuffer life, long firstCommit, long lastCommit, long tornAt, long tornBytes) {}

    /** Says whether a later file proves that a commit of this one had been synced. */
    @FunctionalInterface
    interface Successors {
        /** Says whether a file after this one, of the same life, holds a commit. */
        boolean haveCommits(ByteBuffer life) throws IOException;
    }

    private static final int SCAN_BYTES = 1 << 20;

    private static final long UNKNOWN = -1;

    private final Path file;
    private final Keys keys;
    private final Successors successors;
    private final Map<LogId, FrameKeys> fileKeys = new HashMap<>();

    // Where reading stands: beside a writer it can go on later.
    private long at = JournalFormat.BLOCK_BYTES;
    private long first;
    private long last;

    /** A log's keys for the frames of this file, the newest first. */
    private record FrameKeys(TenantKeys tenant, List<DataKey> keys) {}

    /** Where nothing followed, and when the file had been changed last then; null before that was looked at. */
    private @Nullable Quiet quiet;

    private record Quiet(long at, FileTime modified) {}

    /** The payload of the commit that is being read, from the beginning. */
    private byte[] payload = new byte[0];

    /** Creates a reader of a file that stands alone. */
    public JournalReader(Path file, Keys keys) {
        this(file, keys, life -> false);
    }

    JournalReader(Path file, Keys keys, Successors successors) {
        this.file = file;
        this.keys = keys;
        this.successors = successors;
    }

    /**
     * Reads all whole commits in their order. Called again, reads those that came since.
     *
     * @throws CorruptFileException if records that had been synced are damaged, or any were changed
     * @throws NoSuchFileException if the file is not there, or was taken away while it was read: all that it held is
     *     anchored then
     */
    public Summary read(Consumer consumer) throws IOException {
        if (!Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .isRegularFile()) {
            throw new CorruptFileException(file, 0, "expected a regular file");
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            Object identity = identity();
            try {
                return read(channel, consumer);
            } catch (CorruptFileException e) {
                if (!identity.equals(identity())) {
                    throw new NoSuchFileException(file.toString());
                }
                throw e;
            }
        }
    }

    private Object identity() throws IOException {
        try {
            Object key = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .fileKey();
            return key == null ? file : key;
        } catch (NoSuchFileException e) {
            return "none";
        }
    }

    /**
     * The first commit of a file, as far as its header tells.
     *
     * @param life whose life wrote the file
     * @param commit its number
     */
    record First(ByteBuffer life, long commit) {}

    /** Reads the header of a file and of its first commit; null if there is none. */
    static @Nullable First first(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            byte[] block = bytes(channel, 0, JournalFormat.BLOCK_BYTES);
            FileHeader header = block == null ? null : FileHeader.decode(block);
            byte[] commit = bytes(channel, JournalFormat.BLOCK_BYTES, JournalFormat.COMMIT_HEADER_BYTES);
            CommitHeader found = commit == null ? null : CommitHeader.decode(commit);
            return header != null && found != null && found.tag() == header.tag()
                    ? new First(header.life(), found.commit())
                    : null;
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private Summary read(FileChannel channel, Consumer consumer) throws IOException {
        long length = channel.size();
        // Taken before anything is read: what is written meanwhile makes another.
        FileTime modified = Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS);
        byte[] block = bytes(channel, 0, JournalFormat.BLOCK_BYTES);
        FileHeader header = block == null ? null : FileHeader.decode(block);
        if (header == null) {
            if (syncedBeyond(channel, 0, null, 1)) {
                throw new CorruptFileException(
                        file, 0, "the header cannot be read, and records that were acknowledged follow");
            }
            return new Summary(null, 0, 0, length == 0 ? -1 : 0, length);
        }
        if (header.number() < 1
                || header.number() > Layout.NUMBER_MAX
                || !file.endsWith(Layout.numbered(header.number(), Layout.JOURNAL_SUFFIX))) {
            throw new CorruptFileException(file, 8, "the file says that it is journal " + header.number());
        }
        boolean again = false;
        while (true) {
            CommitHeader commit = commitAt(channel, at, header, last);
            if (commit == null
                    || !readPayload(channel, at + JournalFormat.COMMIT_HEADER_BYTES, commit.payloadBytes())
                    || JournalFormat.crc(payload, 0, commit.payloadBytes()) != commit.payloadCrc()) {
                long tornBytes = tornBytes(channel, at, length, header, commit);
                long expected = commit != null ? commit.commit() : last > 0 ? last + 1 : UNKNOWN;
                Quiet now = new Quiet(at, modified);
                if ((now.equals(quiet) || !syncedBeyond(channel, at, header, expected))
                        && !(tornBytes > 0 && successors.haveCommits(header.life()))) {
                    quiet = now;
                    return new Summary(header.life(), first, last, tornBytes > 0 ? at : -1, tornBytes);
                }
                if (again) {
                    throw new CorruptFileException(
                            file,
                            at,
                            "a commit cannot be read, and what follows says that it was on disk: records that were"
                                    + " acknowledged are damaged");
                }
                // Beside a writer it may have become whole after it was read.
                again = true;
                continue;
            }
            again = false;
            frames(commit, at, header, consumer);
            first = first == 0 ? commit.commit() : first;
            last = commit.commit();
            at += commit.paddedBytes();
        }
    }

    /** The header of the commit at a place, if it is the next one of this file. */
    private static @Nullable CommitHeader commitAt(FileChannel channel, long at, FileHeader header, long last)
            throws IOException {
        byte[] bytes = bytes(channel, at, JournalFormat.COMMIT_HEADER_BYTES);
        CommitHeader commit = bytes == null ? null : CommitHeader.decode(bytes);
        return commit != null && commit.tag() == header.tag() && (last == 0 || commit.commit() == last + 1)
                ? commit
                : null;
    }

    /** How many bytes at a place look like a commit of this file that is not whole; 0 if none was begun there. */
    private static long tornBytes(
            FileChannel channel, long at, long length, FileHeader header, @Nullable CommitHeader commit)
            throws IOException {
        if (at >= length) {
            return 0;
        }
        if (commit != null) {
            return Math.min(commit.paddedBytes(), length - at);
        }
        byte[] bytes = bytes(channel, at, JournalFormat.COMMIT_HEADER_BYTES);
        if (bytes == null) {
            return length - at;
        }
        CommitHeader other = CommitHeader.decode(bytes);
        ByteBuffer begin = ByteBuffer.wrap(bytes);
        boolean begun = other == null
                ? begin.getInt() == JournalFormat.COMMIT_MAGIC || begin.getLong() == header.tag()
                : other.tag() == header.tag();
        return begun ? length - at : 0;
    }

    private void frames(CommitHeader commit, long at, FileHeader header, Consumer consumer) throws IOException {
        ByteBuffer directory = ByteBuffer.wrap(payload, 0, commit.payloadBytes());
        long cipherAt = (long) commit.frames() * JournalFormat.FRAME_ENTRY_BYTES;
        for (int i = 0; i < commit.frames(); i++) {
            FrameEntry entry = FrameEntry.decode(directory);
            long end = entry == null ? -1 : cipherAt + entry.plainBytes() + DataKey.OVERHEAD_BYTES;
            if (entry == null || end > commit.payloadBytes()) {
                throw new CorruptFileException(
                        file, at, "frame " + i + " of commit " + commit.commit() + " has no end");
            }
            consumer.place(entry.logId(), entry.firstSeq(), entry.count());
            FrameKeys frameKeys = keys(entry.logId(), header);
            if (frameKeys != null) {
                byte[] associated = JournalFormat.associatedData(
                        commit.tag(), commit.commit(), commit.synced(), commit.frames(), i, entry);
                consumer.frame(new JournalFrame(
                        file,
                        entry.logId(),
                        entry.firstSeq(),
                        entry.count(),
                        ByteBuffer.wrap(open(
                                frameKeys,
                                header,
                                JournalFormat.nonce(commit.nonce(), i),
                                associated,
                                (int) cipherAt,
                                (int) (end - cipherAt),
                                at))));
            }
            cipherAt = end;
        }
        if (cipherAt != commit.payloadBytes()) {
            throw new CorruptFileException(file, at, "bytes follow the frames of commit " + commit.commit());
        }
    }

    private byte[] open(
            FrameKeys frameKeys, FileHeader header, byte[] nonce, byte[] associated, int from, int length, long at)
            throws CorruptFileException {
        for (DataKey key : frameKeys.keys()) {
            try {
                return key.openAt(nonce, associated, payload, from, length);
            } catch (GeneralSecurityException e) {
                // A frame does not say under which of the log's keys it is.
            }
        }
        Optional<TenantKeys> newer = frameKeys.tenant().newer();
        if (newer.isPresent()) {
            return open(frameKeys(newer.get(), header), header, nonce, associated, from, length, at);
        }
        throw new CorruptFileException(
                file, at, "the checksum of a commit is right and a frame does not decrypt: it was changed");
    }

    private @Nullable FrameKeys keys(LogId logId, FileHeader header) throws IOException {
        FrameKeys known = fileKeys.get(logId);
        if (known == null) {
            TenantKeys tenant = keys.of(logId);
            if (tenant == null) {
                return null;
            }
            if (header.cipher() != tenant.cipher()) {
                throw new CorruptFileException(
                        file,
                        0,
                        "the journal is encrypted with " + header.cipher() + ", those of this vault with "
                                + tenant.cipher());
            }
            known = frameKeys(tenant, header);
            fileKeys.put(logId, known);
        }
        return known;
    }

    private static FrameKeys frameKeys(TenantKeys tenant, FileHeader header) {
        byte[] salt = new byte[JournalFormat.SALT_BYTES];
        header.salt().duplicate().get(salt);
        return new FrameKeys(tenant, tenant.journalKeys(salt));
    }

    /**
     * Says whether a commit after a place says that the one there was on disk.
     *
     * @param commit its number; if {@link #UNKNOWN}, at most the one before the first that is found
     */
    private static boolean syncedBeyond(FileChannel channel, long at, @Nullable FileHeader header, long commit)
            throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(SCAN_BYTES);
        byte[] bytes = new byte[JournalFormat.COMMIT_HEADER_BYTES];
        long expected = commit;
        for (long from = at; ; from += SCAN_BYTES) {
            chunk.clear();
            while (chunk.hasRemaining() && channel.read(chunk, from + chunk.position()) > 0) {}
            for (int block = 0; block + bytes.length <= chunk.position(); block += JournalFormat.BLOCK_BYTES) {
                if (chunk.getInt(block) == JournalFormat.COMMIT_MAGIC) {
                    chunk.get(block, bytes);
                    CommitHeader found = CommitHeader.decode(bytes);
                    if (found == null || header != null && found.tag() != header.tag()) {
                        continue;
                    }
                    expected = expected == UNKNOWN ? found.commit() - 1 : expected;
                    if (expected > 0 && found.synced() >= expected) {
                        return true;
                    }
                }
            }
            if (chunk.hasRemaining()) {
                return false;
            }
        }
    }

    /** Reads the payload of a commit; says whether the file has all of it. */
    private boolean readPayload(FileChannel channel, long at, int length) throws IOException {
        if (at + length > channel.size()) {
            return false;
        }
        if (payload.length < length) {
            payload = new byte[length];
        }
        return read(channel, at, payload, length);
    }

    /** The bytes at a place; null if the file ends before them. */
    private static byte @Nullable [] bytes(FileChannel channel, long at, int length) throws IOException {
        if (at + length > channel.size()) {
            return null;
        }
        byte[] bytes = new byte[length];
        return read(channel, at, bytes, length) ? bytes : null;
    }

    private static boolean read(FileChannel channel, long at, byte[] bytes, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, at + buffer.position()) < 0) {
                return false;
            }
        }
        return true;
    }
}
