package dev.evidencevault.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.Shredding;
import dev.evidencevault.VaultOptions;
import dev.evidencevault.copy.CopyRefusedException;
import dev.evidencevault.copy.CopyTombstones;
import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.Json;
import dev.evidencevault.papers.DestructionFiles;
import dev.evidencevault.place.ObjectStore;
import dev.evidencevault.place.ObjectStores;
import dev.evidencevault.place.Place;
import dev.evidencevault.place.PlaceRegister;
import dev.evidencevault.shred.DestroyedKeys;
import dev.evidencevault.shred.DestructionCertificate;
import dev.evidencevault.shred.DestructionCertificate.Copy;
import dev.evidencevault.shred.DestructionCertificate.Outcome;
import dev.evidencevault.shred.ShredDesk;
import dev.evidencevault.shred.ShredRefusedException;
import dev.evidencevault.shred.ShredRequest;
import dev.evidencevault.storage.LocalStorage;
import dev.evidencevault.storage.Tombstone;
import dev.evidencevault.storage.UnlockedVault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Destroys a tenant's keys, in the vault and in its copies, and certifies it. */
@CommandLine.Command(
        name = "run",
        description = {
            "Destroy the keys of an approved request, in the vault and in the copies of its logs, and certify it.",
            "Nobody may write the vault meanwhile. What was cut short, the same command finishes. It cannot be undone."
        })
final class ShredRunCommand extends Command {
    @Parameters(index = "0", paramLabel = "REQUEST", description = "the approved request, of evault shred approve")
    private Path file = Path.of("");

    @Mixin
    private VaultOption vault = new VaultOption();

    @Option(names = "--out", paramLabel = "DIR", description = "the certificate, a new directory")
    private @Nullable Path out;

    @Option(
            names = "--to",
            paramLabel = "PLACE",
            description = "a copy of the logs beside those at registered places; can be given several times")
    private List<String> places = List.of();

    @Option(names = "--dry-run", description = "say what would be destroyed, and destroy nothing")
    private boolean dryRun;

    @Mixin
    private SinkOption sinks = new SinkOption();

    ShredRunCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws IOException, KeyUnavailableException, WrongKeyException, ShredRefusedException {
        ShredRequest request = ShredFile.read(file);
        VaultSecret secret = vault.secret.secret(shell(), false);
        UnlockedVault unlocked = UnlockedVault.unlock(vault.directory, secret);
        if (dryRun) {
            return show(unlocked, request);
        }
        Path certificate = out;
        if (certificate == null) {
            throw new UsageException("expected --out DIR for the certificate, or --dry-run");
        }
        ShredFile.requireNew(certificate);
        Path parent = certificate.toAbsolutePath().getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            throw new UsageException(certificate + ": there is no such directory");
        }
        VaultOptions options = sinks.in(InitCommand.options(), shell());
        Tombstone tombstone = Shredding.destroy(vault.directory, secret, options, request);
        // Read anew: the vault was written meanwhile.
        UnlockedVault after = UnlockedVault.unlock(vault.directory, secret);
        List<Copy> copies = copies(after);
        DestructionCertificate made = DestructionCertificate.make(after, request, copies, Clock.systemUTC());
        Digest digest = DestructionFiles.write(after, request, made, certificate);
        Shredding.record(vault.directory, secret, options, tombstone, digest);
        return report(made, digest, certificate);
    }

    private Map<String, String> places(UnlockedVault unlocked) throws IOException {
        Map<String, String> all = new TreeMap<>();
        PlaceRegister register = PlaceRegister.read(unlocked.layout(), unlocked.settings());
        for (Place place : register.places().values()) {
            if (place.kind() == Place.Kind.LOGS) {
                all.put(place.name(), place.location());
            }
        }
        places.forEach(place -> all.putIfAbsent(place, place));
        return all;
    }

    private List<Copy> copies(UnlockedVault unlocked) throws IOException {
        List<Copy> copies = new ArrayList<>();
        for (Map.Entry<String, String> place : places(unlocked).entrySet()) {
            Outcome outcome = Outcome.NOT_REACHED;
            try (ObjectStore store = ObjectStores.open(place.getValue(), shell().environment())) {
                CopyTombstones.bring(unlocked, store);
                outcome = Outcome.DESTROYED;
            } catch (CopyRefusedException e) {
                shell().message(Shell.printable(place.getKey() + ": " + Json.firstLine(e)));
            } catch (IOException | IllegalArgumentException e) {
                shell().message(Shell.printable(place.getKey() + ": not reached: " + Json.firstLine(e)));
            }
            copies.add(new Copy(place.getKey(), outcome));
        }
        return copies;
    }

    private Integer show(UnlockedVault unlocked, ShredRequest request)
            throws IOException, WrongKeyException, ShredRefusedException {
        new ShredDesk(unlocked, new LocalStorage(), Clock.systemUTC()).require(request);
        DestroyedKeys keys = DestroyedKeys.read(
                unlocked, unlocked.layout().tenant(request.body().log()));
        Map<String, String> copies = places(unlocked);
        if (json()) {
            ObjectNode json = Json.object()
                    .put("tenant", request.body().tenant())
                    .put("log", request.body().log().toString())
                    .put("keys", keys.file().hex())
                    .put("epoch", keys.epoch())
                    .put("source", keys.source())
                    .put("indexes", keys.indexes())
                    .put("deposits", keys.deposits())
                    .put("depositBytes", keys.depositBytes());
            ArrayNode list = json.putArray("copies");
            copies.keySet().forEach(list::add);
            print(json);
            return ExitCode.PASSED;
        }
        print("The keys of \"" + Shell.printable(request.body().tenant()) + "\" would be destroyed, SHA-256 "
                + keys.file().hex() + ", and with them");
        print("  " + keys.indexes() + " files of indexes and " + keys.deposits() + " files of backups ("
                + keys.depositBytes() + " bytes), and the keys in " + copies.size() + " copies"
                + (copies.isEmpty() ? "." : ": " + Shell.printable(String.join(", ", copies.keySet()))));
        if (keys.isUnderOwnKey()) {
            print("  They are under the tenant's own key " + Shell.printable(keys.source()) + ", which stays.");
        }
        print("Nothing was destroyed.");
        return ExitCode.PASSED;
    }

    private Integer report(DestructionCertificate made, Digest digest, Path certificate) {
        boolean all = made.copies().stream().allMatch(copy -> copy.outcome() == Outcome.DESTROYED);
        if (json()) {
            ObjectNode json = Json.object()
                    .put("log", made.tombstone().logId().toString())
                    .put("out", certificate.toString())
                    .put("certificate", digest.hex())
                    .put("segments", made.trial().segments())
                    .put("opened", made.trial().opened());
            ArrayNode list = json.putArray("copies");
            made.copies()
                    .forEach(copy -> list.addObject()
                            .put("place", copy.place())
                            .put("outcome", copy.outcome().label()));
            print(json);
        } else {
            print("The keys of \"" + Shell.printable(made.tenant()) + "\" are destroyed; "
                    + made.trial().segments() + " encrypted segments stay, and no key that the vault has opens one.");
            made.copies()
                    .forEach(copy -> print("  " + Shell.printable(copy.place()) + ": "
                            + (copy.outcome() == Outcome.DESTROYED
                                    ? "the keys are gone"
                                    : "not reached; evault backup run deletes them there")));
            print("The certificate is in " + certificate + ", SHA-256 " + digest.hex());
        }
        if (!made.trial().passed()) {
            return ExitCode.FAILED;
        }
        return all ? ExitCode.PASSED : ExitCode.INCOMPLETE;
    }
}
