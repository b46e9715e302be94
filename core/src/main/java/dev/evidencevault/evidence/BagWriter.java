package dev.evidencevault.evidence;

import dev.evidencevault.bundle.BagManifest;
import dev.evidencevault.bundle.BagSignatures;
import dev.evidencevault.bundle.BundleFiles;
import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.bundle.ExportStatement;
import dev.evidencevault.cases.Order;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.note.CheckpointSigner;
import dev.evidencevault.crypto.zip.StoredZip;
import dev.evidencevault.format.Timestamps;
import dev.evidencevault.report.HtmlReport;
import dev.evidencevault.verify.VerificationReport;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Turns the files in a work directory into a signed bag (RFC 8493) and the bag into a ZIP file. */
final class BagWriter {
    private final WorkDirectory work;
    private final CheckpointSigner signer;

    BagWriter(WorkDirectory work, CheckpointSigner signer) {
        this.work = work;
        this.signer = signer;
    }

    /** Writes what a bag has besides evidence and papers, and the bag. */
    void write(Order order, ExportStatement statement) throws IOException {
        work.write(BundleLayout.BAGIT, utf8(BundleLayout.BAGIT_TEXT));
        work.write(BundleLayout.BAG_INFO, utf8(bagInfo(order, statement)));
        copy("README.txt", BundleLayout.README);
        copy("verify.sh", BundleLayout.VERIFY_SCRIPT);
        copy("evault_verify.py", BundleLayout.SECOND_VERIFIER);
        report();
        List<String> payload = BundleLayout.payload(work::has);
        work.write(BundleLayout.MANIFEST, manifest(payload));
        List<String> tags = BundleLayout.tags(work::has);
        byte[] tagManifest = manifest(tags);
        work.write(BundleLayout.TAG_MANIFEST, tagManifest);
        SortedMap<String, byte[]> signatures = BagSignatures.of(tagManifest, signer);
        for (Map.Entry<String, byte[]> signature : signatures.entrySet()) {
            work.write(signature.getKey(), signature.getValue());
        }

        List<String> names = new ArrayList<>(payload);
        names.addAll(tags);
        names.add(BundleLayout.TAG_MANIFEST);
        names.addAll(signatures.keySet());
        List<StoredZip.Source> sources = names.stream()
                .sorted()
                .map(name -> new StoredZip.Source(BundleLayout.BAG + name, work.file(name)))
                .toList();
        try {
            StoredZip.write(work.bundle(), sources);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "a bundle has at most 4 GiB; leave out the views, or give the order a shorter time, or fewer actors",
                    e);
        }
    }

    private void copy(String resource, String name) throws IOException {
        try (InputStream in = BagWriter.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the bundle's " + resource + " is missing from this program");
            }
            work.write(name, in.readAllBytes());
        }
    }

    /** Writes the page about what is there by now: all but manifests and signature, which are over the page as well. */
    private void report() throws IOException {
        try (BundleFiles files = BundleFiles.open(work.bag());
                OutputStream page = work.create(BundleLayout.REPORT)) {
            new HtmlReport().write(files, new VerificationReport(List.of()), null, page);
        }
    }

    private String bagInfo(Order order, ExportStatement statement) throws IOException {
        List<String> payload = BundleLayout.payload(work::has);
        long bytes = 0;
        for (String name : payload) {
            bytes += Files.size(work.file(name));
        }
        return "Bag-Software-Agent: " + statement.software() + "\n"
                + "Bagging-Date: " + Timestamps.format(statement.exportedAt()).substring(0, 10) + "\n"
                + "External-Description: Audit records of one tenant, with proofs that they are unchanged and complete\n"
                + "External-Identifier: " + order.order() + "\n"
                + "Payload-Oxum: " + bytes + "." + payload.size() + "\n";
    }

    private byte[] manifest(List<String> names) throws IOException {
        SortedMap<String, Digest> digests = new TreeMap<>();
        for (String name : names) {
            try (InputStream in = Files.newInputStream(work.file(name))) {
                digests.put(name, Digest.sha256(in));
            }
        }
        return new BagManifest(digests).format();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
