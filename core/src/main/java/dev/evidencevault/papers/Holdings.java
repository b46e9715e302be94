package dev.evidencevault.papers;

import dev.evidencevault.anchor.AnchorProof;
import dev.evidencevault.bundle.AnchorFile;
import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.bundle.ExportStatement;
import dev.evidencevault.bundle.MalformedBundleException;
import dev.evidencevault.bundle.Scope;
import dev.evidencevault.cases.Order;
import dev.evidencevault.cases.OrderRefusedException;
import dev.evidencevault.crypto.note.Checkpoint;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.format.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * What the small files of a bundle say, read once. Nothing of it is verified.
 *
 * @param order the order
 * @param statement how the bundle was made
 * @param scope which log it is
 * @param head the head of the log
 * @param anchor the way from that head to the node's checkpoint
 * @param records the file of the records
 * @param originals the file of their imported originals
 */
record Holdings(
        Order order,
        ExportStatement statement,
        Scope scope,
        Checkpoint head,
        AnchorProof anchor,
        FileFacts records,
        FileFacts originals) {
    private static final int SMALL_FILE_BYTES_MAX = 2 << 20;

    static Holdings read(Papers.Source source) throws IOException {
        return new Holdings(
                parse(source, BundleLayout.ORDER, Order::parse),
                parse(source, BundleLayout.EXPORT, ExportStatement::parse),
                parse(source, BundleLayout.SCOPE, Scope::parse),
                parse(source, BundleLayout.CHECKPOINT, bytes -> Checkpoint.parse(utf8(bytes))),
                anchor(source),
                FileFacts.of(source, BundleLayout.RECORDS),
                FileFacts.of(source, BundleLayout.ORIGINALS));
    }

    private static AnchorProof anchor(Papers.Source source) throws IOException {
        SignedNote note = parse(source, BundleLayout.NODE_CHECKPOINT, SignedNote::parse);
        return parse(source, BundleLayout.ANCHOR, bytes -> AnchorFile.parse(bytes, note));
    }

    private interface Parser<T> {
        T parse(byte[] bytes) throws OrderRefusedException;
    }

    private static <T> T parse(Papers.Source source, String name, Parser<T> parser) throws IOException {
        byte[] bytes;
        try (InputStream in = source.open(name)) {
            bytes = in.readNBytes(SMALL_FILE_BYTES_MAX);
        }
        try {
            return parser.parse(bytes);
        } catch (IllegalArgumentException | OrderRefusedException e) {
            throw new MalformedBundleException(name, Json.firstLine(e));
        }
    }

    private static String utf8(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
