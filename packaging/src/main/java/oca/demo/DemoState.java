package oca.demo;

import java.util.List;

/**
 * What the page shows, once a second: a snapshot of everything.
 *
 * @param console address of steering's console
 */
record DemoState(
    int day,
    String timeOfDay,
    boolean fillWindowOpen,
    int dayLengthSeconds,
    List<Site> sites,
    List<Appliance> appliances,
    Origin origin,
    String console,
    List<DayBook.Day> days,
    List<Title> titles,
    List<Event> events) {

  record Site(String id, String name) {}

  /** One appliance; totals count since its start. */
  record Appliance(
      String id,
      String site,
      String host,
      int port,
      String state,
      String transport,
      long holdsFiles,
      long usedBytes,
      long capacityBytes,
      long servedBytes,
      long fillBytes,
      long requests,
      int connections,
      int fillQueue,
      List<String> titles) {}

  record Origin(String host, int port, long servedBytes) {}

  record Title(
      String id, String name, String description, String hls, String dash, List<String> heldBy) {}

  record Event(String at, int day, String text) {}
}
