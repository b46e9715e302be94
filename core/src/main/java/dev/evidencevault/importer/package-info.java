/**
 * From the lines of other systems' logs to events: nothing is lost silently, and every event keeps its line as it was.
 *
 * <p>A {@link dev.evidencevault.importer.LineReader} splits a stream into lines; a
 * {@link dev.evidencevault.importer.LineMapper} makes of each an event with its tenant, or the reason why there is none,
 * by a {@link dev.evidencevault.importer.Mapping}. Presets are such mappings, as files that can be copied
 * ({@link dev.evidencevault.importer.Mapping#presetJson}).
 *
 * <h2>The mapping file</h2>
 *
 * <pre>{@code
 * {"name": "files", "service": "files",
 *  "fields": {
 *    "tenant": ["/account/id", "/accountId"],
 *    "time":   ["/when"],
 *    "actor":  [{"pointer": "/user", "unless": ["-"]}, {"value": "anonymous"}],
 *    "action": [{"join": ["/object", "/verb"], "with": "."}],
 *    "outcome": ["/result", {"pointer": "/errorCode", "absent": "success", "present": "failure"}]},
 *  "privileged": [{"pointer": "/groups", "equals": "admins"}]}
 * }</pre>
 *
 * <p>Members: {@code name}; {@code fields}; and as needed {@code service}, {@code privileged}, {@code input}
 * ({@code json}, {@code syslog} or {@code auditd}; json by default) and {@code zone}, the time zone of times without one
 * (UTC by default). Anything else is an error.
 *
 * <p>Fields: {@code tenant}, {@code actor}, {@code time}, {@code action}, {@code outcome}, {@code id}, {@code sourceIp},
 * {@code target}, {@code onBehalfOf}, {@code sharedEventId}, {@code service} and {@code reason}. Each is an array of
 * sources, of which the first counts that the record has. {@code time} is needed.
 *
 * <p>A source is one of
 *
 * <ul>
 *   <li>{@code "/a/0/b"}: a JSON pointer (RFC 6901). Texts, numbers and booleans have a text; empty texts, null, arrays
 *       and objects count as absent
 *   <li>{@code {"value": "constant"}}
 *   <li>{@code {"join": ["/a", "/b"], "with": ":"}}: all of them, or absent
 *   <li>{@code {"pointer": "/a", "unless": ["-", "unknown"]}}: absent if the text is one of these
 *   <li>{@code {"pointer": "/a", "matches": "regular expression"}}: absent without a match; else what its first group
 *       matched, or without groups the whole text, or with {@code "value": "constant"} the constant
 * </ul>
 *
 * <p>A source of {@code outcome} is one of those, whose text is a word such as success, failure, ok, denied in any case;
 * or an object with a {@code pointer} and some of {@code success} and {@code failure} (arrays of texts),
 * {@code successMatches} and {@code failureMatches} (regular expressions), {@code present} and {@code absent}
 * ({@code success}, {@code failure} or {@code unknown}). They are tried in this order, and {@code present} is what any
 * other value means. A source that does not tell leaves it to the next; if none tells, the outcome is unknown.
 *
 * <p>The actor is privileged if one of the conditions of {@code privileged} holds: a {@code pointer} with
 * {@code equals}, {@code in} (an array) or {@code matches}, or {@code {"all": [condition, …]}}. Values are compared by
 * their text, so that 4672 equals "4672"; on an array a condition holds if it holds for an element. Regular expressions
 * are Java's, found anywhere in the first 8,192 characters.
 *
 * <h2>Lines that are not JSON</h2>
 *
 * <p>{@code syslog} (RFC 5424 and RFC 3164) gives {@code /time}, {@code /host}, {@code /app}, {@code /pid},
 * {@code /msgid}, {@code /facility}, {@code /severity}, {@code /structured/ID/NAME} and {@code /message}.
 * {@code auditd} gives {@code /node}, {@code /type}, {@code /time}, {@code /serial}, {@code /fields/NAME},
 * {@code /msg/NAME} for what stands in {@code msg='…'}, {@code /enriched/NAME} for what the daemon resolved, and
 * {@code /text} for words without a value.
 *
 * <h2>What is assumed</h2>
 *
 * <p>What the source does not say stands in the event's {@code assumed}: {@code year}, {@code zone}; {@code action} if
 * there was none and it is called unknown; {@code truncated FIELD} if a field was longer than an event takes;
 * {@code replaced characters in FIELD} if it held half a surrogate pair.
 */
@NullMarked
package dev.evidencevault.importer;

import org.jspecify.annotations.NullMarked;
