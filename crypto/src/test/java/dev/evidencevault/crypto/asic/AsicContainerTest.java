package dev.evidencevault.crypto.asic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.crypto.cms.CadesSigner;
import dev.evidencevault.crypto.cms.CadesVerdict;
import dev.evidencevault.crypto.cms.CadesVerdict.Failed;
import dev.evidencevault.crypto.cms.CadesVerdict.Indeterminate;
import dev.evidencevault.crypto.cms.CadesVerdict.Passed;
import dev.evidencevault.crypto.cms.SignatureTrust;
import dev.evidencevault.crypto.cms.TestPki;
import dev.evidencevault.crypto.timestamp.LocalTimeStampAuthority;
import dev.evidencevault.crypto.timestamp.LocalTimeStampAuthority.KeyType;
import dev.evidencevault.crypto.zip.StoredZip;
import dev.evidencevault.crypto.zip.StoredZip.Source;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AsicContainerTest {
    private static final TestPki PKI = new TestPki("test");
    private static final Clock CLOCK = Clock.fixed(TestPki.NOW, ZoneOffset.UTC);
    private static final LocalTimeStampAuthority AUTHORITY =
            LocalTimeStampAuthority.create("tsa", KeyType.ECDSA_P256, CLOCK, new SecureRandom());
    private static final SignatureTrust TRUST =
            new SignatureTrust(List.of(PKI.root()), List.of(AUTHORITY.root()), TestPki.NOW);

    @TempDir
    private Path folder;

    private Path container;

    private static CadesSigner signer(String name) {
        return CadesSigner.of(PKI.signer(name), CLOCK)
                .withTimeStamps(digest -> AUTHORITY.stamp(digest).bytes());
    }

    private static Source source(String name, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new Source(name, () -> new ByteArrayInputStream(bytes));
    }

    @BeforeEach
    void write() throws Exception {
        container = folder.resolve("evidence.asice");
        AsicWriter.create(
                container, List.of(source("bag/data/b.txt", "second"), source("bag/a.txt", "first")), signer("Seal"));
    }

    private static List<CadesVerdict> verdicts(Path file) throws IOException {
        try (AsicContainer opened = AsicContainer.open(file)) {
            return opened.verify(TRUST).stream().map(AsicFinding::verdict).toList();
        }
    }

    private static Map<String, byte[]> contents(Path file) throws IOException {
        Map<String, byte[]> contents = new TreeMap<>();
        try (FileChannel channel = FileChannel.open(file)) {
            for (StoredZip.Entry entry : StoredZip.read(channel)) {
                try (InputStream in = StoredZip.open(channel, entry)) {
                    contents.put(entry.name(), in.readAllBytes());
                }
            }
        }
        return contents;
    }

    /** Packs files as a container that is whole as a ZIP file. */
    private Path packed(Map<String, byte[]> contents) throws IOException {
        List<Source> sources = new ArrayList<>();
        contents.forEach((name, bytes) -> sources.add(new Source(name, () -> new ByteArrayInputStream(bytes))));
        sources.sort(
                Comparator.<Source, Boolean>comparing(source -> !source.name().equals("mimetype"))
                        .thenComparing(Source::name));
        Path file = folder.resolve("packed.asice");
        Files.deleteIfExists(file);
        StoredZip.write(file, sources);
        return file;
    }

    private void assertMalformed(String words, Map<String, byte[]> contents) throws IOException {
        Path file = packed(contents);
        String message = String.valueOf(assertThrows(MalformedContainerException.class, () -> AsicContainer.open(file))
                .getMessage());
        assertTrue(message.contains(words), message);
    }

    private void assertFailed(String words, Map<String, byte[]> contents) throws IOException {
        String reason = assertInstanceOf(
                        Failed.class, verdicts(packed(contents)).get(0))
                .reason();
        assertTrue(reason.contains(words), reason);
    }

    @Test
    void aContainerPassesAndShowsItsFiles() throws Exception {
        Passed passed = assertInstanceOf(Passed.class, verdicts(container).get(0));
        assertEquals("CN=Seal", passed.signer().subject());
        assertEquals(TestPki.NOW, passed.stamp().orElseThrow().time());
        try (AsicContainer opened = AsicContainer.open(container)) {
            assertEquals(1, opened.signatures());
            assertEquals("{bag/a.txt=5, bag/data/b.txt=6}", opened.files().toString());
            try (InputStream in = opened.open("bag/a.txt")) {
                assertEquals("first", new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
            assertTrue(opened.hasItsChecksum("bag/a.txt"));
            assertThrows(FileNotFoundException.class, () -> opened.open("bag/c.txt"));
        }
        byte[] bytes = Files.readAllBytes(container);
        assertEquals(
                "mimetypeapplication/vnd.etsi.asic-e+zip",
                new String(bytes, 30, "mimetypeapplication/vnd.etsi.asic-e+zip".length(), StandardCharsets.US_ASCII));
    }

    @Test
    void allButTheSignatureFollowsFromTheFiles() throws Exception {
        Path again = folder.resolve("again.asice");
        AsicWriter.create(
                again, List.of(source("bag/a.txt", "first"), source("bag/data/b.txt", "second")), signer("Other"));
        Map<String, byte[]> one = contents(container);
        Map<String, byte[]> two = contents(again);
        assertEquals(one.keySet(), two.keySet());
        one.remove("META-INF/signature001.p7s");
        one.forEach((name, bytes) -> assertArrayEquals(bytes, two.get(name)));
        String manifest =
                new String(Objects.requireNonNull(one.get("META-INF/ASiCManifest001.xml")), StandardCharsets.UTF_8);
        assertEquals("""
                <?xml version="1.0" encoding="UTF-8"?>
                <asic:ASiCManifest xmlns:asic="http://uri.etsi.org/02918/v1.2.1#" xmlns:ds="http://www.w3.org/2000/09/xmldsig#">
                <asic:SigReference URI="META-INF/signature001.p7s" MimeType="application/pkcs7-signature"/>
                <asic:DataObjectReference URI="bag/a.txt"><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue>p5N7ZLjKpY8Dchu2us9ceMsjX+vg5wsbhM2ZVBRhoI4=</ds:DigestValue></asic:DataObjectReference>
                <asic:DataObjectReference URI="bag/data/b.txt"><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue>FjZ6rLZ6SgF8jairlWgsyzkIY3gPcRTdoKDgxVZEx8Q=</ds:DigestValue></asic:DataObjectReference>
                </asic:ASiCManifest>
                """, manifest);
    }

    @Test
    void anotherPersonAddsASignature() throws Exception {
        Path two = folder.resolve("two.asice");
        AsicWriter.addSignature(container, two, signer("Approver"));
        Path three = folder.resolve("three.asice");
        AsicWriter.addSignature(two, three, signer("Witness"));
        List<String> names = verdicts(three).stream()
                .map(verdict -> assertInstanceOf(Passed.class, verdict).signer().subject())
                .toList();
        assertEquals(List.of("CN=Seal", "CN=Approver", "CN=Witness"), names);
        Map<String, byte[]> after = contents(three);
        contents(container).forEach((name, bytes) -> assertArrayEquals(bytes, after.get(name)));
        assertEquals(contents(container).size() + 4, after.size());
        assertThrows(
                FileAlreadyExistsException.class, () -> AsicWriter.addSignature(container, two, signer("Approver")));
    }

    @Test
    void oneSignatureMayFailAlone() throws Exception {
        Path two = folder.resolve("two.asice");
        TestPki other = new TestPki("test");
        AsicWriter.addSignature(container, two, CadesSigner.of(other.signer("Stranger"), CLOCK));
        List<CadesVerdict> verdicts = verdicts(two);
        assertInstanceOf(Passed.class, verdicts.get(0));
        assertInstanceOf(Indeterminate.class, verdicts.get(1));
        Map<String, byte[]> contents = contents(two);
        contents.put("META-INF/signature002.p7s", contents.get("META-INF/signature001.p7s"));
        verdicts = verdicts(packed(contents));
        assertInstanceOf(Passed.class, verdicts.get(0));
        assertInstanceOf(Failed.class, verdicts.get(1));
    }

    @Test
    void everyFileCounts() throws Exception {
        Map<String, byte[]> contents = contents(container);
        contents.put("bag/a.txt", new byte[] {1});
        assertFailed("expected the file bag/a.txt with the SHA-256 digest", contents);
        Path changed = packed(contents);
        assertThrows(
                MalformedContainerException.class,
                () -> AsicWriter.addSignature(changed, folder.resolve("x"), signer("Approver")));
        contents = contents(container);
        contents.remove("bag/data/b.txt");
        assertFailed("found no such file", contents);
        contents = contents(container);
        contents.put("bag/c.txt", new byte[] {1});
        assertFailed("the file bag/c.txt is not in the manifest META-INF/ASiCManifest001.xml", contents);
        contents = contents(container);
        byte[] content = contents.remove("bag/a.txt");
        contents.put("bag/A.txt", content);
        assertFailed("the file bag/A.txt is not in the manifest", contents);
    }

    @Test
    void otherSpellingsOfManifestsFail() throws Exception {
        String manifest = new String(
                Objects.requireNonNull(contents(container).get("META-INF/ASiCManifest001.xml")),
                StandardCharsets.UTF_8);
        for (String other : List.of(
                "",
                manifest.replace("?>", "?>\n<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>"),
                manifest.replace("</asic:ASiCManifest>", "<!-- --></asic:ASiCManifest>"),
                manifest.replace("signature001", "signature002"),
                manifest.replace("\n", "\r\n"),
                manifest.replace("sha256", "sha1"),
                manifest + "\n")) {
            Map<String, byte[]> contents = contents(container);
            contents.put("META-INF/ASiCManifest001.xml", other.getBytes(StandardCharsets.UTF_8));
            assertFailed("is not spelled as a container's", contents);
        }
        Map<String, byte[]> contents = contents(container);
        contents.put("META-INF/ASiCManifest001.xml", new byte[AsicManifest.BYTES_MAX + 1]);
        assertFailed("has at most", contents);
        contents = contents(container);
        contents.put("META-INF/signature001.p7s", new byte[1 << 19]);
        assertFailed("has at most", contents);
    }

    @Test
    void otherContainersAreRefused() throws Exception {
        Map<String, byte[]> contents = contents(container);
        contents.remove("mimetype");
        assertMalformed("expected mimetype", contents);
        contents = contents(container);
        contents.put("mimetype", "application/vnd.etsi.asic-s+zip".getBytes(StandardCharsets.US_ASCII));
        assertMalformed("expected mimetype", contents);
        for (String name : List.of(
                "META-INF/manifest.xml",
                "META-INF/ASiCManifest002.xml",
                "META-INF/signature002.p7s",
                "META-INF",
                "meta-inf/signature001.p7s",
                "META-INF/ASiCArchiveManifest001.xml")) {
            contents = contents(container);
            contents.put(name, new byte[] {1});
            assertMalformed("nothing else in META-INF", contents);
        }
        contents = contents(container);
        contents.remove("META-INF/signature001.p7s");
        assertMalformed("expected 1 to 99 manifests", contents);
        contents = contents(container);
        contents.keySet().removeIf(name -> name.startsWith("bag/"));
        assertMalformed("expected a file outside META-INF", contents);
        Path text = Files.writeString(folder.resolve("text"), "no ZIP file");
        assertThrows(MalformedContainerException.class, () -> AsicContainer.open(text));
    }

    @Test
    void noChangedByteAndNoCutPasses() throws Exception {
        byte[] bytes = Files.readAllBytes(container);
        Path file = folder.resolve("changed.asice");
        for (int at = 0; at < bytes.length; at++) {
            byte[] changed = bytes.clone();
            changed[at] ^= (byte) (1 << at % 8);
            Files.write(file, changed);
            assertFalse(passes(file), "byte " + at + " of " + bytes.length);
        }
        for (int length = 0; length < bytes.length; length += 7) {
            Files.write(file, Arrays.copyOf(bytes, length));
            assertFalse(passes(file), "cut to " + length);
        }
    }

    private static boolean passes(Path file) throws IOException {
        try {
            return verdicts(file).stream().anyMatch(Passed.class::isInstance);
        } catch (MalformedContainerException e) {
            return false;
        }
    }

    @Test
    void whatCannotBeWrittenLeavesNothing() throws Exception {
        Path target = folder.resolve("other.asice");
        for (List<Source> files : List.of(
                List.<Source>of(),
                List.of(source("META-INF/a", "")),
                List.of(source("mimetype", "")),
                List.of(source("../a", "")),
                List.of(source("a", ""), source("a", "")))) {
            assertThrows(IllegalArgumentException.class, () -> AsicWriter.create(target, files, signer("Seal")));
        }
        int[] opened = {0};
        Source changing = new Source("a", () -> new ByteArrayInputStream(new byte[++opened[0]]));
        assertThrows(IOException.class, () -> AsicWriter.create(target, List.of(changing), signer("Seal")));
        CadesSigner away = signer("Seal").withTimeStamps(digest -> {
            throw new IOException("away");
        });
        assertThrows(IOException.class, () -> AsicWriter.create(target, List.of(source("a", "")), away));
        assertThrows(IOException.class, () -> AsicWriter.addSignature(container, target, away));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(container), files.toList());
        }
    }
}
