package dev.evidencevault.examples.documents;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a method and a path ask for.
 *
 * @param action what is to be done
 * @param tenant whose; empty for an address that does not exist
 * @param object the document or the member; empty for an address that does not exist
 */
record Route(Action action, String tenant, String object) {
    private static final String NAME = "([A-Za-z0-9._@-]{1,64})";

    /** What the service can be asked to do. */
    enum Action {
        READ("document.read", "document", "GET /tenants/{}/documents/{}"),
        WRITE("document.write", "document", "PUT /tenants/{}/documents/{}"),
        DELETE("document.delete", "document", "DELETE /tenants/{}/documents/{}"),
        CHANGE_ROLE("member.role.change", "member", "POST /tenants/{}/members/{}/role"),
        SUPPORT_READ("support.document.read", "document", "GET /support/tenants/{}/documents/{}"),
        UNKNOWN("request.unknown", "", "");

        private final String event;
        private final String target;
        private final Pattern pattern;

        Action(String event, String target, String address) {
            this.event = event;
            this.target = target;
            this.pattern = Pattern.compile(address.replace("{}", NAME));
        }

        /** Returns the action in the log. */
        String event() {
            return event;
        }

        /** Returns the type of what is acted on. */
        String target() {
            return target;
        }
    }

    /** Finds what a request asks for. Names that are too long or hold odd characters name nothing. */
    static Route of(String method, String path) {
        for (Action action : Action.values()) {
            Matcher matcher = action.pattern.matcher(method + " " + path);
            if (matcher.matches()) {
                return new Route(action, matcher.group(1), matcher.group(2));
            }
        }
        return new Route(Action.UNKNOWN, "", "");
    }

    /** Says whether a text can name a tenant, a member, an operator or a document. */
    static boolean isName(String text) {
        return text.matches(NAME);
    }
}
