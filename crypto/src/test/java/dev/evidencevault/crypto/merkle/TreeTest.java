package dev.evidencevault.crypto.merkle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Trees, ranges and proofs against the recursive definition of RFC 6962 section 2.1, for every size below 70. */
class TreeTest {
    private static final int SIZE_MAX = 70;

    private static Digest leaf(int i) {
        return Rfc6962.leaf(("leaf " + i).getBytes(StandardCharsets.UTF_8));
    }

    /** The definition, as the RFC has it. */
    private static Digest naiveRoot(int from, int to) {
        if (from == to) {
            return Rfc6962.emptyRoot();
        }
        if (to - from == 1) {
            return leaf(from);
        }
        int split = from + Integer.highestOneBit(to - from - 1);
        return Rfc6962.node(naiveRoot(from, split), naiveRoot(split, to));
    }

    private static HashTree tree(int size) {
        HashTree tree = new HashTree();
        for (int i = 0; i < size; i++) {
            tree.append(leaf(i));
        }
        return tree;
    }

    @Test
    void theEmptyRootIsTheHashOfNothing() {
        assertEquals(
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                Rfc6962.emptyRoot().hex());
    }

    @Test
    void everyRootIsThatOfTheDefinition() {
        HashTree tree = tree(SIZE_MAX);
        CompactRange range = new CompactRange();
        for (int size = 0; size <= SIZE_MAX; size++) {
            assertEquals(naiveRoot(0, size), tree.root(size));
            assertEquals(naiveRoot(0, size), range.root());
            range.append(leaf(size));
        }
    }

    @Test
    void everyInclusionProofChecksAndEveryDamagedOneFails() {
        HashTree tree = tree(SIZE_MAX);
        for (int size = 1; size <= SIZE_MAX; size++) {
            Digest root = tree.root(size);
            for (int index = 0; index < size; index++) {
                List<Digest> path = tree.inclusionProof(index, size);
                assertTrue(TreeProofs.checkInclusion(leaf(index), index, size, path, root));
                assertFalse(TreeProofs.checkInclusion(leaf(index + 1), index, size, path, root));
                assertFalse(TreeProofs.checkInclusion(leaf(index), index, size, path, tree.root(size - 1)));
                for (List<Digest> damaged : damage(path)) {
                    assertFalse(TreeProofs.checkInclusion(leaf(index), index, size, damaged, root));
                }
            }
        }
    }

    @Test
    void everyConsistencyProofChecksAndEveryDamagedOneFails() {
        HashTree tree = tree(SIZE_MAX);
        for (int size = 1; size <= SIZE_MAX; size++) {
            for (int old = 1; old < size; old++) {
                List<Digest> proof = tree.consistencyProof(old, size);
                assertTrue(TreeProofs.checkConsistency(old, tree.root(old), size, tree.root(size), proof));
                assertFalse(TreeProofs.checkConsistency(old, tree.root(size), size, tree.root(size), proof));
                for (List<Digest> damaged : damage(proof)) {
                    assertFalse(TreeProofs.checkConsistency(old, tree.root(old), size, tree.root(size), damaged));
                }
            }
        }
    }

    /** One more, one less, and each hash changed. */
    private static List<List<Digest>> damage(List<Digest> proof) {
        List<List<Digest>> damaged = new ArrayList<>();
        List<Digest> longer = new ArrayList<>(proof);
        longer.add(leaf(0));
        damaged.add(longer);
        for (int i = 0; i < proof.size(); i++) {
            List<Digest> shorter = new ArrayList<>(proof);
            shorter.remove(i);
            damaged.add(shorter);
            List<Digest> changed = new ArrayList<>(proof);
            byte[] bytes = changed.get(i).bytes();
            bytes[i % 32] ^= 1;
            changed.set(i, Digest.of(bytes));
            damaged.add(changed);
        }
        return damaged;
    }

    @Property(tries = 500)
    void threeRangesThatTouchMakeTheWholeTree(
            @ForAll @IntRange(min = 0, max = 300) int size, @ForAll int a, @ForAll int b) {
        int from = Math.floorMod(a, size + 1);
        int to = from + Math.floorMod(b, size - from + 1);
        HashTree tree = tree(size);
        CompactRange whole = tree.range(0, from);
        CompactRange middle = new CompactRange(from);
        for (int i = from; i < to; i++) {
            middle.append(leaf(i));
        }
        assertEquals(tree.range(from, to).hashes(), middle.hashes());
        whole.append(middle);
        whole.append(tree.range(to, size));
        assertEquals(naiveRoot(0, size), whole.root());
        assertEquals(size, whole.to());
    }
}
