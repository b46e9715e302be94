package dev.evidencevault.evidence;

import dev.evidencevault.bundle.BundleContainer;
import dev.evidencevault.crypto.cms.CadesSigner;
import dev.evidencevault.crypto.cms.CertifiedKey;
import dev.evidencevault.crypto.timestamp.LocalTimeStampAuthority;
import dev.evidencevault.crypto.timestamp.LocalTimeStampAuthority.KeyType;
import dev.evidencevault.docs.FormatVectors;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Writes {@code docs/formats/vectors/small-bundle.asice}: the small bundle in a container, with one signature by a key that
 * nobody keeps, and its certificate. Run it after {@link SmallBundleVectors}, by hand; the results are kept.
 */
final class ContainedBundleVector {
    static final String CONTAINER = "small-bundle.asice";
    static final String ROOT = "small-bundle-signer.pem";

    private ContainedBundleVector() {}

    /** Writes them into a directory that has none of them. */
    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[0]);
        Path store = Files.createTempDirectory("signer").resolve("signer.p12");
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-sigalg",
                "SHA256withECDSA",
                "-validity",
                "36500",
                "-ext",
                "KU=digitalSignature",
                "-dname",
                "CN=Example seal of the small bundle",
                "-alias",
                "signer",
                "-storetype",
                "PKCS12",
                "-storepass",
                "example",
                "-keystore",
                store.toString());
        if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
            throw new IllegalStateException("keytool made no key");
        }
        CertifiedKey key = CertifiedKey.readPkcs12(store, "example".toCharArray(), Optional.empty());
        LocalTimeStampAuthority authority = LocalTimeStampAuthority.create(
                "example authority", KeyType.RSA_2048, Clock.systemUTC(), new SecureRandom());
        CadesSigner signer = CadesSigner.of(key, Clock.systemUTC())
                .withTimeStamps(digest -> authority.stamp(digest).bytes());
        BundleContainer.sign(FormatVectors.path(SmallBundleVectors.INDEX), directory.resolve(CONTAINER), signer);
        String pem = Base64.getMimeEncoder(64, new byte[] {'\n'})
                .encodeToString(key.certificate().getEncoded());
        Files.writeString(
                directory.resolve(ROOT),
                "-----BEGIN CERTIFICATE-----\n" + pem + "\n-----END CERTIFICATE-----\n",
                StandardCharsets.US_ASCII);
    }
}
