package dev.evidencevault.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.evidencevault.format.Json;
import dev.evidencevault.importer.Mapping;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** Shows the mappings of the known formats, to be read and copied. */
@CommandLine.Command(
        name = "mapping",
        description = "List the known formats, or show the mapping file of one, to copy for --map.")
final class MappingCommand extends Command {
    @Parameters(arity = "0..1", paramLabel = "NAME", description = "a known format")
    private @Nullable String name;

    MappingCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() {
        if (name != null) {
            print(new String(Mapping.presetJson(name), StandardCharsets.UTF_8).strip());
        } else if (json()) {
            ArrayNode names = Json.mapper().createArrayNode();
            Mapping.presetNames().forEach(names::add);
            print(names);
        } else {
            Mapping.presetNames().forEach(this::print);
        }
        return ExitCode.PASSED;
    }
}
