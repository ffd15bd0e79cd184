package oca.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.URI;
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
        PlayerManifests.hls(plain, BASE, STEERING));
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
