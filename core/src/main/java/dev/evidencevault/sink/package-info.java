/** Where a vault's checkpoints go so that its own administrators cannot take them back: outside its volume. */
package dev.evidencevault.sink;
