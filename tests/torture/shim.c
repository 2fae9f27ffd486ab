/* A library to be preloaded: it writes down every change that a program makes below one folder, so that power cuts can be made up
 * afterwards, and makes the disk slow or faulty on demand (FAULTS, appendix A).
 *
 *   SHIM_FOLDER   the folder that is watched
 *   SHIM_TRACE    gets a record for each operation: a header, the file's name, the bytes
 *   SHIM_CONTROL  a file; "slow 300" makes every fsync take 300 ms more, "hold" makes it wait until the file says otherwise,
 *                 "fail" makes it answer EIO, "read" makes reads of the database answer EIO
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#define MOST 4096

struct header { char kind, pad; uint16_t name; uint32_t rest; uint64_t offset, length; };

static char *names[MOST]; /* of the open files that are watched */
static int appends[MOST];
static const char *folder, *control;
static size_t folder_length;
static int trace = -1;
static pthread_mutex_t order = PTHREAD_MUTEX_INITIALIZER;

#define REAL(name) __typeof__(name) *real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

__attribute__((constructor)) static void begin(void) {
    folder = getenv("SHIM_FOLDER");
    control = getenv("SHIM_CONTROL");
    folder_length = folder ? strlen(folder) : 0;
    const char *path = getenv("SHIM_TRACE");
    if (path) trace = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
}

static const char *watched(const char *path) {
    if (!folder || strncmp(path, folder, folder_length) || path[folder_length] != '/') return 0;
    return path + folder_length + 1;
}

static const char *name_of(int fd) { return fd >= 0 && fd < MOST ? names[fd] : 0; }

/* One write, so that records of processes that share the trace do not mix. */
static void record(char kind, const char *name, uint64_t offset, const void *bytes, size_t length) {
    if (trace < 0 || !name) return;
    struct header header = { kind, 0, (uint16_t)strlen(name), 0, offset, length };
    size_t all = sizeof header + header.name + length;
    char *buffer = malloc(all);
    memcpy(buffer, &header, sizeof header);
    memcpy(buffer + sizeof header, name, header.name);
    if (length) memcpy(buffer + sizeof header + header.name, bytes, length);
    if (syscall(SYS_write, trace, buffer, all) != (long)all) abort();
    free(buffer);
}

/* What the disk is to do now: 0 as usual, else the word of the control file; `number` is what stands behind it. */
static char mood(long *number) {
    char text[64] = { 0 };
    if (!control) return 0;
    int fd = syscall(SYS_openat, AT_FDCWD, control, O_RDONLY | O_CLOEXEC, 0);
    if (fd < 0) return 0;
    long got = syscall(SYS_read, fd, text, sizeof text - 1);
    syscall(SYS_close, fd);
    if (got <= 0) return 0;
    const char *space = strchr(text, ' ');
    *number = space ? atol(space) : 0;
    return text[0];
}

static void nap(long millis) {
    struct timespec pause = { millis / 1000, millis % 1000 * 1000000 };
    nanosleep(&pause, 0);
}

static int opened(int fd, const char *path, int flags) {
    if (fd < 0 || fd >= MOST) return fd;
    const char *name = watched(path);
    free(names[fd]);
    names[fd] = name ? strdup(name) : 0;
    appends[fd] = (flags & O_APPEND) != 0;
    if (name && (flags & O_TRUNC)) record('T', name, 0, 0, 0);
    return fd;
}

#define OPEN(name)                                          \
    int name(const char *path, int flags, ...) {            \
        REAL(name);                                         \
        va_list rest;                                       \
        va_start(rest, flags);                              \
        mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0; \
        va_end(rest);                                       \
        pthread_mutex_lock(&order);                         \
        int fd = opened(real(path, flags, mode), path, flags); \
        pthread_mutex_unlock(&order);                       \
        return fd;                                          \
    }
OPEN(open)
OPEN(open64)

int close(int fd) {
    REAL(close);
    pthread_mutex_lock(&order);
    if (fd >= 0 && fd < MOST) { free(names[fd]); names[fd] = 0; }
    int done = real(fd);
    pthread_mutex_unlock(&order);
    return done;
}

#define PWRITE(call, offset_type)                                                   \
    ssize_t call(int fd, const void *bytes, size_t length, offset_type offset) {    \
        REAL(call);                                                                 \
        if (!name_of(fd)) return real(fd, bytes, length, offset);                   \
        pthread_mutex_lock(&order);                                                 \
        ssize_t done = real(fd, bytes, length, offset);                             \
        if (done > 0) record('W', name_of(fd), offset, bytes, done);                \
        pthread_mutex_unlock(&order);                                               \
        return done;                                                                \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

ssize_t write(int fd, const void *bytes, size_t length) {
    REAL(write);
    if (!name_of(fd)) return real(fd, bytes, length);
    pthread_mutex_lock(&order);
    off_t offset = lseek(fd, 0, appends[fd] ? SEEK_END : SEEK_CUR);
    ssize_t done = real(fd, bytes, length);
    if (done > 0) record('W', name_of(fd), offset, bytes, done);
    pthread_mutex_unlock(&order);
    return done;
}

#define PREAD(call, offset_type)                                                    \
    ssize_t call(int fd, void *bytes, size_t length, offset_type offset) {          \
        REAL(call);                                                                 \
        long number;                                                                \
        if (name_of(fd) && mood(&number) == 'r') { errno = EIO; return -1; }        \
        return real(fd, bytes, length, offset);                                     \
    }
PREAD(pread, off_t)
PREAD(pread64, off64_t)

#define TRUNCATE(call, offset_type)                                 \
    int call(int fd, offset_type length) {                          \
        REAL(call);                                                 \
        pthread_mutex_lock(&order);                                 \
        int done = real(fd, length);                                \
        if (!done) record('T', name_of(fd), length, 0, 0);          \
        pthread_mutex_unlock(&order);                               \
        return done;                                                \
    }
TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)

#define SYNC(call)                                                              \
    int call(int fd) {                                                          \
        REAL(call);                                                             \
        long number = 0;                                                        \
        char now = name_of(fd) ? mood(&number) : 0;                             \
        while (now == 'h') { nap(10); now = mood(&number); }                    \
        if (now == 'f') { errno = EIO; return -1; }                             \
        if (now == 's') nap(number);                                            \
        pthread_mutex_lock(&order);                                             \
        int done = real(fd);                                                    \
        if (!done) record('S', name_of(fd), 0, 0, 0);                           \
        pthread_mutex_unlock(&order);                                           \
        return done;                                                            \
    }
SYNC(fsync)
SYNC(fdatasync)

int unlink(const char *path) {
    REAL(unlink);
    pthread_mutex_lock(&order);
    int done = real(path);
    if (!done) record('U', watched(path), 0, 0, 0);
    pthread_mutex_unlock(&order);
    return done;
}

int rename(const char *from, const char *to) {
    REAL(rename);
    pthread_mutex_lock(&order);
    int done = real(from, to);
    const char *name = watched(to);
    if (!done && name) record('R', watched(from), 0, name, strlen(name));
    pthread_mutex_unlock(&order);
    return done;
}
