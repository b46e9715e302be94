/**
 * Campaigns against a vault on a real operating system: its writer is killed, its disk fills, loses power or reports
 * errors. Each time, what had been acknowledged has to be there, once.
 *
 * <p>A {@link dev.evidencevault.campaign.CampaignWriter} is a process of its own that appends
 * {@link dev.evidencevault.campaign.NumberedEvent}s and keeps its {@link dev.evidencevault.campaign.Progress} in a file
 * outside the vault; a {@link dev.evidencevault.campaign.Ledger} adds up what all writers of a vault had acknowledged,
 * and a {@link dev.evidencevault.campaign.VaultCheck} compares the vault with it. All of this uses what an application
 * uses; nothing here knows a file of the vault.
 */
@NullMarked
package dev.evidencevault.campaign;

import org.jspecify.annotations.NullMarked;
