package dev.evidencevault.papers;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.format.Json;

/** {@code custody/nonexposure.json}: what was looked for of other tenants, where, and what was found. */
final class NonExposureFile {
    private static final String FORMAT = "evidence-vault-nonexposure/1";

    private final Holdings holdings;
    private final NonExposure.Counted counted;
    private final Texts english;
    private final Texts japanese;

    NonExposureFile(Holdings holdings, NonExposure.Counted counted, Texts english, Texts japanese) {
        this.holdings = holdings;
        this.counted = counted;
        this.english = english;
        this.japanese = japanese;
    }

    byte[] bytes() {
        ObjectNode json = Json.object();
        json.put("format", FORMAT);
        putText(json.putObject("statement"), "exposure.statement");
        json.put("tenant", holdings.order().tenant());
        json.put("logId", holdings.scope().logId().toString());
        json.put("result", "noneFound");
        putChecks(json.putArray("checks"));
        putKeys(json.putObject("keys"));
        putOthers(json.putObject("otherTenants"));
        ArrayNode limits = json.putArray("notChecked");
        putText(limits.addObject(), "exposure.limit.texts");
        putText(limits.addObject(), "exposure.limit.tree");
        putText(limits.addObject(), "exposure.limit.names");
        return JsonText.bytes(json);
    }

    private void putChecks(ArrayNode checks) {
        putCheck(checks, "tenantOfRecord", BundleLayout.RECORDS, counted.records());
        putCheck(checks, "recordIsCommitted", BundleLayout.RECORDS, counted.records());
        putCheck(checks, "logOfHeader", BundleLayout.LEAVES, counted.headers());
        putCheck(checks, "logOfSeal", BundleLayout.SEGMENTS, counted.seals());
        putCheck(checks, "logOfCheckpoint", BundleLayout.CHECKPOINT, 1);
        putCheck(checks, "tenantAndLogOfStatement", BundleLayout.EXPORT, 1);
    }

    private void putCheck(ArrayNode checks, String name, String file, long looked) {
        ObjectNode check = checks.addObject();
        check.put("check", name).put("file", file).put("counted", looked).put("ofOthers", 0);
        putText(check.putObject("method"), "exposure.check." + name);
    }

    /** Keys have no ids that a bundle shows: what can be counted are the logs under whose keys something of it stands. */
    private void putKeys(ObjectNode keys) {
        keys.putArray("logsOpened")
                .addObject()
                .put("logId", holdings.scope().logId().toString())
                .put("tenant", holdings.order().tenant());
        keys.put("saltsShown", counted.records() + counted.seals());
        putText(keys.putObject("method"), "exposure.keys");
    }

    private void putOthers(ObjectNode others) {
        others.put("blindedHashes", holdings.anchor().superPath().size());
        others.put("nodeLogHashes", holdings.anchor().nodePath().size());
        others.put("hiddenRunsOfThisLog", counted.runs());
        putText(others.putObject("meaning"), "exposure.others");
    }

    private void putText(ObjectNode object, String key) {
        object.put("en", english.text(key)).put("ja", japanese.text(key));
    }
}
