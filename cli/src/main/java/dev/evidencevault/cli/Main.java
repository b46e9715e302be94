package dev.evidencevault.cli;

import dev.evidencevault.VaultFailedException;
import dev.evidencevault.cases.CaseRefusedException;
import dev.evidencevault.cases.OrderRefusedException;
import dev.evidencevault.copy.CopyRefusedException;
import dev.evidencevault.crypto.keys.KeySourceException;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.Json;
import dev.evidencevault.papers.ForeignRecordException;
import dev.evidencevault.place.PlaceRefusedException;
import dev.evidencevault.segment.DestroyedRecordsException;
import dev.evidencevault.shred.ShredRefusedException;
import dev.evidencevault.storage.CopyIsReadOnlyException;
import dev.evidencevault.storage.DestroyedLogException;
import dev.evidencevault.storage.VaultLockedException;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** The program {@code evault}. */
public final class Main {
    /** Lucene advises on vector instructions, which nothing here uses. Held, so that it is not collected. */
    private static final Logger LUCENE = Logger.getLogger("org.apache.lucene");

    private Main() {}

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] args) {
        LUCENE.setLevel(Level.OFF);
        PrintStream out = utf8(FileDescriptor.out);
        PrintStream err = utf8(FileDescriptor.err);
        StopSignal stop = new StopSignal();
        Runtime.getRuntime().addShutdownHook(new Thread(stop::request, "evault-stop"));
        Console console = System.console();
        int code = run(args, new Shell(System.in, out, err, System.getenv(), console, isTerminal(console), stop));
        out.flush();
        err.flush();
        stop.ended();
        System.exit(code);
    }

    private static PrintStream utf8(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), false, StandardCharsets.UTF_8);
    }

    /** Says whether standard input and output are a terminal; before Java 22 there is no console otherwise. */
    private static boolean isTerminal(@Nullable Console console) {
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }

    /** Runs a command and returns its exit code. */
    static int run(String[] args, Shell shell) {
        CommandLine line = new CommandLine(
                        CommandSpec.create()
                                .name("evault")
                                .usageMessage(
                                        new CommandLine.Model.UsageMessageSpec()
                                                .description(
                                                        "Keeps each tenant's audit log so that it can be handed over alone, provably unchanged",
                                                        "and complete.")
                                                .footer(
                                                        "",
                                                        "Exit codes: 0 passed, 1 internal error, 2 usage, 3 failed, 4 indeterminate,",
                                                        "5 incomplete, 6 refused, 7 key unavailable, 130 stopped by Ctrl-C.",
                                                        "",
                                                        "evault help COMMAND shows the options of a command, evault --version the version.")))
                .addSubcommand(new DemoCommand(shell))
                .addSubcommand(new InitCommand(shell))
                .addSubcommand(new IngestCommand(shell))
                .addSubcommand(new TenantsCommand(shell))
                .addSubcommand(new SearchCommand(shell))
                .addSubcommand(IndexCommand.line(shell))
                .addSubcommand(BackupCommand.line(shell))
                .addSubcommand(PlacesCommand.line(shell))
                .addSubcommand(RetentionCommand.line(shell))
                .addSubcommand(KeysCommand.line(shell))
                .addSubcommand(new ExportCommand(shell))
                .addSubcommand(new ReturnCommand(shell))
                .addSubcommand(ShredCommand.line(shell))
                .addSubcommand(new ProveCommand(shell))
                .addSubcommand(new VerifyCommand(shell))
                .addSubcommand(new ReportCommand(shell))
                .addSubcommand(new SignCommand(shell))
                .addSubcommand(new SealCommand(shell))
                .addSubcommand(new UnsealCommand(shell))
                .addSubcommand(new CompareCommand(shell))
                .addSubcommand(new StampCommand(shell))
                .addSubcommand(new MappingCommand(shell))
                .addSubcommand(CaseCommand.line(shell))
                .addSubcommand(new AccessReportCommand(shell))
                .setOut(new PrintWriter(shell.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(shell.err(), true, StandardCharsets.UTF_8))
                .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
                .setParameterExceptionHandler((e, unused) -> usage(e, shell))
                .setExecutionExceptionHandler((e, unused, parsed) -> failed(e, shell));
        if (args.length == 0 || args.length == 1 && (args[0].equals("--help") || args[0].equals("help"))) {
            line.usage(shell.out());
            return args.length == 0 ? ExitCode.USAGE : ExitCode.PASSED;
        }
        if (args.length == 1 && args[0].equals("--version")) {
            String version = Main.class.getPackage().getImplementationVersion();
            shell.out().println("evault " + (version == null ? "(development)" : version));
            return ExitCode.PASSED;
        }
        boolean help = args.length == 2 && args[0].equals("help");
        int code = help ? line.execute(args[1], "--help") : line.execute(args);
        if (shell.out().checkError()) {
            shell.message("standard output was closed or is full; not all results were written");
            return code == ExitCode.PASSED ? ExitCode.INTERNAL_ERROR : code;
        }
        return code;
    }

    private static int usage(ParameterException e, Shell shell) {
        shell.message(Shell.printable(String.valueOf(e.getMessage())));
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        shell.message("try: " + command + " --help");
        return ExitCode.USAGE;
    }

    private static int failed(Exception e, Shell shell) {
        if (e instanceof UncheckedIOException && e.getCause() instanceof IOException cause) {
            return failed(cause, shell);
        }
        int code = switch (e) {
            case UsageException usage -> ExitCode.USAGE;
            case KeyUnavailableException none -> ExitCode.KEY_UNAVAILABLE;
            case WrongKeyException wrong -> ExitCode.KEY_UNAVAILABLE;
            case KeySourceException none -> ExitCode.KEY_UNAVAILABLE;
            case OrderRefusedException refused -> ExitCode.REFUSED;
            case CaseRefusedException refused -> ExitCode.REFUSED;
            case ShredRefusedException refused -> ExitCode.REFUSED;
            case CopyRefusedException refused -> ExitCode.REFUSED;
            case CopyIsReadOnlyException copy -> ExitCode.REFUSED;
            case DestroyedLogException destroyed -> ExitCode.REFUSED;
            case PlaceRefusedException refused -> ExitCode.REFUSED;
            case VaultLockedException locked -> ExitCode.REFUSED;
            case CorruptFileException corrupt -> ExitCode.FAILED;
            case DestroyedRecordsException destroyed -> ExitCode.REFUSED;
            case ForeignRecordException foreign -> ExitCode.FAILED;
            case NoSuchFileException missing -> ExitCode.USAGE;
            case FileAlreadyExistsException exists -> ExitCode.USAGE;
            case IllegalArgumentException usage -> ExitCode.USAGE;
            default -> ExitCode.INTERNAL_ERROR;
        };
        shell.message(Shell.printable(message(e)));
        if (shell.environment().containsKey("EVAULT_DEBUG")) {
            e.printStackTrace(shell.err());
        } else if (code == ExitCode.INTERNAL_ERROR
                && !(e instanceof IOException)
                && !(e instanceof VaultFailedException)) {
            shell.message("this is a fault of evault; EVAULT_DEBUG=1 shows where");
        }
        return code;
    }

    private static String message(Exception e) {
        return switch (e) {
            case UsageException usage -> Json.firstLine(usage);
            case KeyUnavailableException none -> Json.firstLine(none);
            case OrderRefusedException refused -> "the order is refused: " + refused.getMessage();
            case CaseRefusedException refused -> "refused: " + refused.getMessage();
            case ShredRefusedException refused -> "refused: " + refused.getMessage();
            case WrongKeyException wrong -> "the passphrase or key is not this vault's (" + wrong.getMessage() + ")";
            case NoSuchFileException missing ->
                missing.getFile() + ": "
                        + (missing.getReason() == null ? "there is no such file" : missing.getReason());
            case FileAlreadyExistsException exists ->
                exists.getFile() + ": "
                        + (exists.getReason() == null ? "the file is there already" : exists.getReason());
            case AccessDeniedException denied -> denied.getFile() + ": access is denied";
            case FileSystemException problem ->
                problem.getFile() + ": "
                        + (problem.getReason() == null ? problem.getClass().getSimpleName() : problem.getReason());
            case IOException problem -> Json.firstLine(problem);
            case IllegalArgumentException usage -> Json.firstLine(usage);
            case VaultFailedException failed -> Json.firstLine(failed);
            default -> e.getClass().getSimpleName() + ": " + Json.firstLine(e);
        };
    }
}
