package dev.evidencevault.bundle;

import dev.evidencevault.crypto.merkle.Digest;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The names of the files of a bag, relative to the bag. */
public final class BundleLayout {
    /** The directory of the bag inside the ZIP file. */
    public static final String BAG = "bag/";

    /** The declaration of BagIt. */
    public static final String BAGIT = "bagit.txt";

    /** The content of that declaration (RFC 8493 section 2.1.1). */
    public static final String BAGIT_TEXT = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";

    /** What the bag is, for people. */
    public static final String BAG_INFO = "bag-info.txt";

    /** How to verify the bundle without this software. */
    public static final String README = "README.txt";

    /** The digests of the payload. */
    public static final String MANIFEST = "manifest-sha256.txt";

    /** The digests of everything else. */
    public static final String TAG_MANIFEST = "tagmanifest-sha256.txt";

    /** The signature over the tag manifest. */
    public static final String SIGNATURE = "signature.note";

    /** The signature over the tag manifest with the vault's ML-DSA-44 key; there if and only if the scope has such a key. */
    public static final String POST_QUANTUM_SIGNATURE = "signature-ml-dsa.note";

    /** The records, one verbatim line each. */
    public static final String RECORDS = "data/records/000001.jsonl";

    /** The imported originals of these records, byte for byte, each followed by a line feed. */
    public static final String ORIGINALS = "data/originals/000001.txt";

    /** The order, as it was given. */
    public static final String ORDER = "custody/order.json";

    /** When and how the export was made. */
    public static final String EXPORT = "custody/export.json";

    /** Who approved it, in a case; there if and only if the export statement names one. */
    public static final String APPROVAL = "custody/approval.json";

    /** What is withheld from the records, and why; there if and only if something may be. */
    public static final String REDACTION = "custody/redaction.json";

    /** Which log it is, and the pseudonyms of whom the order names. */
    public static final String SCOPE = "proofs/scope.json";

    /** The leaf headers of the segments in the order's time. */
    public static final String LEAVES = "proofs/leaves.jsonl";

    /** All segments of the log: their seals, and the subtrees of those outside the order's time. */
    public static final String SEGMENTS = "proofs/segments.jsonl";

    /** The head of the tenant's log. */
    public static final String CHECKPOINT = "proofs/checkpoint.txt";

    /** The way from that head to the node's checkpoint. */
    public static final String ANCHOR = "proofs/anchor.json";

    /** The node's signed checkpoint. */
    public static final String NODE_CHECKPOINT = "proofs/node-checkpoint.note";

    /** The report of the bundle: a page for people, made before there were manifests and a signature. */
    public static final String REPORT = "report.html";

    /** A shell script that checks files, manifests and signature with stock tools. */
    public static final String VERIFY_SCRIPT = "verify.sh";

    /** The second verifier, in Python. */
    public static final String SECOND_VERIFIER = "evault_verify.py";

    private static final List<String> TIME_STAMPS = List.of("proofs/timestamp-1.tsr", "proofs/timestamp-2.tsr");

    /** The label of the first line of the text under the signature. */
    public static final String SIGNED_LABEL = "evidence-vault/bundle/v1";

    private static final List<String> PAYLOAD = List.of(ORIGINALS, RECORDS);

    private static final List<String> TAGS = List.of(
            README,
            BAG_INFO,
            BAGIT,
            EXPORT,
            ORDER,
            MANIFEST,
            ANCHOR,
            CHECKPOINT,
            LEAVES,
            NODE_CHECKPOINT,
            SCOPE,
            SEGMENTS);

    private static final List<String> TOOLS = List.of(SECOND_VERIFIER, REPORT, VERIFY_SCRIPT);

    private BundleLayout() {}

    /** Returns the files that the manifest of a bundle lists, ascending: all that there have to be, and papers. */
    public static List<String> payload(Predicate<String> isThere) {
        return Stream.concat(PAYLOAD.stream(), PaperFiles.payload().stream().filter(isThere))
                .sorted()
                .toList();
    }

    /**
     * Returns the files that the tag manifest of a bundle lists, ascending: all that there have to be, approval,
     * redaction, time stamps, and companions.
     */
    public static List<String> tags(Predicate<String> isThere) {
        Stream<String> optional = Stream.of(List.of(APPROVAL, REDACTION), TIME_STAMPS, PaperFiles.tags(), TOOLS)
                .flatMap(List::stream)
                .filter(isThere);
        return Stream.concat(TAGS.stream(), optional).sorted().toList();
    }

    /**
     * Returns the companions of the evidence, ascending: papers, the report, and two programs that verify. None of them has
     * to be there, and nothing of them is read but their digests.
     */
    public static List<String> companions() {
        return Stream.of(PaperFiles.payload(), PaperFiles.tags(), TOOLS)
                .flatMap(List::stream)
                .sorted()
                .toList();
    }

    /** Returns the time stamps of the node's checkpoint (RFC 3161), by authority; none of them has to be there. */
    public static List<String> timeStamps() {
        return TIME_STAMPS;
    }

    /** Returns the text under every signature of a vault but the one for which there is another text below. */
    public static String signedText(Digest tagManifest) {
        return SIGNED_LABEL + "\n" + tagManifest.hex() + "\n";
    }

    /**
     * Returns the text under the first signature of a vault that has an ML-DSA-44 key: so whoever cannot verify ML-DSA-44
     * finds as well that the other signature was changed.
     *
     * @param postQuantumSignature the digest of the whole file {@link #POST_QUANTUM_SIGNATURE}
     */
    public static String signedText(Digest tagManifest, Digest postQuantumSignature) {
        return signedText(tagManifest) + postQuantumSignature.hex() + "\n";
    }
}
