package oca.server.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import org.junit.jupiter.api.Test;

/** However an answer is cut into reads, the same comes of it. */
class AnswerSplitTest {
  /** {@code |} stands for CR LF, {@code $} for LF. */
  private static final List<String> ANSWERS =
      Stream.of(
              "HTTP/1.1 200 OK|Content-Length: 5|X: y||hello",
              "HTTP/1.1 200 OK|Transfer-Encoding: chunked||3;a=b|hel|2|lo|0||",
              "HTTP/1.1 200|Transfer-Encoding: chunked||5|hello|0|T: u|V: w||",
              "HTTP/1.1 103 Early|A: b||HTTP/1.1 200 OK|Content-Length: 1||x",
              "HTTP/1.0 200 OK||until the end",
              "HTTP/1.1 204 No Content||behind it",
              "HTTP/1.1 200 OK|Content-Length: 5|Content-Length: 5||hello",
              "HTTP/1.1 200 OK|A: b$Content-Length: 5||hello",
              "HTTP/1.1 200 OK|A: b| c||hello",
              "HTTP/1.1 200 OK|Transfer-Encoding: chunked||5|hello!|0||",
              "HTTP/1.1 200 OK|Transfer-Encoding: chunked||5|hello|0|T||")
          .map(it -> it.replace("|", "\r\n").replace('$', '\n'))
          .toList();

  private final UpstreamsConfig config = config();

  private static UpstreamsConfig config() {
    try {
      return ConfigFile.parse("test", "origins: [{url: \"http://a\"}]", UpstreamsConfig.class);
    } catch (ConfigException e) {
      throw new AssertionError(e);
    }
  }

  /** What comes of the answer, cut before each of those places. */
  private String read(String answer, List<Integer> cuts) {
    AnswerParser parser = new AnswerParser(config);
    parser.begin(false);
    StringBuilder out = new StringBuilder();
    ByteBuf in = Unpooled.buffer();
    byte[] bytes = answer.getBytes(StandardCharsets.ISO_8859_1);
    int from = 0;
    try {
      for (int cut : cuts) {
        in.writeBytes(bytes, from, cut - from);
        from = cut;
        drain(parser, in, out);
      }
      in.writeBytes(bytes, from, bytes.length - from);
      drain(parser, in, out);
      return out + "|" + parser.endsWithClose() + parser.isInBody() + in.readableBytes();
    } catch (MalformedException e) {
      return out + "|" + e.failure() + " " + e.detail();
    }
  }

  private static void drain(AnswerParser parser, ByteBuf in, StringBuilder out)
      throws MalformedException {
    while (true) {
      switch (parser.next(in)) {
        case MORE -> {
          return;
        }
        case INTERIM, HEAD -> out.append(parser.head()).append('\n');
        case BODY -> {
          ByteBuf body = parser.body();
          out.append(body.toString(StandardCharsets.ISO_8859_1));
          body.release();
        }
        case END -> out.append("\nend");
      }
    }
  }

  @Test
  void answer_cutInTwo_isTheSame() {
    for (String answer : ANSWERS) {
      String whole = read(answer, List.of());
      for (int i = 1; i < answer.length(); i++) {
        assertEquals(whole, read(answer, List.of(i)), "cut at " + i + " of " + answer);
      }
    }
  }

  @Test
  void answer_byteByByte_isTheSame() {
    for (String answer : ANSWERS) {
      List<Integer> all = new ArrayList<>();
      for (int i = 1; i < answer.length(); i++) {
        all.add(i);
      }
      assertEquals(read(answer, List.of()), read(answer, all), answer);
    }
  }

  @Property(tries = 300)
  void answer_cutAnywhere_isTheSame(@ForAll long seed) {
    Random random = new Random(seed);
    String answer = ANSWERS.get(random.nextInt(ANSWERS.size()));
    List<Integer> cuts =
        random.ints(random.nextInt(8), 1, answer.length()).sorted().distinct().boxed().toList();
    assertEquals(read(answer, List.of()), read(answer, cuts), "seed " + seed + ", cuts " + cuts);
  }

  /** Bytes turned at random give a refusal or an answer, never an exception of another kind. */
  @Property(tries = 2000)
  void answer_altered_isReadOrRefused(@ForAll long seed) {
    Random random = new Random(seed);
    StringBuilder answer = new StringBuilder(ANSWERS.get(random.nextInt(ANSWERS.size())));
    for (int i = random.nextInt(3); i >= 0; i--) {
      int at = random.nextInt(answer.length());
      if (random.nextBoolean()) {
        answer.setCharAt(at, (char) random.nextInt(256));
      } else {
        answer.deleteCharAt(at);
      }
    }
    String whole = read(answer.toString(), List.of());
    int cut = 1 + random.nextInt(answer.length() - 1);
    assertEquals(whole, read(answer.toString(), List.of(cut)), "seed " + seed);
  }
}
