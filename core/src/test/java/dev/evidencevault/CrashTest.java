package dev.evidencevault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.campaign.Campaign;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.reader.VaultReader;
import dev.evidencevault.verify.VaultVerifier;
import dev.evidencevault.verify.Verdict;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The journal that a crash leaves, cut at every length and changed at every byte (in the short form at one of five). */
class CrashTest {
    private static final int COMMITS = 5;
    private static final int BLOCK_BYTES = 4096;
    private static final int COMMIT_HEADER_BYTES = 52;
    private static final int PAYLOAD_BYTES_AT = 40;
    private static final String JOURNAL = "journal/00000001.evj";

    @TempDir
    private static Path directory;

    private static Map<String, byte[]> files;
    private static byte[] journal;

    /** Where each commit ends: lengths of the journal after each receipt. */
    private static final List<Integer> ENDS = new ArrayList<>();

    @BeforeAll
    static void crash() throws Exception {
        Path vault = directory.resolve("vault");
        try (Vault open = Vault.create(vault, SmallVault.SECRET, SmallVault.options())) {
            open.tenant("a");
            for (int i = 0; i < COMMITS; i++) {
                ENDS.add(written(Files.readAllBytes(vault.resolve(JOURNAL))));
                open.tenant("a").appendAndWait(Event.of("act-" + i).build());
            }
            files = SmallVault.contents(vault);
        }
        byte[] whole = files.getOrDefault(JOURNAL, new byte[0]);
        ENDS.add(written(whole));
        journal = Arrays.copyOf(whole, ENDS.get(COMMITS));
        assertTrue(journal.length > 0);
    }

    /** Where the zeros that a new journal file is full of begin, at a block. */
    private static int written(byte[] file) {
        int end = file.length;
        while (end > 0 && file[end - 1] == 0) {
            end--;
        }
        return (end + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES;
    }

    /** Where a commit ends that begins at a block: before its padding. */
    private static int end(int at) {
        return at + COMMIT_HEADER_BYTES + ByteBuffer.wrap(journal).getInt(at + PAYLOAD_BYTES_AT);
    }

    /** Where the last byte of a commit's payload is, and one more. */
    private static int lastByte(int commit) {
        return end(ENDS.get(commit));
    }

    private static Path crashed(byte[] changed) throws IOException {
        Path copy = directory.resolve("copy");
        if (Files.exists(copy)) {
            try (Stream<Path> all = Files.walk(copy)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path path = copy.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getKey().equals(JOURNAL) ? changed : file.getValue());
        }
        for (String empty : List.of("anchors", "tenants", "service/log", "service/index")) {
            Files.createDirectories(copy.resolve(empty));
        }
        try (Stream<Path> logs = Files.list(copy.resolve("tenants"))) {
            for (Path log : logs.toList()) {
                Files.createDirectories(log.resolve("log"));
                Files.createDirectories(log.resolve("index"));
            }
        }
        return copy;
    }

    private static List<String> recovered(Path vault) throws Exception {
        Vault.open(vault, SmallVault.SECRET, SmallVault.options()).close();
        List<String> actions = new ArrayList<>();
        VaultReader.open(vault, SmallVault.SECRET)
                .tenant("a")
                .orElseThrow()
                .events(record -> actions.add(record.action()));
        assertEquals(Verdict.PASSED, new VaultVerifier(null, null).verify(vault).verdict());
        return actions;
    }

    private static List<String> acts(int count) {
        return java.util.stream.IntStream.range(0, count)
                .mapToObj(i -> "act-" + i)
                .toList();
    }

    @Test
    void aTornTailIsDroppedAndWhatIsBeforeItIsKept() throws Exception {
        for (int length = 0; length <= journal.length; length += length < BLOCK_BYTES ? 61 : 7) {
            if (Campaign.looksAt(length)) {
                requireCut(length);
            }
        }
        for (int commit = 0; commit < COMMITS; commit++) {
            for (int near = -2; near <= 2; near++) {
                requireCut(lastByte(commit) + near);
                requireCut(ENDS.get(commit) + near);
            }
        }
        requireCut(journal.length);
    }

    /** Only the padding of a commit may be missing. */
    private static void requireCut(int length) throws Exception {
        int commits = 0;
        while (length >= BLOCK_BYTES && commits < COMMITS && lastByte(commits) <= length) {
            commits++;
        }
        assertEquals(acts(commits), recovered(crashed(Arrays.copyOf(journal, length))), "cut to " + length);
    }

    @Test
    void aTailWithHolesIsDroppedAndWhatIsBeforeItIsKept() throws Exception {
        for (int from = ENDS.get(COMMITS - 1); from < lastByte(COMMITS - 1); from++) {
            if (!Campaign.looksAt(from)) {
                continue;
            }
            byte[] torn = Arrays.copyOf(journal, journal.length + BLOCK_BYTES);
            Arrays.fill(torn, from, Math.min(from + 512, journal.length), (byte) 0);
            assertEquals(acts(COMMITS - 1), recovered(crashed(torn)), "zeros from " + from);
        }
    }

    @Test
    void garbageAfterTheLastCommitIsDropped() throws Exception {
        byte[] longer = Arrays.copyOf(journal, journal.length + 5000);
        Arrays.fill(longer, journal.length, longer.length, (byte) 'E');
        assertEquals(acts(COMMITS), recovered(crashed(longer)));
        assertEquals(acts(COMMITS), recovered(crashed(Arrays.copyOf(journal, journal.length + 5000))));
    }

    /** Damage before the last commit is told from a torn tail; in the last one it cannot be, and nothing else is lost. */
    @Test
    void damageInTheMiddleIsReportedAndNothingIsDropped() throws Exception {
        int lastCommit = ENDS.get(COMMITS - 1);
        for (int i = 0; i < journal.length; i++) {
            if (isPadding(i) || !Campaign.looksAt(i)) {
                continue;
            }
            byte[] changed = journal.clone();
            changed[i] ^= (byte) (1 << i % 8);
            Path copy = crashed(changed);
            try {
                assertEquals(acts(COMMITS - 1), recovered(copy), "byte " + i);
                assertTrue(i >= lastCommit, "byte " + i + " belongs to a commit before the last");
            } catch (CorruptFileException e) {
                assertTrue(i < lastCommit, "byte " + i + " belongs to the last commit: " + e);
                assertTrue(Arrays.equals(changed, Files.readAllBytes(copy.resolve(JOURNAL))), "nothing was dropped");
            }
        }
    }

    /** Zeros after a commit count for nothing; those after the file's header are part of it. */
    private static boolean isPadding(int at) {
        int begin = BLOCK_BYTES;
        while (begin < journal.length && end(begin) <= at) {
            int next = (end(begin) + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES;
            if (at < next) {
                return true;
            }
            begin = next;
        }
        return false;
    }
}
