package dev.evidencevault.crypto.timestamp;

import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;

/**
 * A time stamp authority that is asked over HTTP (RFC 3161 section 3.4): who it is, where, and what it is trusted by.
 *
 * @param name what people and messages call it: 1 to 255 characters, no control characters
 * @param uri where requests go: {@code http} or {@code https} with a host, without user information or fragment. Plain
 *     HTTP is usual: the answer is signed, and a digest tells nothing
 * @param trustAnchors the certificates of the authorities that its certificates chain up to, obtained some other way than
 *     from its answers. If there are none, its answers are checked in everything but whether it is the one that is meant:
 *     who verifies them later has to have the certificates
 */
public record TimeStampAuthority(String name, URI uri, List<X509Certificate> trustAnchors) {
    private static final int NAME_CHARS_MAX = 255;

    /**
     * Checks the parts.
     *
     * @throws IllegalArgumentException if one is not as the parameters say
     */
    public TimeStampAuthority {
        trustAnchors = List.copyOf(trustAnchors);
        if (name.isBlank()
                || name.length() > NAME_CHARS_MAX
                || name.codePoints().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("the name of a time stamp authority has 1 to " + NAME_CHARS_MAX
                    + " characters and no control characters, found \"" + name + "\"");
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!(scheme.equals("http") || scheme.equals("https"))
                || uri.getHost() == null
                || uri.getRawUserInfo() != null
                || uri.getRawFragment() != null) {
            throw new IllegalArgumentException("the address of a time stamp authority is http or https with a host,"
                    + " without user information or fragment, found " + uri);
        }
    }

    /** Returns name and address, for messages. */
    @Override
    public String toString() {
        return name + " (" + uri + ")";
    }
}
