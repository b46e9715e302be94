package dev.evidencevault.evidence;

import dev.evidencevault.SmallVault;
import dev.evidencevault.bundle.Completeness;
import dev.evidencevault.crypto.note.CheckpointSigner;
import dev.evidencevault.docs.FormatVectors;
import dev.evidencevault.format.Timestamps;
import dev.evidencevault.reader.VaultReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the small bundles of {@code docs/formats/vectors}: one for each way to show that nothing is left out. Run it
 * after a change of the format, by hand, and {@link RefusedBundleVectors} after it; the results are kept.
 */
final class SmallBundleVectors {
    static final String INDEX = "small-bundle.zip";
    static final String HEADERS = "small-bundle-headers.zip";
    static final String RANGE = "small-bundle-range.zip";

    private SmallBundleVectors() {}

    /** Writes them into a directory that has none of them. */
    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[0]);
        VaultReader reader = SmallVault.open(FormatVectors.path("small-vault"));
        EvidenceExport export = new EvidenceExport(reader, Clock.systemUTC());
        String days = "'actors':['alice'],'from':'2026-05-04','to':'2026-05-09'";
        CheckpointSigner signer = reader.unlocked().checkpointSigner();
        write(export, days, Completeness.INDEX, signer, directory.resolve(INDEX));
        write(export, days, Completeness.HEADERS, signer, directory.resolve(HEADERS));
        List<String> times = new ArrayList<>();
        reader.tenant("acme").orElseThrow().events(record -> times.add(Timestamps.format(record.recordedAt())));
        // From the fourth event to the eighth: the brackets are the third and the ninth.
        String range =
                "'actors':['alice'],'clock':'recorded','from':'" + times.get(3) + "','to':'" + times.get(8) + "'";
        write(export, range, Completeness.RANGE, signer, directory.resolve(RANGE));
    }

    /** Writes a bundle without companions: they differ with every change of a text. */
    private static void write(
            EvidenceExport export, String order, Completeness completeness, CheckpointSigner signer, Path bundle)
            throws Exception {
        Path whole = Files.createTempDirectory("whole").resolve("whole.zip");
        export.export(EvidenceExportTest.order(order), whole, completeness);
        ForgedBundle.of(whole, signer).withoutCompanions().writeSigned(bundle);
    }
}
