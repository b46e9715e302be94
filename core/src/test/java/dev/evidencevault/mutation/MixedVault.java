package dev.evidencevault.mutation;

import dev.evidencevault.SmallVault;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A vault whose log of one tenant holds records of another, sealed and anchored as if they belonged there. Run by hand, it
 * writes {@code cli/src/test/resources/mixed-vault}, where the command line meets it; the result is kept.
 */
final class MixedVault {
    private MixedVault() {}

    /** Writes the vault into a directory that is not there yet. */
    public static void main(String[] args) throws Exception {
        write(Path.of(args[0]));
    }

    static void write(Path root) throws Exception {
        Path honest = Files.createTempDirectory("honest").resolve("vault");
        MutatedVault.write(honest);
        MutatedVault vault = MutatedVault.copy(SmallVault.contents(honest), root);
        LogForger forger = vault.forge(MutatedVault.ACME, MutatedVault.SEGMENTS);
        forger.segments
                .get(0)
                .replaceAll(record -> record.seq() % 2 == 0
                        ? LogForger.edited(record, "\"tenant\":\"acme\"", "\"tenant\":\"" + MutatedVault.OTHER + "\"")
                        : record);
        forger.write();
        vault.anchorAnew(0);
    }
}
