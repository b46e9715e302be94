package dev.evidencevault.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.Vault;
import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.deposit.Deposit;
import dev.evidencevault.deposit.TenantBackups;
import dev.evidencevault.deposit.TenantBackups.Put;
import dev.evidencevault.deposit.TenantBackups.PutOptions;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.reader.VaultReader;
import dev.evidencevault.storage.VaultLockedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Puts a backup. */
@CommandLine.Command(
        name = "put",
        description = "Put a file, a directory or standard input. What the set holds already is not written again, nor"
                + " what a run that was cut short had written. Works beside the process that writes the vault.")
final class BackupPutCommand extends Command {
    private static final String STANDARD_INPUT = "-";

    @Mixin
    private VaultOption vault = new VaultOption();

    @Mixin
    private DepositorOption depositor = new DepositorOption();

    @Parameters(paramLabel = "PATH", description = "a file, a directory, or - for standard input")
    private String source = "";

    @Option(names = "--service", required = true, paramLabel = "S", description = "which service's it is")
    private String service = "";

    @Option(
            names = "--name",
            paramLabel = "N",
            description =
                    "what it is called (else the file's name); under the same name it is a later state of the same")
    private @Nullable String name;

    @Option(
            names = "--label",
            paramLabel = "NAME=VALUE",
            description = "anything else to find it by (may be given several times)")
    private TreeMap<String, String> labels = new TreeMap<>();

    @Option(
            names = "--anew",
            description = "write all of it, also what is there already: for when earlier packs are damaged")
    private boolean anew;

    @Mixin
    private SinkOption sinks = new SinkOption();

    BackupPutCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws IOException, KeyUnavailableException, WrongKeyException {
        VaultSecret secret = vault.secret.secret(shell(), false);
        TenantBackups backups = depositor.open(VaultReader.open(vault.directory, secret));
        Put put = put(backups, new PutOptions(!anew, new DepositReport(shell())));
        for (CorruptFileException pack : put.passedOver()) {
            shell().message(Shell.printable(pack.getMessage() + "; what it held was put again"));
        }
        for (Path file : put.changed()) {
            shell().message(Shell.printable(file + " changed while it was read"));
        }
        boolean recorded = record(secret, backups, put);
        if (json()) {
            ObjectNode said = put.item().toJson();
            print(said.put("newBytes", put.newBytes()).put("recorded", recorded));
        } else {
            print("item " + put.item().number() + ", " + put.item().bytes() + " bytes, " + put.newBytes()
                    + " of them new");
        }
        return put.changed().isEmpty() ? ExitCode.PASSED : ExitCode.INCOMPLETE;
    }

    private Put put(TenantBackups backups, PutOptions options) throws IOException {
        if (source.equals(STANDARD_INPUT)) {
            if (name == null) {
                throw new UsageException("--name is needed for what comes from standard input");
            }
            return backups.put(shell().in(), new Deposit(name, service, labels), options);
        }
        Path file = Path.of(source);
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new NoSuchFileException(source);
        }
        requireOutside(file);
        Path last = file.toAbsolutePath().normalize().getFileName();
        return backups.put(file, new Deposit(name == null ? String.valueOf(last) : name, service, labels), options);
    }

    /** A vault in itself would grow while it is read, and a set would hold parts of others. Its settings may be put. */
    private void requireOutside(Path file) throws IOException {
        Path root = vault.directory.toRealPath();
        Path real = file.toRealPath();
        boolean settings = Files.isRegularFile(real) && root.equals(real.getParent());
        if (real.startsWith(root) && !settings || root.startsWith(real)) {
            throw new UsageException(file + " holds the vault or lies in it; it cannot be put into itself");
        }
    }

    /** Lets the log take the item up, unless another process writes the vault and will do so. */
    private boolean record(VaultSecret secret, TenantBackups backups, Put put) throws IOException, WrongKeyException {
        try (Vault open = Vault.open(vault.directory, secret, sinks.in(InitCommand.options(), shell()))) {
            shell().tellRecovery(open);
        } catch (VaultLockedException e) {
            shell().message("the backup is there; the process that writes the vault records it after its next anchor");
        }
        return backups.isRecorded(put.item());
    }
}
