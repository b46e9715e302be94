package dev.evidencevault.cli;

import dev.evidencevault.Event;
import dev.evidencevault.Vault;
import dev.evidencevault.VaultOptions;
import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.crypto.merkle.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** What an administrator might do to a bundle or a vault; always to a copy. */
final class DemoAttacks {
    private DemoAttacks() {}

    /** Changes one letter of a record. */
    static byte[] withOneLetterChanged(byte[] bundle) {
        String text = new String(bundle, StandardCharsets.ISO_8859_1);
        int at = text.indexOf("\"action\":\"document.read\"") + "\"action\":\"document.r".length();
        byte[] changed = bundle.clone();
        changed[at] = 'o';
        return changed;
    }

    /**
     * Unpacks a bundle, removes its last record, and makes the manifests good again, which anybody can.
     *
     * @return the line that was removed
     */
    static String withoutLastRecord(Path bundle, Path to) throws IOException {
        unzip(bundle, to);
        Path bag = to.resolve("bag");
        Path records = bag.resolve("data/records/000001.jsonl");
        List<String> lines = new ArrayList<>(Files.readAllLines(records));
        String removed = lines.remove(lines.size() - 1);
        Files.write(records, lines);
        renew(bag, "manifest-sha256.txt");
        renew(bag, "tagmanifest-sha256.txt");
        return removed;
    }

    /** Writes the digests of the files as they are now. */
    private static void renew(Path bag, String manifest) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line : Files.readAllLines(bag.resolve(manifest))) {
            String name = line.substring(line.indexOf("  ") + 2);
            lines.add(Digest.sha256(Files.readAllBytes(bag.resolve(name))).hex() + "  " + name);
        }
        Files.write(bag.resolve(manifest), lines);
    }

    private static void unzip(Path zip, Path to) throws IOException {
        try (ZipFile file = new ZipFile(zip.toFile())) {
            for (Enumeration<? extends ZipEntry> entries = file.entries(); entries.hasMoreElements(); ) {
                ZipEntry entry = entries.nextElement();
                Path target = to.resolve(entry.getName());
                Files.createDirectories(target.toAbsolutePath().getParent());
                try (InputStream in = file.getInputStream(entry)) {
                    Files.copy(in, target);
                }
            }
        }
    }

    /** Copies a vault. */
    static void copy(Path from, Path to) throws IOException {
        List<Path> all;
        try (Stream<Path> files = Files.walk(from)) {
            all = files.sorted().toList();
        }
        for (Path file : all) {
            Files.copy(file, to.resolve(from.relativize(file)));
        }
    }

    /**
     * Removes the first segment of one tenant.
     *
     * @return the file's name in the vault
     */
    static String removeOneSegment(Path vault) throws IOException {
        try (Stream<Path> files = Files.walk(vault.resolve("tenants"))) {
            Path removed = files.filter(file -> file.toString().endsWith("00000001.evs"))
                    .sorted()
                    .findFirst()
                    .orElseThrow();
            Files.delete(removed);
            return vault.relativize(removed).toString();
        }
    }

    /** Lets a vault go on by one event. */
    static void goOn(Path vault, VaultSecret secret, VaultOptions options, String action)
            throws IOException, WrongKeyException {
        try (Vault open = Vault.open(vault, secret, options)) {
            open.tenant(DemoEvents.ORDERED).appendAndWait(Event.of(action).build());
        }
    }
}
