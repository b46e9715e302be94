package dev.evidencevault.index;

import com.fasterxml.jackson.databind.JsonNode;
import dev.evidencevault.index.query.EventQuery;
import java.util.function.Predicate;

/** A query, and what it means said once more in the plainest way: over the JSON of a record, with no part of the query. */
record JudgedQuery(EventQuery query, Predicate<JsonNode> judge) {}
