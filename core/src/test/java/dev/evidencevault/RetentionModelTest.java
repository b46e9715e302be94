package dev.evidencevault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.reader.VaultReader;
import dev.evidencevault.retention.RetentionPeriod;
import dev.evidencevault.storage.UnlockedVault;
import dev.evidencevault.verify.VaultVerifier;
import dev.evidencevault.verify.Verdict;
import dev.evidencevault.verify.VerificationReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * Random rules, events and pauses against a list of what was appended: nothing is destroyed before its time, all that is left is a
 * run up to the end of the log, and what is over goes in the end, up to the first record that has to stay.
 */
class RetentionModelTest {
    private static final String[] SERVICES = {"web", "billing", "mail"};

    /** An event that was appended. */
    private record Appended(String id, String service, Instant at) {}

    private final MovedClock clock = new MovedClock("2026-06-10T09:00:00Z");
    private final Map<String, Integer> days = new HashMap<>();
    private final List<Appended> appended = new ArrayList<>();

    @Property(tries = 12)
    void nothingGoesBeforeItsTimeAndWhatIsOverGoes(@ForAll long seed, @ForAll @IntRange(min = 4, max = 10) int rounds)
            throws Exception {
        Path root = Files.createTempDirectory("retention");
        try {
            days.clear();
            appended.clear();
            run(root.resolve("vault"), new Random(seed), rounds);
        } finally {
            try (Stream<Path> all = Files.walk(root)) {
                for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
    }

    private void run(Path root, Random random, int rounds) throws Exception {
        VaultSecret secret = VaultSecret.keyFile(new byte[32]);
        VaultOptions options = SmallVault.options().withClock(clock);
        Vault.create(root, secret, options).close();
        List<String> left = List.of();
        for (int round = 0; round < rounds; round++) {
            try (Vault vault = Vault.open(root, secret, options)) {
                TenantLog log = vault.tenant("acme");
                for (int i = random.nextInt(3); i >= 0; i--) {
                    String service = SERVICES[random.nextInt(SERVICES.length)];
                    String id = "e" + appended.size();
                    log.appendAndWait(Event.of("act").id(id).service(service).build());
                    appended.add(new Appended(id, service, clock.instant()));
                }
                if (round == 0 || random.nextInt(3) == 0) {
                    rule(vault, random);
                }
                apply(vault);
            }
            left = requireLeft(UnlockedVault.unlock(root, secret), left);
            clock.move(Duration.ofHours(random.nextInt(1, 24 * 6)));
        }
        List<String> then = left;
        clock.move(Duration.ofDays(40));
        for (int i = 0; i < 2; i++) {
            try (Vault vault = Vault.open(root, secret, options)) {
                apply(vault);
            }
        }
        left = requireLeft(UnlockedVault.unlock(root, secret), left);
        List<String> kept = appended.stream()
                .filter(each -> then.contains(each.id()) && period(each.service()) == 0)
                .map(Appended::id)
                .toList();
        if (kept.isEmpty()) {
            assertEquals(List.of(), left, () -> "all is over under " + days);
        } else {
            assertTrue(left.containsAll(kept), () -> "it is kept for ever under " + days);
        }
    }

    private void rule(Vault vault, Random random) throws IOException {
        String service = random.nextInt(3) == 0 ? null : SERVICES[random.nextInt(SERVICES.length)];
        int period = random.nextInt(0, 12);
        days.put(service == null ? "" : service, period);
        vault.setRetention(
                null, service, period == 0 ? RetentionPeriod.forEver() : RetentionPeriod.ofDays(period), "a test");
    }

    private int period(String service) {
        return days.getOrDefault(service, days.getOrDefault("", 0));
    }

    private static void apply(Vault vault) throws IOException {
        RetentionRun run = vault.applyRetention(List.of("acme"));
        assertEquals(Map.of(), run.failures());
    }

    private List<String> requireLeft(UnlockedVault vault, List<String> before) throws Exception {
        List<String> left = new ArrayList<>();
        VaultReader.of(vault).tenant("acme").orElseThrow().events(record -> left.add(record.id()));
        List<String> all = appended.stream().map(Appended::id).toList();
        assertEquals(all.subList(all.size() - left.size(), all.size()), left, "what is left is the end of the log");
        for (Appended each : appended) {
            if (before.contains(each.id()) && !left.contains(each.id())) {
                int period = period(each.service());
                assertTrue(
                        period > 0 && !each.at().plus(Duration.ofDays(period)).isAfter(clock.instant()),
                        () -> each + " is not over at " + clock.instant() + " under " + days);
            }
        }
        assertTrue(
                left.isEmpty() || before.isEmpty() || all.indexOf(left.getFirst()) >= all.indexOf(before.getFirst()));
        VerificationReport report = new VaultVerifier(null, null).verify(vault);
        assertEquals(Verdict.PASSED, report.verdict(), report.toString());
        return left;
    }
}
