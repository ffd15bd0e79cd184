package oca.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  @Test
  void parse_anyValue_isReadAndWrittenAlike() throws WireException {
    String text = "{\"a\":[1,2.5,true,null,\"\\u00e9\\n\"],\"b\":{\"c\":-9223372036854775808}}";
    Json json = parsed(text);
    assertEquals(1, json.at("a").items().getFirst().number());
    assertEquals(2.5, json.at("a").items().get(1).real());
    assertTrue(json.at("a").items().get(2).isTrue());
    assertFalse(json.at("a").items().get(3).isThere());
    assertEquals("\u00e9\n", json.at("a").items().get(4).text());
    assertEquals(Long.MIN_VALUE, json.at("b", "c").number());
    assertEquals(parsed(json.toString()).pretty(), json.pretty());
    assertEquals("-9223372036854775808", json.at("b", "c").text());
  }

  @Test
  void at_whatIsNotThere_isNothingAnywhere() throws WireException {
    Json json = parsed("{\"a\":1}");
    assertFalse(json.at("x", "y", "z").isThere());
    assertEquals(7, json.at("x").number(7));
    assertEquals("-", json.at("a", "b").text("-"));
    assertEquals(List.of(), json.at("a").items());
    assertEquals(Map.of(), json.at("a").fields());
    assertEquals("", json.text());
  }

  @Test
  void of_plainValues_keepsTheirOrder() {
    Json json = Json.of(new java.util.LinkedHashMap<>(Map.of("n", List.of(1, "x", true))));
    assertEquals("{\"n\":[1,\"x\",true]}", json.toString());
    assertEquals("null", Json.of(Double.NaN).toString());
    assertEquals("0.0000001", Json.of(1e-7).toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "{\"a\":}", "[1] 2", "nul", "{\"a\":1}}"})
  void parse_notOneValue_isRefusedWithItsLine(String text) {
    WireException refused = assertThrows(WireException.class, () -> parsed(text));
    assertTrue(String.valueOf(refused.getMessage()).startsWith("line 1"), refused.getMessage());
  }

  @Test
  void parse_tooDeep_isRefused() {
    assertThrows(WireException.class, () -> parsed("[".repeat(40) + "]".repeat(40)));
  }

  private static Json parsed(String text) throws WireException {
    return Json.parse(text.getBytes(StandardCharsets.UTF_8));
  }
}
