package oca.store.evict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class GhostsTest {
  @Test
  void remove_added_isThereOnce() {
    Ghosts ghosts = new Ghosts(100);
    ghosts.add(7);
    assertTrue(ghosts.remove(7));
    assertFalse(ghosts.remove(7));
  }

  @Test
  void add_farMoreThanFit_keepsNoMoreThanItsRoomAndTheLatest() {
    Ghosts ghosts = new Ghosts(1000);
    int room = ghosts.room();
    for (long id = 0; id < 100_000; id++) {
      ghosts.add(id);
    }
    assertEquals(room, ghosts.room());
    int latest = 0;
    int all = 0;
    for (long id = 99_999; id >= 0; id--) {
      if (ghosts.remove(id)) {
        all++;
        latest += id >= 100_000 - room / 4 ? 1 : 0;
      }
    }
    assertTrue(all <= room, "remembered " + all + " of " + room);
    assertTrue(latest > 0.225 * room, "of the latest " + room / 4 + " there are " + latest);
  }
}
