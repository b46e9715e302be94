package dev.evidencevault.cli;

import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A vault and its secret. */
final class VaultOption {
    @Option(names = "--vault", required = true, paramLabel = "DIR", description = "the vault's directory")
    Path directory = Path.of("");

    @Mixin
    SecretOptions secret = new SecretOptions();
}
