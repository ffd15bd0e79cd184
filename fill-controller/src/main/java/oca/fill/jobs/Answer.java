package oca.fill.jobs;

/** What the engine says to an event. */
public sealed interface Answer {
  /** It is in the book as far as it had to be; what follows from it goes through the courier. */
  record Taken() implements Answer {}

  /**
   * Another controller decides for this appliance.
   *
   * @param address where that one answers; empty when nobody does just now
   */
  record Elsewhere(String address) implements Answer {}
}
