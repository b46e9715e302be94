package dev.evidencevault.campaign;

import dev.evidencevault.VaultOptions;
import dev.evidencevault.crypto.keys.VaultSecret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a writer is to do; handed over as arguments of the form {@code name=value}. Mutable while it is made. */
final class WriterPlan {
    static final VaultSecret SECRET = VaultSecret.keyFile(new byte[32]);

    private static final int SMALL_JOURNAL_BYTES = 64 << 10;

    private final Map<String, String> values = new TreeMap<>();

    private WriterPlan() {}

    /** A writer that goes on until it is killed. */
    static WriterPlan of(Path vault, Path progress, int round) {
        return new WriterPlan()
                .with("vault", vault)
                .with("progress", progress)
                .with("round", round)
                .threads(3)
                .tenants(4)
                .eventBytes(200)
                .window(64)
                .events(0)
                .sealEvery(0)
                .sealMillis(20)
                .journalBytes(SMALL_JOURNAL_BYTES)
                .flaw(Flaw.NONE);
    }

    static WriterPlan parse(String[] args) {
        WriterPlan plan = new WriterPlan();
        for (String arg : args) {
            int equals = arg.indexOf('=');
            plan.with(arg.substring(0, equals), arg.substring(equals + 1));
        }
        return plan;
    }

    List<String> args() {
        return values.entrySet().stream()
                .map(each -> each.getKey() + "=" + each.getValue())
                .toList();
    }

    private WriterPlan with(String name, Object value) {
        values.put(name, value.toString());
        return this;
    }

    private String text(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("expected " + name + "=…, found " + values);
        }
        return value;
    }

    private int number(String name) {
        return Integer.parseInt(text(name));
    }

    Path vault() {
        return Path.of(text("vault"));
    }

    Path progress() {
        return Path.of(text("progress"));
    }

    int round() {
        return number("round");
    }

    WriterPlan threads(int value) {
        return with("threads", value);
    }

    int threads() {
        return number("threads");
    }

    WriterPlan tenants(int value) {
        return with("tenants", value);
    }

    int tenants() {
        return number("tenants");
    }

    WriterPlan eventBytes(int value) {
        return with("event-bytes", value);
    }

    int eventBytes() {
        return number("event-bytes");
    }

    /** How many receipts a thread does not wait for. */
    WriterPlan window(int value) {
        return with("window", value);
    }

    int window() {
        return number("window");
    }

    /** How many events each thread appends; 0 for as many as it can until it is killed. */
    WriterPlan events(int value) {
        return with("events", value);
    }

    int events() {
        return number("events");
    }

    /** After how many events a thread asks for a seal; 0 for never. */
    WriterPlan sealEvery(int value) {
        return with("seal-every", value);
    }

    int sealEvery() {
        return number("seal-every");
    }

    WriterPlan sealMillis(int value) {
        return with("seal-millis", value);
    }

    WriterPlan journalBytes(int value) {
        return with("journal-bytes", value);
    }

    WriterPlan flaw(Flaw value) {
        return with("flaw", value);
    }

    Flaw flaw() {
        return Flaw.valueOf(text("flaw"));
    }

    VaultOptions options() {
        VaultOptions options = VaultOptions.defaults()
                .withSealAfter(Duration.ofMillis(number("seal-millis")))
                .withJournalBytesMax(number("journal-bytes"));
        return flaw() == Flaw.UNSYNCED ? options.withStorage(UnsyncedStorage.create()) : options;
    }

    /** Options that need little room on the disk. */
    static VaultOptions smallOptions() {
        return VaultOptions.defaults().withJournalBytesMax(SMALL_JOURNAL_BYTES);
    }

    static String tenant(int index) {
        return "tenant-" + index;
    }
}
