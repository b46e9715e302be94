package dev.evidencevault.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.evidencevault.cases.Person;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.format.Json;
import java.io.IOException;
import java.util.Collection;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

/** Lists the persons. */
@CommandLine.Command(name = "list", description = "List who may sign.")
final class CasePersonListCommand extends Command {
    @Mixin
    private VaultOption vault = new VaultOption();

    CasePersonListCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws IOException, KeyUnavailableException, WrongKeyException {
        Collection<Person> persons =
                OpenDesk.of(vault, shell()).desk().register().persons().values();
        if (json()) {
            ArrayNode list = Json.mapper().createArrayNode();
            for (Person person : persons) {
                list.addObject()
                        .put("id", person.id())
                        .put("name", person.name())
                        .put("roles", person.roleLabels())
                        .put("key", person.key().text());
            }
            print(list);
        } else {
            for (Person person : persons) {
                print(Text.wrap(
                        Shell.printable(person.id() + ": " + person.name() + ", " + person.roleLabels()), "", 80));
                print("  " + person.key().fingerprint());
            }
        }
        return ExitCode.PASSED;
    }
}
