package oca.server.live;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import oca.server.live.PathTemplate.Part;
import org.jspecify.annotations.Nullable;

/**
 * Reads templates as operators write them: {@code {event}}, {@code {rendition}}, and the
 * identifiers of ISO/IEC 23009-1, 5.3.9.4.4: {@code $RepresentationID$}, {@code $Number$}, {@code
 * $Time$}, the latter two with a width as {@code $Number%05d$}, and {@code $$}. Packagers of HLS
 * write {@code %05d} without the dollars; that is read as well.
 */
final class TemplateSyntax {
  private static final int MAX_LENGTH = 1024;
  private static final int MAX_WIDTH = 16;
  private static final Pattern VARIABLE =
      Pattern.compile(
          "\\{(?<brace>\\w*)}"
              + "|\\$(?<name>[A-Za-z]*)(?:%0(?<width>\\d{1,4})d)?\\$"
              + "|%0(?<bare>[1-9])d"
              + "|(?<star>\\*)"
              + "|(?<odd>[{}$])");

  private final String key;
  private final String text;
  private final String event;
  private final List<Part> parts = new ArrayList<>();
  private final StringBuilder literal = new StringBuilder();

  private TemplateSyntax(String key, String text, String event) {
    this.key = key;
    this.text = text;
    this.event = event;
  }

  /** The form of an event's segments: with one number or time, and no star. */
  static PathTemplate segments(String key, String text, String event) {
    PathTemplate template = new TemplateSyntax(key, text, event).read();
    if (template.count(Part.Digits.class) != 1 || template.count(Part.Star.class) != 0) {
      throw fault(key, "needs $Number$ or $Time$, one of them and once, and no *", text);
    }
    return template;
  }

  /** The form of other files: exact, or with one star, or with renditions. */
  static PathTemplate files(String key, String text, String event) {
    PathTemplate template = new TemplateSyntax(key, text, event).read();
    long stars = template.count(Part.Star.class);
    if (template.count(Part.Digits.class) != 0) {
      throw fault(key, "no number or time may stand here", text);
    }
    if (stars > 1 || (stars == 1 && template.hasRendition())) {
      throw fault(key, "one * at most, and not together with {rendition}", text);
    }
    return template;
  }

  private PathTemplate read() {
    if (!text.startsWith("/")) {
      throw fault(key, "a path begins with a slash", text);
    }
    if (text.length() > MAX_LENGTH) {
      throw fault(key, "longer than " + MAX_LENGTH + " characters", text.substring(0, 40) + "...");
    }
    Matcher matcher = VARIABLE.matcher(text);
    int from = 0;
    while (matcher.find()) {
      characters(from, matcher.start());
      variable(matcher);
      from = matcher.end();
    }
    characters(from, text.length());
    endLiteral();
    for (int i = 1; i < parts.size(); i++) {
      apart(parts.get(i - 1), parts.get(i));
    }
    return new PathTemplate(text.replace("{event}", event), parts);
  }

  private void characters(int from, int to) {
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (c <= ' ' || c >= 0x7f || c == '?' || c == '#') {
        throw fault(key, "no blank, ?, # or other character that no path has", text);
      }
      literal.append(c);
    }
  }

  private void variable(Matcher found) {
    if (found.group("star") != null) {
      add(new Part.Star());
    } else if (found.group("bare") != null) {
      add(new Part.Digits(false, Integer.parseInt(found.group("bare"))));
    } else if (found.group("brace") != null) {
      switch (found.group("brace")) {
        case "event" -> literal.append(event);
        case "rendition" -> add(new Part.Rendition());
        default -> throw fault(key, "there are {event} and {rendition}", text);
      }
    } else if (found.group("name") != null) {
      identifier(found.group("name"), found.group("width"));
    } else {
      throw fault(key, "a brace or dollar without its other; write $$ for a dollar", text);
    }
  }

  private void identifier(String name, @Nullable String width) {
    boolean isNumber = name.equals("Number");
    if (isNumber || name.equals("Time")) {
      int digits = width == null ? 1 : Math.max(1, Integer.parseInt(width));
      if (digits > MAX_WIDTH) {
        throw fault(key, "a width is 1 to " + MAX_WIDTH, text);
      }
      add(new Part.Digits(!isNumber, digits));
    } else if (name.equals("RepresentationID") && width == null) {
      add(new Part.Rendition());
    } else if (name.isEmpty() && width == null) {
      literal.append('$');
    } else {
      throw fault(key, "there are $Number$, $Number%05d$, $Time$, $RepresentationID$ and $$", text);
    }
  }

  private void add(Part part) {
    endLiteral();
    parts.add(part);
  }

  private void endLiteral() {
    if (!literal.isEmpty()) {
      parts.add(new Part.Literal(literal.toString()));
      literal.setLength(0);
    }
  }

  /** Where one ends and the other begins must show. */
  private void apart(Part before, Part after) {
    boolean shows =
        after instanceof Part.Literal(String next)
            ? !(before instanceof Part.Digits) || !Character.isDigit(next.charAt(0))
            : before instanceof Part.Literal;
    if (!shows) {
      throw fault(key, "two parts that vary need a character between, and no digit", text);
    }
  }

  private static IllegalArgumentException fault(String key, String why, String text) {
    return new IllegalArgumentException(key + ": " + why + ": " + text);
  }
}
