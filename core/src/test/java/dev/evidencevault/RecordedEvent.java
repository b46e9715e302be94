package dev.evidencevault;

import dev.evidencevault.format.LogRecord;

/** What an event is as a record, without a vault around it. */
public final class RecordedEvent {
    private RecordedEvent() {}

    /** Returns the event as it would be read back from the log of a tenant. */
    public static LogRecord of(String tenant, Event event) {
        return LogRecord.parse(event.toBody(tenant).line(0, 0));
    }
}
