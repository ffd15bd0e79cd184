/**
 * What a process and the service manager that runs it tell each other: {@link
 * oca.protocol.service.Supervision} says by sd_notify(3) that the process is ready, how it is, that
 * it is alive and that it stops, for whatever {@link oca.protocol.service.Supervised} it runs.
 *
 * <p>The probe runs on a thread of its own, since what it asks may stand still. The JDK has no
 * datagram sockets of Unix, so {@link oca.protocol.service.NotifySocket} calls the C library;
 * nothing else here does. Knows no process of ours, no messages and no configuration.
 */
@NullMarked
package oca.protocol.service;

import org.jspecify.annotations.NullMarked;
