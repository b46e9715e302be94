package dev.evidencevault.deposit;

import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Layout.LogDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * The packs in the directory of a log.
 *
 * @param directory the log's
 */
record PacksInDirectory(LogDirectory directory) implements PackSource {
    @Override
    public List<Long> numbers() throws IOException {
        return Layout.numbers(directory.backups(), Layout.PACK_SUFFIX);
    }

    @Override
    public Pack open(long number) throws IOException {
        Path path = directory.pack(number);
        try {
            if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
                throw new CorruptFileException(path, 0, "the pack is missing");
            }
            return new PackChannel(path, FileChannel.open(path, StandardOpenOption.READ));
        } catch (NoSuchFileException e) {
            throw new CorruptFileException(path, 0, "the pack is missing");
        }
    }

    private record PackChannel(Path name, FileChannel channel) implements Pack {
        @Override
        public long bytes() throws IOException {
            return channel.size();
        }

        @Override
        public void read(long offset, ByteBuffer into) throws IOException {
            long at = offset;
            while (into.hasRemaining()) {
                int read = channel.read(into, at);
                if (read < 0) {
                    throw new CorruptFileException(name, at, "the file ends too early");
                }
                at += read;
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
