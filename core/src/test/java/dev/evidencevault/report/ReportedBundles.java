package dev.evidencevault.report;

import dev.evidencevault.Actor;
import dev.evidencevault.Event;
import dev.evidencevault.SmallVault;
import dev.evidencevault.TenantLog;
import dev.evidencevault.Vault;
import dev.evidencevault.VaultOptions;
import dev.evidencevault.attest.TestAuthority;
import dev.evidencevault.attest.TimeStamping;
import dev.evidencevault.bundle.BundleFiles;
import dev.evidencevault.cases.Order;
import dev.evidencevault.crypto.keys.CryptoSuite;
import dev.evidencevault.evidence.EvidenceExport;
import dev.evidencevault.format.Change;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Settings;
import dev.evidencevault.verify.BundleVerifier;
import dev.evidencevault.witness.TestWitness;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

/** Bundles to report on, and their reports. */
final class ReportedBundles {
    /** What somebody could log who wants to harm the reader of a report. */
    static final List<String> HOSTILE = List.of(
            "</script><script>window.harmed=1</script>",
            "<!--<script>",
            "<img src=x onerror=\"window.harmed=1\">",
            "\u202Egpj.exe\u202C",
            "\u2066\u2067\u2068\u2069\u200F\u061C",
            "\u0000\u0001\u001B[31m\u007F\u0085",
            "\u2028\u2029\uFEFF\u200B\u00AD",
            "__proto__",
            "constructor",
            "{{data}}{{policy}}$&$1",
            "&lt;b&gt;&amp;",
            "שלום עולם",
            "証跡 🗾 e\u0301",
            "x".repeat(100_000));

    static final Instant START = Instant.parse("2026-05-01T00:00:00Z");

    private ReportedBundles() {}

    /** Exports the bundle of a vault with so many events, hostile texts among them, a change and acts under a privilege. */
    static Path hostile(Path directory, int events) throws Exception {
        Path vault = directory.resolve("vault-hostile");
        try (Vault open = Vault.create(vault, SmallVault.SECRET, SmallVault.options())) {
            TenantLog log = open.tenant("acme");
            for (int i = 0; i < events; i++) {
                log.appendAndWait(hostileEvent(i));
                if (i % 100 == 99) {
                    open.seal();
                }
            }
            log.appendChangeAndWait(new Change(Change.What.POLICY, "none", HOSTILE.get(0), "the court asked"));
        }
        return export(vault, directory.resolve("hostile.zip"), "");
    }

    private static Event hostileEvent(int i) {
        String text = HOSTILE.get(i % HOSTILE.size());
        String id = text.length() > 1000 ? "long" : text;
        Actor actor = Actor.tenant("actor-" + i % 7);
        return Event.of(i % 3 == 0 ? id : "document.read")
                .occurredAt(START.plusSeconds(60L * i))
                .actor(i % 10 == 9 ? Actor.provider("operator").privileged().onBehalfOf(id) : actor)
                .target("document", id)
                .details("{\"text\":\"\\ud800 alone\",\"n\":12345678901234567890123}")
                .original(text)
                .build();
    }

    /** Exports the bundle of a vault with so many plain events. */
    static Path plain(Path directory, int events) throws Exception {
        Path vault = directory.resolve("vault-plain");
        try (Vault open = Vault.create(vault, SmallVault.SECRET, SmallVault.options())) {
            TenantLog log = open.tenant("acme");
            for (int i = 0; i < events; i++) {
                log.append(Event.of(i % 5 == 0 ? "document.delete" : "document.read")
                        .id("event-" + i)
                        .occurredAt(START.plusSeconds(i))
                        .service("files")
                        .actor(Actor.tenant("actor-" + i % 50))
                        .target("document", "doc-" + i)
                        .build());
            }
        }
        return export(vault, directory.resolve("plain.zip"), "");
    }

    /** Exports a bundle with a witness's line and a time stamp. */
    static Path attested(Path directory) throws Exception {
        Path vault = directory.resolve("vault-attested");
        SmallVault.write(vault);
        try (TestAuthority authority = TestAuthority.start("one", Clock.systemUTC());
                TestWitness witness = TestWitness.start("witness.example/w1")) {
            witness.trust(Settings.read(new Layout(vault)).verifier());
            VaultOptions options = SmallVault.options()
                    .withWitnesses(List.of(witness.witness()))
                    .withTimeStamping(TimeStamping.by(authority.stamper()));
            try (Vault open = Vault.open(vault, SmallVault.SECRET, options)) {
                open.tenant("acme").appendAndWait(Event.of("document.read").build());
            }
        }
        return export(vault, directory.resolve("attested.zip"), ",\"actors\":[\"alice\"],\"to\":\"2026-06-01\"");
    }

    /** Exports a bundle of a vault with a suite, whose keys succeeded one another so often. */
    static Path succeeded(Path directory, CryptoSuite suite, int successions) throws Exception {
        Path vault = directory.resolve("vault-" + suite.name() + successions);
        SmallVault.write(vault, SmallVault.options().withSuite(suite));
        for (int i = 0; i < successions; i++) {
            Vault.succeedSigningKeys(vault, SmallVault.SECRET, SmallVault.options(), "planned");
        }
        return export(
                vault,
                directory.resolve(suite.name() + successions + ".zip"),
                ",\"actors\":[\"alice\"],\"to\":\"2026-06-01\"");
    }

    private static Path export(Path vault, Path bundle, String scope) throws Exception {
        String order = "{\"order\":\"2026 (So) 417\",\"issuer\":\"Tokyo District Court\",\"legalBasis\":\"Article 99\","
                + "\"tenant\":\"acme\",\"requestedBy\":\"A. Mori\",\"approvedBy\":\"K. Sato\"" + scope + "}";
        new EvidenceExport(SmallVault.open(vault), Clock.systemUTC())
                .export(Order.parse(order.getBytes(StandardCharsets.UTF_8)), bundle);
        return bundle;
    }

    /** Returns the report of a bundle. */
    static String report(Path bundle) throws Exception {
        ByteArrayOutputStream page = new ByteArrayOutputStream();
        write(bundle, ReportBounds.DEFAULT, page);
        return page.toString(StandardCharsets.UTF_8);
    }

    /** Writes the report of a bundle into a file. */
    static Path report(Path bundle, Path page, ReportBounds bounds) throws Exception {
        try (OutputStream out = Files.newOutputStream(page)) {
            write(bundle, bounds, out);
        }
        return page;
    }

    private static void write(Path bundle, ReportBounds bounds, OutputStream out) throws Exception {
        try (BundleFiles files = BundleFiles.open(bundle)) {
            new HtmlReport(bounds).write(files, new BundleVerifier(null).verify(bundle), null, out);
        }
    }

    /** Returns the lines of a block of data in a page. */
    static List<String> block(String page, String id) {
        int start = page.indexOf('\n', page.indexOf("id=\"data-" + id + "\"")) + 1;
        return page.substring(start, page.indexOf("</script>", start)).lines().toList();
    }
}
