package oca.server.fill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.protocol.CatalogEntry;
import oca.protocol.FillManifest.Entry;
import oca.protocol.FillManifest.Tier;
import oca.protocol.FillReport.OriginReason;
import oca.protocol.FillReport.Source;
import oca.server.fill.FillRound.Outcome;
import oca.server.fill.s3.S3Config;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files from a bucket, over real HTTP, to the store. */
class S3FillTest {
  private static final int LENGTH = 50_500;
  private static final Duration PATIENT = Duration.ofSeconds(20);

  @TempDir Path folder;

  private final AtomicReference<Instant> storeTime = new AtomicReference<>(FillFixture.OPENS);
  private final S3Server server = new S3Server(storeTime::get);
  private FillFixture fill;

  S3FillTest() throws IOException {}

  @AfterEach
  void stop() {
    fill.close();
    server.close();
  }

  @Test
  void run_signedBucket_fillsByRangesAndCountsAsTheOrigin() throws Exception {
    open(S3Server.SECRET, "");
    Entry entry = publish("a/v.mp4");
    FillJob job = fill.job(entry);
    assertEquals(new Outcome.Filled(Source.ORIGIN), new FillRound(fill.tools, job).run());
    assertTrue(fill.holds(entry));
    assertEquals(LENGTH, fill.tally.originReasons().get(OriginReason.MASTER));
    assertEquals("a/v.mp4 bytes=0-999", server.sent.getFirst());
    assertEquals("origin", fill.store.provenances.getLast().source());
  }

  @Test
  void run_publicBucket_isAskedWithoutASignature() throws Exception {
    server.publicBucket = true;
    fill = new FillFixture(List.of(bucket("unsigned: true")), PATIENT);
    Entry entry = publish("a/v.mp4");
    assertInstanceOf(Outcome.Filled.class, new FillRound(fill.tools, fill.job(entry)).run());
  }

  @Test
  void run_wrongSecret_failsAndSaysSo() throws Exception {
    open("another", "");
    assertFails("answered 403 SignatureDoesNotMatch: the secret key is another one");
  }

  @Test
  void run_wrongRegion_failsAndSaysSo() throws Exception {
    open(S3Server.SECRET, ", region: south-1");
    assertFails("answered 403 AuthorizationHeaderMalformed: is the region right?");
  }

  @Test
  void run_clockThatIsOff_failsAndSaysSo() throws Exception {
    storeTime.set(FillFixture.OPENS.plus(Duration.ofMinutes(16)));
    open(S3Server.SECRET, "");
    assertFails("answered 403 RequestTimeTooSkewed: this appliance's clock and the store's differ");
  }

  @Test
  void run_missingObject_failsAndSaysSo() throws Exception {
    open(S3Server.SECRET, "");
    Entry entry = publish("a/v.mp4");
    server.objects.clear();
    assertFails(entry, "answered 404 NoSuchKey");
  }

  @Test
  void run_bucketThatIsNotConfigured_failsAndSaysSo() throws Exception {
    fill = new FillFixture(List.of(), PATIENT);
    assertFails("the bucket media is not in fill.s3 of this appliance");
  }

  @Test
  void run_slowDown_leavesTheStoreAloneAsLongAsItSays() throws Exception {
    open(S3Server.SECRET, "");
    server.busy.set(2);
    Entry entry = publish("a/v.mp4");
    assertInstanceOf(Outcome.Filled.class, new FillRound(fill.tools, fill.job(entry)).run());
    assertEquals(2, fill.backOff.noted());
    assertTrue(fill.nanos.get() >= Duration.ofSeconds(6).toNanos(), "twice Retry-After: 3");
    assertEquals(0, fill.tally.sourceFailures.sum(), "that is no failure");
  }

  private void assertFails(String why) throws Exception {
    assertFails(publish("a/v.mp4"), why);
  }

  private void assertFails(Entry entry, String why) throws Exception {
    Outcome.Failed failed =
        assertInstanceOf(Outcome.Failed.class, new FillRound(fill.tools, fill.job(entry)).run());
    assertTrue(failed.reason().contains(why), failed.reason());
    assertFalse(failed.reason().contains(S3Server.SECRET));
    assertEquals(List.of(), server.sent);
  }

  private void open(String secret, String more) throws Exception {
    Path file = folder.resolve("credentials");
    Files.writeString(
        file,
        "[default]\naws_access_key_id = %s\naws_secret_access_key = %s\n"
            .formatted(S3Server.KEY, secret));
    String region = more.contains("region") ? "" : ", region: " + S3Server.REGION;
    fill = new FillFixture(List.of(bucket("credentials: " + file + region + more)), PATIENT);
  }

  private S3Config bucket(String more) throws ConfigException {
    return ConfigFile.parse(
        "s3",
        "{bucket: media, endpoint: \"%s\", %s}".formatted(server.endpoint(), more),
        S3Config.class);
  }

  private Entry publish(String path) {
    byte[] bytes = new byte[LENGTH];
    new Random(7).nextBytes(bytes);
    server.objects.put(path, bytes);
    CatalogEntry file =
        new CatalogEntry(
            path, "title", LENGTH, MemoryStore.sha256(bytes), "video/mp4", Instant.EPOCH);
    return new Entry(
        file,
        List.of(
            new oca.protocol.FillManifest.Source(
                URI.create("s3://media/" + path), Tier.ORIGIN, 0)));
  }
}
