package dev.evidencevault.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.format.Json;
import dev.evidencevault.importer.LogImport;
import dev.evidencevault.storage.Storage;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Tells the user how an import goes: progress and rejected lines on standard error, and all of these in a file. */
final class IngestReport implements LogImport.Listener, Closeable {
    private static final int REJECTS_SHOWN = 20;
    private static final long PROGRESS_NANOS = 2_000_000_000L;

    private final Shell shell;
    private final @Nullable Path file;
    private final @Nullable OutputStream out;
    private long accepted;
    private long rejected;
    private long nextProgress = System.nanoTime() + PROGRESS_NANOS;
    private boolean finished;

    IngestReport(Shell shell, @Nullable Path file) throws IOException {
        this.shell = shell;
        this.file = file;
        if (file != null && Files.exists(file)) {
            throw new FileAlreadyExistsException(file.toString(), null, "a rejects file is not overwritten");
        }
        this.out = file == null
                ? null
                : new BufferedOutputStream(Files.newOutputStream(
                        Storage.temporary(file), StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING));
    }

    @Override
    public void accepted(long line) {
        accepted++;
        progress(line);
    }

    @Override
    public void rejected(long line, String reason, byte @Nullable [] bytes) throws IOException {
        rejected++;
        if (rejected <= REJECTS_SHOWN) {
            shell.message("line " + line + " rejected: " + Shell.printable(reason));
        } else if (rejected == REJECTS_SHOWN + 1) {
            shell.message("more lines are rejected; " + (file == null ? "--rejects FILE keeps them" : "see " + file));
        }
        if (out != null) {
            out.write(Json.bytes(entry(line, reason, bytes)));
            out.write('\n');
        }
        progress(line);
    }

    private static ObjectNode entry(long line, String reason, byte @Nullable [] bytes) {
        ObjectNode entry = Json.object().put("line", line).put("reason", reason);
        if (bytes != null) {
            try {
                entry.put(
                        "original",
                        StandardCharsets.UTF_8
                                .newDecoder()
                                .decode(ByteBuffer.wrap(bytes))
                                .toString());
            } catch (CharacterCodingException e) {
                entry.put("originalBase64", Base64.getEncoder().encodeToString(bytes));
            }
        }
        return entry;
    }

    private void progress(long line) {
        if ((line & 0xff) == 0 && System.nanoTime() >= nextProgress) {
            nextProgress = System.nanoTime() + PROGRESS_NANOS;
            shell.message("line " + line + ": " + accepted + " taken, " + rejected + " rejected");
        }
    }

    /** Puts the rejects file in place. */
    void finish() throws IOException {
        finished = true;
        if (out != null && file != null) {
            out.close();
            Files.move(Storage.temporary(file), file, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    @Override
    public void close() throws IOException {
        if (!finished && out != null && file != null) {
            out.close();
            shell.message("what was rejected so far is in " + Storage.temporary(file));
        }
    }
}
