package dev.evidencevault.evidence;

import dev.evidencevault.cases.Order;
import dev.evidencevault.cases.OrderRefusedException;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.format.LogId;
import dev.evidencevault.format.Seal;
import dev.evidencevault.segment.SegmentFile;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Layout.LogDirectory;
import dev.evidencevault.storage.UnlockedVault;
import java.io.IOException;
import java.nio.file.Files;

/**
 * How much an order would touch, from the seals of the tenant's segments alone: no key of the tenant is opened. These are
 * bounds, since a seal knows neither which actors, services and privileges its segment holds nor how its records lie in its
 * time. What is not sealed yet is not counted. Immutable.
 *
 * @param segments how many segments have a time in common with the order; an export decrypts these, and no others
 * @param recordsMin how many records it asks for at least: those of segments that lie within its time, if it asks for
 *     everybody's; else 0
 * @param recordsMax how many at most: all records of the segments
 * @param actorsMax how many actors at most: those that it names, or all of the segments, counted anew in each
 * @param bytes the length of the segments, compressed and encrypted
 */
public record ScopeEstimate(long segments, long recordsMin, long recordsMax, long actorsMax, long bytes) {
    /**
     * Estimates an order.
     *
     * @throws OrderRefusedException if the vault has no such tenant
     */
    public static ScopeEstimate of(UnlockedVault vault, Order order)
            throws IOException, WrongKeyException, OrderRefusedException {
        LogId logId = vault.tenants().get(order.tenant());
        if (logId == null) {
            throw new OrderRefusedException("the vault has no tenant \"" + order.tenant() + "\"; see evault tenants");
        }
        LogDirectory directory = vault.layout().tenant(logId);
        boolean everybody = order.actors().isEmpty() && order.services().isEmpty() && !order.privilegedOnly();
        boolean recorded = order.clock() == Order.Clock.RECORDED;
        long sealedBefore = Long.MIN_VALUE;
        ScopeEstimate sum = new ScopeEstimate(0, 0, 0, 0, 0);
        for (long number : Layout.numbers(directory.segments(), Layout.SEGMENT_SUFFIX)) {
            try (SegmentFile file = new SegmentFile(directory.segment(number))) {
                Seal seal = file.seal();
                long first = recorded ? sealedBefore : seal.occurredFrom();
                long last = recorded ? file.sealRecord().recordedAt() : seal.occurredTo();
                sealedBefore = file.sealRecord().recordedAt();
                if (!order.coversAnyOf(first, last)) {
                    continue;
                }
                long records = file.sealRecord().seq() - file.firstSeq();
                boolean within = order.covers(first, first) && order.covers(last, last);
                sum = new ScopeEstimate(
                        sum.segments + 1,
                        sum.recordsMin + (within ? everybody ? records : seal.notices() : 0),
                        sum.recordsMax + records,
                        sum.actorsMax + seal.actors().size(),
                        sum.bytes + Files.size(file.path()));
            }
        }
        return order.actors().isEmpty()
                ? sum
                : new ScopeEstimate(
                        sum.segments,
                        sum.recordsMin,
                        sum.recordsMax,
                        Math.min(sum.actorsMax, order.actors().size()),
                        sum.bytes);
    }
}
