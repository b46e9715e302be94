package dev.evidencevault.cli;

import dev.evidencevault.Vault;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.place.ObjectStore;
import dev.evidencevault.place.ObjectStores;
import dev.evidencevault.place.Place;
import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Registers a place. */
@CommandLine.Command(
        name = "add",
        description = "Register a place, or change the one of that name; the vault's own log records it.")
final class PlacesAddCommand extends Command {
    @Mixin
    private VaultOption vault = new VaultOption();

    @Option(names = "--name", required = true, paramLabel = "NAME", description = "its name: a-z, 0-9 and -")
    private String name = "";

    @Option(
            names = "--jurisdiction",
            required = true,
            paramLabel = "CC",
            description = "the country whose law holds there, two letters (ISO 3166-1): JP, DE, …")
    private String jurisdiction = "";

    @Option(
            names = "--kind",
            required = true,
            paramLabel = "KIND",
            description = "what lies there: vault (where it is now), logs (copies of them) or configuration (likewise)")
    private String kind = "";

    @Option(
            names = "--at",
            paramLabel = "PLACE",
            description = "the directory, or s3://…, of copies; backup run --to NAME finds it")
    private String at = "";

    @Mixin
    private SinkOption sinks = new SinkOption();

    PlacesAddCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws IOException, KeyUnavailableException, WrongKeyException {
        Place.Kind of = Place.Kind.ofLabel(kind);
        if ((of == Place.Kind.VAULT) != at.isEmpty()) {
            throw new UsageException("expected --at for copies, and none for the vault");
        }
        Place place = new Place(name, jurisdiction, of, location());
        try (Vault open = Vault.open(
                vault.directory, vault.secret.secret(shell(), false), sinks.in(InitCommand.options(), shell()))) {
            shell().tellRecovery(open);
            open.addPlace(place);
        }
        if (!json()) {
            print(place.name() + " lies in " + place.jurisdiction());
        }
        return ExitCode.PASSED;
    }

    private String location() throws IOException {
        if (at.isEmpty()) {
            return vault.directory.toAbsolutePath().normalize().toString();
        }
        try (ObjectStore store = ObjectStores.open(at, shell().environment())) {
            return store.location();
        }
    }
}
