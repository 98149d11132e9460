#ifndef PAWL_TESTS_CAPI_PEEK_WORLD_H_
#define PAWL_TESTS_CAPI_PEEK_WORLD_H_

/* What the tests of peeks share: the store's files as others see them, and pages by what is in
 * them. */

#include <dirent.h>

#include "world.h"

/* How many locks, of any kind and any process, are held on files below `folder`. */
static inline int held_locks(const char* folder) {
  unsigned long long inodes[64];
  size_t count = 0, i;
  int held = 0;
  char path[1024], line[256];
  struct stat info;
  const struct dirent* entry;
  FILE* locks;
  DIR* listing = opendir(folder);
  CHECK(listing != NULL);
  while ((entry = readdir(listing)) != NULL) {
    snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
    CHECK(count < 64);
    if (stat(path, &info) == 0) inodes[count++] = (unsigned long long)info.st_ino;
  }
  closedir(listing);
  locks = fopen("/proc/locks", "r");
  CHECK(locks != NULL);
  setvbuf(locks, NULL, _IOFBF, 65536); /* in one go: from one read to the next it may change */
  while (fgets(line, sizeof(line), locks) != NULL) {
    unsigned long long inode = 0;
    char file[64];
    if (sscanf(line, "%*s %*s %*s %*s %*s %63s", file) != 1 || strrchr(file, ':') == NULL) continue;
    inode = strtoull(strrchr(file, ':') + 1, NULL, 10);
    for (i = 0; i < count; ++i) held += inodes[i] == inode;
  }
  fclose(locks);
  return held;
}

/* FNV-1a over the database and its log: what a commit would change. */
static inline uint64_t store_hash(const char* folder) {
  static const char* kFiles[] = {"pawl.db", "pawl.db-wal", "key.wrap"};
  uint64_t hash = 14695981039346656037u;
  size_t i;
  for (i = 0; i < 3; ++i) {
    char path[1024];
    int byte;
    FILE* file;
    snprintf(path, sizeof(path), "%s/%s", folder, kFiles[i]);
    file = fopen(path, "rb");
    if (file == NULL) continue; /* no log is an empty log */
    while ((byte = fgetc(file)) != EOF) hash = (hash ^ (uint64_t)byte) * 1099511628211u;
    fclose(file);
  }
  return hash;
}

static inline pawl_peek* peek_open(const world* w, const char* name) {
  char paths[2][512];
  pawl_peek* peek = NULL;
  pawl_peek_options options = PAWL_PEEK_OPTIONS_INIT;
  world_options(w, name, paths);
  options.store_dir = paths[0];
  options.anchor_dir = paths[1];
  options.host_key = kKey;
  options.host_key_len = sizeof(kKey);
  OK(pawl_peek_open(&options, &peek));
  return peek;
}

static inline size_t count_kind(const pawl_peeked* page, int32_t kind) {
  size_t i, count = 0;
  for (i = 0; i < pawl_peeked_count(page); ++i) count += pawl_peeked_at(page, i)->kind == kind;
  return count;
}

static inline const pawl_peeked_item* find_text(const pawl_peeked* page, const char* text) {
  size_t i;
  for (i = 0; i < pawl_peeked_count(page); ++i) {
    const pawl_peeked_item* item = pawl_peeked_at(page, i);
    if (item->message == NULL || item->message->content == NULL) continue;
    if (item->message->content->text && strcmp(item->message->content->text, text) == 0) {
      return item;
    }
  }
  return NULL;
}

/* Fetches until `text` is there: its sender may still be about to send it. The caller releases. */
static inline pawl_peeked* peek_for(pawl_peek* peek, const char* text) {
  const time_t until = seconds_now() + kPatienceS;
  while (seconds_now() < until) {
    pawl_peeked* page = NULL;
    OK(pawl_peek_fetch(peek, 20000, &page));
    if (find_text(page, text) != NULL) return page;
    pawl_peeked_release(page);
  }
  fprintf(stderr, "nobody peeked at: %s\n", text);
  exit(1);
}

#endif /* PAWL_TESTS_CAPI_PEEK_WORLD_H_ */
