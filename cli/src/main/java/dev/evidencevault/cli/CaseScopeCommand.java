package dev.evidencevault.cli;

import dev.evidencevault.cases.Case;
import dev.evidencevault.cases.CaseRefusedException;
import dev.evidencevault.cases.Order;
import dev.evidencevault.cases.OrderRefusedException;
import dev.evidencevault.cases.StepBody.Scoped;
import dev.evidencevault.cases.StepKind;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.evidence.ScopeEstimate;
import dev.evidencevault.format.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes down what is to be exported, or says beforehand how much that would be. */
@CommandLine.Command(
        name = "scope",
        description = "Write down what is to be exported; with --estimate only say how much that would touch.")
final class CaseScopeCommand extends Command {
    @Mixin
    private VaultOption vault = new VaultOption();

    @Option(
            names = "--case",
            required = true,
            paramLabel = "CASE",
            description = "the case: its id, or the authority's number of the order")
    private String caseName = "";

    @Option(
            names = "--order",
            paramLabel = "ORDER.json",
            description = "the scope (docs/formats/order.md); to estimate, else that of the case")
    private @Nullable Path order;

    @Option(
            names = "--estimate",
            description =
                    "make no step; say from the seals alone how much it touches, without opening a key of the tenant")
    private boolean estimate;

    @Option(names = "--sign-with", paramLabel = "FILE", description = "the key of the person who does it")
    private @Nullable Path signWith;

    @Mixin
    private PersonSecretOption personSecret = new PersonSecretOption();

    @Mixin
    private SinkOption sinks = new SinkOption();

    CaseScopeCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call()
            throws IOException, KeyUnavailableException, WrongKeyException, CaseRefusedException,
                    OrderRefusedException {
        OpenDesk open = OpenDesk.of(vault, shell());
        Case before = open.desk().find(caseName);
        if (estimate) {
            show(ScopeEstimate.of(open.unlocked(), estimated(before)));
            return ExitCode.PASSED;
        }
        if (order == null || signWith == null) {
            throw new UsageException("expected --order and --sign-with, or --estimate");
        }
        Scoped scope = new Scoped(text(order));
        Case after;
        try {
            after = open.desk()
                    .step(
                            before.id(),
                            SignOption.signer(signWith, personSecret, shell()),
                            StepKind.SCOPE,
                            (now, at) -> scope);
        } catch (CaseRefusedException e) {
            open.record(sinks, shell());
            throw e;
        }
        open.record(sinks, shell());
        CaseStepCommand.print(open, after, this);
        return ExitCode.PASSED;
    }

    private Order estimated(Case before) throws IOException, OrderRefusedException {
        Order read = order != null
                ? Order.parse(text(order).getBytes(StandardCharsets.UTF_8))
                : before.scope()
                        .orElseThrow(() -> new UsageException("the case has no scope yet; give one with --order"))
                        .order();
        if (!read.tenant().equals(before.opened().tenant())) {
            throw new OrderRefusedException("the case is about one tenant; the scope names another");
        }
        return read;
    }

    private static String text(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(Order.BYTES_MAX + 1);
            String text = new String(bytes, StandardCharsets.UTF_8);
            if (!Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes)) {
                throw new UsageException(file + ": expected UTF-8");
            }
            return text;
        }
    }

    private void show(ScopeEstimate found) {
        if (json()) {
            print(Json.object()
                    .put("segments", found.segments())
                    .put("recordsMin", found.recordsMin())
                    .put("recordsMax", found.recordsMax())
                    .put("actorsMax", found.actorsMax())
                    .put("bytes", found.bytes()));
            return;
        }
        print("segments  " + found.segments() + " of the tenant have a time in common with the scope");
        print("records   at least " + found.recordsMin() + ", at most " + found.recordsMax());
        print("actors    at most " + found.actorsMax());
        print("bytes     " + found.bytes() + " in these segments, compressed and encrypted");
        print(Text.wrap(
                "These are bounds from the seals: no key of the tenant was opened, so nobody knows yet which of the"
                        + " records the scope asks for. What is not sealed yet is not counted.",
                "",
                80));
    }
}
