package oca.server.range;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9530, sections 3 and 4. */
class ReprDigestTest {

  @Test
  void value_file_isItsSha256InBase64() throws NoSuchAlgorithmException {
    byte[] content = "{\"hello\": \"world\"}\n".getBytes(StandardCharsets.US_ASCII);
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
    Representation file =
        Representation.of(HexFormat.of().formatHex(digest), content.length, 0, "text/plain");
    // The example of the RFC's appendix B.1.
    assertEquals("sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:", ReprDigest.value(file));
  }

  @ParameterizedTest
  @CsvSource({
    "sha-256=1, true",
    "sha-256=10, true",
    "'sha-512=3, sha-256=10, unixsum=0', true",
    "'  sha-512=3 ,\tsha-256=1 ', true",
    "'sha-256=0, sha-256=1', true",
    "'sha-256=1, sha-256=0', false",
    "sha-256=0, false",
    "sha-512=10, false",
    "sha-256=11, false",
    "sha-256=99999999999999999999, false",
    "sha-256=-1, false",
    "sha-256=1.0, false",
    "sha-256, false",
    "sha-256=, false",
    "=1, false",
    "'sha-256=1,', false",
    "SHA-256=1, false",
    "'sha-256=1, x y=1', false",
    "'', false",
  })
  void isWanted_field_isReadAsADictionaryOfPreferences(String field, boolean wanted) {
    assertEquals(wanted, ReprDigest.isWanted(field));
  }

  @Property
  void isWanted_anyText_isReadWithoutFault(@ForAll String field) {
    assertEquals(false, ReprDigest.isWanted(field + ",;"));
  }
}
