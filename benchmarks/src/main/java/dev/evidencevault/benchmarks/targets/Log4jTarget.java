package dev.evidencevault.benchmarks.targets;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.Logger;
import org.apache.logging.log4j.core.async.AsyncLoggerContext;
import org.apache.logging.log4j.core.config.builder.api.ConfigurationBuilder;
import org.apache.logging.log4j.core.config.builder.api.ConfigurationBuilderFactory;
import org.apache.logging.log4j.core.config.builder.impl.BuiltConfiguration;
import org.apache.logging.log4j.core.jmx.RingBufferAdmin;

/**
 * Log4j 2 with asynchronous loggers: callers put lines into a ring and wait while it is full, one thread writes them to a
 * file. An event is done when the call returns and it is in the ring; {@link Producer#awaitDone} waits for the file.
 */
final class Log4jTarget implements AppendTarget {
    private static final long POLL_NANOS = 20_000;

    private final AsyncLoggerContext context = new AsyncLoggerContext("audit");
    private final RingBufferAdmin ring;
    private final Logger logger;
    private final String[] tenants;
    private final AtomicLong seq = new AtomicLong();

    Log4jTarget(Path directory, int tenants) throws IOException {
        Files.createDirectory(directory);
        ConfigurationBuilder<BuiltConfiguration> builder = ConfigurationBuilderFactory.newConfigurationBuilder();
        builder.setStatusLevel(Level.ERROR)
                .add(builder.newAppender("file", "RandomAccessFile")
                        .addAttribute(
                                "fileName",
                                directory.resolve(RawFileTarget.FILE).toString())
                        .addAttribute("immediateFlush", false)
                        .add(builder.newLayout("PatternLayout")
                                .addAttribute("pattern", "%msg%n")
                                .addAttribute("charset", UTF_8)))
                .add(builder.newRootLogger(Level.INFO).add(builder.newAppenderRef("file")));
        context.start(builder.build(false));
        this.ring = context.createRingBufferAdmin();
        this.logger = context.getLogger("audit");
        this.tenants = AppendTarget.tenantNames(tenants);
    }

    @Override
    public Producer producer() {
        return new Log4jProducer();
    }

    /** Returns when the ring is empty; the end of what was in it is flushed to the file. */
    @Override
    public void settle() {
        while (ring.getRemainingCapacity() < ring.getBufferSize()) {
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    @Override
    public void close() {
        context.stop();
    }

    private final class Log4jProducer implements Producer {
        private final EventLine line = new EventLine();

        @Override
        public void append(int tenant, Sample sample) {
            int length = line.encode(tenants[tenant], seq.getAndIncrement(), sample);
            logger.info(new String(line.array(), 0, length - 1, UTF_8));
        }

        @Override
        public void append(int tenant, Sample sample, Runnable done) {
            append(tenant, sample);
            done.run();
        }

        @Override
        public void awaitDone() {
            settle();
        }

        @Override
        public void close() {}
    }
}
