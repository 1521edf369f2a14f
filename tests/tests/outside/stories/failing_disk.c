/* Lets calls that write or rename below a folder fail: loaded before the C library of a server.
 *
 * FAULT_FOLDER is the folder, FAULT_PLAN a file of four numbers that a test writes to:
 * how many calls go well still, how many fail then, with which error (a negative one
 * kills the process instead); and how many have failed. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

struct plan {
    volatile int well, fail, error, failed;
};

static struct plan *plan;
static const char *folder;

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("FAULT_PLAN");
    folder = getenv("FAULT_FOLDER");
    if (!path || !folder) return;
    int fd = open(path, O_RDWR);
    void *at = mmap(NULL, sizeof(struct plan), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (at != MAP_FAILED) plan = at;
    close(fd);
}

static int fails_at(const char *path);

static int fails(int fd) {
    if (!plan || plan->fail <= 0) return 0;
    char link[64], target[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, target, sizeof target - 1);
    if (length <= 0) return 0;
    target[length] = 0;
    return fails_at(target);
}

static int fails_at(const char *path) {
    if (!plan || plan->fail <= 0) return 0;
    if (strncmp(path, folder, strlen(folder)) != 0) return 0;
    if (__sync_sub_and_fetch(&plan->well, 1) >= 0) return 0;
    if (__sync_sub_and_fetch(&plan->fail, 1) < 0) return 0;
    __sync_add_and_fetch(&plan->failed, 1);
    if (plan->error < 0) kill(getpid(), SIGKILL);
    errno = plan->error;
    return 1;
}

#define REAL(name) \
    static __typeof__(name) *real; \
    if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

ssize_t write(int fd, const void *bytes, size_t count) {
    REAL(write);
    return fails(fd) ? -1 : real(fd, bytes, count);
}
ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) {
    REAL(pwrite);
    return fails(fd) ? -1 : real(fd, bytes, count, at);
}
ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) {
    REAL(pwrite64);
    return fails(fd) ? -1 : real(fd, bytes, count, at);
}
int fsync(int fd) {
    REAL(fsync);
    return fails(fd) ? -1 : real(fd);
}
int fdatasync(int fd) {
    REAL(fdatasync);
    return fails(fd) ? -1 : real(fd);
}
int ftruncate(int fd, off_t length) {
    REAL(ftruncate);
    return fails(fd) ? -1 : real(fd, length);
}
int rename(const char *from, const char *to) {
    REAL(rename);
    return fails_at(from) ? -1 : real(from, to);
}
int unlink(const char *path) {
    REAL(unlink);
    /* Whoever removes is killed before it, and else not hindered: what could not be removed stays. */
    if (plan && plan->error < 0) fails_at(path);
    return real(path);
}
int ftruncate64(int fd, off64_t length) {
    REAL(ftruncate64);
    return fails(fd) ? -1 : real(fd, length);
}
