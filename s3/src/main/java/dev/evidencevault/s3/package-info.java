/**
 * A store that speaks S3, for copies of a vault: {@link dev.evidencevault.s3.S3Store}. With Object Lock, what is kept there
 * cannot be deleted before its time, not by who holds the bucket's credentials either.
 *
 * <p>Places are named {@code s3://bucket/prefix?region=…&endpoint=…}. Credentials come from the environment
 * ({@code AWS_ACCESS_KEY_ID}, {@code AWS_SECRET_ACCESS_KEY}, {@code AWS_SESSION_TOKEN}); no other place is asked for them,
 * neither files of the user nor the machine's metadata service, and nothing is reported to anybody.
 */
@NullMarked
package dev.evidencevault.s3;

import org.jspecify.annotations.NullMarked;
