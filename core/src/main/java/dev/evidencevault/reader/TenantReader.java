package dev.evidencevault.reader;

import dev.evidencevault.anchor.Anchor;
import dev.evidencevault.crypto.keys.TenantKeys;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.deposit.DepositKind;
import dev.evidencevault.deposit.Depositor;
import dev.evidencevault.deposit.TenantBackups;
import dev.evidencevault.format.CommitmentScheme;
import dev.evidencevault.format.LogId;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.format.RecordKind;
import dev.evidencevault.journal.JournalFrame;
import dev.evidencevault.journal.JournalRead;
import dev.evidencevault.journal.JournalReader;
import dev.evidencevault.journal.JournalTail;
import dev.evidencevault.segment.SealedLog;
import dev.evidencevault.segment.SegmentContent;
import dev.evidencevault.segment.SegmentFile;
import dev.evidencevault.storage.CopyIsReadOnlyException;
import dev.evidencevault.storage.DestroyedLogException;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Layout.LogDirectory;
import dev.evidencevault.storage.LocalStorage;
import dev.evidencevault.storage.Tombstone;
import dev.evidencevault.storage.UnlockedVault;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The log of one tenant, open for reading with that tenant's keys. Safe for use by several threads. */
public final class TenantReader {
    private final UnlockedVault vault;
    private final String name;
    private final LogId logId;
    private final LogDirectory directory;
    private final TenantKeys keys;

    /** Takes records one by one. */
    @FunctionalInterface
    public interface RecordConsumer {
        /** Takes a record; says whether to go on. */
        boolean accept(LogRecord record) throws IOException;
    }

    TenantReader(UnlockedVault vault, String name, LogId logId, LogDirectory directory)
            throws IOException, WrongKeyException {
        this.vault = vault;
        this.name = name;
        this.logId = logId;
        this.directory = directory;
        this.keys = vault.keys(directory);
    }

    /** Returns the tenant's name. */
    public String tenant() {
        return name;
    }

    /** Returns the log's id. */
    public LogId logId() {
        return logId;
    }

    /** Returns the tenant's keys. */
    public TenantKeys keys() {
        return keys;
    }

    /** Returns how the log commits to events. */
    public CommitmentScheme commitments() {
        return vault.settings().events();
    }

    /**
     * Returns the latest anchor that sees no more of the log than lies here: in a vault the latest, in a copy the one that
     * the log was copied up to. Empty if there is none that knows the log.
     */
    public Optional<Anchor> latestAnchor() throws IOException {
        Layout layout = vault.layout();
        List<Long> numbers = Layout.numbers(layout.anchors(), Layout.ANCHOR_SUFFIX);
        if (!layout.isCopy()) {
            return numbers.isEmpty() ? Optional.empty() : Optional.of(anchor(numbers.get(numbers.size() - 1)));
        }
        long end = sealedLeaves();
        Optional<Anchor> latest = Optional.empty();
        int from = 0;
        int to = numbers.size();
        // A log never shrinks from one anchor to the next.
        while (from < to) {
            int middle = (from + to) >>> 1;
            Anchor anchor = anchor(numbers.get(middle));
            Anchor.Entry entry = anchor.entries().get(logId);
            if (entry == null || entry.size() <= end) {
                latest = entry == null ? latest : Optional.of(anchor);
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return latest;
    }

    private Anchor anchor(long number) throws IOException {
        return Anchor.read(vault.layout(), number, vault.settings().keys());
    }

    private long sealedLeaves() throws IOException {
        List<Long> numbers = segmentNumbers();
        if (numbers.isEmpty()) {
            return 0;
        }
        try (SegmentFile file = segment(numbers.get(numbers.size() - 1))) {
            return file.end().tree().to();
        }
    }

    /**
     * Requires that files can be added to the log.
     *
     * @throws CopyIsReadOnlyException if it lies in a copy
     */
    public void requireWritable() throws CopyIsReadOnlyException {
        vault.layout().requireWritable();
    }

    /**
     * Requires that the log's keys were not destroyed since this was opened. What is in memory of them would still open the log.
     *
     * @throws DestroyedLogException if they were
     */
    public void requireReadable() throws DestroyedLogException {
        if (Tombstone.isAt(directory)) {
            throw new DestroyedLogException(logId);
        }
    }

    /** Returns where the log lies. */
    public LogDirectory directory() {
        return directory;
    }

    /** Returns the numbers of the sealed segments, ascending. */
    public List<Long> segmentNumbers() throws IOException {
        return Layout.numbers(directory.segments(), Layout.SEGMENT_SUFFIX);
    }

    /** Returns the number of the first segment whose records were not destroyed; 1 if none were. */
    public long firstSegment() {
        return keys.firstSegment();
    }

    /** Returns how many leaves at the beginning of the log are of records that were destroyed, and their seals. */
    public long destroyedLeaves() throws IOException {
        if (firstSegment() == 1) {
            return 0;
        }
        try (SegmentFile file = segment(firstSegment() - 1)) {
            return file.sealRecord().seq() + 1;
        }
    }

    /** Opens a sealed segment. */
    public SegmentFile segment(long number) throws IOException {
        requireReadable();
        return new SegmentFile(directory.segment(number));
    }

    /**
     * Reads the records that were acknowledged and are not sealed, as the journal has them now. Some of them may be
     * sealed by the time that segments are listed: read this first, then the segments, and pass over what comes twice.
     */
    public List<LogRecord> unsealed() throws IOException {
        requireReadable();
        List<LogRecord> records = new ArrayList<>();
        JournalReader.Consumer consumer = new JournalReader.Consumer() {
            @Override
            public void frame(JournalFrame frame) throws IOException {
                records.addAll(frame.records());
            }
        };
        new JournalRead(vault.layout()).run(id -> id.equals(logId) ? keys : null, consumer, (file, summary) -> {});
        records.sort(Comparator.comparingLong(LogRecord::seq));
        return records;
    }

    /** Returns the records that are not sealed, to be read again and again. Nothing is read yet. */
    public JournalTail tail() {
        return new JournalTail(vault.layout(), logId, keys);
    }

    /**
     * Returns the tenant's deposits. What is put with this handle is recorded in the log by whoever writes the vault: after its
     * next anchor, or when the vault is opened.
     */
    public TenantBackups backups() {
        return new TenantBackups(
                new Depositor(DepositKind.TENANT, logId, directory, keys), new LocalStorage(), Clock.systemUTC(), null);
    }

    /** Returns the sealed part of the log. */
    public SealedLog sealedLog() {
        return new SealedLog(logId, directory, keys);
    }

    /** Reads all events that were not destroyed in the order of the log, sealed or not, each once. */
    public void events(RecordConsumer consumer) throws IOException {
        List<LogRecord> tail = unsealed();
        long next = 0;
        for (long number : segmentNumbers()) {
            if (number < firstSegment()) {
                continue;
            }
            try (SegmentFile file = segment(number)) {
                SegmentContent content = new SegmentContent(file, keys);
                for (SegmentFile.BlockRef block : file.blocks()) {
                    if (block.records() && !deliver(content.records(block), 0, consumer)) {
                        return;
                    }
                }
                next = file.sealRecord().seq() + 1;
            }
        }
        deliver(tail, next, consumer);
    }

    private static boolean deliver(List<LogRecord> records, long from, RecordConsumer consumer) throws IOException {
        for (LogRecord record : records) {
            if (record.seq() >= from && record.kind() == RecordKind.EVENT && !consumer.accept(record)) {
                return false;
            }
        }
        return true;
    }

    /** Returns how many events the log has had, sealed or not, destroyed or not; a record of a gap counts as one. */
    public long eventCount() throws IOException {
        List<LogRecord> tail = unsealed();
        long sealed = 0;
        long next = 0;
        List<Long> numbers = segmentNumbers();
        if (!numbers.isEmpty()) {
            try (SegmentFile file = segment(numbers.get(numbers.size() - 1))) {
                sealed = file.seal().events();
                next = file.sealRecord().seq() + 1;
            }
        }
        long from = next;
        return sealed
                + tail.stream()
                        .filter(record -> record.seq() >= from && record.kind() != RecordKind.SEAL)
                        .count();
    }
}
