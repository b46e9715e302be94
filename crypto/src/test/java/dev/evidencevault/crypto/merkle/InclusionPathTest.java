package dev.evidencevault.crypto.merkle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class InclusionPathTest {
    private static final int SIZE_MAX = 70;

    private static Digest leaf(long number) {
        return Rfc6962.leaf(Long.toString(number).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }

    @Test
    void isThePathThatAWholeTreeGives() {
        HashTree tree = new HashTree();
        for (int i = 0; i < SIZE_MAX; i++) {
            tree.append(leaf(i));
        }
        for (int size = 1; size <= SIZE_MAX; size++) {
            for (int index = 0; index < size; index++) {
                InclusionPath path = new InclusionPath(index, size);
                for (int i = 0; i < size + index % 3; i++) {
                    path.append(leaf(i));
                }
                assertEquals(tree.inclusionProof(index, size), path.path(), index + " of " + size);
                assertTrue(TreeProofs.checkInclusion(leaf(index), index, size, path.path(), tree.root(size)));
            }
        }
    }

    @Test
    void needsALeafOfTheTreeAndAllOfThem() {
        assertThrows(IllegalArgumentException.class, () -> new InclusionPath(3, 3));
        assertThrows(IllegalArgumentException.class, () -> new InclusionPath(-1, 3));
        InclusionPath path = new InclusionPath(0, 3);
        path.append(leaf(0));
        path.append(leaf(1));
        assertThrows(IllegalStateException.class, path::path);
    }
}
