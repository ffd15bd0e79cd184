package oca.server.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import oca.server.caching.FieldSection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Many questions at once, of upstreams that misbehave by chance and askers that change their mind.
 */
@ParameterizedClass
@EnumSource(UpstreamFixture.Transport.class)
class ManyQuestionsTest extends UpstreamFixture {
  private static final int QUESTIONS = 600;

  ManyQuestionsTest(Transport transport) {
    super(transport);
  }

  /** What is answered to a target: long enough for several reads now and then. */
  private static String bodyOf(String target) {
    int number = Integer.parseInt(target.substring(1));
    return (target + ";").repeat(number % 50 == 0 ? 20_000 : number % 100);
  }

  private ScriptedOrigin misbehaving(long seed) throws Exception {
    return origin(
        peer -> {
          Random random = new Random(seed + peer.number);
          while (true) {
            String request = peer.request();
            if (request == null) {
              return;
            }
            String body = bodyOf(request.substring(4, request.indexOf(' ', 4)));
            String length = "Content-Length: " + body.length() + "\r\n\r\n";
            switch (random.nextInt(20)) {
              case 0 -> {
                return;
              }
              case 1 -> {
                peer.reset();
                return;
              }
              case 2 -> {
                peer.say("HTTP/1.1 200 OK\r\n" + length + body.substring(body.length() / 2));
                return;
              }
              case 3 -> peer.say("HTTP/1.1 503 No\r\nContent-Length: 2\r\n\r\nno");
              case 4 -> peer.say("HTTP/1.1 200 OK\r\n" + length + body + "HTTP/1.1 200 evil");
              case 5 -> {
                Thread.sleep(30);
                peer.say("HTTP/1.1 200 OK\r\n" + length + body);
              }
              case 6 -> {
                peer.say("HTTP/1.1 200 OK\r\n\r\n" + body);
                return;
              }
              case 7 ->
                  peer.say(
                      body.isEmpty()
                          ? "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
                          : "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n"
                              .formatted(body.length(), body));
              default -> peer.say("HTTP/1.1 200 OK\r\n" + length + body);
            }
          }
        });
  }

  /** Pauses now and then, and may give up. */
  private static final class Fickle extends TestReceiver {
    private final EventLoop loop;
    private final Random random;
    private Call call;
    private volatile boolean isCancelled;

    Fickle(EventLoop loop, long seed) {
      this.loop = loop;
      this.random = new Random(seed);
    }

    @Override
    public void body(ByteBuf part) {
      super.body(part);
      int chance = random.nextInt(10);
      if (chance == 0) {
        call.cancel();
        isCancelled = true;
      } else if (chance < 4) {
        call.pause();
        var _ = loop.schedule(call::resume, random.nextInt(5), TimeUnit.MILLISECONDS);
      }
    }
  }

  @Test
  void questions_atOnce_getTheirOwnAnswersAndLeaveNothing() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    ScriptedOrigin one = misbehaving(random.nextLong());
    ScriptedOrigin two = misbehaving(random.nextLong());
    open(
        group("peers", one),
        origins(two),
        "hedgeAfter: 10ms",
        "deadline: 10s",
        "breaker: {share: 100}",
        "retry: {share: 50}",
        "pool: {maxConnections: 20, maxIdle: 5, idleTimeout: 100ms, maxWaiting: 2000}");
    List<Fickle> all = new ArrayList<>();
    for (int i = 0; i < QUESTIONS; i++) {
      EventLoop loop = loops.next();
      Fickle receiver = new Fickle(loop, random.nextLong());
      all.add(receiver);
      Question question = Question.get("/" + i, FieldSection.EMPTY, i);
      loop.execute(() -> receiver.call = upstreams.send(loop, question, receiver));
    }
    int whole = 0;
    for (int i = 0; i < QUESTIONS; i++) {
      Fickle receiver = all.get(i);
      await().until(() -> receiver.isCancelled || receiver.outcome.isDone());
      if (!receiver.isCancelled) {
        TestReceiver.Outcome outcome = receiver.await();
        String said = outcome.body();
        if (outcome.isWhole() && outcome.head().status() == 200) {
          whole++;
          assertEquals(bodyOf("/" + i), said);
        } else if (outcome.head() != null && outcome.head().status() == 200) {
          assertTrue(said.length() <= bodyOf("/" + i).length());
        }
      }
    }
    assertTrue(whole > QUESTIONS / 3, whole + " were whole");
    await()
        .untilAsserted(
            () ->
                upstreams
                    .status()
                    .forEach(
                        it -> {
                          assertEquals(0, it.inFlight(), it.toString());
                          assertEquals(0, it.waiting(), it.toString());
                          assertEquals(0, it.connections(), it.toString());
                        }));
    upstreams.status().forEach(it -> System.out.println(it));
  }
}
