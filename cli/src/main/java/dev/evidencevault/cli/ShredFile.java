package dev.evidencevault.cli;

import dev.evidencevault.format.Json;
import dev.evidencevault.format.Timestamps;
import dev.evidencevault.shred.ShredRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Reads, writes and shows requests to destroy keys. */
final class ShredFile {
    private ShredFile() {}

    static ShredRequest read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return ShredRequest.parse(in.readNBytes(ShredRequest.BYTES_MAX + 1));
        } catch (IllegalArgumentException e) {
            throw new UsageException(file + ": " + Json.firstLine(e));
        }
    }

    static void requireNew(Path file) throws FileAlreadyExistsException {
        if (Files.exists(file)) {
            throw new FileAlreadyExistsException(file.toString());
        }
    }

    static void write(Path file, ShredRequest request) throws IOException {
        Files.write(file, request.format(), StandardOpenOption.CREATE_NEW);
    }

    /** Shows what a request says, and what is to be done with it. */
    static void show(Command command, Path file, ShredRequest request, String next) {
        ShredRequest.Body body = request.body();
        if (command.json()) {
            command.print(Json.object()
                    .put("file", file.toString())
                    .put("sha256", request.digest().hex())
                    .put("tenant", body.tenant())
                    .put("log", body.log().toString())
                    .put("leaves", body.leaves())
                    .put("keys", body.keys().hex())
                    .put("reason", body.reason())
                    .put("requestedBy", body.requestedBy())
                    .put("approvedBy", request.approvedBy().orElse(null))
                    .put("expires", Timestamps.format(body.expires())));
            return;
        }
        command.print("to be destroyed: the keys of \"" + Shell.printable(body.tenant()) + "\", log " + body.log());
        command.print("  reason: " + Shell.printable(body.reason()));
        command.print("  asked for by " + Shell.printable(body.requestedBy())
                + request.approvedBy()
                        .map(id -> ", approved by " + Shell.printable(id))
                        .orElse("") + "; good until " + Timestamps.format(body.expires()));
        command.print(file + ", SHA-256 " + request.digest().hex());
        command.print("next: " + next);
    }
}
