package dev.evidencevault.examples.documents;

import dev.evidencevault.Actor;
import dev.evidencevault.Event;
import dev.evidencevault.Event.Outcome;
import dev.evidencevault.TenantLog;
import dev.evidencevault.Vault;
import dev.evidencevault.VaultFailedException;
import dev.evidencevault.examples.documents.Caller.Member;
import dev.evidencevault.examples.documents.Caller.Nobody;
import dev.evidencevault.examples.documents.Caller.Operator;
import dev.evidencevault.examples.documents.Request.Support;
import dev.evidencevault.examples.documents.Route.Action;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Puts decisions on disk: one event a request, in the log of one tenant. Safe for use by several threads.
 *
 * <p>Whose log it is:
 *
 * <ul>
 *   <li>A member's request stands in the member's own tenant's log, also where it aims at another tenant, whose log tells
 *       its readers nothing about people elsewhere.
 *   <li>An operator's request, and one by nobody known, stands in the log of the tenant that it aims at.
 *   <li>What aims at no tenant that there is stands in the provider's own log. A name in an address never creates a log.
 * </ul>
 */
final class AuditTrail {
    /** The name of the provider's own log; no tenant is called so. */
    static final String PROVIDER = "provider";

    private final Directory directory;
    private final Map<String, TenantLog> logs = new TreeMap<>();

    /** Opens the logs of all tenants. */
    AuditTrail(Vault vault, Directory directory) throws IOException {
        this.directory = directory;
        for (String tenant : directory.tenants()) {
            logs.put(tenant, vault.tenant(tenant));
        }
        logs.put(PROVIDER, vault.tenant(PROVIDER));
    }

    /**
     * Records what is to come of a request, and returns when that is on disk.
     *
     * @throws VaultFailedException if it could not be put there; the decision must not be carried out then. The event may
     *     be there all the same: the log may tell of an act that was not done, never the other way round.
     */
    void record(Request request, Decision decision) {
        append(request, event(request, decision).id(request.id()));
    }

    /** Records that an act went wrong after {@link #record} had said that it would be done. */
    void correct(Request request, Decision failure) {
        append(request, event(request, failure).id(UUID.randomUUID().toString()).sharedEventId(request.id()));
    }

    private void append(Request request, Event.Builder event) {
        log(request).appendAndWait(event.build());
    }

    private TenantLog log(Request request) {
        String aim =
                directory.isTenant(request.route().tenant()) ? request.route().tenant() : PROVIDER;
        String name = request.caller() instanceof Member member ? member.tenant() : aim;
        TenantLog log = logs.get(name);
        if (log == null) {
            throw new IllegalStateException("no log of " + name + " is open");
        }
        return log;
    }

    private Event.Builder event(Request request, Decision decision) {
        Route route = request.route();
        int status = decision.reply().status();
        Event.Builder event = Event.of(route.action().event())
                .service("documents")
                .sourceIp(request.sourceIp())
                .outcome(status < 400 ? Outcome.SUCCESS : Outcome.FAILURE)
                .details("{\"httpStatus\":" + status + "}");
        if (decision.reason() != null) {
            event.reason(decision.reason());
        }
        if (route.action() != Action.UNKNOWN) {
            event.target("tenant", route.tenant()).target(route.action().target(), route.object());
        }
        switch (request.caller()) {
            case Member member -> member(event, member, route.action());
            case Operator operator -> operator(event, operator, request);
            case Nobody nobody -> {}
        }
        return event;
    }

    /** Only an administrator's rights are a privilege, and only where they are used. */
    private void member(Event.Builder event, Member member, Action action) {
        Actor actor = Actor.tenant(member.name()).type("user");
        if (action == Action.CHANGE_ROLE && directory.isAdmin(member)) {
            event.actor(actor.privileged()).role("admin");
        } else {
            event.actor(actor);
        }
    }

    /** Support is always a privilege, also where it is refused. On whose behalf counts only if there is such a member. */
    private void operator(Event.Builder event, Operator operator, Request request) {
        Actor actor = Actor.provider(operator.name()).type("user");
        if (request.route().action() != Action.SUPPORT_READ) {
            event.actor(actor);
            return;
        }
        Support support = request.support();
        if (support.onBehalfOf() != null
                && directory.isMember(new Member(request.route().tenant(), support.onBehalfOf()))) {
            actor = actor.onBehalfOf(support.onBehalfOf());
        }
        event.actor(actor.privileged()).role("support");
        if (support.ticket() != null) {
            event.ticket(support.ticket());
        }
        if (support.justification() != null) {
            event.justification(support.justification());
        }
    }
}
