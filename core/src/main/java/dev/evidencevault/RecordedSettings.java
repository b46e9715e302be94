package dev.evidencevault;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.attest.TimeStamper;
import dev.evidencevault.attest.TimeStamping;
import dev.evidencevault.crypto.keys.TenantKeys;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.Change;
import dev.evidencevault.format.Change.What;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.format.RecordKind;
import dev.evidencevault.segment.SegmentContent;
import dev.evidencevault.segment.SegmentFile;
import dev.evidencevault.segment.SegmentFile.BlockRef;
import dev.evidencevault.sink.CheckpointSink;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Layout.LogDirectory;
import dev.evidencevault.storage.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the vault's own log says of how the vault is run: written when a vault is opened in another way than before. */
final class RecordedSettings {
    private RecordedSettings() {}

    /** Returns the settings that matter for evidence, as JSON. */
    static String of(VaultOptions options, Settings settings) {
        ObjectNode json = Json.object();
        String version = RecordedSettings.class.getPackage().getImplementationVersion();
        json.put("software", version == null ? "development" : version)
                .put("sealAfter", options.sealAfter().toString())
                .put("anchorEvery", options.anchorEvery().toString())
                .put("secret", settings.derivation().kind());
        Settings.VaultKey vaultKey = settings.vaultKey();
        if (vaultKey != null) {
            json.put("secretEpoch", vaultKey.epoch());
        }
        json.put("vaultSha256", Digest.sha256(settings.format()).hex());
        ArrayNode sinks = json.putArray("sinks");
        options.sinks().stream().map(CheckpointSink::name).forEach(sinks::add);
        ArrayNode witnesses = json.putArray("witnesses");
        options.witnesses().forEach(witness -> witnesses.add(witness.name()));
        ArrayNode authorities = json.putArray("timeStampAuthorities");
        TimeStamping stamping = options.timeStamping();
        if (stamping != null) {
            stamping.authorities().stream().map(TimeStamper::name).forEach(authorities::add);
        }
        String text = new String(Json.bytes(json), StandardCharsets.UTF_8);
        return text.length() <= LogRecord.TEXT_CHARS_MAX ? text : text.substring(0, LogRecord.TEXT_CHARS_MAX);
    }

    /** Returns what the log says last, as far as it is sealed; null if it says nothing. */
    static @Nullable String last(LogDirectory directory, TenantKeys keys) throws IOException {
        List<Long> numbers = Layout.numbers(directory.segments(), Layout.SEGMENT_SUFFIX);
        for (int i = numbers.size() - 1; i >= 0 && numbers.get(i) >= keys.firstSegment(); i--) {
            try (SegmentFile file = new SegmentFile(directory.segment(numbers.get(i)))) {
                String last = file.seal().notices() == 0 ? null : lastOf(file, keys);
                if (last != null) {
                    return last;
                }
            }
        }
        return null;
    }

    private static @Nullable String lastOf(SegmentFile file, TenantKeys keys) throws IOException {
        SegmentContent content = new SegmentContent(file, keys);
        String last = null;
        for (BlockRef block : file.blocks()) {
            if (block.records()) {
                for (LogRecord record : content.records(block)) {
                    if (record.kind() == RecordKind.CHANGE) {
                        Change change = Change.of(record);
                        last = change.what() == What.SETTINGS ? change.after() : last;
                    }
                }
            }
        }
        return last;
    }
}
