package dev.evidencevault.attest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.Event;
import dev.evidencevault.SmallVault;
import dev.evidencevault.Vault;
import dev.evidencevault.VaultObserver;
import dev.evidencevault.VaultOptions;
import dev.evidencevault.crypto.note.Checkpoint;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.crypto.timestamp.TimeStamp;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.UnsyncedStorage;
import dev.evidencevault.verify.Claim;
import dev.evidencevault.verify.Finding;
import dev.evidencevault.verify.VaultVerifier;
import dev.evidencevault.verify.Verdict;
import dev.evidencevault.verify.VerificationReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Authorities stamp the checkpoints of a vault, answer something else, or do not answer; and what its verifier says. */
@Timeout(120)
class TimeStampedVaultTest {
    @TempDir
    private Path directory;

    private Path vault;
    private Layout layout;
    private Attestations attestations;
    private final List<String> failures = Collections.synchronizedList(new ArrayList<>());

    @BeforeEach
    void place() {
        vault = directory.resolve("vault");
        layout = new Layout(vault);
        attestations = new Attestations(layout);
    }

    private VaultOptions stamped(TimeStamper... authorities) {
        return SmallVault.options()
                .withAnchorEvery(Duration.ZERO)
                .withTimeStamping(TimeStamping.by(authorities))
                .withObserver(new VaultObserver() {
                    @Override
                    public void deliveryFailed(String sink) {
                        failures.add(sink);
                    }
                });
    }

    private void append(VaultOptions options, String action) throws Exception {
        try (Vault open = Vault.openOrCreate(vault, SmallVault.SECRET, options)) {
            open.tenant("acme").appendAndWait(Event.of(action).build());
        }
    }

    private SignedNote checkpoint() throws IOException {
        return SignedNote.parse(Files.readAllBytes(layout.checkpoint()));
    }

    private long latest() throws IOException {
        return Checkpoint.parse(checkpoint().text()).size();
    }

    private Path file(long anchor, int place) {
        return vault.resolve(Attestations.timeStampName(anchor, place));
    }

    private List<Finding> time(Verdict expected, X509Certificate... roots) throws IOException {
        VerificationReport report = new VaultVerifier(null, null, List.of(roots)).verify(vault);
        assertEquals(expected, report.verdict(), report.toString());
        return report.findings().stream()
                .filter(finding -> finding.claim() == Claim.TIME)
                .toList();
    }

    @Test
    void bothAuthoritiesStampEveryCheckpointAndTheVaultVerifies() throws Exception {
        try (TestAuthority one = TestAuthority.start("one", Clock.systemUTC());
                TestAuthority two = TestAuthority.start("two", Clock.systemUTC())) {
            append(stamped(one.stamper(), two.stamper()), "first");
            long first = latest();
            append(stamped(one.stamper(), two.stamper()), "second");
            assertEquals(List.of(), failures);
            assertTrue(attestations.timeStamped().containsAll(List.of(first, latest())));
            Map<Integer, byte[]> kept = attestations.timeStamps(latest());
            assertEquals(List.of(1, 2), List.copyOf(kept.keySet()));
            assertEquals(
                    Attestations.imprint(checkpoint()),
                    TimeStamp.parse(Files.readAllBytes(file(latest(), 2))).imprint());

            List<Finding> time = time(Verdict.PASSED, one.root(), two.root());
            assertEquals(1, time.size());
            assertTrue(time.get(0).reason().contains("anchor " + latest()), time.toString());
            assertTrue(time.get(0).reason().contains("CN=two"), time.toString());
            assertEquals(List.of(), time(Verdict.PASSED), "without a root nothing is judged");
            assertTrue(new VaultVerifier(null, null)
                    .verify(vault).findings().stream()
                            .anyMatch(finding -> finding.reason().contains("they were not judged")));
            assertEquals(
                    Verdict.FAILED,
                    time(Verdict.FAILED, one.root()).get(0).verdict(),
                    "two is not under the root of one");
        }
    }

    @Test
    void aVaultWithoutTimeStampsIsUndecidedForWhoWantsThem() throws Exception {
        try (TestAuthority authority = TestAuthority.start("one", Clock.systemUTC())) {
            append(SmallVault.options(), "first");
            assertEquals(
                    Verdict.INDETERMINATE,
                    time(Verdict.INDETERMINATE, authority.root()).get(0).verdict());
            assertEquals(List.of(), time(Verdict.PASSED));
        }
    }

    /** Whatever the first authority does, the vault is written, the second is asked, and nothing of the first is kept. */
    @ParameterizedTest
    @ValueSource(
            strings = {"hangs", "is gone", "garbage", "another imprint", "another nonce", "huge", "another authority"})
    void oneAuthorityThatFailsDoesNotStopTheOther(String fault) throws Exception {
        try (TestAuthority bad = TestAuthority.start("bad", Clock.systemUTC());
                TestAuthority stranger = TestAuthority.start("bad", Clock.systemUTC());
                TestAuthority good = TestAuthority.start("good", Clock.systemUTC())) {
            TimeStamper first = bad.stamper();
            switch (fault) {
                case "hangs" -> {
                    bad.behave(bad::hang);
                    first = bad.stamperWithin(Duration.ofMillis(300));
                }
                case "is gone" -> bad.close();
                case "garbage" -> bad.behave(request -> "<html>".getBytes(StandardCharsets.UTF_8));
                case "another imprint" -> bad.behave(request -> bad.authority().answer(withOtherImprint(request)));
                case "another nonce" ->
                    bad.behave(request -> bad.authority()
                            .stamp(Attestations.imprint(checkpoint()))
                            .bytes());
                case "huge" -> bad.behave(request -> new byte[TimeStamp.BYTES_MAX + 1]);
                case "another authority" -> bad.behave(stranger.authority()::answer);
                default -> throw new IllegalArgumentException(fault);
            }
            append(stamped(first, good.stamper()), "first");
            assertTrue(failures.contains("time stamp authority " + first.name()), failures.toString());
            assertEquals(
                    List.of(2), List.copyOf(attestations.timeStamps(latest()).keySet()));
            time(Verdict.PASSED, good.root());
            if (fault.equals("hangs") || fault.equals("is gone")) {
                return;
            }
            // What failed is made up for when the vault is opened again.
            bad.behave(bad.authority()::answer);
            Vault.open(vault, SmallVault.SECRET, stamped(first, good.stamper())).close();
            assertEquals(
                    List.of(1, 2), List.copyOf(attestations.timeStamps(latest()).keySet()));
            time(Verdict.PASSED, bad.root(), good.root());
        }
    }

    /** A request for something else with the nonce that the client sent. */
    private static byte[] withOtherImprint(byte[] request) {
        byte[] changed = request.clone();
        // SEQUENCE, version, SEQUENCE { SEQUENCE { sha256 [, NULL] }, OCTET STRING of 32 bytes.
        String hex = HexFormat.of().formatHex(request);
        changed[hex.indexOf("0420") / 2 + 2] ^= 1;
        return changed;
    }

    private TimeStampSink sink(Clock clock, TimeStamper authority) {
        return TimeStampSink.of(TimeStamping.by(authority), layout, new UnsyncedStorage(), clock)
                .get(0);
    }

    @Test
    void anIdleVaultIsStampedAgainBeforeTheCertificateEnds() throws Exception {
        // The local authority's certificates are valid for 365 days from an hour before it was made.
        Instant now = Instant.parse("2026-05-01T12:00:00Z");
        Clock then = Clock.fixed(now, ZoneOffset.UTC);
        Clock early = Clock.fixed(now.plus(Duration.ofDays(274)), ZoneOffset.UTC);
        Clock late = Clock.fixed(now.plus(Duration.ofDays(275)), ZoneOffset.UTC);
        try (TestAuthority old = TestAuthority.start("old", then);
                TestAuthority fresh = TestAuthority.start("fresh", late)) {
            append(stamped(old.stamper()).withClock(then), "first");
            long anchor = latest();
            byte[] first = Files.readAllBytes(file(anchor, 1));
            int asked = old.requests();

            Vault.open(vault, SmallVault.SECRET, stamped(old.stamper()).withClock(early))
                    .close();
            assertEquals(anchor, latest(), "nothing was written, so nothing was anchored");
            assertEquals(asked, old.requests(), "91 days before the end nobody is asked");

            Vault.open(vault, SmallVault.SECRET, stamped(old.stamper()).withClock(late))
                    .close();
            assertEquals(asked + 1, old.requests(), "90 days before the end the authority is asked");
            assertFalse(Files.exists(file(anchor, 3)), "its certificate is the old one, which helps nobody");

            Vault.open(vault, SmallVault.SECRET, stamped(fresh.stamper()).withClock(late))
                    .close();
            assertEquals(anchor, latest());
            assertArrayEquals(first, Files.readAllBytes(file(anchor, 1)), "the earliest time is kept");
            assertTrue(Files.exists(file(anchor, 3)));
            int renewed = fresh.requests();
            Vault.open(vault, SmallVault.SECRET, stamped(fresh.stamper()).withClock(late))
                    .close();
            assertEquals(renewed, fresh.requests());
            assertEquals(List.of(), failures);
            time(Verdict.PASSED, old.root(), fresh.root());
            assertEquals(1, time(Verdict.FAILED, old.root()).size());
        }
    }

    @Test
    void stampingNowKeepsTheFirstAndTheLast() throws Exception {
        append(SmallVault.options(), "first");
        try (TestAuthority authority = TestAuthority.start("one", Clock.systemUTC())) {
            TimeStampSink sink = sink(Clock.systemUTC(), authority.stamper());
            sink.stamp(checkpoint());
            byte[] first = Files.readAllBytes(file(latest(), 1));
            sink.stamp(checkpoint());
            byte[] second = Files.readAllBytes(file(latest(), 3));
            assertEquals("CN=one (proves nothing)", sink.stamp(checkpoint()).authority());
            assertArrayEquals(first, Files.readAllBytes(file(latest(), 1)));
            assertFalse(java.util.Arrays.equals(second, Files.readAllBytes(file(latest(), 3))));
            time(Verdict.PASSED, authority.root());
        }
    }

    @Test
    void tamperedTimeStampsAreFound() throws Exception {
        try (TestAuthority authority = TestAuthority.start("one", Clock.systemUTC())) {
            append(stamped(authority.stamper()), "first");
            long first = latest();
            append(stamped(authority.stamper()), "second");
            time(Verdict.PASSED, authority.root());
            Path file = file(latest(), 1);
            byte[] good = Files.readAllBytes(file);
            // The digest, in the middle, and the signature at the end.
            String text = new String(good, StandardCharsets.ISO_8859_1);
            String digest = new String(Attestations.imprint(checkpoint()).bytes(), StandardCharsets.ISO_8859_1);
            for (int at : new int[] {0, text.indexOf(digest), good.length / 2, good.length - 1}) {
                byte[] changed = good.clone();
                changed[at] ^= 1;
                Files.write(file, changed);
                List<Finding> found = time(Verdict.FAILED, authority.root());
                assertEquals(
                        Attestations.timeStampName(latest(), 1), found.get(0).where(), "byte " + at);
            }
            Files.copy(file(first, 1), file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            assertTrue(time(Verdict.FAILED, authority.root()).get(0).reason().contains("expected a time stamp of"));
            Files.write(file, new byte[TimeStamp.BYTES_MAX + 1]);
            time(Verdict.FAILED, authority.root());
            Files.write(file, good);
            time(Verdict.PASSED, authority.root());
            Files.write(file(latest() + 1, 1), good);
            assertTrue(time(Verdict.FAILED, authority.root()).get(0).reason().contains("missing"));
            Files.delete(file(latest() + 1, 1));
            Files.write(vault.resolve("attestations/00000001.5.tsr"), good);
            time(Verdict.FAILED);
        }
    }

    /** A minute, and the second that the authority states, is what clocks may be apart. */
    @ParameterizedTest
    @ValueSource(ints = {-3600, 61, 62})
    void anAnchorThatClaimsALaterTimeThanItsTimeStampIsFound(int secondsAhead) throws Exception {
        Instant now = Instant.parse("2026-05-01T12:00:00Z");
        try (TestAuthority authority = TestAuthority.start("one", Clock.fixed(now, ZoneOffset.UTC))) {
            append(
                    stamped(authority.stamper()).withClock(Clock.fixed(now.plusSeconds(secondsAhead), ZoneOffset.UTC)),
                    "first");
            if (secondsAhead < 62) {
                time(Verdict.PASSED, authority.root());
            } else {
                String reason = time(Verdict.FAILED, authority.root()).get(0).reason();
                assertTrue(reason.contains("claims to be of 2026-05-01T12:01:02"), reason);
            }
            time(Verdict.PASSED);
        }
    }

    @Test
    void whatAKilledWriterLeftIsRemovedAtOpening() throws Exception {
        Path killed = vault;
        vault = directory.resolve("running");
        try (Vault open = Vault.create(vault, SmallVault.SECRET, SmallVault.options());
                Stream<Path> all = Files.walk(vault)) {
            open.tenant("acme").appendAndWait(Event.of("first").build());
            for (Path each : all.toList()) {
                Files.copy(each, killed.resolve(vault.relativize(each).toString()));
            }
        }
        Files.createDirectory(killed.resolve("attestations"));
        Files.write(killed.resolve("attestations/00000001.1.tsr.tmp"), new byte[10]);
        vault = killed;
        Vault.open(vault, SmallVault.SECRET, SmallVault.options()).close();
        assertFalse(Files.exists(vault.resolve("attestations/00000001.1.tsr.tmp")));
        time(Verdict.PASSED);
    }

    @Test
    void oneOrTwoAuthoritiesAreNamed() throws Exception {
        try (TestAuthority authority = TestAuthority.start("one", Clock.systemUTC())) {
            TimeStamper stamper = authority.stamper();
            assertThrows(IllegalArgumentException.class, TimeStamping::by);
            assertThrows(IllegalArgumentException.class, () -> TimeStamping.by(stamper, stamper, stamper));
            assertThrows(IllegalArgumentException.class, () -> new TimeStamping(List.of(stamper), Duration.ofDays(-1)));
        }
    }
}
