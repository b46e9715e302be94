/** Keys that AWS KMS keeps. */
package dev.evidencevault.awskms;
