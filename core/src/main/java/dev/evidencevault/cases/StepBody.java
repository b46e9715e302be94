package dev.evidencevault.cases;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.LogId;
import dev.evidencevault.format.Timestamps;
import dev.evidencevault.redaction.FieldPath;
import dev.evidencevault.redaction.Redaction;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a step says, one record for each kind. Points in time are nanoseconds since 1970. All are immutable. */
public sealed interface StepBody {
    /** Returns the kind. */
    StepKind kind();

    /** Writes the members, in their order. */
    void write(ObjectNode json);

    /**
     * Reads the body of a kind.
     *
     * @throws IllegalArgumentException if a member is missing or not what it has to be
     */
    static StepBody parse(StepKind kind, ObjectNode json) {
        StepFields fields = new StepFields(json);
        return switch (kind) {
            case OPEN -> Opened.parse(fields);
            case REVIEW ->
                new Reviewed(
                        fields.text("legalBasis"),
                        notice(fields),
                        fields.optionalText("conflict"),
                        fields.optionalText("fee"));
            case NOTICE -> new NoticeChanged(notice(fields), fields.text("reason"));
            case HOLD ->
                new HoldPlaced(fields.time("asOf"), fields.time("until"), fields.flag("secret"), fields.text("reason"));
            case EXTEND -> new HoldExtended(fields.count("hold"), fields.time("until"), fields.text("reason"));
            case RELEASE -> new ReleaseAsked(fields.count("hold"), fields.text("reason"));
            case RELEASED -> new ReleaseGranted(fields.count("hold"), fields.count("release"));
            case SCOPE -> new Scoped(fields.anyText("document"));
            case REDACT -> Redacted.parse(fields);
            case APPROVE ->
                new Approved(
                        fields.digest("scope"),
                        fields.optionalDigest("redaction"),
                        fields.time("expires"),
                        fields.text("purpose"),
                        fields.flag("emergency"));
            case CONFIRM -> new Confirmed(fields.digest("approval"));
            case EXPORT -> Exported.parse(fields);
            case SEAL ->
                new BundleSealed(
                        fields.digest("bundle"),
                        fields.digest("sealed"),
                        fields.count("bytes"),
                        fields.text("recipient"));
            case HANDOVER ->
                new HandedOver(
                        fields.digest("sealed"),
                        fields.text("to"),
                        fields.text("channel"),
                        fields.optionalText("serial"));
            case ACKNOWLEDGE ->
                new Acknowledged(fields.digest("seen"), fields.text("result"), fields.optionalText("statement"));
            case CLOSE -> new Closed(fields.flag("answered"), fields.text("reason"));
            case REFUSED -> new Refused(StepKind.ofLabel(fields.text("attempt")), fields.text("reason"));
            case PERSON -> PersonAdded.parse(fields);
            case PERSON_END -> new PersonEnded(fields.text("id"), fields.text("reason"));
        };
    }

    private static Notice notice(StepFields fields) {
        return Notice.of(fields.text("notice"), fields.optionalTime("noticeUntil"));
    }

    private static void write(Notice notice, ObjectNode json) {
        json.put("notice", notice.state().label());
        if (notice.until() != null) {
            json.put("noticeUntil", Timestamps.format(notice.until()));
        }
    }

    private static void writeIfKnown(ObjectNode json, String name, @Nullable String text) {
        if (text != null) {
            json.put(name, text);
        }
    }

    /**
     * An order came in.
     *
     * @param tenant whose records it asks for
     * @param order the authority's number of it
     * @param issuer the authority
     * @param type what kind of order it is, in the words of the law
     * @param jurisdiction under whose law
     * @param deadline by when it has to be answered; absent if it names none
     * @param document SHA-256 of the document that came in
     * @param callback how it was made sure that it comes from the authority, if that was done
     */
    record Opened(
            String tenant,
            String order,
            String issuer,
            String type,
            String jurisdiction,
            @Nullable Long deadline,
            Digest document,
            @Nullable String callback)
            implements StepBody {
        private static Opened parse(StepFields fields) {
            return new Opened(
                    fields.text("tenant"),
                    fields.text("order"),
                    fields.text("issuer"),
                    fields.text("type"),
                    fields.text("jurisdiction"),
                    fields.optionalTime("deadline"),
                    fields.digest("document"),
                    fields.optionalText("callback"));
        }

        @Override
        public StepKind kind() {
            return StepKind.OPEN;
        }

        @Override
        public void write(ObjectNode json) {
            json.put("tenant", tenant)
                    .put("order", order)
                    .put("issuer", issuer)
                    .put("type", type)
                    .put("jurisdiction", jurisdiction);
            if (deadline != null) {
                json.put("deadline", Timestamps.format(deadline));
            }
            json.put("document", document.hex());
            writeIfKnown(json, "callback", callback);
        }
    }

    /**
     * Counsel judged the order.
     *
     * @param legalBasis the provision that it rests on
     * @param notice whether the tenant may know
     * @param conflict what other law stands against it, if any does
     * @param fee what is charged for it, if anything is
     */
    record Reviewed(
            String legalBasis,
            Notice notice,
            @Nullable String conflict,
            @Nullable String fee) implements StepBody {
        @Override
        public StepKind kind() {
            return StepKind.REVIEW;
        }

        @Override
        public void write(ObjectNode json) {
            json.put("legalBasis", legalBasis);
            StepBody.write(notice, json);
            writeIfKnown(json, "conflict", conflict);
            writeIfKnown(json, "fee", fee);
        }
    }

    /**
     * Whether the tenant may know was decided anew.
     *
     * @param notice what holds from now on
     * @param reason why
     */
    record NoticeChanged(Notice notice, String reason) implements StepBody {
        @Override
        public StepKind kind() {
            return StepKind.NOTICE;
        }

        @Override
        public void write(ObjectNode json) {
            StepBody.write(notice, json);
            json.put("reason", reason);
        }
    }

    /**
     * The tenant's records must be kept. The hold is known by the number of this step.
     *
     * @param asOf what was recorded before this is kept
     * @param until when it ends by itself
     * @param secret whether the tenant must not know while it is in force, whatever the notice says
     * @param reason why
     */
    record HoldPlaced(long asOf, long until, boolean secret, String reason) implements StepBody {
        @Override
        public StepKind kind() {
            return StepKind.HOLD;
        }

        @Override
        public void write(ObjectNode json) {
            json.put("asOf", Timestamps.format(asOf))
                    .put("until", Timestamps.format(until))
                    .put("secret", secret)
                    .put("reason", reason);
        }
    }

    /**
     * A hold runs longer.
     *
     * @param hold the number of the step that placed it
     * @param until when it ends by itself now
     * @param reason why
     */
    record HoldExtended(long hold, long until, String reason) implements StepBody {
        @Override
        public StepKind kind() {
            return StepKind.EXTEND;
        }

        @Override
        public void write(ObjectNode json) {
            json.put("hold", hold).put("until", Timestamps.format(until)).put("reason", reason);
        }
    }

    /**
     * Somebody asks for the end of a hold, which another person has to grant.
     *
     * @param hold the number of the step that placed it
     * @param reason why
     */
    record ReleaseAsked(long hold, String reason) implements StepBody {
        @Override
        public StepKind kind() {
            return StepKind.RELEASE;
        }

        @Override
        public void write(ObjectNode json) {
            json.put("hold", hold).put("reason", reason);
        }
    }

    /**
     * The hold has ended.
     *
     * @param hold the number of the step that placed it
     * @param release the number of the step that asked
     */
    record ReleaseGranted(long hold, long release) implements StepBody {
        @Override
        public StepKind kind() {
            return StepKind.RELEASED;
        }

        @Override
        public void write(ObjectNode json) {
            json.put("hold", hold).put("release", release);
        }
    }

    /**
     * What is to be exported.
     *
     * @param document a production order, as {@link Order} reads it
     */
    record Scoped(String document) implements StepBody {
        /** Returns what an approval is over. */
        public Digest digest() {
            return Digest.sha256(document.getBytes(StandardCharsets.UTF_8));
        }

        /**
         * Returns what it says.
         *
         * @throws OrderRefusedException if it is malformed or ambiguous
         */
        public Order order() throws OrderRefusedException {
            return Order.parse(document.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public StepKind kind() {
            return StepKind.SCOPE;
        }

        @Override
        public void write(ObjectNode json) {
            json.put("document", document);
        }
    }

    /**
     * Fields are to be withheld from what the scope asks for.
     *
     * @param paths where they stand, at least one
     * @param records the seqs of the records that it is for, ascending; none for all
     * @param reason why
     * @param requestedBy the name of who asks, who signs this
     */
    record Redacted(List<FieldPath> paths, List<Long> records, String reason, String requestedBy) implements StepBody {
        /** Copies the lists. */
        public Redacted {
            paths = List.copyOf(paths);
            records = List.copyOf(records);
            if (paths.isEmpty()
                    || paths.size() > Redaction.RULES_MAX
                    || Set.copyOf(paths).size() < paths.size()) {
                throw new IllegalArgumentException(
                        "expected 1 to " + Redaction.RULES_MAX + " paths, each once, found " + paths.size());
            }
            Redaction.requireRecords(records);
        }

        private static Redacted parse(StepFields fields) {
            return new Redacted(
                    fields.texts("paths").stream().map(FieldPath::parse).toList(),
                    fields.counts("records"),
                    fields.text("reason"),
                    fields.text("requestedBy"));
        }

        /** Returns the rules that this comes to, one for each path. */
        List<Redaction.Rule> rules() {
            return paths.stream()
                    .map(path -> new Redaction.Rule(path, records, reason, requestedBy))
                    .toList();
        }

        @Override
        public StepKind kind() {
            return StepKind.REDACT;
        }

        @Override
        public void write(ObjectNode json) {
            paths.stream().map(FieldPath::toString).forEach(json.putArray("paths")::add);
            if (!records.isEmpty()) {
                records.forEach(json.putArray("records")::add);
            }
            json.put("reason", reason).put("requestedBy", requestedBy);
        }
    }

    /**
     * Another person approved a scope.
     *
     * @param scope SHA-256 of the scope's document
     * @param redaction SHA-256 of the redaction, if fields are to be withheld
     * @param expires from when on it permits nothing
     * @param purpose what for
     * @param emergency whether it was given without the role for it and needs to be confirmed within a day
     */
    record Approved(Digest scope, @Nullable Digest redaction, long expires, String purpose, boolean emergency)
            implements StepBody {
        /** Joins the parts of an approval under which nothing is withheld. */
        public Approved(Digest scope, long expires, String purpose, boolean emergency) {
            this(scope, null, expires, purpose, emergency);
        }

        @Override
        public StepKind kind() {
            return StepKind.APPROVE;
        }

        @Override
        public void write(ObjectNode json) {
            json.put("scope", scope.hex());
            writeIfKnown(json, "redaction", redaction == null ? null : redaction.hex());
            json.put("expires", Timestamps.format(expires))
                    .put("purpose", purpose)
                    .put("emergency", emergency);
        }
    }

    /**
     * A third person confirmed an emergency approval.
     *
     * @param approval the digest of the step that is confirmed
     */
    record Confirmed(Digest approval) implements StepBody {
        @Override
        public StepKind kind() {
            return StepKind.CONFIRM;
        }

        @Override
        public void write(ObjectNode json) {
            json.put("approval", approval.hex());
        }
    }

    /**
     * The bundle was made.
     *
     * @param scope SHA-256 of the document of the scope that was followed
     * @param approval the digest of the step that approved it
     * @param bundle SHA-256 of the bundle
     * @param bytes its length
     * @param records how many records are in it
     * @param notYetAnchored how many more the scope asks for that could not be proven yet
     * @param verdict what its verification found
     * @param completeness how it shows that nothing was left out
     * @param keys the logs whose keys were opened for it
     */
    record Exported(
            Digest scope,
            Digest approval,
            Digest bundle,
            long bytes,
            long records,
            long notYetAnchored,
            String verdict,
            String completeness,
            List<LogId> keys)
            implements StepBody {
        /** Copies the list. */
        public Exported {
            keys = List.copyOf(keys);
        }

        private static Exported parse(StepFields fields) {
            return new Exported(
                    fields.digest("scope"),
                    fields.digest("approval"),
                    fields.digest("bundle"),
                    fields.count("bytes"),
                    fields.count("records"),
                    fields.count("notYetAnchored"),
                    fields.text("verdict"),
                    fields.text("completeness"),
                    fields.texts("keys").stream().map(LogId::parse).toList());
        }

        @Override
        public StepKind kind() {
            return StepKind.EXPORT;
        }

        @Override
        public void write(ObjectNode json) {
            json.put("scope", scope.hex())
                    .put("approval", approval.hex())
                    .put("bundle", bundle.hex())
                    .put("bytes", bytes)
                    .put("records", records)
                    .put("notYetAnchored", notYetAnchored)
                    .put("verdict", verdict)
                    .put("completeness", completeness);
            ArrayNode list = json.putArray("keys");
            keys.forEach(key -> list.add(key.toString()));
        }
    }

    /**
     * The bundle was encrypted for its recipient.
     *
     * @param bundle SHA-256 of the bundle
     * @param sealed SHA-256 of the encrypted file
     * @param bytes the length of that file
     * @param recipient the fingerprint of the key or certificate that it is encrypted to
     */
    record BundleSealed(Digest bundle, Digest sealed, long bytes, String recipient) implements StepBody {
        @Override
        public StepKind kind() {
            return StepKind.SEAL;
        }

        @Override
        public void write(ObjectNode json) {
            json.put("bundle", bundle.hex())
                    .put("sealed", sealed.hex())
                    .put("bytes", bytes)
                    .put("recipient", recipient);
        }
    }

    /**
     * The encrypted file was handed over.
     *
     * @param sealed its SHA-256
     * @param to who took it
     * @param channel how: online, or on what medium
     * @param serial the number of the medium, if it has one
     */
    record HandedOver(
            Digest sealed,
            String to,
            String channel,
            @Nullable String serial) implements StepBody {
        @Override
        public StepKind kind() {
            return StepKind.HANDOVER;
        }

        @Override
        public void write(ObjectNode json) {
            json.put("sealed", sealed.hex()).put("to", to).put("channel", channel);
            writeIfKnown(json, "serial", serial);
        }
    }

    /**
     * The recipient said what arrived.
     *
     * @param seen SHA-256 of the file, as the recipient computed it
     * @param result what the recipient's verification found: passed, failed or indeterminate
     * @param statement what else was said, if anything was
     */
    record Acknowledged(
            Digest seen, String result, @Nullable String statement) implements StepBody {
        private static final Set<String> RESULTS = new TreeSet<>(Set.of("passed", "failed", "indeterminate"));

        /** Checks the result. */
        public Acknowledged {
            if (!RESULTS.contains(result)) {
                throw new IllegalArgumentException("expected one of " + RESULTS + " for the result, found " + result);
            }
        }

        @Override
        public StepKind kind() {
            return StepKind.ACKNOWLEDGE;
        }

        @Override
        public void write(ObjectNode json) {
            json.put("seen", seen.hex()).put("result", result);
            writeIfKnown(json, "statement", statement);
        }
    }

    /**
     * Nothing more is to be done.
     *
     * @param answered whether the recipient has what was asked for; else the order was withdrawn or could not be followed
     * @param reason why it is closed
     */
    record Closed(boolean answered, String reason) implements StepBody {
        @Override
        public StepKind kind() {
            return StepKind.CLOSE;
        }

        @Override
        public void write(ObjectNode json) {
            json.put("answered", answered).put("reason", reason);
        }
    }

    /**
     * Something was refused.
     *
     * @param attempt what was tried
     * @param reason why it was refused
     */
    record Refused(StepKind attempt, String reason) implements StepBody {
        @Override
        public StepKind kind() {
            return StepKind.REFUSED;
        }

        @Override
        public void write(ObjectNode json) {
            json.put("attempt", attempt.label()).put("reason", reason);
        }
    }

    /**
     * Somebody may sign.
     *
     * @param person who
     */
    record PersonAdded(Person person) implements StepBody {
        private static PersonAdded parse(StepFields fields) {
            Set<Role> roles = EnumSet.noneOf(Role.class);
            fields.texts("roles").forEach(label -> roles.add(Role.ofLabel(label)));
            return new PersonAdded(
                    new Person(fields.text("id"), fields.text("name"), roles, PersonKey.parse(fields.anyText("key"))));
        }

        @Override
        public StepKind kind() {
            return StepKind.PERSON;
        }

        @Override
        public void write(ObjectNode json) {
            json.put("id", person.id()).put("name", person.name());
            ArrayNode list = json.putArray("roles");
            new TreeSet<>(person.roles()).forEach(role -> list.add(role.label()));
            json.put("key", person.key().text());
        }
    }

    /**
     * Somebody may not sign any more.
     *
     * @param id who
     * @param reason why
     */
    record PersonEnded(String id, String reason) implements StepBody {
        @Override
        public StepKind kind() {
            return StepKind.PERSON_END;
        }

        @Override
        public void write(ObjectNode json) {
            json.put("id", id).put("reason", reason);
        }
    }

    /** Returns the members as JSON. */
    default ObjectNode toJson() {
        ObjectNode json = Json.object();
        write(json);
        return json;
    }
}
