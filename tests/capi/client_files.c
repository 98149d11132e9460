/* Files through a relay: by path, by descriptor and piece by piece; a break in the middle, a client
 * that is killed in the middle, a source that changes, a download that is cancelled. */

#include "files.h"
#include "world.h"

static void make_file(const char* path, size_t size, unsigned seed) {
  FILE* file = fopen(path, "wb");
  size_t i;
  uint64_t state = seed * 2654435761u + 1;
  CHECK(file != NULL);
  for (i = 0; i < size; ++i) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    fputc((int)(state >> 56), file);
  }
  CHECK(fclose(file) == 0);
}

typedef struct pair {
  pawl_client *alice, *bob;
  pawl_conversation* to_bob;
} pair;

static pair meet(const world* w) {
  pair p;
  p.alice = world_open(w, "alice");
  p.bob = world_open(w, "bob");
  register_as(p.alice, "alice@example.org");
  register_as(p.bob, "bob@example.org");
  befriend(p.alice, p.bob, "bob@example.org");
  p.to_bob = talk_to(p.alice, "bob@example.org");
  return p;
}

static void part(pair* p) {
  pawl_conversation_release(p->to_bob);
  pawl_client_release(p->alice);
  pawl_client_release(p->bob);
}

/* Bob fetches what the message points to. */
static void fetch(pair* p, const pawl_id* message, const char* to) {
  uint64_t request = 0;
  OK(pawl_attachment_download(p->bob, message, to, &request));
  EXPECT(PAWL_OK, wait_done(p->bob, request, "download").status);
}

static void by_path(const world* w, pair* p, const char* name, size_t size) {
  pawl_attachment_options options = PAWL_ATTACHMENT_OPTIONS_INIT;
  char from[512], to[512];
  uint64_t request = 0;
  pawl_id id;
  found got;
  world_path(w, name, from);
  join(to, from, ".", "got");
  make_file(from, size, (unsigned)size);
  options.caption = name;
  options.media_type = "application/octet-stream";
  options.thumbnail = (const uint8_t*)"tiny";
  options.thumbnail_len = 4;
  OK(pawl_attachment_send_file(p->to_bob, from, &options, &id, &request));
  EXPECT(PAWL_OK, wait_done(p->alice, request, "upload").status);
  got = wait_text(p->bob, name);
  CHECK(memcmp(&got.message_id, &id, sizeof(id)) == 0);
  fetch(p, &id, to);
  check_same(from, to);
}

static void by_descriptor(const world* w, pair* p) {
  pawl_attachment_options options = PAWL_ATTACHMENT_OPTIONS_INIT;
  char from[512], to[512];
  uint64_t request = 0;
  pawl_id id;
  int fd;
  world_path(w, "unlinked", from);
  join(to, from, ".", "got");
  make_file(from, 300000, 3);
  options.caption = "by descriptor";
  fd = open(from, O_RDONLY);
  OK(pawl_attachment_send_fd(p->to_bob, fd, &options, &id, &request));
  close(fd);
  EXPECT(PAWL_OK, wait_done(p->alice, request, "upload").status);
  wait_text(p->bob, "by descriptor");
  fetch(p, &id, to);
  check_same(from, to);
}

static void by_pieces(const world* w, pair* p) {
  pawl_attachment_options options = PAWL_ATTACHMENT_OPTIONS_INIT;
  char from[512], to[512];
  static uint8_t piece[100000];
  uint64_t request = 0;
  size_t got;
  pawl_id id;
  pawl_upload* upload = NULL;
  FILE* file;
  world_path(w, "pieces", from);
  join(to, from, ".", "got");
  make_file(from, 3 * MIB + 17, 4);
  options.caption = "by pieces";
  options.name = "pieces.bin";
  OK(pawl_upload_begin(p->to_bob, 3 * MIB + 17, &options, &id, &request, &upload));
  file = fopen(from, "rb");
  while ((got = fread(piece, 1, sizeof(piece), file)) > 0) {
    OK(pawl_upload_write(upload, piece, got, 30000));
  }
  fclose(file);
  EXPECT(PAWL_E_TOO_LARGE, pawl_upload_write(upload, piece, 1, 0));
  pawl_upload_close(upload);
  pawl_upload_release(upload);
  EXPECT(PAWL_OK, wait_done(p->alice, request, "upload").status);
  wait_text(p->bob, "by pieces");
  fetch(p, &id, to);
  check_same(from, to);
}

static void given_up(pair* p) {
  static uint8_t piece[65536];
  uint64_t request = 0, cancel = 0;
  pawl_id id;
  pawl_upload* upload = NULL;
  pawl_status status = PAWL_OK;
  OK(pawl_upload_begin(p->to_bob, 1000, NULL, &id, &request, &upload));
  OK(pawl_upload_write(upload, (const uint8_t*)"abc", 3, 0));
  pawl_upload_release(upload);
  EXPECT(PAWL_E_CANCELLED, wait_done(p->alice, request, "a source that dried up").status);

  OK(pawl_upload_begin(p->to_bob, 64 * MIB, NULL, &id, &request, &upload));
  OK(pawl_attachment_cancel(p->alice, &id, &cancel));
  EXPECT(PAWL_E_CANCELLED, wait_done(p->alice, request, "a cancelled upload").status);
  /* It is said first and stopped then: writes may still be taken, but not more than there is room
   * for, and who waits for room is told. */
  while (status == PAWL_OK) status = pawl_upload_write(upload, piece, sizeof(piece), 60000);
  EXPECT(PAWL_E_CLOSED, status);
  pawl_upload_release(upload);
}

static void changed_source(const world* w, pair* p) {
  char from[512];
  uint64_t request = 0;
  pawl_id id;
  FILE* file;
  found progress;
  world_path(w, "changing", from);
  make_file(from, 3 * MIB, 5);
  /* Offline it is opened, which is told as progress, and not read. */
  OK(pawl_client_set_online(p->alice, 0));
  OK(pawl_attachment_send_file(p->to_bob, from, NULL, &id, &request));
  do {
    progress = wait_event(p->alice, PAWL_EVENT_PROGRESS, "progress of the file that will change");
  } while (memcmp(&progress.message_id, &id, sizeof(id)) != 0);
  file = fopen(from, "ab");
  CHECK(file != NULL && fputc('!', file) == '!' && fclose(file) == 0);
  OK(pawl_client_set_online(p->alice, 1));
  EXPECT(PAWL_E_SOURCE_CHANGED, wait_done(p->alice, request, "the changed file").status);
}

static void missing_things(const world* w, pair* p) {
  char to[512];
  uint64_t request = 0;
  pawl_id id;
  world_path(w, "nothing", to);
  OK(pawl_attachment_send_file(p->to_bob, "/does/not/exist", NULL, &id, &request));
  EXPECT(PAWL_E_NOT_FOUND, wait_done(p->alice, request, "a file that is not there").status);
  OK(pawl_attachment_download(p->bob, &id, to, &request));
  EXPECT(PAWL_E_NOT_FOUND, wait_done(p->bob, request, "a message that is not there").status);
}

/* The relay goes away in the middle, both ways, and comes back. */
static void broken_off(world* w, pair* p) {
  pawl_attachment_options options = PAWL_ATTACHMENT_OPTIONS_INIT;
  char from[512], to[512];
  uint64_t request = 0;
  pawl_id id;
  world_path(w, "long", from);
  join(to, from, ".", "got");
  make_file(from, 24 * MIB, 6);
  options.caption = "long";
  OK(pawl_attachment_send_file(p->to_bob, from, &options, &id, &request));
  while (wait_event(p->alice, PAWL_EVENT_PROGRESS, "upload progress").bytes_done < 4 * MIB) {
  }
  world_stop_relay(w, SIGKILL);
  world_start_relay(w, "--dev-cert");
  EXPECT(PAWL_OK, wait_done(p->alice, request, "the upload after the break").status);
  wait_text(p->bob, "long");
  OK(pawl_attachment_download(p->bob, &id, to, &request));
  while (wait_event(p->bob, PAWL_EVENT_PROGRESS, "download progress").bytes_done < 4 * MIB) {
  }
  world_stop_relay(w, SIGKILL);
  world_start_relay(w, "--dev-cert");
  EXPECT(PAWL_OK, wait_done(p->bob, request, "the download after the break").status);
  check_same(from, to);
}

/* A process that sends a file and is killed in the middle; another one finishes it. Nobody has a
 * client open when it forks: a lock that another thread holds then would be held in it for ever. */
static void killed(const world* w, pair* p) {
  char from[512], to[512];
  pid_t child;
  int status = 0;
  found got;
  const wanted attachment = {PAWL_EVENT_ATTACHMENT, -1, 0, NULL};
  world_path(w, "survivor", from);
  join(to, from, ".", "got");
  make_file(from, 24 * MIB, 8);
  part(p);
  child = fork();
  CHECK(child >= 0);
  if (child == 0) {
    pawl_attachment_options options = PAWL_ATTACHMENT_OPTIONS_INIT;
    pawl_client* alice = world_open(w, "alice");
    pawl_conversation* to_bob = talk_to(alice, "bob@example.org");
    uint64_t request = 0;
    pawl_id id;
    options.caption = "survivor";
    OK(pawl_attachment_send_file(to_bob, from, &options, &id, &request));
    while (wait_event(alice, PAWL_EVENT_PROGRESS, "progress before the kill").bytes_done <
           4 * MIB) {
    }
    raise(SIGKILL);
  }
  CHECK(waitpid(child, &status, 0) == child && WIFSIGNALED(status));
  p->alice = world_open(w, "alice");
  p->bob = world_open(w, "bob");
  p->to_bob = talk_to(p->alice, "bob@example.org");
  EXPECT(PAWL_OK, wait_for(p->alice, attachment, "the end of the killed upload").status);
  got = wait_text(p->bob, "survivor");
  fetch(p, &got.message_id, to);
  check_same(from, to);
}

int main(void) {
  world w;
  pair p;
  world_begin(&w, "--dev-cert");
  p = meet(&w);
  by_path(&w, &p, "empty", 0);
  by_path(&w, &p, "small", 10);
  by_path(&w, &p, "chunks", 5 * MIB + 3);
  by_descriptor(&w, &p);
  by_pieces(&w, &p);
  given_up(&p);
  changed_source(&w, &p);
  missing_things(&w, &p);
  broken_off(&w, &p);
  killed(&w, &p);
  part(&p);
  world_end(&w);
  puts("files came through");
  return 0;
}
