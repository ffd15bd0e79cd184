/**
 * The whole product on one machine: {@link oca.demo.Demo} starts an origin, four appliances in two
 * sites, a fill controller and steering as processes of their own, sends them viewers whose every
 * byte is compared, and shows what happens on a page.
 *
 * <p>What runs is what an operator installs, set up by configuration files alone; nothing here
 * reaches into another process but over its documented listeners. {@code DemandModel} is pure; the
 * rest runs on virtual threads.
 */
@NullMarked
package oca.demo;

import org.jspecify.annotations.NullMarked;
