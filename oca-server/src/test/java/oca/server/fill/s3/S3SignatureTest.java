package oca.server.fill.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The examples of Amazon's "Signature Calculations for the Authorization Header". */
class S3SignatureTest {
  private static final String HOST = "examplebucket.s3.amazonaws.com";
  private static final Instant FRIDAY = Instant.parse("2013-05-24T00:00:00Z");
  private static final S3Credentials.Keys KEYS =
      new S3Credentials.Keys(
          "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", Optional.empty());

  @Test
  void getObject_aRange_hasThePublishedSignature() {
    Map<String, String> headers =
        sign("GET", "/test.txt", "", Map.of("Range", "bytes=0-9"), S3Signature.NO_CONTENT);
    assertEquals(
        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
            + "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,"
            + "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
        headers.get("Authorization"));
    assertEquals("20130524T000000Z", headers.get("x-amz-date"));
    assertEquals(S3Signature.NO_CONTENT, headers.get("x-amz-content-sha256"));
    assertFalse(headers.containsKey("x-amz-security-token"));
  }

  @Test
  void putObject_aKeyThatIsEncodedAndOtherHeaders_hasThePublishedSignature() {
    assertEquals(
        "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
        signature(
            sign(
                "PUT",
                S3Signature.encodedPath("/test$file.text"),
                "",
                Map.of(
                    "Date",
                    "Fri, 24 May 2013 00:00:00 GMT",
                    "x-amz-storage-class",
                    "REDUCED_REDUNDANCY"),
                "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072")));
  }

  @Test
  void getBucketLifecycle_aQueryWithoutValue_hasThePublishedSignature() {
    assertEquals(
        "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
        signature(sign("GET", "/", "lifecycle=", Map.of(), S3Signature.NO_CONTENT)));
  }

  @Test
  void listObjects_aSortedQuery_hasThePublishedSignature() {
    assertEquals(
        "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
        signature(sign("GET", "/", "max-keys=2&prefix=J", Map.of(), S3Signature.NO_CONTENT)));
  }

  @Test
  void headers_withASessionToken_signIt() {
    S3Credentials.Keys session =
        new S3Credentials.Keys(KEYS.accessKey(), KEYS.secret(), Optional.of("a+b/c=="));
    Map<String, String> headers =
        S3Signature.headers(
            new S3Signature.Question(
                "HEAD", "/k", "", Map.of("Host", HOST), S3Signature.NO_CONTENT),
            session,
            "eu-central-1",
            FRIDAY);
    assertEquals("a+b/c==", headers.get("x-amz-security-token"));
    String authorization = headers.getOrDefault("Authorization", "");
    assertEquals(
        "host;x-amz-content-sha256;x-amz-date;x-amz-security-token",
        authorization.replaceAll(".*SignedHeaders=([^,]*),.*", "$1"));
  }

  @Test
  void encodedPath_always_leavesSlashesAndUnreservedAlone() {
    assertEquals("/a-b._~/%C3%A4%20%2B%25", S3Signature.encodedPath("/a-b._~/ä +%"));
  }

  @Test
  void keys_asText_tellNoSecret() {
    assertEquals("Keys[AKIAIOSFODNN7EXAMPLE]", KEYS.toString());
  }

  private static String signature(Map<String, String> headers) {
    return headers.getOrDefault("Authorization", "").replaceAll(".*Signature=", "");
  }

  private static Map<String, String> sign(
      String method, String path, String query, Map<String, String> more, String content) {
    Map<String, String> headers = new TreeMap<>(more);
    headers.put("Host", HOST);
    return S3Signature.headers(
        new S3Signature.Question(method, path, query, headers, content), KEYS, "us-east-1", FRIDAY);
  }
}
