package dev.evidencevault.benchmarks;

import dev.evidencevault.benchmarks.targets.AppendTarget;
import dev.evidencevault.benchmarks.targets.VaultTarget;
import dev.evidencevault.reader.VaultReader;
import dev.evidencevault.verify.VaultVerifier;
import dev.evidencevault.verify.Verdict;
import dev.evidencevault.verify.VerificationReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** How many events a second are verified. What is read was written before and is in the page cache. */
final class Verification {
    private static final String VAULT = "vault";

    private Verification() {}

    /** Writes what is verified. */
    static Map<String, Object> write(Setting setting) throws IOException, InterruptedException {
        try (AppendTarget target = setting.open(VAULT)) {
            Appending.run(target, setting);
            target.settle();
        }
        return Map.of("diskBytes", FileTree.bytes(setting.path(VAULT)));
    }

    /** Verifies it in a JVM that has done nothing yet, as the command does. */
    static Map<String, Object> verify(Setting setting, boolean withKeys) throws Exception {
        Path directory = setting.path(VAULT);
        Cost before = Cost.now();
        long begun = System.nanoTime();
        VaultVerifier verifier = new VaultVerifier(null, null);
        VerificationReport report = withKeys
                ? verifier.verify(
                        VaultReader.open(directory, VaultTarget.SECRET).unlocked())
                : verifier.verify(directory);
        double seconds = (System.nanoTime() - begun) / 1e9;
        if (report.verdict() != Verdict.PASSED) {
            throw new IOException("expected that the vault passes, found " + report.toJson());
        }
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("seconds", seconds);
        result.put("perSecond", setting.events() / seconds);
        result.put("cpuMicrosPerEvent", Cost.now().since(before).cpuNanos() / 1e3 / setting.events());
        return result;
    }
}
