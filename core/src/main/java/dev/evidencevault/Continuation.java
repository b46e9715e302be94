package dev.evidencevault;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.copy.CopiedHeads;
import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.format.Change;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.LogId;
import dev.evidencevault.storage.LocalStorage;
import dev.evidencevault.storage.Storage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Going on after a vault was lost: a new vault, with keys, ids and an origin of its own, whose logs say first which logs of
 * the lost one they continue and where those ended. No position and no nonce is used a second time, whatever the age of the
 * copy, since nothing of the old vault is written again.
 */
public final class Continuation {
    private Continuation() {}

    /**
     * Creates the vault that continues another. It has its name when it is whole; all its tenants are there then, each with
     * the change that says what it continues.
     *
     * @param old what there is of the vault that was lost
     * @param directory the new vault's directory, which must not exist
     * @throws FileAlreadyExistsException if the directory is there, or one beside it in which this was begun before
     */
    public static void create(CopiedHeads old, Path directory, VaultSecret secret, VaultOptions options)
            throws IOException {
        Path unfinished = Storage.temporary(directory);
        for (Path path : List.of(directory, unfinished)) {
            if (Files.exists(path)) {
                throw new FileAlreadyExistsException(
                        path.toString(),
                        null,
                        path.equals(directory)
                                ? "a new vault needs a directory that does not exist"
                                : "a vault was begun here and not finished: remove it");
            }
        }
        try (Vault vault = Vault.create(unfinished, secret, options, service(old))) {
            List<TenantLog> logs = vault.tenants(old.tenants().keySet());
            List<CompletableFuture<Receipt>> receipts = new ArrayList<>();
            for (TenantLog log : logs) {
                CopiedHeads.Head head = old.tenants().get(log.tenant());
                if (head != null) {
                    receipts.add(log.appendChange(tenant(old.vaultId(), head)));
                }
            }
            receipts.forEach(CompletableFuture::join);
        }
        LocalStorage storage = new LocalStorage();
        storage.rename(unfinished, directory);
        storage.syncDirectory(Storage.directoryOf(directory));
    }

    private static Change service(CopiedHeads old) {
        return change(Json.object()
                .put("vault", old.vaultId().toString())
                .put("checkpoint", new String(old.checkpoint().format(), StandardCharsets.UTF_8)));
    }

    private static Change tenant(LogId vaultId, CopiedHeads.Head head) {
        return change(Json.object()
                .put("vault", vaultId.toString())
                .put("log", head.log().toString())
                .put("leaves", head.leaves())
                .put("root", head.root().hex()));
    }

    private static Change change(ObjectNode before) {
        return new Change(
                Change.What.RESTORE,
                new String(Json.bytes(before), StandardCharsets.UTF_8),
                null,
                "the vault was lost; this one goes on");
    }
}
