package dev.evidencevault.examples.documents;

import dev.evidencevault.VaultFailedException;
import dev.evidencevault.examples.documents.Caller.Member;
import dev.evidencevault.examples.documents.Caller.Nobody;
import dev.evidencevault.examples.documents.Caller.Operator;
import dev.evidencevault.examples.documents.Decision.Reply;
import dev.evidencevault.examples.documents.Directory.Role;
import dev.evidencevault.examples.documents.Request.Body;
import dev.evidencevault.examples.documents.Request.Support;
import dev.evidencevault.examples.documents.Route.Action;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Answers requests: decides, records the decision, carries it out, in this order. An answer means that the evidence is
 * on disk; without evidence nothing is done or told. Safe for use by several threads.
 */
final class DocumentService {
    private final Directory directory;
    private final Documents documents;
    private final AuditTrail trail;

    /** What a request changes is locked from the decision to the act: no other comes between. */
    private final List<ReentrantLock> locks =
            Stream.generate(ReentrantLock::new).limit(64).toList();

    DocumentService(Directory directory, Documents documents, AuditTrail trail) {
        this.directory = directory;
        this.documents = documents;
        this.trail = trail;
    }

    /** Answers a request. */
    Reply answer(Request request) {
        return switch (request.route().action()) {
            case READ, SUPPORT_READ, UNKNOWN -> recorded(request);
            case WRITE, DELETE ->
                locked(request, request.route().tenant() + "/" + request.route().object());
            case CHANGE_ROLE -> locked(request, request.route().tenant());
        };
    }

    private Reply locked(Request request, String what) {
        ReentrantLock lock = locks.get(Math.floorMod(what.hashCode(), locks.size()));
        lock.lock();
        try {
            return recorded(request);
        } finally {
            lock.unlock();
        }
    }

    private Reply recorded(Request request) {
        try {
            Decision decision = decide(request);
            trail.record(request, decision);
            // From here on the decision is on disk.
            return carryOut(request, decision);
        } catch (VaultFailedException e) {
            return new Reply(503, "the audit log does not take records; nothing was done");
        }
    }

    private Reply carryOut(Request request, Decision decision) {
        try {
            decision.act().run();
            return decision.reply();
        } catch (RuntimeException e) {
            Decision failure = Decision.failed(e);
            trail.correct(request, failure);
            return failure.reply();
        }
    }

    private Decision decide(Request request) {
        try {
            return switch (request.caller()) {
                case Nobody nobody -> Decision.refuse(401, "no valid token");
                case Member member -> member(request, member);
                case Operator operator -> operator(request);
            };
        } catch (RuntimeException e) {
            return Decision.failed(e);
        }
    }

    private Decision member(Request request, Member member) {
        Route route = request.route();
        if (route.action() != Action.UNKNOWN && !route.tenant().equals(member.tenant())) {
            // The same whether there is such a tenant or not.
            return Decision.refuse(403, "not a member of this tenant");
        }
        return switch (route.action()) {
            case READ -> read(route);
            case WRITE -> withText(request.body(), text -> write(route, text));
            case DELETE -> delete(route);
            case CHANGE_ROLE -> withText(request.body(), word -> changeRole(route, member, word));
            case SUPPORT_READ -> Decision.refuse(403, "not an operator");
            case UNKNOWN -> Decision.refuse(404, "no such address");
        };
    }

    private Decision operator(Request request) {
        Route route = request.route();
        if (route.action() == Action.UNKNOWN) {
            return Decision.refuse(404, "no such address");
        }
        if (route.action() != Action.SUPPORT_READ) {
            return Decision.refuse(403, "an operator reads under /support, and nothing else");
        }
        if (!directory.isTenant(route.tenant())) {
            return Decision.refuse(404, "no such tenant");
        }
        Support support = request.support();
        if (support.ticket() == null
                || support.justification() == null
                || support.onBehalfOf() == null
                || !directory.isMember(new Member(route.tenant(), support.onBehalfOf()))) {
            return Decision.refuse(
                    403, "support needs a ticket, a justification, and a member on whose behalf it acts");
        }
        return read(route);
    }

    private Decision read(Route route) {
        return documents
                .read(route.tenant(), route.object())
                .map(text -> Decision.answer(200, text))
                .orElseGet(() -> Decision.refuse(404, "no such document"));
    }

    private Decision write(Route route, String text) {
        boolean there = documents.read(route.tenant(), route.object()).isPresent();
        return Decision.change(there ? 204 : 201, () -> documents.write(route.tenant(), route.object(), text));
    }

    private Decision delete(Route route) {
        return documents.read(route.tenant(), route.object()).isPresent()
                ? Decision.change(204, () -> documents.delete(route.tenant(), route.object()))
                : Decision.refuse(404, "no such document");
    }

    private Decision changeRole(Route route, Member caller, String word) {
        Member whose = new Member(route.tenant(), route.object());
        Optional<Role> role = Role.of(word.strip());
        if (!directory.isAdmin(caller)) {
            return Decision.refuse(403, "not an administrator");
        }
        if (role.isEmpty()) {
            return Decision.refuse(400, "expected member or admin");
        }
        if (!directory.isMember(whose)) {
            return Decision.refuse(404, "no such member");
        }
        return Decision.change(204, () -> directory.assign(whose, role.get()));
    }

    private static Decision withText(Body body, Function<String, Decision> decide) {
        return switch (body) {
            case Body.Text text -> decide.apply(text.text());
            case Body.Unusable unusable -> Decision.refuse(unusable.status(), unusable.reason());
        };
    }
}
