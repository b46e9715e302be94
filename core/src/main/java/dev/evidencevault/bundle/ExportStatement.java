package dev.evidencevault.bundle;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.cases.CaseId;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.LogId;
import dev.evidencevault.format.Timestamps;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What {@code custody/export.json} says of how a bundle was made. Immutable.
 *
 * @param software the program and its version
 * @param exportedAt when, in nanoseconds since 1970
 * @param vaultId the vault
 * @param logId the log
 * @param tenant the tenant
 * @param records how many records are in the bundle
 * @param notYetAnchored how many records that the order asks for had been acknowledged and were not anchored yet, so that
 *     the bundle does not have them
 * @param caseId the case in which the export was approved; null if it was made outside of one
 */
public record ExportStatement(
        String software,
        long exportedAt,
        LogId vaultId,
        LogId logId,
        String tenant,
        long records,
        long notYetAnchored,
        @Nullable CaseId caseId) {

    private static final Set<String> MEMBERS = Set.of(
            "format", "software", "exportedAt", "vaultId", "logId", "tenant", "records", "notYetAnchored", "case");
    private static final String FORMAT = "evidence-vault-export/1";

    /** Checks the counts. */
    public ExportStatement {
        if (records < 0 || notYetAnchored < 0) {
            throw new IllegalArgumentException("counts are not negative");
        }
    }

    /** Returns the bytes of the file. */
    public byte[] format() {
        ObjectNode json = Json.object();
        json.put("format", FORMAT)
                .put("software", software)
                .put("exportedAt", Timestamps.format(exportedAt))
                .put("vaultId", vaultId.toString())
                .put("logId", logId.toString())
                .put("tenant", tenant)
                .put("records", records)
                .put("notYetAnchored", notYetAnchored);
        if (caseId != null) {
            json.put("case", caseId.text());
        }
        return Json.bytes(json);
    }

    /**
     * Parses the bytes of the file.
     *
     * @throws IllegalArgumentException if they are not spelled as {@link #format()} does
     */
    public static ExportStatement parse(byte[] bytes) {
        ObjectNode json = Json.parseObject(bytes, "the export statement");
        Json.requireOnly(json, MEMBERS, "the export statement");
        if (!Json.text(json, "format").equals(FORMAT)) {
            throw new IllegalArgumentException("expected the format " + FORMAT + ", found " + json.path("format"));
        }
        ExportStatement statement = new ExportStatement(
                Json.text(json, "software"),
                Timestamps.parse(Json.text(json, "exportedAt")),
                LogId.parse(Json.text(json, "vaultId")),
                LogId.parse(Json.text(json, "logId")),
                Json.text(json, "tenant"),
                Json.integer(json, "records"),
                Json.integer(json, "notYetAnchored"),
                json.has("case") ? new CaseId(Json.text(json, "case")) : null);
        if (!Arrays.equals(statement.format(), bytes)) {
            throw new IllegalArgumentException("the file is not spelled as it was written");
        }
        return statement;
    }
}
