package oca.fill.ledger;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import oca.fill.day.DayScale;
import oca.fill.demand.DemandLedger;
import oca.fill.demand.Regions;
import oca.fill.state.StateStore;
import oca.fill.state.Stores;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.SiteId;
import oca.protocol.FillReport;
import oca.protocol.Json;
import oca.protocol.ServeRecord;
import oca.protocol.ServeRecords;
import org.junit.jupiter.api.Assertions;

/** A ledger in a database, fed through the demand ledger as the controller feeds it. */
final class LedgerStage {
  static final Instant NOON = Instant.parse("2026-11-10T12:00:00Z");
  static final LocalDate DAY = LocalDate.parse("2026-11-10");
  static final LedgerRules RULES = new LedgerRules(Duration.ofHours(1), 400, 100, 100, 3);
  static final String VIEWER = "10.0.0.0";
  static final String PEER = "127.0.0.0";

  final LedgerDays days;
  final StateStore store;
  final KeyPair key;
  final LedgerBook book;
  Instant now = NOON;
  private final DemandLedger demand;
  private final Regions regions =
      new Regions(Map.of(new SiteId("net"), List.of("10.0.0.0/8")), List.of("127.0.0.0/8"));

  LedgerStage(Path folder) throws IOException {
    this(folder, RULES, ZoneId.of("UTC"));
  }

  LedgerStage(Path folder, LedgerRules rules, ZoneId zone) throws IOException {
    days = new LedgerDays(new DayScale(NOON, NOON, Duration.ofDays(1)), zone);
    store = Stores.open(folder.resolve("state"));
    try {
      key = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
    book = new LedgerBook(store, new TestSeal(key), days, rules);
    demand =
        new DemandLedger(
            store,
            regions,
            _ -> false,
            days.scale(),
            () -> now,
            new DemandLedger.Limits(30, 100_000, 1000));
  }

  private record TestSeal(KeyPair key) implements Seal {
    @Override
    public String publicKey() {
      return LedgerStage.publicKey(key);
    }

    @Override
    public String sign(byte[] text) {
      try {
        Signature signer = Signature.getInstance("Ed25519");
        signer.initSign(key.getPrivate());
        signer.update(text);
        return Base64.getEncoder().encodeToString(signer.sign());
      } catch (GeneralSecurityException e) {
        throw new AssertionError(e);
      }
    }
  }

  static String publicKey(KeyPair key) {
    return Base64.getEncoder().encodeToString(key.getPublic().getEncoded());
  }

  boolean send(String server, long sequence, long dropped, ServeRecord... records)
      throws IOException {
    ServeRecords batch =
        new ServeRecords(new ApplianceId(server), "boot", sequence, dropped, List.of(records));
    LedgerBook.Sender sender =
        new LedgerBook.Sender(
            server.substring(0, 1) + "-site",
            server.startsWith("o"),
            it -> !(regions.of(it.client()) instanceof Regions.Origin.Excluded));
    return demand
        .take(List.of(batch), (connection, fresh) -> book.take(connection, fresh, sender, now))
        .getFirst();
  }

  static ServeRecord record(Instant at, long bytes) {
    return record(at, bytes, VIEWER, ServeRecord.DISK, 1000, "f");
  }

  static ServeRecord record(
      Instant at, long bytes, String client, String source, long micros, String file) {
    return new ServeRecord(
        at, ContentId.ofPath(file), client, 206, 0, bytes, true, micros, "part", null, source);
  }

  void filled(String server, String file, long bytes, long origin, Instant at, boolean inWindow)
      throws IOException {
    FillReport.Result result =
        new FillReport.Result(
            at, 1, ContentId.ofPath(file), true, FillReport.Source.PEER, bytes, origin, "");
    store.write(
        connection -> {
          book.take(connection, new ApplianceId(server), result, "s", inWindow, now);
          return true;
        });
  }

  /** Closes all that is due. */
  List<SignedLedger> close() throws IOException {
    List<SignedLedger> closed = new ArrayList<>();
    for (Optional<SignedLedger> one = book.closeDue(now);
        one.isPresent();
        one = book.closeDue(now)) {
      closed.add(one.get());
    }
    return closed;
  }

  SignedLedger closed(LocalDate day) throws IOException {
    now = days.ends(day).plus(RULES.grace());
    return close().stream()
        .filter(it -> it.content().day().equals(day.toString()))
        .findFirst()
        .orElseThrow(() -> new AssertionError(day + " was not closed"));
  }

  /** All closed days as somebody else has them. */
  List<Json> documents() throws IOException {
    List<Json> documents = new ArrayList<>();
    for (LedgerBook.Entry entry : book.closed()) {
      documents.add(Json.parse(book.day(entry.day()).orElseThrow()));
    }
    return documents;
  }

  List<String> problems(List<Json> documents) {
    return LedgerCheck.problems(documents, publicKey(key));
  }

  static Json altered(Json document, String from, String to) throws IOException {
    String text = document.toString();
    Assertions.assertTrue(text.contains(from), text);
    return Json.parse(text.replaceFirst(from, to).getBytes(StandardCharsets.UTF_8));
  }

  void stop() {
    store.close();
  }
}
