package dev.evidencevault.witness;

import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.witness.WitnessException.Kind;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Submits checkpoints to witnesses: the client's side of add-checkpoint (c2sp.org/tlog-witness). Safe for use by several
 * threads.
 *
 * <p>A call is one request. Nothing is tried again, redirects are not followed, and no server or proxy is given
 * credentials. The certificate of an https address is checked against the platform's authorities; whether an answer is
 * believed depends on the witness's keys alone.
 */
public final class WitnessClient implements AutoCloseable {
    /** The longest answer that is read, in bytes. */
    public static final int ANSWER_BYTES_MAX = 64 << 10;

    private static final Duration TIMEOUT_MAX = Duration.ofHours(1);

    private final HttpClient http;
    private final Duration totalTimeout;

    /**
     * Creates a client. Its connections stay open between calls.
     *
     * @param connectTimeout for opening a connection: more than zero, at most an hour
     * @param totalTimeout for a whole call, from the name of the host to the last byte of the answer: the same
     * @throws IllegalArgumentException if one is not
     */
    public WitnessClient(Duration connectTimeout, Duration totalTimeout) {
        for (Duration timeout : List.of(connectTimeout, totalTimeout)) {
            if (!timeout.isPositive() || timeout.compareTo(TIMEOUT_MAX) > 0) {
                throw new IllegalArgumentException("a timeout is more than zero and at most an hour, found " + timeout);
            }
        }
        this.totalTimeout = totalTimeout;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(connectTimeout)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /**
     * Submits a checkpoint and returns the answer, whose cosignatures are verified.
     *
     * @param oldSize the size of the latest checkpoint that the witness cosigned, as far as is known; 0 if nothing is
     * @param proof the consistency proof from there to the checkpoint (RFC 6962 section 2.1.2), at most 63 hashes; empty
     *     if the old size is 0 or the checkpoint's
     * @param note the checkpoint as the log signed it; its signatures are the witness's to check
     * @throws IllegalArgumentException if the note holds no checkpoint, the old size is not from 0 to its size, or the
     *     proof is too long or should be empty
     * @throws WitnessException if the witness did not cosign it, or it is not known whether it did
     * @throws InterruptedIOException if the thread was interrupted; it still is. It is not known whether the witness
     *     cosigned
     */
    public WitnessAnswer addCheckpoint(Witness witness, long oldSize, List<Digest> proof, SignedNote note)
            throws WitnessException, InterruptedIOException {
        AddCheckpoint call = new AddCheckpoint(witness, oldSize, proof, note);
        HttpRequest request = HttpRequest.newBuilder(witness.addCheckpoint())
                .POST(HttpRequest.BodyPublishers.ofByteArray(call.request()))
                .build();
        HttpResponse<byte[]> response = send(call, request);
        if (response.body().length > ANSWER_BYTES_MAX) {
            throw call.failure(
                    Kind.MALFORMED,
                    "answered " + response.statusCode() + " with more than " + ANSWER_BYTES_MAX + " bytes");
        }
        return call.answer(response.statusCode(), response.headers().firstValue("Content-Type"), response.body());
    }

    /** Waits for the whole answer: a timeout of the request itself would end with the answer's headers. */
    private HttpResponse<byte[]> send(AddCheckpoint call, HttpRequest request)
            throws WitnessException, InterruptedIOException {
        CompletableFuture<HttpResponse<byte[]>> response =
                http.sendAsync(request, head -> new BoundedBody(ANSWER_BYTES_MAX));
        try {
            return response.get(totalTimeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw call.failure(Kind.UNREACHABLE, "gave no answer within " + totalTimeout.toMillis() + " ms", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a checkpoint was at " + request.uri());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failed) {
                throw call.failure(Kind.UNREACHABLE, "cannot be reached: " + failed, failed);
            }
            throw new IllegalStateException("the HTTP client failed", e);
        } finally {
            response.cancel(true);
        }
    }

    /** Gives up the calls that run, which fail, and closes the connections. */
    @Override
    public void close() {
        http.shutdownNow();
        http.close();
    }
}
