package dev.evidencevault.s3;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * As much of S3 as a copy needs, in this process: one bucket, with versions and Object Lock or without, that remembers what
 * it was asked for. It checks no signature.
 */
public final class FakeS3 implements AutoCloseable {
    private static final int LIST_MAX = 3;

    private final HttpServer server;
    private final boolean locking;
    private final boolean lockingByItself;
    private final Map<String, List<Version>> objects = new TreeMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private int next = 1;
    private long bytesLeft = Long.MAX_VALUE;
    private int answersLeft = Integer.MAX_VALUE;
    private boolean lossy;

    private record Version(
            String id, byte[] content, @Nullable Instant until) {}

    public FakeS3(boolean locking, boolean lockingByItself) throws IOException {
        this.locking = locking;
        this.lockingByItself = lockingByItself;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newFixedThreadPool(2, task -> {
            Thread thread = new Thread(task, "fake-s3");
            thread.setDaemon(true);
            return thread;
        }));
        server.createContext("/", exchange -> {
            try (exchange) {
                answer(exchange);
            }
        });
        server.start();
    }

    public String location(String prefix) {
        return "s3://bucket/" + prefix + "?endpoint=http://127.0.0.1:"
                + server.getAddress().getPort();
    }

    /** Returns method and path of each request so far. */
    public List<String> requests() {
        return requests;
    }

    /** Takes so many more bytes, and then no object. */
    void limit(long bytes) {
        bytesLeft = bytes;
    }

    /** Answers so many more requests, and refuses all that follow. */
    public synchronized void refuseAfter(int more) {
        answersLeft = more;
    }

    /** Loses the last byte of what it is given, and says nothing. */
    void loseBytes() {
        lossy = true;
    }

    synchronized int versions(String key) {
        return objects.getOrDefault(key, List.of()).size();
    }

    private synchronized void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
        requests.add(exchange.getRequestMethod() + " " + path.replaceFirst("^/bucket/?", "")
                + (query.containsKey("prefix") ? "?prefix=" + query.get("prefix") : ""));
        String key = path.replaceFirst("^/bucket/?", "");
        if (answersLeft-- <= 0) {
            error(exchange, 403, "AccessDenied");
            return;
        }
        switch (exchange.getRequestMethod()) {
            case "GET", "HEAD" -> {
                if (query.containsKey("retention")) {
                    retention(exchange, key);
                } else if (query.containsKey("object-lock")) {
                    lock(exchange);
                } else if (query.containsKey("versions")) {
                    listVersions(exchange, query.get("prefix"));
                } else if (key.isEmpty()) {
                    list(exchange, query);
                } else {
                    get(exchange, key);
                }
            }
            case "PUT" -> {
                if (query.containsKey("retention")) {
                    retain(exchange, key);
                } else {
                    put(exchange, key);
                }
            }
            case "DELETE" -> delete(exchange, key, query.get("versionId"));
            default -> error(exchange, 405, "MethodNotAllowed");
        }
    }

    private void lock(HttpExchange exchange) throws IOException {
        if (locking) {
            xml(
                    exchange,
                    "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled>"
                            + (lockingByItself
                                    ? "<Rule><DefaultRetention><Mode>COMPLIANCE</Mode><Days>1</Days></DefaultRetention></Rule>"
                                    : "")
                            + "</ObjectLockConfiguration>");
        } else {
            error(exchange, 404, "ObjectLockConfigurationNotFoundError");
        }
    }

    private void put(HttpExchange exchange, String key) throws IOException {
        byte[] content = exchange.getRequestBody().readAllBytes();
        if (content.length > bytesLeft) {
            error(exchange, 507, "QuotaExceeded");
            return;
        }
        bytesLeft -= content.length;
        String until = exchange.getRequestHeaders().getFirst("x-amz-object-lock-retain-until-date");
        List<Version> versions = objects.computeIfAbsent(key, unused -> new ArrayList<>());
        if (!locking) {
            versions.clear();
        }
        String id = locking ? "v" + next++ : "null";
        versions.add(new Version(
                id,
                lossy ? Arrays.copyOf(content, content.length - 1) : content,
                until == null ? null : Instant.parse(until)));
        if (locking) {
            exchange.getResponseHeaders().set("x-amz-version-id", id);
        }
        exchange.sendResponseHeaders(200, -1);
    }

    private void retention(HttpExchange exchange, String key) throws IOException {
        Instant until = until(key);
        if (until == null) {
            error(exchange, 404, "NoSuchObjectLockConfiguration");
        } else {
            xml(
                    exchange,
                    "<Retention><Mode>COMPLIANCE</Mode><RetainUntilDate>" + until + "</RetainUntilDate></Retention>");
        }
    }

    /** Returns until when the newest version of an object is locked. */
    synchronized @Nullable Instant until(String key) {
        List<Version> versions = objects.getOrDefault(key, List.of());
        return versions.isEmpty() ? null : versions.get(versions.size() - 1).until();
    }

    private void retain(HttpExchange exchange, String key) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Instant until = Instant.parse(body.replaceFirst("(?s).*<RetainUntilDate>(.*)</RetainUntilDate>.*", "$1"));
        List<Version> versions = objects.getOrDefault(key, List.of());
        Instant before = until(key);
        if (!locking) {
            error(exchange, 400, "InvalidRequest");
        } else if (versions.isEmpty()) {
            error(exchange, 404, "NoSuchKey");
        } else if (before != null && until.isBefore(before)) {
            error(exchange, 403, "AccessDenied");
        } else {
            Version last = versions.remove(versions.size() - 1);
            versions.add(new Version(last.id(), last.content(), until));
            exchange.sendResponseHeaders(200, -1);
        }
    }

    private void get(HttpExchange exchange, String key) throws IOException {
        List<Version> versions = objects.getOrDefault(key, List.of());
        if (versions.isEmpty()) {
            error(exchange, 404, "NoSuchKey");
            return;
        }
        byte[] content = versions.get(versions.size() - 1).content();
        String range = exchange.getRequestHeaders().getFirst("Range");
        int status = 200;
        if (range != null) {
            String[] ends = range.substring("bytes=".length()).split("-", -1);
            long from = Long.parseLong(ends[0]);
            if (from >= content.length) {
                error(exchange, 416, "InvalidRange");
                return;
            }
            long last = ends[1].isEmpty() ? Long.MAX_VALUE : Long.parseLong(ends[1]);
            content = Arrays.copyOfRange(content, (int) from, (int) Math.min(content.length, last + 1));
            status = 206;
        }
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(content.length));
            exchange.sendResponseHeaders(200, -1);
        } else {
            exchange.sendResponseHeaders(status, content.length == 0 ? -1 : content.length);
            exchange.getResponseBody().write(content);
        }
    }

    private void delete(HttpExchange exchange, String key, @Nullable String id) throws IOException {
        List<Version> versions = objects.getOrDefault(key, new ArrayList<>());
        for (Version version : List.copyOf(versions)) {
            if (version.id().equals(id)) {
                if (version.until() != null && version.until().isAfter(Instant.now())) {
                    error(exchange, 403, "AccessDenied");
                    return;
                }
                versions.remove(version);
            }
        }
        exchange.sendResponseHeaders(204, -1);
    }

    private void list(HttpExchange exchange, Map<String, String> query) throws IOException {
        String after = query.getOrDefault("continuation-token", "");
        List<String> keys = objects.entrySet().stream()
                .filter(entry -> !entry.getValue().isEmpty())
                .map(Map.Entry::getKey)
                .filter(key -> key.startsWith(query.getOrDefault("prefix", "")) && key.compareTo(after) > 0)
                .toList();
        List<String> page = keys.subList(0, Math.min(LIST_MAX, keys.size()));
        StringBuilder xml = new StringBuilder("<ListBucketResult><IsTruncated>")
                .append(page.size() < keys.size())
                .append("</IsTruncated>");
        if (page.size() < keys.size()) {
            xml.append("<NextContinuationToken>")
                    .append(page.get(page.size() - 1))
                    .append("</NextContinuationToken>");
        }
        for (String key : page) {
            List<Version> versions = objects.getOrDefault(key, List.of());
            xml.append("<Contents><Key>")
                    .append(key)
                    .append("</Key><Size>")
                    .append(versions.get(versions.size() - 1).content().length)
                    .append("</Size></Contents>");
        }
        xml(exchange, xml.append("</ListBucketResult>").toString());
    }

    private void listVersions(HttpExchange exchange, String prefix) throws IOException {
        StringBuilder xml = new StringBuilder("<ListVersionsResult><IsTruncated>false</IsTruncated>");
        objects.forEach((key, versions) -> {
            if (key.startsWith(prefix)) {
                versions.forEach(version -> xml.append("<Version><Key>")
                        .append(key)
                        .append("</Key><VersionId>")
                        .append(version.id())
                        .append("</VersionId><IsLatest>")
                        .append(version == versions.get(versions.size() - 1))
                        .append("</IsLatest></Version>"));
            }
        });
        xml(exchange, xml.append("</ListVersionsResult>").toString());
    }

    private static void xml(HttpExchange exchange, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/xml");
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static void error(HttpExchange exchange, int status, String code) throws IOException {
        byte[] bytes = ("<Error><Code>" + code + "</Code><Message>" + code + "</Message></Error>")
                .getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/xml");
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, head ? -1 : bytes.length);
        if (!head) {
            exchange.getResponseBody().write(bytes);
        }
    }

    private static Map<String, String> query(@Nullable String raw) {
        Map<String, String> query = new TreeMap<>();
        for (String part : raw == null ? new String[0] : raw.split("&", -1)) {
            int at = part.indexOf('=');
            query.put(
                    at < 0 ? part : part.substring(0, at),
                    at < 0 ? "" : URLDecoder.decode(part.substring(at + 1), StandardCharsets.UTF_8));
        }
        return query;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
