package dev.evidencevault.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
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
        return Certificates.read("--tsa-root", files);
    }
}
