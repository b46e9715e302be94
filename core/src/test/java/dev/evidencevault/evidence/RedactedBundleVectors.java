package dev.evidencevault.evidence;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.docs.FormatVectors;
import dev.evidencevault.format.Json;
import dev.evidencevault.verify.Claim;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes {@code docs/formats/vectors/redacted-bundle.zip}, from which fields are withheld, and {@code refused-redactions}:
 * the same with one thing wrong each, made by who holds the vault's keys. Run it after a change of the format, by hand; the
 * result is kept.
 */
final class RedactedBundleVectors {
    static final String BUNDLE = "redacted-bundle.zip";
    static final String REFUSED = "refused-redactions";

    private final Path directory;
    private final ForgedBundle good;
    private final ArrayNode expected = Json.object().putArray("bundles");

    private RedactedBundleVectors(Path directory, ForgedBundle good) {
        this.directory = directory;
        this.good = good;
    }

    /** Writes them into a directory that has none of them. */
    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[0]);
        RedactedVault vault =
                RedactedVault.write(Files.createTempDirectory("vault").resolve("vault"));
        Path whole = Files.createTempDirectory("whole").resolve("whole.zip");
        ForgedBundle good = vault.exported(whole, RedactedVault.some()).withoutCompanions();
        good.writeSigned(directory.resolve(BUNDLE));
        Path refused = Files.createDirectory(directory.resolve(REFUSED));
        new RedactedBundleVectors(refused, good).write();
    }

    private void write() throws IOException {
        String records = BundleLayout.RECORDS;
        add("a shown value is changed", records, 0, "record.read", "record.rEad", Claim.RECORDS);
        add("white space of the skeleton is gone", records, 0, "\"patient\" :", "\"patient\":", Claim.RECORDS);
        add("the number of another rule", records, 0, "redaction 1\"", "redaction 2\"", Claim.REDACTION);
        add("the number of no rule", records, 0, "redaction 1\"", "redaction 9\"", Claim.REDACTION);
        add("another text for what is withheld", records, 0, "withheld by redaction 1", "none", Claim.REDACTION);
        add(
                "the rules are fewer",
                BundleLayout.REDACTION,
                0,
                ",\\{\"path\":\"/actor/session\"[^}]*\\}",
                "",
                Claim.ORDER);
        add(
                "a rule is for another path",
                BundleLayout.REDACTION,
                0,
                "/details/patient",
                "/details/ward",
                Claim.REDACTION);
        add(
                "a header that says that it commits to a line",
                BundleLayout.LEAVES,
                0,
                "\"010102",
                "\"010100",
                Claim.SEGMENTS);
        add(
                "the digest of something else",
                BundleLayout.LEAVES,
                0,
                "\"[0-9a-f]{64}\"",
                "\"" + "00".repeat(32) + "\"",
                Claim.RECORDS);
        ForgedBundle removed = good.copy();
        removed.files().remove(BundleLayout.REDACTION);
        add("the rules are gone", removed, Claim.REDACTION);
        Files.write(
                directory.resolve(RefusedBundleVectors.LIST),
                Json.bytes(Json.object().set("bundles", expected)));
    }

    private void add(String why, String file, int line, String from, String to, Claim claim) throws IOException {
        List<String> lines = good.lines(file);
        String changed = lines.get(line).replaceFirst(from, to);
        if (changed.equals(lines.get(line))) {
            throw new IOException(why + ": there is no " + from);
        }
        lines.set(line, changed);
        ForgedBundle bundle = good.copy();
        String text = String.join("\n", lines);
        add(why, bundle.put(file, file.endsWith(".jsonl") ? text + "\n" : text), claim);
    }

    private void add(String why, ForgedBundle bundle, Claim claim) throws IOException {
        String file = String.format("%02d.zip", expected.size() + 1);
        bundle.sign().write(directory.resolve(file));
        expected.addObject().put("file", file).put("why", why).put("claim", claim.label());
    }

    /** Returns where the good bundle lies. */
    static Path bundle() {
        return FormatVectors.path(BUNDLE);
    }
}
