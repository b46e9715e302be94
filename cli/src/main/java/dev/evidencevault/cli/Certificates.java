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

/** Certificates that an option names by their files. */
final class Certificates {
    private Certificates() {}

    /** Reads all certificates (PEM or DER) in files; none if there is no file. */
    static List<X509Certificate> read(String option, Collection<Path> files) throws IOException {
        List<X509Certificate> certificates = new ArrayList<>();
        for (Path file : files) {
            try {
                Collection<? extends Certificate> found = CertificateFactory.getInstance("X.509")
                        .generateCertificates(new ByteArrayInputStream(KeyOption.small(file)));
                if (found.isEmpty()) {
                    throw new CertificateException("no certificate");
                }
                found.forEach(certificate -> certificates.add((X509Certificate) certificate));
            } catch (CertificateException e) {
                throw new UsageException(option + ": expected certificates in PEM, found none in " + file);
            }
        }
        return certificates;
    }
}
