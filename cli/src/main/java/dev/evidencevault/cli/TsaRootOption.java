package dev.evidencevault.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import picocli.CommandLine.Option;

/** The roots of the time stamp authorities that are trusted. */
final class TsaRootOption {
    @Option(
            names = "--tsa-root",
            paramLabel = "FILE",
            description =
                    "root certificates (PEM) of time stamp authorities that are trusted; time stamps are judged under"
                            + " them (may be given several times)")
    private List<Path> files = List.of();

    /** Returns the certificates in the files; none if no file was given. */
    List<X509Certificate> certificates() throws IOException {
        List<X509Certificate> roots = new ArrayList<>();
        for (Path file : files) {
            try {
                Collection<? extends Certificate> found = CertificateFactory.getInstance("X.509")
                        .generateCertificates(new ByteArrayInputStream(KeyOption.small(file)));
                if (found.isEmpty()) {
                    throw new CertificateException("no certificate");
                }
                found.forEach(root -> roots.add((X509Certificate) root));
            } catch (CertificateException e) {
                throw new UsageException("--tsa-root: expected certificates in PEM, found none in " + file);
            }
        }
        return roots;
    }
}
