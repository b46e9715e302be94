package dev.evidencevault.benchmarks.targets;

import dev.evidencevault.Actor;
import dev.evidencevault.Event;
import dev.evidencevault.Event.Outcome;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * What an application says about one event. Id and time are added when it is appended.
 *
 * @param action what was done
 * @param actor who did it
 * @param privileged whether with a privilege
 * @param service the service, or null
 * @param targetType the type of what it was done to, or null
 * @param target what it was done to, or null
 * @param sourceIp from where, or null
 * @param details anything else, as a JSON object on one line, or null
 * @param original the imported record, or null
 * @param shortId whether the application gives a short id of its own; else it is a UUID of version 7
 */
public record Sample(
        String action,
        String actor,
        boolean privileged,
        @Nullable String service,
        @Nullable String targetType,
        @Nullable String target,
        @Nullable String sourceIp,
        @Nullable String details,
        @Nullable String original,
        boolean shortId) {

    private static final long SHORT_ID_FROM = 36L * 36 * 36 * 36 * 36 * 36 * 36;

    /** Returns it as the vault takes it, built as an application builds it. */
    public Event event() {
        Actor who = Actor.tenant(actor);
        Event.Builder event =
                Event.of(action).actor(privileged ? who.privileged() : who).outcome(Outcome.SUCCESS);
        if (shortId) {
            event.id(newShortId());
        }
        if (service != null) {
            event.service(service);
        }
        if (target != null) {
            if (targetType == null) {
                event.target(target);
            } else {
                event.target(targetType, target);
            }
        }
        if (sourceIp != null) {
            event.sourceIp(sourceIp);
        }
        if (details != null) {
            event.details(details);
        }
        if (original != null) {
            event.original(original);
        }
        return event.build();
    }

    /** Returns eight random letters and digits. */
    static String newShortId() {
        return Long.toString(ThreadLocalRandom.current().nextLong(SHORT_ID_FROM, 36 * SHORT_ID_FROM), 36);
    }
}
