package oca.server.live;

/**
 * An event as it stands. Both names belong into the key of what is kept of it: a new version, and
 * nothing kept before is found again.
 *
 * @param event the event's id
 * @param version as configured, or as {@link Events#withVersion} has changed it
 */
public record Edition(String event, String version) {}
