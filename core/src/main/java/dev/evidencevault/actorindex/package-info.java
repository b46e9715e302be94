/**
 * The actor index of a segment: for each actor how many records it has there and the root over their leaves, sorted, in a
 * tree of its own whose root the seal holds. From it follows, in a few hundred bytes, that none of an actor's records is
 * left out, or that it has none. See {@code docs/formats/actor-index.md}.
 */
package dev.evidencevault.actorindex;
