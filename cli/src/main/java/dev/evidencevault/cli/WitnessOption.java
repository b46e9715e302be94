package dev.evidencevault.cli;

import dev.evidencevault.crypto.note.CosignatureVerifier;
import dev.evidencevault.format.Json;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The witnesses that have to have cosigned. */
final class WitnessOption {
    @Option(
            names = "--witness",
            paramLabel = "KEY",
            description = "the public key of a witness that has to have cosigned the bundle's checkpoint (may be given"
                    + " several times)")
    private List<String> texts = List.of();

    /** Returns the keys. */
    List<CosignatureVerifier> keys() {
        List<CosignatureVerifier> witnesses = new ArrayList<>();
        for (String text : texts) {
            try {
                witnesses.add(CosignatureVerifier.parse(text));
            } catch (IllegalArgumentException e) {
                throw new UsageException("--witness: " + Json.firstLine(e));
            }
        }
        return witnesses;
    }
}
