package dev.evidencevault.cli;

import dev.evidencevault.attest.TimeStamper;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.timestamp.LocalTimeStampAuthority;
import dev.evidencevault.crypto.timestamp.LocalTimeStampAuthority.KeyType;
import dev.evidencevault.crypto.timestamp.TimeStamp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Base64;

/** A time stamp authority in this process, whose word proves nothing, so that the demo needs no network. */
final class DemoAuthority implements TimeStamper {
    private final LocalTimeStampAuthority authority =
            LocalTimeStampAuthority.create("Demo authority", KeyType.ECDSA_P256, Clock.systemUTC(), new SecureRandom());

    @Override
    public String name() {
        return "of the demo";
    }

    @Override
    public TimeStamp stamp(Digest digest) {
        return authority.stamp(digest);
    }

    X509Certificate root() {
        return authority.root();
    }

    /** Writes the root certificate as {@code --tsa-root} reads it. */
    void writeRoot(Path file) throws IOException {
        try {
            Files.writeString(
                    file,
                    "-----BEGIN CERTIFICATE-----\n"
                            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(root().getEncoded())
                            + "\n-----END CERTIFICATE-----\n");
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was just made has no encoding", e);
        }
    }
}
