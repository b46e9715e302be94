'use strict';

// The tree of RFC 6962 section 2.1 over SHA-256, as compact ranges (docs/formats/README.md, Conventions).

const LEAF_PREFIX = Uint8Array.of(0);
const NODE_PREFIX = Uint8Array.of(1);

function hashLeaf(...parts) {
  return sha256(LEAF_PREFIX, ...parts);
}

function hashNode(left, right) {
  return sha256(NODE_PREFIX, left, right);
}

/** Returns the largest power of two that divides a place and fits before an end. */
function subtreeSize(place, end) {
  let size = 1;
  while (place % (2 * size) === 0 && place + 2 * size <= end) {
    size *= 2;
  }
  return size;
}

/** A tree from its first leaf on: only the roots of its perfect subtrees are kept. */
class Tree {
  constructor() {
    this.size = 0;
    this.subtrees = [];
  }

  append(hash) {
    this.appendSubtree(1, hash);
  }

  appendSubtree(size, hash) {
    let width = size;
    let root = hash;
    while (this.subtrees.length > 0 && this.subtrees.at(-1).size === width) {
      root = hashNode(this.subtrees.pop().hash, root);
      width *= 2;
    }
    this.subtrees.push({size: width, hash: root});
    this.size += size;
  }

  /** Appends leaves up to an end, given as a compact range from here to there. */
  appendRange(end, hashes) {
    for (const hash of hashes) {
      require_(this.size < end, 'range');
      this.appendSubtree(subtreeSize(this.size, end), hash);
    }
    require_(this.size === end, 'range');
  }

  root() {
    if (this.subtrees.length === 0) {
      return sha256();
    }
    let root = this.subtrees.at(-1).hash;
    for (let i = this.subtrees.length - 2; i >= 0; i--) {
      root = hashNode(this.subtrees[i].hash, root);
    }
    return root;
  }
}

/** Returns the root to which an inclusion proof leads (RFC 9162 section 2.1.3.2). */
function rootOfInclusion(index, size, leaf, path) {
  require_(index < size, 'path');
  let place = index;
  let last = size - 1;
  let root = leaf;
  for (const sibling of path) {
    require_(last > 0, 'path');
    if (place % 2 === 1 || place === last) {
      root = hashNode(sibling, root);
      while (place !== 0 && place % 2 === 0) {
        place /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      root = hashNode(root, sibling);
    }
    place = Math.floor(place / 2);
    last = Math.floor(last / 2);
  }
  require_(last === 0, 'path');
  return root;
}
