package dev.evidencevault.benchmarks.targets;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A pool of events, the same in every run: 50 actors, every tenth event with a privilege, and texts that compress about
 * as well as real ones. Immutable.
 */
public final class SampleEvents {
    /** The size that stands for real CloudTrail records. */
    public static final String CLOUDTRAIL = "cloudtrail";

    private static final int SAMPLES = 1 << 12;
    private static final int ACTORS = 50;
    private static final int DOCUMENTS = 10_000;
    private static final List<String> VERBS = List.of("read", "read", "read", "write", "delete");

    /** From here on, a line has room for service, address and details; below, it has no more than a target. */
    private static final int DETAILED_BYTES_MIN = 450;

    private static final int TARGETED_BYTES_MIN = 300;

    private final Sample[] samples;

    private SampleEvents(List<Sample> samples) {
        this.samples = samples.toArray(Sample[]::new);
    }

    /**
     * Returns events of a size.
     *
     * @param size a number of bytes, or {@value #CLOUDTRAIL}
     * @param cloudtrail the file with one CloudTrail record on a line; read for that size only
     */
    public static SampleEvents of(String size, Path cloudtrail) throws IOException {
        return size.equals(CLOUDTRAIL) ? ofCloudtrail(cloudtrail) : ofBytes(Integer.parseInt(size));
    }

    /**
     * Returns events whose lines have about this many bytes each, line feed included, and never fewer than they need: an
     * event with an actor needs about 255. Up to 299 it has no more than that, up to 449 also a target, from 450 also
     * service, address and details.
     */
    public static SampleEvents ofBytes(int lineBytes) {
        Random random = new Random(20260101);
        EventLine line = new EventLine();
        List<Sample> samples = new ArrayList<>(SAMPLES);
        for (int i = 0; i < SAMPLES; i++) {
            String verb = VERBS.get(random.nextInt(VERBS.size()));
            String actor = "user-" + random.nextInt(ACTORS);
            boolean privileged = random.nextInt(10) == 0;
            String document = "doc-" + random.nextInt(DOCUMENTS);
            if (lineBytes < TARGETED_BYTES_MIN) {
                samples.add(new Sample("doc." + verb, actor, privileged, null, null, null, null, null, null, true));
            } else if (lineBytes < DETAILED_BYTES_MIN) {
                Sample bare = targeted(verb, actor, privileged, document);
                int room = lineBytes - line.encode("tenant-00", 1_000_000, bare);
                samples.add(
                        room < 2 ? bare : targeted(verb, actor, privileged, document + '-' + hex(random, room - 1)));
            } else {
                Sample bare = detailed(verb, actor, privileged, document, "");
                int room = Math.max(0, lineBytes - line.encode("tenant-00", 1_000_000, bare));
                samples.add(detailed(verb, actor, privileged, document, words(random, room)));
            }
        }
        return new SampleEvents(samples);
    }

    private static Sample targeted(String verb, String actor, boolean privileged, String document) {
        return new Sample("document." + verb, actor, privileged, null, "document", document, null, null, null, false);
    }

    private static Sample detailed(String verb, String actor, boolean privileged, String document, String note) {
        return new Sample(
                "document." + verb,
                actor,
                privileged,
                "documents",
                "document",
                document,
                "203.0.113.7",
                "{\"note\":\"" + note + "\"}",
                null,
                false);
    }

    /**
     * Returns real CloudTrail records as they are imported: the record as it was, and what can be searched beside it.
     * Actors are 50, as for the other sizes.
     */
    public static SampleEvents ofCloudtrail(Path file) throws IOException {
        ObjectMapper json = new ObjectMapper();
        Random random = new Random(20260101);
        List<Sample> samples = new ArrayList<>();
        for (String text : Files.readAllLines(file)) {
            JsonNode record = json.readTree(text);
            samples.add(new Sample(
                    record.path("eventName").asText("unknown"),
                    "arn:aws:iam::123456789012:user/user-" + random.nextInt(ACTORS),
                    random.nextInt(10) == 0,
                    record.path("eventSource").asText("unknown"),
                    null,
                    null,
                    record.path("sourceIPAddress").asText("unknown"),
                    null,
                    text,
                    false));
        }
        if (samples.isEmpty()) {
            throw new IOException("expected CloudTrail records in " + file + ", found none");
        }
        return new SampleEvents(samples);
    }

    /** Returns the event at a position; they come again after a while. */
    public Sample at(long position) {
        return samples[(int) (position % samples.length)];
    }

    /** Returns the mean length of the lines in bytes, line feed included, with numbers of seven digits. */
    public double lineBytes(TenantSequence tenants) {
        EventLine line = new EventLine();
        long bytes = 0;
        int lines = 8 * samples.length;
        for (int i = 0; i < lines; i++) {
            bytes += line.encode(AppendTarget.tenantName(tenants.at(i)), 1_000_000 + i, at(i));
        }
        return (double) bytes / lines;
    }

    private static String hex(Random random, int chars) {
        StringBuilder text = new StringBuilder(chars);
        while (text.length() < chars) {
            text.append(Character.forDigit(random.nextInt(16), 16));
        }
        return text.toString();
    }

    /** Words of two to nine letters, out of two thousand. */
    private static String words(Random random, int chars) {
        StringBuilder text = new StringBuilder(chars + 10);
        while (text.length() < chars) {
            Random word = new Random(random.nextInt(2000));
            for (int letters = 2 + word.nextInt(8); letters > 0; letters--) {
                text.append((char) ('a' + word.nextInt(26)));
            }
            text.append(' ');
        }
        return text.substring(0, chars);
    }
}
