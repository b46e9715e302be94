package dev.evidencevault.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.evidencevault.cases.Case;
import dev.evidencevault.cases.CaseDesk;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.format.Json;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

/** Lists the cases. */
@CommandLine.Command(
        name = "list",
        description = "List all cases with their state, deadline and next step, in the order of their deadlines.")
final class CaseListCommand extends Command {
    @Mixin
    private VaultOption vault = new VaultOption();

    CaseListCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws IOException, KeyUnavailableException, WrongKeyException {
        CaseDesk desk = OpenDesk.of(vault, shell()).desk();
        CaseDesk.Survey survey = desk.survey();
        List<Case> cases = survey.cases().stream()
                .sorted(Comparator.comparingLong(CaseListCommand::deadline)
                        .thenComparing(each -> each.id().text()))
                .toList();
        ArrayNode list = Json.mapper().createArrayNode();
        for (Case each : cases) {
            if (json()) {
                list.add(CaseText.summary(each, desk.now()));
            } else {
                show(each, desk.now());
            }
        }
        if (json()) {
            print(list);
        }
        survey.broken().forEach((id, problem) -> shell().message("case " + id + " cannot be trusted: " + problem));
        return survey.broken().isEmpty() ? ExitCode.PASSED : ExitCode.FAILED;
    }

    private static long deadline(Case each) {
        Long deadline = each.opened().deadline();
        return deadline == null ? Long.MAX_VALUE : deadline;
    }

    private void show(Case each, long now) {
        Long deadline = each.opened().deadline();
        String by = deadline == null ? "no deadline" : CaseText.time(deadline);
        print(String.format(
                "%s  %-12s  %-20s  %s%s",
                each.id(), each.state().label(), by, each.isLate(now) ? "LATE " : "", each.next(now)));
        print(Text.wrap(
                Shell.printable(each.opened().order() + " of " + each.opened().issuer() + ", tenant "
                        + each.opened().tenant()),
                "              ",
                80));
    }
}
