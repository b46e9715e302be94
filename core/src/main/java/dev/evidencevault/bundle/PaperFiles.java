package dev.evidencevault.bundle;

import java.util.List;

/**
 * The names of the papers of a bundle, relative to the bag: what is made from its records and proofs for people and for
 * other tools. See {@code docs/papers.md}.
 */
public final class PaperFiles {
    /** How to verify by hand, in Japanese. */
    public static final String README_JA = "README.ja.txt";

    /** One row: what was asked for and what there is. */
    public static final String SUMMARY = "custody/Summary.csv";

    /** One row a record. */
    public static final String ITEMS = "custody/Items.csv";

    /** Where the records lay. */
    public static final String LOCATIONS = "custody/Locations.csv";

    /** What the export was told, and how the tables are spelled. */
    public static final String SETTINGS = "custody/Settings.csv";

    /** What could not be exported, and why. */
    public static final String ERRORS = "custody/errors.csv";

    /** The inventory of the records, in Japanese. */
    public static final String INVENTORY_TABLE = "custody/inventory.ja.csv";

    /** The inventory to be printed, in Japanese. */
    public static final String INVENTORY = "custody/inventory.ja.md";

    /** A template of a certification of the system (FRE 902(13)). */
    public static final String CERTIFICATE_SYSTEM = "custody/certificate-902-13.md";

    /** A template of a certification of the copy (FRE 902(14)). */
    public static final String CERTIFICATE_COPY = "custody/certificate-902-14.md";

    /** A template of a certificate, in Japanese. */
    public static final String CERTIFICATE_JA = "custody/certificate.ja.md";

    /** That no record of another tenant is shown, and how that was checked. */
    public static final String NON_EXPOSURE = "custody/nonexposure.json";

    /** The export in the terms of CASE and UCO. */
    public static final String CASE = "custody/case.jsonld";

    /** The software, and how to repeat what it did. */
    public static final String TOOL = "custody/tool.json";

    /** What a record's line may hold (JSON Schema). */
    public static final String EVENT_SCHEMA = "schema/event.schema.json";

    /** That the views are no evidence. */
    public static final String VIEWS_README = "data/views/README.txt";

    /** The records as a table, for convenience. */
    public static final String RECORDS_VIEW = "data/views/records.csv";

    /** The records as OCSF events, for convenience. */
    public static final String OCSF_VIEW = "data/views/ocsf.jsonl";

    private static final List<String> PAYLOAD = List.of(VIEWS_README, OCSF_VIEW, RECORDS_VIEW);

    private static final List<String> TAGS = List.of(
            README_JA,
            ITEMS,
            LOCATIONS,
            SETTINGS,
            SUMMARY,
            CASE,
            CERTIFICATE_SYSTEM,
            CERTIFICATE_COPY,
            CERTIFICATE_JA,
            ERRORS,
            INVENTORY_TABLE,
            INVENTORY,
            NON_EXPOSURE,
            TOOL,
            EVENT_SCHEMA);

    private PaperFiles() {}

    /** Returns the papers that belong to the payload of the bag, ascending. */
    public static List<String> payload() {
        return PAYLOAD;
    }

    /** Returns the other papers, ascending. */
    public static List<String> tags() {
        return TAGS;
    }
}
