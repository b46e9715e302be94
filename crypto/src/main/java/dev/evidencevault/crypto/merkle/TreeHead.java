package dev.evidencevault.crypto.merkle;

/**
 * What commits to a tree: a root without the size it belongs to says less.
 *
 * @param size how many leaves the tree has
 * @param root its RFC 6962 root
 */
public record TreeHead(long size, Digest root) {
    /** Checks that the size is not negative. */
    public TreeHead {
        if (size < 0) {
            throw new IllegalArgumentException("a tree has 0 leaves or more, found " + size);
        }
    }
}
