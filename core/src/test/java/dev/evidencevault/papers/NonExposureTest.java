package dev.evidencevault.papers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.Actor;
import dev.evidencevault.Event;
import dev.evidencevault.SmallVault;
import dev.evidencevault.Vault;
import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.bundle.Completeness;
import dev.evidencevault.bundle.LeafLine;
import dev.evidencevault.bundle.MalformedBundleException;
import dev.evidencevault.bundle.PaperFiles;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.LogRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two tenants whose users, addresses and resources have the same names: nothing of one is in a paper of the other. */
class NonExposureTest {
    private static final String CANARY = "canary-7f3a";
    private static final String OTHER = "b-corp-canary-7f3a";

    @TempDir
    private Path directory;

    private PaperDesk ours;
    private PaperDesk theirs;

    @BeforeEach
    void exportBothTenants() throws Exception {
        Path path = directory.resolve("vault");
        try (Vault vault = Vault.create(path, SmallVault.SECRET, SmallVault.options())) {
            for (int i = 0; i < 6; i++) {
                for (String tenant : List.of("acme", OTHER)) {
                    String mark = tenant.equals("acme") ? "ours" : CANARY;
                    vault.tenant(tenant)
                            .appendAndWait(Event.of("document.read")
                                    .id(mark + "-" + i)
                                    .service("files")
                                    .actor(Actor.tenant("alice").session("s-" + mark))
                                    .sourceIp("192.0.2.7")
                                    .target("document", "q3-report")
                                    .reason("because " + mark)
                                    .details("{\"note\":\"" + mark + "\"}")
                                    .original("raw " + mark)
                                    .build());
                }
                if (i % 2 == 1) {
                    vault.seal();
                }
            }
        }
        ours = PaperDesk.export(path, "'actors':['alice']", directory.resolve("a.zip"));
        theirs = PaperDesk.export(
                path, PaperDesk.order(OTHER, "'actors':['alice']"), Completeness.INDEX, directory.resolve("b.zip"));
    }

    @Test
    void noByteOfTheOtherTenantIsInAPaper() throws Exception {
        String otherLog = Json.text(
                Json.parseObject(Objects.requireNonNull(theirs.files().get(BundleLayout.SCOPE)), "scope"), "logId");
        Map<String, byte[]> papers = ours.papers();
        for (String canary : List.of(CANARY, OTHER, otherLog)) {
            papers.forEach((name, content) ->
                    assertFalse(new String(content, StandardCharsets.UTF_8).contains(canary), name + ": " + canary));
        }
        assertTrue(PaperDesk.text(theirs.papers(), PaperFiles.ITEMS).contains(CANARY), "the canary is one");
    }

    @Test
    void theStatementCountsWhatWasLookedAt() throws Exception {
        var json = Json.parseObject(Objects.requireNonNull(ours.papers().get(PaperFiles.NON_EXPOSURE)), "statement");
        assertEquals("noneFound", json.path("result").asText());
        assertEquals("acme", json.path("tenant").asText());
        assertEquals(6, json.path("checks").get(0).path("counted").asInt());
        assertEquals(6, json.path("checks").get(2).path("counted").asInt());
        assertEquals(3, json.path("checks").get(3).path("counted").asInt());
        assertEquals(9, json.path("keys").path("saltsShown").asInt());
        assertEquals(1, json.path("keys").path("logsOpened").size());
        assertEquals(20, json.path("otherTenants").path("blindedHashes").asInt());
    }

    private List<String> lines(PaperDesk desk, String name) {
        return new ArrayList<>(PaperDesk.text(desk.files(), name).lines().toList());
    }

    private void put(String name, List<String> lines) {
        ours.files().put(name, (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private <T extends IOException> T refused(Class<T> type) {
        T refusal = assertThrows(type, ours::papers);
        assertFalse(String.valueOf(refusal.getMessage()).contains(CANARY), refusal.getMessage());
        return refusal;
    }

    @Test
    void aRecordOfTheOtherTenantIsRefused() {
        List<String> records = lines(ours, BundleLayout.RECORDS);
        records.set(2, lines(theirs, BundleLayout.RECORDS).get(2));
        put(BundleLayout.RECORDS, records);
        assertTrue(String.valueOf(refused(ForeignRecordException.class).getMessage())
                .contains(BundleLayout.RECORDS + " line 3: expected a record that names the order's tenant"));
    }

    @Test
    void aRecordOfTheOtherTenantThatNamesOursIsRefused() {
        List<String> records = lines(ours, BundleLayout.RECORDS);
        records.set(2, lines(theirs, BundleLayout.RECORDS).get(2).replace(OTHER, "acme"));
        put(BundleLayout.RECORDS, records);
        refused(ForeignRecordException.class);
    }

    @Test
    void aRecordWithItsOwnLeafOfTheOtherLogIsRefused() {
        List<String> records = lines(ours, BundleLayout.RECORDS);
        records.set(2, lines(theirs, BundleLayout.RECORDS).get(2).replace(OTHER, "acme"));
        put(BundleLayout.RECORDS, records);
        List<String> leaves = lines(ours, BundleLayout.LEAVES);
        leaves.set(2, lines(theirs, BundleLayout.LEAVES).get(2));
        put(BundleLayout.LEAVES, leaves);
        assertTrue(String.valueOf(refused(ForeignRecordException.class).getMessage())
                .contains("expected a leaf header of the scope's log"));
    }

    @Test
    void aWithheldHeaderOfTheOtherLogIsRefused() {
        List<String> leaves = lines(ours, BundleLayout.LEAVES);
        LeafLine foreign =
                LeafLine.parse(lines(theirs, BundleLayout.LEAVES).get(5).getBytes(StandardCharsets.UTF_8));
        leaves.add(new String(LeafLine.withheld(foreign.header()).format(), StandardCharsets.UTF_8));
        put(BundleLayout.LEAVES, leaves);
        refused(ForeignRecordException.class);
    }

    @Test
    void theOtherTenantsStatementOrCheckpointIsRefused() {
        for (String name : List.of(BundleLayout.EXPORT, BundleLayout.CHECKPOINT, BundleLayout.SCOPE)) {
            byte[] own = Objects.requireNonNull(
                    ours.files().put(name, Objects.requireNonNull(theirs.files().get(name))));
            refused(ForeignRecordException.class);
            ours.files().put(name, own);
        }
    }

    @Test
    void whatDoesNotFitTogetherIsRefused() {
        List<String> records = lines(ours, BundleLayout.RECORDS);
        List<String> more = new ArrayList<>(records);
        more.add(records.get(0));
        put(BundleLayout.RECORDS, more);
        refused(MalformedBundleException.class);
        put(BundleLayout.RECORDS, records.subList(0, 5));
        refused(MalformedBundleException.class);
        put(BundleLayout.RECORDS, records);
        List<String> leaves = lines(ours, BundleLayout.LEAVES);
        put(BundleLayout.LEAVES, leaves.subList(0, 5));
        refused(MalformedBundleException.class);
        List<String> changed = new ArrayList<>(records);
        changed.set(0, records.get(0).replace("because", "BECAUSE"));
        put(BundleLayout.LEAVES, leaves);
        put(BundleLayout.RECORDS, changed);
        refused(ForeignRecordException.class);
        assertTrue(
                LogRecord.parse(changed.get(0).getBytes(StandardCharsets.UTF_8)).seq() == 0);
    }
}
