package dev.evidencevault.papers;

import dev.evidencevault.format.Timestamps;
import dev.evidencevault.shred.DestructionCertificate;
import dev.evidencevault.shred.DestructionCertificate.Copy;
import dev.evidencevault.shred.DestructionCertificate.Outcome;
import dev.evidencevault.shred.DestructionCertificate.Signer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** A certificate of destruction as a page for people. It says nothing that the certificate does not. */
final class DestructionPaper {
    private DestructionPaper() {}

    /**
     * Returns the page as Markdown.
     *
     * @param language {@code en} or {@code ja}
     */
    static byte[] page(String language, DestructionCertificate certificate) throws IOException {
        Texts texts = Texts.of(language);
        Map<String, String> values = new HashMap<>();
        values.put("tenant", Markdown.text(certificate.tenant()));
        values.put("reason", Markdown.text(certificate.reason()));
        values.put("vault", certificate.tombstone().vaultId().toString());
        values.put("log", certificate.tombstone().logId().toString());
        values.put("requestedBy", person(certificate.requester()));
        values.put("approvedBy", person(certificate.approver()));
        values.put("requestedAt", Timestamps.format(certificate.requestedAt()));
        values.put("destroyedAt", Timestamps.format(certificate.tombstone().time()));
        values.put("certifiedAt", Timestamps.format(certificate.certifiedAt()));
        values.put("request", certificate.tombstone().request().hex());
        values.put("keys", certificate.keys().file().hex());
        values.put("epoch", Integer.toString(certificate.keys().epoch()));
        values.put("counts", counts(certificate));
        values.put("indexes", Long.toString(certificate.keys().indexes()));
        values.put("deposits", Long.toString(certificate.keys().deposits()));
        values.put("depositBytes", Long.toString(certificate.keys().depositBytes()));
        values.put("tombstone", certificate.tombstoneFile().hex());
        values.put("leaves", Long.toString(certificate.tombstone().leaves()));
        values.put("root", certificate.tombstone().root().hex());
        values.put("segments", Long.toString(certificate.trial().segments()));
        values.put("segmentBytes", Long.toString(certificate.trial().bytes()));
        values.put(
                "wrappedBy",
                certificate.keys().isUnderOwnKey()
                        ? texts.text(
                                "destruction.ownKey",
                                Map.of("uri", Markdown.text(certificate.keys().source())))
                        : texts.text("destruction.vaultKey"));
        values.put("trial", texts.text(trial(certificate)));
        values.put("copies", copies(certificate, texts));
        return Template.resource("destruction." + language + ".md").fill(values).getBytes(StandardCharsets.UTF_8);
    }

    private static String person(Signer signer) {
        return Markdown.text(signer.name()) + " (" + Markdown.text(signer.id()) + ")";
    }

    private static String counts(DestructionCertificate certificate) {
        StringBuilder counts = new StringBuilder();
        new TreeMap<>(certificate.keys().counts())
                .forEach((purpose, count) -> counts.append(counts.isEmpty() ? "" : ", ")
                        .append(Markdown.text(purpose))
                        .append(' ')
                        .append(count));
        return counts.toString();
    }

    private static String trial(DestructionCertificate certificate) {
        if (!certificate.trial().passed()) {
            return "destruction.trial.failed";
        }
        return certificate.trial().whole() ? "destruction.trial.passed" : "destruction.trial.partly";
    }

    private static String copies(DestructionCertificate certificate, Texts texts) {
        if (certificate.copies().isEmpty()) {
            return texts.text("destruction.copies.none") + "\n";
        }
        StringBuilder rows = new StringBuilder("| " + texts.text("destruction.copies.head") + " |\n|---|---|\n");
        for (Copy copy : certificate.copies()) {
            rows.append("| ")
                    .append(Markdown.text(copy.place()))
                    .append(" | ")
                    .append(texts.text(
                            copy.outcome() == Outcome.DESTROYED
                                    ? "destruction.copy.destroyed"
                                    : "destruction.copy.notReached"))
                    .append(" |\n");
        }
        return rows.toString();
    }
}
