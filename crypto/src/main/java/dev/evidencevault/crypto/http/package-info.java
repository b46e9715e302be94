/** What is taken from servers: a bounded number of bytes. */
package dev.evidencevault.crypto.http;
