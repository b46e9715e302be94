package dev.evidencevault.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.cases.Case;
import dev.evidencevault.cases.CaseRefusedException;
import dev.evidencevault.cases.PersonSigner;
import dev.evidencevault.cases.StepBody;
import dev.evidencevault.cases.StepKind;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.Timestamps;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A command that makes one step of a case. What is refused is recorded as well. */
abstract class CaseStepCommand extends Command {
    @Mixin
    VaultOption vault = new VaultOption();

    @Option(
            names = "--case",
            required = true,
            paramLabel = "CASE",
            description = "the case: its id, or the authority's number of the order")
    private String caseName = "";

    @Mixin
    private SignOption sign = new SignOption();

    @Mixin
    SinkOption sinks = new SinkOption();

    CaseStepCommand(Shell shell) {
        super(shell);
    }

    /** Returns what is done. */
    abstract StepKind kind();

    /** Returns what the step says. */
    abstract StepBody body(Case before) throws IOException;

    /** Returns what the step says that is made at a time. */
    StepBody body(Case before, long at) throws IOException {
        return body(before);
    }

    /** Makes the step, and returns the case with it. */
    Case make(OpenDesk open, Case before, PersonSigner signer)
            throws IOException, KeyUnavailableException, WrongKeyException, CaseRefusedException {
        return open.desk().step(before.id(), signer, kind(), this::body);
    }

    /** Returns the exit code of a step that was made. */
    int exitCode(Case after) {
        return ExitCode.PASSED;
    }

    @Override
    public Integer call() throws IOException, KeyUnavailableException, WrongKeyException, CaseRefusedException {
        OpenDesk open = OpenDesk.of(vault, shell());
        Case before = open.desk().find(caseName);
        PersonSigner signer = sign.signer(shell());
        Case after;
        try {
            after = make(open, before, signer);
        } catch (CaseRefusedException e) {
            open.record(sinks, shell());
            throw e;
        }
        open.record(sinks, shell());
        print(open, after, this);
        return exitCode(after);
    }

    /** Says what was done and where the case stands. */
    static void print(OpenDesk open, Case after, Command command) {
        String next = after.next(open.desk().now());
        if (command.json()) {
            ObjectNode json = Json.object();
            json.put("case", after.id().text())
                    .put("step", after.last().number())
                    .put("kind", after.last().kind().label())
                    .put("sha256", after.last().digest().hex())
                    .put("state", after.state().label())
                    .put("next", next);
            after.scope().ifPresent(scope -> json.put("scope", scope.digest().hex()));
            after.redaction()
                    .ifPresent(
                            withheld -> json.put("redaction", withheld.digest().hex()));
            command.print(json);
            return;
        }
        command.print("case " + after.id() + ": step " + after.last().number() + ", "
                + after.last().kind().label() + "; " + after.state().label() + ", next: " + next);
        if (after.last().body() instanceof StepBody.Scoped scope) {
            command.print("SHA-256 of the scope, to be approved:");
            command.print("  " + scope.digest());
        }
        if (after.last().body() instanceof StepBody.Redacted) {
            after.redaction().ifPresent(withheld -> {
                command.print("SHA-256 of the redaction, to be approved with the scope:");
                command.print("  " + withheld.digest());
            });
        }
    }

    /** Returns a time that was given, if it was. */
    static @Nullable Long time(@Nullable String text) {
        return text == null ? null : Timestamps.parseLoosely(text);
    }
}
