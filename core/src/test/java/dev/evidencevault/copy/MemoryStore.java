package dev.evidencevault.copy;

import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.place.ObjectContent;
import dev.evidencevault.place.ObjectKey;
import dev.evidencevault.place.ObjectStore;
import dev.evidencevault.place.StoredObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A store in memory that remembers what it was asked for, and whose n-th write can fail. */
final class MemoryStore implements ObjectStore {
    final Map<String, byte[]> objects = new TreeMap<>();
    final Map<String, Instant> retained = new TreeMap<>();
    final List<String> asked = new ArrayList<>();
    boolean retainsByItself;
    /** How many more objects it gives before the connection is lost. */
    int getsLeft = Integer.MAX_VALUE;

    /** How many bytes it gave. */
    long given;

    private int failing = Integer.MAX_VALUE;
    private boolean done;
    private int writes;

    /** Lets the write of this number, from 0, and all later ones fail, the first of them after it was done or before. */
    void failFrom(int number, boolean afterIt) {
        failing = number;
        done = afterIt;
        writes = 0;
    }

    private interface Write {
        void run() throws IOException;
    }

    private void write(Write write) throws IOException {
        int number = writes++;
        if (number < failing || number == failing && done) {
            write.run();
        }
        if (number >= failing) {
            throw new IOException("made to fail: the store is full");
        }
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public String location() {
        return "memory://here";
    }

    @Override
    public boolean canRetain() {
        return true;
    }

    @Override
    public boolean retainsByItself() {
        return retainsByItself;
    }

    @Override
    public void put(String key, ObjectContent content, @Nullable Instant retainUntil) throws IOException {
        ObjectKey.require(key);
        byte[] known = objects.get(key);
        if (known != null) {
            if (!Digest.sha256(known).equals(content.digest())) {
                throw new FileAlreadyExistsException(key);
            }
            if (retainUntil != null) {
                retain(key, retainUntil);
            }
            return;
        }
        byte[] bytes;
        try (InputStream in = content.source().open()) {
            bytes = in.readAllBytes();
        }
        write(() -> {
            objects.put(key, bytes);
            if (retainUntil != null) {
                retained.put(key, retainUntil);
            }
        });
    }

    @Override
    public void retain(String key, Instant until) throws IOException {
        asked.add("retain " + key);
        if (!objects.containsKey(key)) {
            throw new NoSuchFileException(key);
        }
        write(() -> retained.merge(key, until, (before, later) -> before.isAfter(later) ? before : later));
    }

    @Override
    public void replace(String key, byte[] content) throws IOException {
        ObjectKey.require(key);
        write(() -> objects.put(key, content));
    }

    @Override
    public InputStream get(String key, long offset, long bytes) throws IOException {
        asked.add("get " + key);
        if (getsLeft-- <= 0) {
            throw new IOException("made to fail: the connection is lost");
        }
        byte[] content = objects.get(key);
        if (content == null) {
            throw new NoSuchFileException(key);
        }
        int length = (int) Math.min(content.length - offset, Math.min(bytes, Integer.MAX_VALUE));
        given += length;
        return new ByteArrayInputStream(content, (int) offset, length);
    }

    @Override
    public List<StoredObject> list(String prefix) {
        asked.add("list " + prefix);
        return objects.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(prefix))
                .map(entry -> new StoredObject(entry.getKey(), entry.getValue().length))
                .toList();
    }

    @Override
    public void delete(String key) throws IOException {
        if (retained.containsKey(key)) {
            throw new IOException(key + " is retained");
        }
        objects.remove(key);
    }

    @Override
    public void tidy(String prefix) {
        asked.add("tidy " + prefix);
    }

    /** Writes all objects into a directory, which is a copy then. */
    void writeTo(Path directory) throws IOException {
        for (Map.Entry<String, byte[]> object : objects.entrySet()) {
            Path file = directory.resolve(object.getKey());
            Files.createDirectories(file.getParent());
            Files.write(file, object.getValue());
        }
    }

    /** Says whether two stores hold the same. */
    boolean holdsWhat(MemoryStore other) {
        return objects.keySet().equals(other.objects.keySet())
                && objects.entrySet().stream()
                        .allMatch(entry -> Arrays.equals(entry.getValue(), other.objects.get(entry.getKey())));
    }

    @Override
    public void close() {}
}
