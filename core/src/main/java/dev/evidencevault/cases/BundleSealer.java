package dev.evidencevault.cases;

import dev.evidencevault.cases.StepBody.BundleSealed;
import dev.evidencevault.crypto.merkle.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Encrypts a bundle for its recipient. */
@FunctionalInterface
public interface BundleSealer {
    /**
     * A bundle that is encrypted.
     *
     * @param file where it lies
     * @param recipient the fingerprint of the key or certificate that it is encrypted to
     */
    record Sealed(Path file, String recipient) {}

    /** Encrypts a bundle. */
    Sealed seal(Path bundle) throws IOException;

    /** Returns the sealer for a file that another program has encrypted already. */
    static BundleSealer elsewhere(Path file, String recipient) {
        return bundle -> new Sealed(file, recipient);
    }

    /** Returns the step that says what a sealer made of a bundle. */
    static BundleSealed step(Path bundle, BundleSealer sealer) throws IOException {
        Sealed sealed = sealer.seal(bundle);
        return new BundleSealed(digest(bundle), digest(sealed.file()), Files.size(sealed.file()), sealed.recipient());
    }

    /** Returns the SHA-256 of a file. */
    static Digest digest(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return Digest.sha256(in);
        }
    }
}
