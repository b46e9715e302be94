package dev.evidencevault.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.cases.Case;
import dev.evidencevault.cases.CaseDesk;
import dev.evidencevault.cases.CaseId;
import dev.evidencevault.cases.CaseStep;
import dev.evidencevault.cases.Person;
import dev.evidencevault.cases.PersonRegister;
import dev.evidencevault.cases.RecordedSteps;
import dev.evidencevault.cases.RecordedSteps.Recorded;
import dev.evidencevault.cases.StepBody;
import dev.evidencevault.cases.StepKind;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.format.Timestamps;
import dev.evidencevault.reader.TenantReader;
import dev.evidencevault.reader.VaultReader;
import dev.evidencevault.shred.ShredRecord;
import dev.evidencevault.storage.Layout.LogDirectory;
import dev.evidencevault.storage.UnlockedVault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who of the provider, or of a supplier, touched one tenant's records: when, why, and under which case. Put together from
 * the cases, the vault's own log and the tenant's log; it opens keys of these two logs and of no other. Immutable.
 *
 * @param tenant the tenant
 * @param location where the tenant's log lies
 * @param entries what was done, in the order of its time
 */
public record AccessReport(String tenant, String location, List<Entry> entries) {
    /** From where it is known what was done. */
    public enum Source {
        /** A step of a case. */
        CASE("case"),
        /** The vault's own log names a step that is not there any more. */
        SERVICE_LOG("service log"),
        /** The tenant's log. */
        TENANT_LOG("tenant's log");

        private final String label;

        Source(String label) {
            this.label = label;
        }

        /** Returns the word in reports. */
        public String label() {
            return label;
        }
    }

    /**
     * Something that was done.
     *
     * @param at when, in nanoseconds since 1970, as it was said there
     * @param who who did it
     * @param what what was done
     * @param why why; empty if nobody said
     * @param caseId under which case; absent if under none
     * @param touched whether records of the tenant were read or changed
     * @param source from where that is known
     */
    public record Entry(
            long at,
            String who,
            String what,
            String why,
            @Nullable CaseId caseId,
            boolean touched,
            Source source) {}

    /** Copies the list. */
    public AccessReport {
        entries = List.copyOf(entries);
    }

    /**
     * Puts a report together.
     *
     * @param from the earliest time, in nanoseconds since 1970
     * @param to the first time that is not asked for any more
     * @param forTenant whether the tenant is to read it: then without cases of which it must not know now
     * @throws IllegalArgumentException if the vault has no such tenant
     */
    public static AccessReport of(
            UnlockedVault vault, CaseDesk desk, String tenant, long from, long to, boolean forTenant)
            throws IOException, WrongKeyException {
        TenantReader reader = VaultReader.of(vault)
                .tenant(tenant)
                .orElseThrow(() ->
                        new IllegalArgumentException("the vault has no tenant \"" + tenant + "\"; see evault tenants"));
        List<Entry> entries = new ArrayList<>();
        addCases(vault, desk, tenant, forTenant, entries);
        reader.events(record -> {
            addEvent(record, entries);
            return true;
        });
        List<Entry> asked = entries.stream()
                .filter(entry -> entry.at() >= from && entry.at() < to)
                .sorted(Comparator.comparingLong(Entry::at))
                .toList();
        return new AccessReport(tenant, reader.directory().path().toString(), asked);
    }

    private static void addCases(
            UnlockedVault vault, CaseDesk desk, String tenant, boolean forTenant, List<Entry> entries)
            throws IOException, WrongKeyException {
        // The log first: a step is there before its record is.
        LogDirectory service = vault.layout().service();
        List<Recorded> recorded = RecordedSteps.read(service, vault.keys(service), Long.MIN_VALUE);
        PersonRegister register = desk.register();
        Map<String, String> names = new TreeMap<>();
        register.steps().stream()
                .map(CaseStep::body)
                .filter(StepBody.PersonAdded.class::isInstance)
                .map(StepBody.PersonAdded.class::cast)
                .map(StepBody.PersonAdded::person)
                .forEach((Person person) -> names.put(person.id(), person.name()));
        // Cases of before are about another tenant, which had the name.
        long since = ShredRecord.ends(vault).getOrDefault(tenant, Long.MIN_VALUE);
        Set<Digest> there = new HashSet<>();
        for (Case each : desk.cases()) {
            if (!each.opened().tenant().equals(tenant)) {
                continue;
            }
            boolean shown = each.steps().get(0).at() > since && (!forTenant || each.mayBeTold(desk.now()));
            for (CaseStep step : each.steps()) {
                there.add(step.digest());
                if (shown) {
                    entries.add(entry(each, step, names));
                }
            }
        }
        for (Recorded each : recorded) {
            if (!forTenant
                    && tenant.equals(each.record().tenant())
                    && each.recordedAt() > since
                    && !there.contains(each.record().step())) {
                String person = each.record().person();
                entries.add(new Entry(
                        each.recordedAt(),
                        person == null ? "unknown" : person,
                        each.record().kind().label() + ": the step is not there any more; see evault verify",
                        "",
                        each.record().id(),
                        each.record().kind() == StepKind.EXPORT,
                        Source.SERVICE_LOG));
            }
        }
    }

    private static Entry entry(Case each, CaseStep step, Map<String, String> names) {
        String person = step.head().person();
        String name = person == null ? null : names.get(person);
        String what = step.kind().label();
        boolean touched = false;
        String why = "order " + each.opened().order() + " of " + each.opened().issuer();
        switch (step.body()) {
            case StepBody.Exported made -> {
                what += ": " + made.records() + " records, SHA-256 " + made.bundle();
                touched = true;
            }
            case StepBody.Approved given -> {
                what += given.emergency() ? " (emergency)" : "";
                why = given.purpose();
            }
            case StepBody.Refused refused -> {
                what += ": " + refused.attempt().label();
                why = refused.reason();
            }
            case StepBody.HandedOver given -> what += ": to " + given.to() + ", " + given.channel();
            case StepBody.HoldPlaced hold -> why = hold.reason();
            default -> {}
        }
        return new Entry(
                step.at(),
                person == null ? "unknown" : name == null ? person : person + " (" + name + ")",
                what,
                why,
                each.id(),
                touched,
                Source.CASE);
    }

    private static void addEvent(LogRecord record, List<Entry> entries) {
        JsonNode actor = record.json().path("actor");
        String side = actor.path("side").asText();
        if (!side.equals("provider") && !side.equals("supplier")) {
            return;
        }
        JsonNode privilege = record.json().path("privilege");
        String target = record.json().path("targets").path(0).path("id").asText();
        String behalf = actor.path("onBehalfOf").asText();
        entries.add(new Entry(
                record.occurredAt(),
                actor.path("id").asText() + (side.equals("supplier") ? " (supplier)" : ""),
                record.action()
                        + (target.isEmpty() ? "" : " " + target)
                        + (behalf.isEmpty() ? "" : " for " + behalf)
                        + (record.privileged() ? " (privileged)" : ""),
                Stream.of("justification", "ticket", "approval", "role")
                        .filter(privilege::has)
                        .map(member -> member + " " + privilege.path(member).asText())
                        .collect(Collectors.joining(", ")),
                null,
                true,
                Source.TENANT_LOG));
    }

    /** Returns the report as JSON. */
    public ObjectNode toJson() {
        ObjectNode json = Json.object();
        json.put("tenant", tenant).put("location", location);
        ArrayNode list = json.putArray("entries");
        for (Entry entry : entries) {
            ObjectNode one = list.addObject();
            one.put("at", Timestamps.format(entry.at()))
                    .put("who", entry.who())
                    .put("what", entry.what())
                    .put("why", entry.why());
            if (entry.caseId() != null) {
                one.put("case", entry.caseId().text());
            }
            one.put("touched", entry.touched()).put("source", entry.source().label());
        }
        return json;
    }
}
