package dev.evidencevault.papers;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.cases.Order;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.Timestamps;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * {@code custody/case.jsonld}: order and export in the terms of CASE 1.4 and UCO 1.4. The ids follow from order and export
 * statement, so that the same export has the same.
 */
final class CaseFile {
    private static final String VOCABULARY = "https://ontology.unifiedcyberontology.org/uco/";

    private final Holdings holdings;
    private final byte[] seed;
    private final ArrayNode graph = Json.object().putArray("graph");

    CaseFile(Holdings holdings) {
        this.holdings = holdings;
        this.seed = Digest.sha256(
                        holdings.order().text().bytes(), holdings.statement().format())
                .bytes();
    }

    byte[] bytes() {
        Order order = holdings.order();
        putAuthorization(order);
        putPerson("requester", order.requestedBy());
        putPerson("approver", order.approvedBy());
        node("issuer", "uco-identity:Organization").put("uco-core:name", order.issuer());
        putTool();
        putFile("records", holdings.records());
        putFile("originals", holdings.originals());
        putProvenance(order);
        putAction();
        putInvestigation(order);
        ObjectNode json = Json.object();
        putContext(json.putObject("@context"));
        json.set("@graph", graph);
        return JsonText.bytes(json);
    }

    private static void putContext(ObjectNode context) {
        context.put("kb", "https://evidencevault.dev/kb/")
                .put("case-investigation", "https://ontology.caseontology.org/case/investigation/");
        for (String part : new String[] {"action", "core", "identity", "observable", "tool", "types", "vocabulary"}) {
            context.put("uco-" + part, VOCABULARY + part + "/");
        }
        context.put("xsd", "http://www.w3.org/2001/XMLSchema#");
    }

    private void putAuthorization(Order order) {
        ObjectNode node = node("authorization", "case-investigation:Authorization");
        node.put("case-investigation:authorizationType", "production order");
        node.put("case-investigation:authorizationIdentifier", order.order());
        node.put("uco-core:description", "Issued by " + order.issuer() + " under " + order.legalBasis());
        Long expires = order.expires();
        if (expires != null) {
            putTyped(node, "uco-core:endTime", "xsd:dateTime", Timestamps.format(expires));
        }
    }

    private void putPerson(String kind, String name) {
        node(kind, "uco-identity:Person").put("uco-core:name", name);
    }

    private void putTool() {
        node("tool", "uco-tool:Tool").put("uco-core:name", holdings.statement().software());
    }

    private void putFile(String kind, FileFacts file) {
        ObjectNode node = node(kind, "uco-observable:File");
        ArrayNode facets = node.putArray("uco-core:hasFacet");
        putTyped(
                facet(facets, kind + "-file", "uco-observable:FileFacet").put("uco-observable:fileName", file.name()),
                "uco-observable:sizeInBytes",
                "xsd:integer",
                String.valueOf(file.bytes()));
        ObjectNode hash = facet(facets, kind + "-content", "uco-observable:ContentDataFacet")
                .putObject("uco-observable:hash");
        hash.put("@id", id(kind + "-hash")).put("@type", "uco-types:Hash");
        putTyped(hash, "uco-types:hashMethod", "uco-vocabulary:HashNameVocab", "SHA256");
        putTyped(hash, "uco-types:hashValue", "xsd:hexBinary", file.digest().hex());
    }

    private ObjectNode facet(ArrayNode facets, String kind, String type) {
        return facets.addObject().put("@id", id(kind)).put("@type", type);
    }

    private void putProvenance(Order order) {
        ObjectNode node = node("provenance-record", "case-investigation:ProvenanceRecord");
        node.put(
                "uco-core:description",
                "Records of tenant " + order.tenant() + " from log "
                        + holdings.scope().logId());
        String exhibit = holdings.scope().logId() + "/"
                + Timestamps.format(holdings.statement().exportedAt());
        node.put("case-investigation:exhibitNumber", exhibit);
        node.put("case-investigation:rootExhibitNumber", exhibit);
        ArrayNode objects = node.putArray("uco-core:object");
        putReference(objects.addObject(), "records");
        putReference(objects.addObject(), "originals");
    }

    private void putAction() {
        ObjectNode node = node("investigative-action", "case-investigation:InvestigativeAction");
        node.put("uco-core:name", "export");
        node.put(
                "uco-core:description",
                "Copied the records that the order asks for, byte for byte, with proofs of their place in the log");
        putTyped(
                node,
                "uco-action:startTime",
                "xsd:dateTime",
                Timestamps.format(holdings.statement().exportedAt()));
        putReference(node.putObject("uco-action:performer"), "requester");
        putReference(node.putObject("uco-action:instrument"), "tool");
        putReference(node.putObject("uco-action:object"), "authorization");
        ArrayNode results = node.putArray("uco-action:result");
        putReference(results.addObject(), "provenance-record");
        putReference(results.addObject(), "records");
        putReference(results.addObject(), "originals");
    }

    private void putInvestigation(Order order) {
        ObjectNode node = node("investigation", "case-investigation:Investigation");
        node.put("uco-core:name", order.order());
        putReference(node.putObject("case-investigation:relevantAuthorization"), "authorization");
        ArrayNode objects = node.putArray("uco-core:object");
        for (String kind :
                new String[] {"investigative-action", "provenance-record", "issuer", "requester", "approver"}) {
            putReference(objects.addObject(), kind);
        }
    }

    private ObjectNode node(String kind, String type) {
        return graph.addObject().put("@id", id(kind)).put("@type", type);
    }

    private void putReference(ObjectNode object, String kind) {
        object.put("@id", id(kind));
    }

    private static void putTyped(ObjectNode object, String name, String type, String value) {
        object.putObject(name).put("@type", type).put("@value", value);
    }

    /** A UUID of version 8 (RFC 9562 section 5.8): the first bits of a hash of what the id stands for. */
    private String id(String kind) {
        ByteBuffer hash = ByteBuffer.wrap(
                Digest.sha256(seed, kind.getBytes(StandardCharsets.UTF_8)).bytes());
        long high = hash.getLong() & ~0xf000L | 0x8000L;
        long low = hash.getLong() >>> 2 | 1L << 63;
        return "kb:" + kind + "-" + new UUID(high, low);
    }
}
