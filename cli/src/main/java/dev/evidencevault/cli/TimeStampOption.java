package dev.evidencevault.cli;

import dev.evidencevault.attest.Attestations;
import dev.evidencevault.attest.HttpTimeStamper;
import dev.evidencevault.attest.TimeStamper;
import dev.evidencevault.attest.TimeStamping;
import dev.evidencevault.crypto.timestamp.TimeStampAuthority;
import java.io.IOException;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Who stamps the vault's checkpoints with the time. */
final class TimeStampOption {
    @Option(
            names = "--tsa",
            paramLabel = "URL",
            description =
                    "a time stamp authority (RFC 3161) that is asked to stamp the vault's checkpoints (may be given"
                            + " twice); the first stamps a signature with --cert as well")
    private List<String> addresses = List.of();

    @Mixin
    private TsaRootOption roots = new TsaRootOption();

    /** Returns the authorities that were given, for a vault; empty if none was. */
    Optional<TimeStamping> stamping() throws IOException {
        List<TimeStamper> authorities = authorities();
        return authorities.isEmpty()
                ? Optional.empty()
                : Optional.of(TimeStamping.by(authorities.toArray(TimeStamper[]::new)));
    }

    /** Returns the authorities that were given. */
    List<TimeStamper> authorities() throws IOException {
        List<X509Certificate> trusted = roots.certificates();
        if (addresses.isEmpty()) {
            if (!trusted.isEmpty()) {
                throw new UsageException("--tsa-root checks the answers of authorities, and none was given with --tsa");
            }
            return List.of();
        }
        if (addresses.size() > Attestations.AUTHORITIES_MAX) {
            throw new UsageException("--tsa can be given " + Attestations.AUTHORITIES_MAX + " times");
        }
        List<TimeStamper> authorities = new ArrayList<>();
        for (String address : addresses) {
            authorities.add(authority(address, trusted));
        }
        return authorities;
    }

    /** Returns the authority at an address, whose answers are checked under roots if there are any. */
    static TimeStamper authority(String address, List<X509Certificate> trusted) {
        try {
            URI uri = URI.create(address);
            return new HttpTimeStamper(new TimeStampAuthority(String.valueOf(uri.getHost()), uri, trusted));
        } catch (IllegalArgumentException e) {
            throw new UsageException("--tsa: expected an http or https address, found " + Shell.printable(address));
        }
    }
}
