package dev.evidencevault.cases;

import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.Json;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Storage;
import dev.evidencevault.storage.UnlockedVault;
import dev.evidencevault.storage.VaultLock;
import dev.evidencevault.storage.VaultLockedException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * The files of cases in a vault: {@code cases/<case id>/NNNNNNNN.evc}, a step each, encrypted for its place and never
 * changed. They are written beside whoever writes the vault, one by one under a lock of their own. Safe for use by several
 * threads and processes.
 */
public final class CaseFiles {
    private static final String LOCK = "lock";
    private static final int OVERHEAD_BYTES_MAX = 64;
    private static final long LOCK_WAIT_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long LOCK_POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final UnlockedVault vault;
    private final Layout layout;

    /** Creates the files of a vault. */
    public CaseFiles(UnlockedVault vault) {
        this.vault = vault;
        this.layout = vault.layout();
    }

    /** Returns where a step lies, whether it is there or not. */
    public Path file(CaseId id, long number) {
        return directory(id).resolve(Layout.numbered(number, Layout.STEP_SUFFIX));
    }

    private Path directory(CaseId id) {
        return layout.cases().resolve(id.text());
    }

    /** Returns the ids of all cases, without the register, in the order of their text. */
    public List<CaseId> ids() throws IOException {
        List<CaseId> ids = new ArrayList<>();
        for (Path entry : Layout.list(layout.cases())) {
            String name = String.valueOf(entry.getFileName());
            if (CaseId.isId(name) && Files.isDirectory(entry) && !name.equals(CaseId.REGISTER.text())) {
                ids.add(new CaseId(name));
            }
        }
        return ids;
    }

    /** Returns how many steps a case has, without reading one. */
    public int count(CaseId id) throws IOException {
        return Layout.numbers(directory(id), Layout.STEP_SUFFIX).size();
    }

    /**
     * Reads the steps of a case; none if there is no such case.
     *
     * @throws CorruptFileException if one is missing, does not decrypt at its place, or is no step
     */
    public List<CaseStep> read(CaseId id) throws IOException {
        List<CaseStep> steps = new ArrayList<>();
        for (long number : Layout.numbers(directory(id), Layout.STEP_SUFFIX)) {
            if (number != steps.size() + 1) {
                throw new CorruptFileException(file(id, steps.size() + 1), 0, "the step is missing");
            }
            steps.add(read(id, number));
        }
        if (steps.isEmpty() && Files.exists(directory(id), LinkOption.NOFOLLOW_LINKS)) {
            throw new CorruptFileException(file(id, 1), 0, "the step is missing");
        }
        return steps;
    }

    private CaseStep read(CaseId id, long number) throws IOException {
        Path file = file(id, number);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                || Files.size(file) > SignedNote.BYTES_MAX + OVERHEAD_BYTES_MAX) {
            throw new CorruptFileException(file, 0, "expected a file of at most 1 MiB");
        }
        try {
            return CaseStep.parse(vault.nodeKeys().openStep(Files.readAllBytes(file), place(id, number)));
        } catch (WrongKeyException e) {
            throw new CorruptFileException(
                    file, 0, "the step does not decrypt here: it was altered, or is another step or of another case");
        } catch (IllegalArgumentException e) {
            throw new CorruptFileException(file, 0, Json.firstLine(e));
        }
    }

    private String place(CaseId id, long number) {
        return vault.settings().vaultId() + "/" + id + "/" + number;
    }

    /** What is done while nobody else writes a step. */
    @FunctionalInterface
    interface Writing<T, E extends Exception> {
        T run() throws IOException, E;
    }

    /** Does something while nobody else, in this process or another, writes a step of any case. */
    <T, E extends Exception> T exclusively(Storage storage, Writing<T, E> writing) throws IOException, E {
        layout.requireWritable();
        if (!Files.exists(layout.cases())) {
            try {
                storage.createDirectory(layout.cases());
            } catch (FileAlreadyExistsException e) {
                // Another was first.
                storage.syncDirectory(layout.root());
            }
            storage.syncDirectory(layout.root());
        }
        VaultLock lock = lock();
        try {
            removeUnfinished(storage);
            return writing.run();
        } finally {
            lock.close();
        }
    }

    private VaultLock lock() throws IOException {
        long deadline = System.nanoTime() + LOCK_WAIT_NANOS;
        while (true) {
            try {
                return VaultLock.acquire(layout.cases().resolve(LOCK));
            } catch (VaultLockedException e) {
                if (System.nanoTime() - deadline >= 0) {
                    throw new VaultLockedException("another process is writing steps of cases; try again later");
                }
                LockSupport.parkNanos(this, LOCK_POLL_NANOS);
            }
        }
    }

    /** Removes what a process that was killed had not finished. Only who holds the lock may. */
    private void removeUnfinished(Storage storage) throws IOException {
        for (Path entry : Layout.list(layout.cases())) {
            if (entry.toString().endsWith(Layout.TEMPORARY_SUFFIX)) {
                removeTree(entry, storage);
            } else if (Files.isDirectory(entry)) {
                for (Path file : Layout.list(entry)) {
                    if (file.toString().endsWith(Layout.TEMPORARY_SUFFIX)) {
                        storage.delete(file);
                    }
                }
            }
        }
    }

    private static void removeTree(Path directory, Storage storage) throws IOException {
        List<Path> all;
        try (Stream<Path> files = Files.walk(directory)) {
            all = files.sorted(Comparator.reverseOrder()).toList();
        } catch (NoSuchFileException e) {
            return;
        }
        for (Path file : all) {
            storage.delete(file);
        }
    }

    /**
     * Writes a step, which is there whole or not at all; within {@link #exclusively}. The rename is the commit point: of the
     * step's file or, for the first one, of the case's directory with the step in it.
     */
    void write(CaseStep step, Storage storage) throws IOException {
        CaseId id = step.head().id();
        Path file = file(id, step.number());
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(file.toString(), null, "a step is never overwritten");
        }
        byte[] sealed = vault.nodeKeys().sealStep(step.note().format(), place(id, step.number()));
        if (step.number() > 1) {
            storage.replace(file, sealed);
            return;
        }
        Path unfinished = Storage.temporary(directory(id));
        storage.createDirectory(unfinished);
        storage.createSynced(unfinished.resolve(String.valueOf(file.getFileName())), sealed);
        storage.syncDirectory(unfinished);
        storage.rename(unfinished, directory(id));
        storage.syncDirectory(layout.cases());
    }

    /** Says whether a name in the directory of cases is one that belongs there. */
    public static boolean isName(String name) {
        return CaseId.isId(name) || name.equals(LOCK) || isUnfinishedName(name);
    }

    /** Says whether a name in the directory of one case is one that belongs there. */
    public static boolean isStepName(String name) {
        return Layout.isNumbered(name, Layout.STEP_SUFFIX) || isUnfinishedName(name);
    }

    /** Steps are written beside everything else: a kill can leave an unfinished one at any time. */
    private static boolean isUnfinishedName(String name) {
        if (!name.endsWith(Layout.TEMPORARY_SUFFIX)) {
            return false;
        }
        String whole = name.substring(0, name.length() - Layout.TEMPORARY_SUFFIX.length());
        return CaseId.isId(whole) || Layout.isNumbered(whole, Layout.STEP_SUFFIX);
    }
}
