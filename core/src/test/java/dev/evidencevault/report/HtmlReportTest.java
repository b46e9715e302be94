package dev.evidencevault.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.evidencevault.bundle.BundleFiles;
import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.docs.FormatVectors;
import dev.evidencevault.format.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HtmlReportTest {
    private static final Pattern SCRIPT =
            Pattern.compile("<script(?: data-part=\"check\")?>(.*?)</script>", Pattern.DOTALL);
    private static final Pattern STYLE = Pattern.compile("<style>(.*?)</style>", Pattern.DOTALL);
    private static final Pattern POLICY = Pattern.compile("Content-Security-Policy\" content=\"([^\"]*)\"");
    private static final int DATA_BLOCKS = PageParts.LANGUAGES.size() + 6;

    @TempDir
    private Path directory;

    @Test
    void thePolicyAllowsWhatThePageHasAndNothingElse() throws Exception {
        String page = ReportedBundles.report(FormatVectors.path("small-bundle.zip"));
        String policy = first(POLICY, page);
        Set<String> scripts = SCRIPT.matcher(page)
                .results()
                .map(match -> source(match.group(1)))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(PageParts.CHECK_SCRIPTS.size() + PageParts.VIEW_SCRIPTS.size(), scripts.size());
        assertEquals(
                scripts, new TreeSet<>(List.of(directive(policy, "script-src").split(" "))));
        assertEquals(source(first(STYLE, page)), directive(policy, "style-src"));
        assertEquals("'none'", directive(policy, "default-src"));
        assertEquals("blob:", directive(policy, "worker-src"));
        assertFalse(policy.contains("unsafe") || policy.contains("http") || policy.contains("data:"), policy);
    }

    private static String first(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        assertTrue(matcher.find());
        return matcher.group(1);
    }

    private static String source(String content) {
        byte[] digest = Digest.sha256(content.getBytes(StandardCharsets.UTF_8)).bytes();
        return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    }

    private static String directive(String policy, String name) {
        return Stream.of(policy.split("; "))
                .filter(directive -> directive.startsWith(name + " "))
                .map(directive -> directive.substring(name.length() + 1))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theSameBundleGivesTheSameBytes() throws Exception {
        for (String name : List.of("small-bundle.zip", "small-bundle-headers.zip")) {
            assertEquals(
                    ReportedBundles.report(FormatVectors.path(name)), ReportedBundles.report(FormatVectors.path(name)));
        }
    }

    @Test
    void whateverIsLoggedStaysDataAndComesBackByteForByte() throws Exception {
        Path bundle = ReportedBundles.hostile(directory, 60);
        String page = ReportedBundles.report(bundle);
        long elements = Pattern.compile("<script", Pattern.CASE_INSENSITIVE)
                .matcher(page)
                .results()
                .count();
        assertEquals(DATA_BLOCKS + PageParts.CHECK_SCRIPTS.size() + PageParts.VIEW_SCRIPTS.size(), elements);
        assertEquals(
                elements,
                Pattern.compile("</script", Pattern.CASE_INSENSITIVE)
                        .matcher(page)
                        .results()
                        .count());
        assertFalse(page.contains("<!--"));
        for (int c : new int[] {0, 0x1B, 0x85, 0x202E, 0x2028, 0x2029, 0x2067, 0xFEFF, '\r'}) {
            assertEquals(-1, page.indexOf(c), () -> "U+" + Integer.toHexString(c));
        }
        try (BundleFiles files = BundleFiles.open(bundle)) {
            requireLines(files, BundleLayout.RECORDS, ReportedBundles.block(page, "records"));
            requireLines(files, BundleLayout.LEAVES, ReportedBundles.block(page, "leaves"));
            requireLines(files, BundleLayout.SEGMENTS, ReportedBundles.block(page, "segments"));
            for (String line : ReportedBundles.block(page, "files")) {
                JsonNode file = Json.mapper().readTree(line);
                assertArrayEquals(
                        files.read(file.path("name").textValue(), 1 << 20), bytes(file.path("content")), line);
            }
        }
    }

    private static void requireLines(BundleFiles files, String name, List<String> lines) throws Exception {
        ByteArrayOutputStream found = new ByteArrayOutputStream();
        for (String line : lines) {
            found.write(bytes(Json.mapper().readTree(line)));
            found.write('\n');
        }
        assertArrayEquals(files.read(name, 64 << 20), found.toByteArray(), name);
    }

    private static byte[] bytes(JsonNode content) throws Exception {
        return content.isTextual()
                ? content.textValue().getBytes(StandardCharsets.UTF_8)
                : Base64.getDecoder().decode(content.path("base64").textValue());
    }

    @Test
    void bytesThatAreNoTextAreCarriedToo() throws Exception {
        Path bag = directory.resolve("bag");
        Files.createDirectories(bag.resolve("data/records"));
        Files.writeString(bag.resolve("bagit.txt"), BundleLayout.BAGIT_TEXT);
        Files.write(
                bag.resolve(BundleLayout.RECORDS),
                new byte[] {(byte) 0xC3, 0x28, '\n', '\r', '\n', 'n', 'o', ' ', 'e'});
        String page = ReportedBundles.report(bag);
        assertEquals(List.of("{\"base64\":\"wyg=\"}", "\"\\u000d\""), ReportedBundles.block(page, "records"));
        JsonNode summary =
                Json.mapper().readTree(ReportedBundles.block(page, "summary").get(0));
        List<String> unreadable = new ArrayList<>();
        summary.path("unreadable")
                .forEach(file -> unreadable.add(file.path("name").asText()));
        assertEquals(List.of(BundleLayout.RECORDS, BundleLayout.LEAVES, BundleLayout.SEGMENTS), unreadable);
    }

    @Test
    void beyondItsBoundsAPageHasTheFirstRecordsAndTheirLeaves() throws Exception {
        Path bundle = FormatVectors.path("small-bundle.zip");
        Path file =
                ReportedBundles.report(bundle, directory.resolve("part.html"), new ReportBounds(3, 1 << 20, 1 << 20));
        String page = Files.readString(file);
        JsonNode summary =
                Json.mapper().readTree(ReportedBundles.block(page, "summary").get(0));
        assertEquals(4, summary.path("records").asInt());
        assertEquals(3, summary.path("recordsEmbedded").asInt());
        assertFalse(summary.path("whole").asBoolean());
        assertEquals(3, ReportedBundles.block(page, "records").size());
        assertEquals(3, ReportedBundles.block(page, "leaves").size());
        assertTrue(ReportedBundles.block(page, "leaves").stream().allMatch(line -> line.contains("salt")));
        assertEquals(List.of(), ReportedBundles.block(page, "segments"));
    }

    /** A page of a bundle that is larger than the heap of the process that writes it. */
    @Test
    void aLargeBundleNeedsNoLargeHeap() throws Exception {
        Path bag = directory.resolve("bag");
        for (String name : List.of(BundleLayout.RECORDS, BundleLayout.LEAVES, BundleLayout.SEGMENTS)) {
            Files.createDirectories(bag.resolve(name).getParent());
        }
        Files.writeString(bag.resolve("bagit.txt"), BundleLayout.BAGIT_TEXT);
        String line = "{\"v\":1,\"details\":\"" + "<".repeat(1000) + "\"}\n";
        Iterator<String> lines =
                Stream.generate(() -> line.strip()).limit(60_000).iterator();
        Files.write(bag.resolve(BundleLayout.RECORDS), (Iterable<String>) () -> lines);
        Files.writeString(bag.resolve(BundleLayout.LEAVES), "");
        Files.writeString(bag.resolve(BundleLayout.SEGMENTS), "");
        Path page = directory.resolve("large.html");
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx32m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Writer.class.getName(),
                        bag.toString(),
                        page.toString())
                .inheritIO()
                .start();
        assertTrue(process.waitFor(5, TimeUnit.MINUTES));
        assertEquals(0, process.exitValue());
        assertTrue(Files.size(page) > 60_000L * 6000);
    }

    /** Writes a report in a process of its own. */
    static final class Writer {
        private Writer() {}

        /** Takes the bundle and the page. */
        public static void main(String[] args) throws Exception {
            ReportedBundles.report(Path.of(args[0]), Path.of(args[1]), ReportBounds.DEFAULT);
        }
    }

    @Test
    void bothLanguagesHaveEveryTextThatTheScriptsUse() throws Exception {
        JsonNode english = Json.mapper().readTree(PageParts.messages("en"));
        JsonNode japanese = Json.mapper().readTree(PageParts.messages("ja"));
        assertEquals(names(english), names(japanese));
        for (String name : names(english)) {
            assertEquals(
                    places(english.path(name).toString()),
                    places(japanese.path(name).toString()),
                    name);
            assertEquals(english.path(name).size(), japanese.path(name).size(), name);
        }
        String scripts = Stream.concat(PageParts.CHECK_SCRIPTS.stream(), PageParts.VIEW_SCRIPTS.stream())
                .map(PageParts::resource)
                .collect(Collectors.joining());
        Set<String> used = new TreeSet<>();
        find("words\\.(?:get|say)\\(\\s*'([\\w.]+)'[,)]", scripts, used);
        find("data-(?:text|label)=\"([\\w.]+)\"", PageParts.resource("report.html"), used);
        Set<String> codes = new TreeSet<>();
        find("require_\\([^;]*?, '(\\w+)'(?:, [\\w.']+)*\\);", scripts, codes);
        find("(?:Refused|fail|open)\\((?:'\\w+', )?(?:[\\w.]+(?:\\(\\))?, )?'(\\w+)'", scripts, codes);
        codes.removeAll(Set.of("segments", "records", "order", "anchor", "completeness", "bundleSignature"));
        codes.forEach(code -> used.add("finding." + code));
        assertTrue(used.size() > 120, used::toString);
        used.removeAll(names(english));
        assertEquals(Set.of(), used);
    }

    private static void find(String pattern, String text, Set<String> found) {
        Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(match -> match.group(1))
                .forEach(found::add);
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static Set<String> places(String text) {
        return Pattern.compile("\\{\\d}")
                .matcher(text)
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toSet());
    }

    @Test
    void theScriptsTurnNoTextIntoMarkupOrCode() {
        for (String name : Stream.concat(PageParts.CHECK_SCRIPTS.stream(), PageParts.VIEW_SCRIPTS.stream())
                .toList()) {
            String script = PageParts.resource(name).replace("http://www.w3.org/2000/svg", "the name of SVG");
            assertTrue(script.startsWith("'use strict';\n"), name);
            for (String danger : List.of(
                    "innerHTML",
                    "outerHTML",
                    "insertAdjacent",
                    "document.write",
                    "eval(",
                    "Function(",
                    "fetch(",
                    "XMLHttp",
                    "import(",
                    "</script",
                    "<!--",
                    "\r",
                    "http:")) {
                assertFalse(script.contains(danger), name + " has " + danger);
            }
        }
    }
}
