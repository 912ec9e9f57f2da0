/* Entries of tables: what paths, and the choices among them, look like (entries.c). */
#ifndef BGP_SPEED_ENTRIES_H
#define BGP_SPEED_ENTRIES_H

#include "speed.h"

enum { MOST_PATHS = 64 };

/* The classes, and where their objects have what is asked here: offsets of slots, or places among
   the values that paths share. */
LOCAL extern struct layout {
    PyTypeObject *path, *dest, *choice, *hop;
    Py_ssize_t attrs, rank, shared, parts, source, nexthop, path_id;
    Py_ssize_t best, multipath, winners, summary;
    Py_ssize_t valid, metric;
} layout;

static inline PyObject *
slot(PyObject *object, Py_ssize_t offset)
{
    return *(PyObject **)((char *)object + offset);
}

/* What a path has in common with others; NULL if it has not all. */
static inline PyObject *const *
parts_of(PyObject *path)
{
    PyObject *shared = slot(path, layout.shared);
    return shared == NULL ? NULL : shared_parts(shared, layout.parts);
}

/* An entry taken apart: borrowed paths, newest first. */
struct entry {
    PyObject *paths[MOST_PATHS + 1];
    Py_ssize_t count, best; /* the place of the best one, or -1 */
};

/* What the class of paths, and that of choices, looks like; once, before all else. */
LOCAL int prepare_entries(void);

/* Takes an entry apart: 1; 0 where it is not of one or of several paths with one best at most. */
LOCAL int read_entry(PyObject *it, struct entry *entry);

/* Whether something is a path that has all that is asked here. */
LOCAL int is_whole(PyObject *path);
/* Whether a path is of this source and id. */
LOCAL int is_path_of(PyObject *path, PyObject *source, PyObject *path_id);
/* Borrowed, of a path. */
LOCAL PyObject *source_of(PyObject *path);
LOCAL PyObject *path_id_of(PyObject *path);

/* 1 or 0; -1 with an error set. */
LOCAL int is_usable(PyObject *path);

/* The path that is the best one of an entry, borrowed; None where there is none; NULL without an
   error where Python has to say it. `summed`: one that stands for several counts, too. */
LOCAL PyObject *best_path(PyObject *entry, int summed);

#endif
