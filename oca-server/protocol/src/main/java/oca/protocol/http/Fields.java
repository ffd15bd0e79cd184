package oca.protocol.http;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.AbstractMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A header section as a map by lower-case names, made of what was decoded when it is asked. */
final class Fields extends AbstractMap<String, String> {
  private final HttpHeaders headers;

  Fields(HttpHeaders headers) {
    this.headers = headers;
  }

  @Override
  public @Nullable String get(@Nullable Object name) {
    if (!(name instanceof String text)) {
      return null;
    }
    String first = headers.get(text);
    if (first == null || headers.size() == 1) {
      return first;
    }
    List<String> all = headers.getAll(text);
    return all.size() == 1 ? first : String.join(", ", all);
  }

  @Override
  public boolean containsKey(@Nullable Object name) {
    return get(name) != null;
  }

  @Override
  public Set<Entry<String, String>> entrySet() {
    Map<String, String> all = new LinkedHashMap<>();
    headers
        .iteratorAsString()
        .forEachRemaining(
            line ->
                all.merge(
                    line.getKey().toLowerCase(Locale.ROOT),
                    line.getValue(),
                    (before, more) -> before + ", " + more));
    return all.entrySet();
  }
}
