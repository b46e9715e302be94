package dev.evidencevault.benchmarks.targets;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.FileAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Logback, writing lines to a file in the calling thread. An event is done when the call returns: it is with the
 * operating system if lines are flushed at once, and in Logback's buffer else.
 */
final class LogbackTarget implements AppendTarget {
    private final LoggerContext context = new LoggerContext();
    private final FileAppender<ILoggingEvent> appender = new FileAppender<>();
    private final Logger logger;
    private final String[] tenants;
    private final AtomicLong seq = new AtomicLong();

    LogbackTarget(Path directory, int tenants, boolean immediateFlush) throws IOException {
        Files.createDirectory(directory);
        context.setMDCAdapter(new LogbackMDCAdapter());
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setCharset(UTF_8);
        encoder.setPattern("%msg%n");
        encoder.start();
        appender.setContext(context);
        appender.setFile(directory.resolve(RawFileTarget.FILE).toString());
        appender.setImmediateFlush(immediateFlush);
        appender.setEncoder(encoder);
        appender.start();
        if (!appender.isStarted()) {
            throw new IOException(
                    "Logback did not start: " + context.getStatusManager().getCopyOfStatusList());
        }
        this.logger = context.getLogger("audit");
        logger.setLevel(Level.INFO);
        logger.setAdditive(false);
        logger.addAppender(appender);
        this.tenants = AppendTarget.tenantNames(tenants);
    }

    @Override
    public Producer producer() {
        return new LogbackProducer();
    }

    @Override
    public void settle() throws IOException {
        appender.getOutputStream().flush();
    }

    @Override
    public void close() {
        context.stop();
    }

    private final class LogbackProducer implements Producer {
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
        public void awaitDone() {}

        @Override
        public void close() {}
    }
}
