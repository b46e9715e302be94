package dev.evidencevault.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.format.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A page in a {@link Browser}: what it asked the network for, what it complained of, and what a script finds in it. */
final class BrowserPage {
    private static final int WAIT_SECONDS = 120;

    private final Browser browser;
    private final String session;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<String> complaints = new CopyOnWriteArrayList<>();

    BrowserPage(Browser browser, String url, String before, int width, int height) throws Exception {
        this.browser = browser;
        String target = browser.call(null, "Target.createTarget", Json.object().put("url", "about:blank"))
                .path("targetId")
                .asText();
        session = browser.call(
                        null,
                        "Target.attachToTarget",
                        Json.object().put("targetId", target).put("flatten", true))
                .path("sessionId")
                .asText();
        browser.listen(this::heard);
        for (String domain : List.of("Page", "Runtime", "Network", "Log")) {
            call(domain + ".enable", Json.object());
        }
        size(width, height);
        call("Page.addScriptToEvaluateOnNewDocument", Json.object().put("source", before));
        call("Page.navigate", Json.object().put("url", url));
    }

    private void heard(JsonNode message) {
        if (!session.equals(message.path("sessionId").asText())) {
            return;
        }
        JsonNode parameters = message.path("params");
        switch (message.path("method").asText()) {
            case "Network.requestWillBeSent" ->
                requests.add(parameters.path("request").path("url").asText());
            case "Runtime.exceptionThrown", "Log.entryAdded" -> complaints.add(parameters.toString());
            case "Runtime.consoleAPICalled" -> {
                if (List.of("error", "warning", "assert")
                        .contains(parameters.path("type").asText())) {
                    complaints.add(parameters.toString());
                }
            }
            default -> {}
        }
    }

    JsonNode call(String method, ObjectNode parameters) throws Exception {
        return browser.call(session, method, parameters);
    }

    /** Sets the size of the view. */
    void size(int width, int height) throws Exception {
        call(
                "Emulation.setDeviceMetricsOverride",
                Json.object()
                        .put("width", width)
                        .put("height", height)
                        .put("deviceScaleFactor", 1)
                        .put("mobile", false));
    }

    /** Returns the value of an expression, of a promise once it is kept. */
    JsonNode value(String expression) throws Exception {
        JsonNode result = call(
                "Runtime.evaluate",
                Json.object()
                        .put("expression", expression)
                        .put("returnByValue", true)
                        .put("awaitPromise", true));
        if (result.has("exceptionDetails")) {
            throw new IllegalStateException(expression + ": " + result.path("exceptionDetails"));
        }
        return result.path("result").path("value");
    }

    /** Returns the text of an expression. */
    String text(String expression) throws Exception {
        return value(expression).asText();
    }

    /** Waits until an expression is true. */
    void await(String expression) throws Exception {
        for (int i = 0; i < WAIT_SECONDS * 20; i++) {
            if (value("Boolean(" + expression + ")").asBoolean()) {
                return;
            }
            Thread.sleep(50);
        }
        throw new IllegalStateException("waited in vain for " + expression + "; the page complains: " + complaints);
    }

    /** Returns the addresses that the page asked for. */
    List<String> requests() {
        return requests;
    }

    /** Returns errors and warnings. */
    List<String> complaints() {
        return complaints;
    }

    /** Writes a picture of the view. */
    void screenshot(Path png) throws Exception {
        Files.write(
                png,
                Base64.getDecoder()
                        .decode(call("Page.captureScreenshot", Json.object())
                                .path("data")
                                .asText()));
    }

    /** Returns the page as it is printed (PDF). */
    byte[] print() throws Exception {
        return Base64.getDecoder()
                .decode(call(
                                "Page.printToPDF",
                                Json.object().put("preferCSSPageSize", true).put("printBackground", false))
                        .path("data")
                        .asText());
    }
}
