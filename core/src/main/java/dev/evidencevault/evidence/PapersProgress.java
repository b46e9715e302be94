package dev.evidencevault.evidence;

import dev.evidencevault.bundle.BundleLayout;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;

/** Opens the files that papers are made of, and tells how much of the leaves was read. For one thread. */
final class PapersProgress {
    private final WorkDirectory work;
    private final ExportProgress progress;

    PapersProgress(WorkDirectory work, ExportProgress progress) {
        this.work = work;
        this.progress = progress;
    }

    InputStream open(String name) throws IOException {
        InputStream in = work.open(name);
        return name.equals(BundleLayout.LEAVES) ? new Counted(in, Files.size(work.file(name))) : in;
    }

    private final class Counted extends FilterInputStream {
        private final long total;
        private long done;

        Counted(InputStream in, long total) {
            super(in);
            this.total = total;
        }

        @Override
        public int read() throws IOException {
            int read = in.read();
            tell(read < 0 ? 0 : 1);
            return read;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = in.read(bytes, offset, length);
            tell(Math.max(read, 0));
            return read;
        }

        private void tell(int read) {
            done += read;
            progress.at(ExportProgress.Phase.PAPERS, done, total);
        }
    }
}
