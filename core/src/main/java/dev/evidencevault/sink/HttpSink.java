package dev.evidencevault.sink;

import dev.evidencevault.crypto.note.SignedNote;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A server that gets each checkpoint, a signed note, as the body of an HTTP POST ({@code text/plain; charset=utf-8}). It
 * has kept it if it answers with a status of 200 to 299. What else it says is not read; redirects are not followed.
 */
public final class HttpSink implements CheckpointSink {
    private final URI uri;
    private final Duration timeout;
    private final HttpClient client;

    /**
     * Creates a sink.
     *
     * @param uri an http or https address
     * @param timeout for the whole call
     */
    public HttpSink(URI uri, Duration timeout) {
        String scheme = String.valueOf(uri.getScheme());
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new IllegalArgumentException("expected an http or https address, found " + uri);
        }
        this.uri = uri;
        this.timeout = timeout;
        this.client = HttpClient.newBuilder()
                .connectTimeout(timeout)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    @Override
    public String name() {
        return uri.getScheme() + "://" + uri.getHost();
    }

    @Override
    public void deliver(SignedNote checkpoint) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("Content-Type", "text/plain; charset=utf-8")
                .POST(HttpRequest.BodyPublishers.ofByteArray(checkpoint.format()))
                .build();
        // A timeout of the request itself would end with the answer's headers, and a server could keep its end open.
        CompletableFuture<HttpResponse<Void>> response =
                client.sendAsync(request, HttpResponse.BodyHandlers.discarding());
        try {
            int status = response.get(timeout.toNanos(), TimeUnit.NANOSECONDS).statusCode();
            if (status < 200 || status > 299) {
                throw new IOException("expected a status of 200 to 299, found " + status);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a checkpoint was sent");
        } catch (TimeoutException e) {
            throw new IOException("it gave no whole answer within " + timeout.toMillis() + " ms", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failed ? failed : new IOException("it cannot be reached", e);
        } finally {
            response.cancel(true);
        }
    }
}
