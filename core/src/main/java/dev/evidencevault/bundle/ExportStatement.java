package dev.evidencevault.bundle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.cases.CaseId;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.LogId;
import dev.evidencevault.format.Timestamps;
import dev.evidencevault.place.Place;
import dev.evidencevault.place.PlaceRegister;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
 * @param places where the tenant's records lay when the bundle was made, as the vault's register had it, ascending by name;
 *     empty if there was none
 */
public record ExportStatement(
        String software,
        long exportedAt,
        LogId vaultId,
        LogId logId,
        String tenant,
        long records,
        long notYetAnchored,
        @Nullable CaseId caseId,
        List<Lay> places) {

    private static final Set<String> MEMBERS = Set.of(
            "format",
            "software",
            "exportedAt",
            "vaultId",
            "logId",
            "tenant",
            "records",
            "notYetAnchored",
            "case",
            "places");
    private static final String FORMAT = "evidence-vault-export/1";

    /** With places. */
    private static final String FORMAT_2 = "evidence-vault-export/2";

    /**
     * A place where records lay. What its address is, is nobody's business who is handed the bundle.
     *
     * @param name its name in the register
     * @param jurisdiction the country whose law holds there (ISO 3166-1 alpha-2)
     * @param kind whether the vault lay there, or a copy of its logs
     */
    public record Lay(String name, String jurisdiction, Place.Kind kind) {
        /** Checks the parts. */
        public Lay {
            new Place(name, jurisdiction, kind, "-");
            if (kind == Place.Kind.CONFIGURATION) {
                throw new IllegalArgumentException("no tenant's records lie in a place for configuration");
            }
        }

        private static Lay of(JsonNode json) {
            if (!(json instanceof ObjectNode object)) {
                throw new IllegalArgumentException("expected a place, found " + json.getNodeType());
            }
            Json.requireOnly(object, Set.of("name", "jurisdiction", "kind"), "a place");
            return new Lay(
                    Json.text(object, "name"),
                    Json.text(object, "jurisdiction"),
                    Place.Kind.ofLabel(Json.text(object, "kind")));
        }
    }

    /** Checks the counts and the order of the places. */
    public ExportStatement {
        places = List.copyOf(places);
        if (places.size() > PlaceRegister.PLACES_MAX) {
            throw new IllegalArgumentException("expected at most " + PlaceRegister.PLACES_MAX + " places");
        }
        for (int i = 1; i < places.size(); i++) {
            if (places.get(i - 1).name().compareTo(places.get(i).name()) >= 0) {
                throw new IllegalArgumentException("places ascend by their names");
            }
        }
        if (records < 0 || notYetAnchored < 0) {
            throw new IllegalArgumentException("counts are not negative");
        }
    }

    /** Returns the bytes of the file. */
    public byte[] format() {
        ObjectNode json = Json.object();
        json.put("format", places.isEmpty() ? FORMAT : FORMAT_2)
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
        if (!places.isEmpty()) {
            ArrayNode list = json.putArray("places");
            places.forEach(place -> list.addObject()
                    .put("name", place.name())
                    .put("jurisdiction", place.jurisdiction())
                    .put("kind", place.kind().label()));
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
        if (!Set.of(FORMAT, FORMAT_2).contains(Json.text(json, "format"))) {
            throw new IllegalArgumentException(
                    "expected the format " + FORMAT + " or " + FORMAT_2 + ", found " + json.path("format"));
        }
        List<Lay> places = new ArrayList<>();
        json.path("places").forEach(place -> places.add(Lay.of(place)));
        ExportStatement statement = new ExportStatement(
                Json.text(json, "software"),
                Timestamps.parse(Json.text(json, "exportedAt")),
                LogId.parse(Json.text(json, "vaultId")),
                LogId.parse(Json.text(json, "logId")),
                Json.text(json, "tenant"),
                Json.integer(json, "records"),
                Json.integer(json, "notYetAnchored"),
                json.has("case") ? new CaseId(Json.text(json, "case")) : null,
                places);
        if (!Arrays.equals(statement.format(), bytes)) {
            throw new IllegalArgumentException("the file is not spelled as it was written");
        }
        return statement;
    }
}
