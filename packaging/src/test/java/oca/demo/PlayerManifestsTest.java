package oca.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlayerManifestsTest {
  private static final URI BASE = URI.create("http://127.0.0.10:80/titles/t/");
  private static final URI STEERING = URI.create("http://127.0.0.1:82/v1/hls/t");

  @Test
  void hls_plainPlaylist_getsAServerAndAbsolutePathways() {
    String plain =
        """
        #EXTM3U
        #EXT-X-VERSION:7
        #EXT-X-INDEPENDENT-SEGMENTS
        #EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="main",URI="a0.m3u8"

        # a comment
        #EXT-X-STREAM-INF:BANDWIDTH=1,AUDIO="a"
        v0.m3u8
        """;
    assertEquals(
        """
        #EXTM3U
        #EXT-X-VERSION:7
        #EXT-X-CONTENT-STEERING:SERVER-URI="http://127.0.0.1:82/v1/hls/t",PATHWAY-ID="origin"
        #EXT-X-INDEPENDENT-SEGMENTS
        #EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="main",URI="http://127.0.0.10:80/titles/t/a0.m3u8"

        # a comment
        #EXT-X-STREAM-INF:BANDWIDTH=1,AUDIO="a",PATHWAY-ID="origin"
        http://127.0.0.10:80/titles/t/v0.m3u8
        """,
        PlayerManifests.hls(plain, BASE, FirstAnswer.none(STEERING)));
  }

  @Test
  void hls_steeringAnsweredBefore_namesItsPathwaysAndBeginsWithTheBest() {
    Map<String, Object> manifest =
        Map.of(
            "RELOAD-URI",
            "http://127.0.0.1:82/v1/hls/t?s=sealed",
            "PATHWAY-PRIORITY",
            List.of("north-1", "origin"),
            "PATHWAY-CLONES",
            List.of(
                Map.of(
                    "BASE-ID",
                    "origin",
                    "ID",
                    "north-1",
                    "URI-REPLACEMENT",
                    Map.of("HOST", "127.0.0.11"))));
    String plain =
        """
        #EXTM3U
        #EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="main",URI="a0.m3u8"
        #EXT-X-STREAM-INF:BANDWIDTH=1,AUDIO="a"
        v0.m3u8
        """;
    assertEquals(
        """
        #EXTM3U
        #EXT-X-CONTENT-STEERING:SERVER-URI="http://127.0.0.1:82/v1/hls/t?s=sealed",PATHWAY-ID="north-1"
        #EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="main",URI="http://127.0.0.10:80/titles/t/a0.m3u8"
        #EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a-north-1",NAME="main",URI="http://127.0.0.11:80/titles/t/a0.m3u8"
        #EXT-X-STREAM-INF:BANDWIDTH=1,AUDIO="a",PATHWAY-ID="origin"
        http://127.0.0.10:80/titles/t/v0.m3u8
        #EXT-X-STREAM-INF:BANDWIDTH=1,AUDIO="a-north-1",PATHWAY-ID="north-1"
        http://127.0.0.11:80/titles/t/v0.m3u8
        """,
        PlayerManifests.hls(plain, BASE, FirstAnswer.of(manifest)));
  }

  @Test
  void firstAnswer_nobodyButTheOrigin_beginsThere() {
    Map<String, Object> manifest =
        Map.of("RELOAD-URI", "http://h/", "PATHWAY-PRIORITY", List.of("origin"));
    assertEquals(FirstAnswer.none(URI.create("http://h/")), FirstAnswer.of(manifest));
  }

  @Test
  void firstAnswer_othersAreNamed_keepsWhatSteeringSaidOfThem() {
    FirstAnswer first =
        new FirstAnswer(STEERING, "north-1", Map.of("north-1", "127.0.0.11"))
            .naming(Map.of("north-1", "127.0.0.99", "north-2", "127.0.0.12"));
    assertEquals("north-1", first.pathway());
    assertEquals(Map.of("north-1", "127.0.0.11", "north-2", "127.0.0.12"), first.hosts());
  }

  @Test
  void firstAnswer_notAManifest_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> FirstAnswer.of(Map.of("TTL", 3)));
  }

  @Test
  void dash_plainManifest_getsBaseUrlAndSteeringBeforeThePeriod() {
    String plain =
        """
        <?xml version="1.0"?>
        <MPD xmlns="urn:mpeg:dash:schema:mpd:2011"
             type="static">
          <Period id="0"/>
        </MPD>
        """;
    assertEquals(
        """
        <?xml version="1.0"?>
        <MPD xmlns="urn:mpeg:dash:schema:mpd:2011"
             type="static">
          <BaseURL serviceLocation="origin">http://127.0.0.10:80/titles/t/</BaseURL>
          <ContentSteering defaultServiceLocation="origin" queryBeforeStart="true">http://127.0.0.1:82/v1/hls/t</ContentSteering>
          <Period id="0"/>
        </MPD>
        """,
        PlayerManifests.dash(plain, BASE, STEERING));
  }

  @Test
  void dash_notAnMpd_isRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> PlayerManifests.dash("<html/>", BASE, STEERING));
  }
}
