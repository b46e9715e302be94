package dev.evidencevault.benchmarks.targets;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.wire.DocumentContext;

/**
 * Chronicle Queue: lines in memory-mapped files, which the operating system writes when it likes. An event is done when
 * the call returns.
 */
final class ChronicleTarget implements AppendTarget {
    private final ChronicleQueue queue;
    private final String[] tenants;
    private final AtomicLong seq = new AtomicLong();

    ChronicleTarget(Path directory, int tenants) throws IOException {
        System.setProperty("chronicle.analytics.disable", "true");
        System.setProperty("chronicle.announcer.disable", "true");
        Files.createDirectory(directory);
        this.queue = ChronicleQueue.singleBuilder(directory).build();
        this.tenants = AppendTarget.tenantNames(tenants);
    }

    @Override
    public Producer producer() {
        return new ChronicleProducer();
    }

    @Override
    public void settle() {}

    @Override
    public void close() {
        queue.close();
    }

    private final class ChronicleProducer implements Producer {
        private final EventLine line = new EventLine();
        private final ExcerptAppender appender = queue.createAppender();

        @Override
        public void append(int tenant, Sample sample) {
            int length = line.encode(tenants[tenant], seq.getAndIncrement(), sample);
            try (DocumentContext document = appender.writingDocument()) {
                Objects.requireNonNull(document.wire(), "a document that is written has a wire")
                        .bytes()
                        .write(line.array(), 0, length);
            }
        }

        @Override
        public void append(int tenant, Sample sample, Runnable done) {
            append(tenant, sample);
            done.run();
        }

        @Override
        public void awaitDone() {}

        @Override
        public void close() {
            appender.close();
        }
    }
}
